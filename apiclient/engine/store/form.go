package store

import (
	"context"
	"encoding/json"
	"time"

	"umdeck/apiclient"
)

const formQuery = `SELECT id, title, mode, core, settings, layout, created, updated FROM forms`

func scanForm(s scanner) (f apiclient.Form, err error) {
	var settings, layout string
	var created, updated int64
	if err := s.Scan(&f.ID, &f.Title, &f.Mode, &f.Core, &settings, &layout, &created, &updated); err != nil {
		return f, err
	}
	f.Created, f.Updated = unstamp(created), unstamp(updated)
	if settings != "{}" {
		if err := json.Unmarshal([]byte(settings), &f.Settings); err != nil {
			return f, err
		}
	}
	return f, json.Unmarshal([]byte(layout), &f.Rows)
}

// A formField is a row of form_fields.
type formField struct {
	form  apiclient.FormID
	field apiclient.FormField
}

func scanFormField(s scanner) (f formField, err error) {
	var definition string
	x := &f.field
	if err := s.Scan(&f.form, &x.Position, &x.Row, &x.SubRow, &x.Column, &definition); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(definition), &x.Field)
}

const formFieldQuery = `SELECT form_id, position, in_row, in_sub_row, in_column, definition FROM form_fields`

// Forms returns all forms, by mode and then by id.
func (tx *Tx) Forms(ctx context.Context) ([]apiclient.Form, error) {
	forms, err := collect(ctx, tx, scanForm, formQuery+` ORDER BY CASE mode WHEN 'register' THEN 0 WHEN 'login' THEN 1 ELSE 2 END, id`)
	if err != nil {
		return nil, err
	}
	fields, err := collect(ctx, tx, scanFormField, formFieldQuery+` ORDER BY form_id, position`)
	if err != nil {
		return nil, err
	}
	by := map[apiclient.FormID][]apiclient.FormField{}
	for _, f := range fields {
		by[f.form] = append(by[f.form], f.field)
	}
	for i := range forms {
		forms[i].Fields = by[forms[i].ID]
	}
	return forms, nil
}

// Form returns one form.
func (tx *Tx) Form(ctx context.Context, id apiclient.FormID) (apiclient.Form, error) {
	f, err := one(ctx, tx, scanForm, formQuery+` WHERE id = ?`, id)
	if err != nil {
		return f, absent(err, "There is no form %d on this site.", id)
	}
	return tx.withFields(ctx, f)
}

// CoreForm returns the form of a mode that came with the site.
func (tx *Tx) CoreForm(ctx context.Context, m apiclient.FormMode) (apiclient.Form, error) {
	f, err := one(ctx, tx, scanForm, formQuery+` WHERE mode = ? AND core = 1`, m)
	if err != nil {
		return f, absent(err, "There is no core form to %s.", m)
	}
	return tx.withFields(ctx, f)
}

func (tx *Tx) withFields(ctx context.Context, f apiclient.Form) (apiclient.Form, error) {
	fields, err := collect(ctx, tx, scanFormField, formFieldQuery+` WHERE form_id = ? ORDER BY position`, f.ID)
	for _, x := range fields {
		f.Fields = append(f.Fields, x.field)
	}
	return f, err
}

// InsertForm stores a new form without its fields, whose keys may need its number,
// and returns that.
func (tx *Tx) InsertForm(ctx context.Context, f apiclient.Form) (apiclient.FormID, error) {
	id, err := tx.insert(ctx, `INSERT INTO forms (title, mode, core, settings, layout, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		f.Title, f.Mode, bit(f.Core), jsonOf(formSettings(f)), jsonList(f.Rows), stamp(f.Created), stamp(f.Updated))
	return apiclient.FormID(id), err
}

// UpdateForm stores a form as it is to be, with its fields. Updated becomes later
// than it was, so that it tells every change from the one before.
func (tx *Tx) UpdateForm(ctx context.Context, f apiclient.Form) error {
	at := max(stamp(tx.Now()), stamp(f.Updated.Add(time.Millisecond)))
	_, err := tx.exec(ctx, `UPDATE forms SET title = ?, settings = ?, layout = ?, updated = ? WHERE id = ?`,
		f.Title, jsonOf(formSettings(f)), jsonList(f.Rows), at, f.ID)
	if err != nil {
		return err
	}
	return tx.SetFormFields(ctx, f)
}

// SetFormFields stores the fields of a form in place of those that it had.
func (tx *Tx) SetFormFields(ctx context.Context, f apiclient.Form) error {
	if _, err := tx.exec(ctx, `DELETE FROM form_fields WHERE form_id = ?`, f.ID); err != nil {
		return err
	}
	for _, x := range f.Fields {
		_, err := tx.exec(ctx, `INSERT INTO form_fields (form_id, position, key, in_row, in_sub_row, in_column, definition) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			f.ID, x.Position, x.Key, x.Row, x.SubRow, x.Column, jsonOf(x.Field))
		if err != nil {
			return err
		}
	}
	return nil
}

// FormsWith returns the numbers of the forms that have a field of that key.
func (tx *Tx) FormsWith(ctx context.Context, key string) ([]apiclient.FormID, error) {
	return collect(ctx, tx, func(s scanner) (id apiclient.FormID, err error) {
		err = s.Scan(&id)
		return id, err
	}, `SELECT form_id FROM form_fields WHERE key = ? ORDER BY form_id`, key)
}

// DeleteForm removes a form.
func (tx *Tx) DeleteForm(ctx context.Context, id apiclient.FormID) error {
	_, err := tx.exec(ctx, `DELETE FROM forms WHERE id = ?`, id)
	return err
}

func formSettings(f apiclient.Form) apiclient.FormSettings {
	if f.Settings == nil {
		return apiclient.FormSettings{}
	}
	return f.Settings
}
