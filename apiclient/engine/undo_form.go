package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

func fieldInverses() map[string]inverse {
	return map[string]inverse{
		"fields.create": {"Deletes %s.", (*Engine).undoCreateField},
		"fields.update": {"Sets %s back.", (*Engine).undoField},
		"fields.delete": {"Makes %s again; zaps and forms that had it do not get it back.", (*Engine).undoDeleteField},
	}
}

// changedField returns the field of a change, which must be as the change left it.
func (e *Engine) changedField(ctx context.Context, tx *store.Tx, c change) (apiclient.Field, error) {
	all, err := e.catalogue(ctx, tx)
	if err != nil {
		return apiclient.Field{}, err
	}
	f, ok := all.find(c.key())
	if !ok {
		return f, noField(c.key())
	}
	return f, c.unchanged(fieldParts(own(f)))
}

func (e *Engine) undoCreateField(ctx context.Context, tx *store.Tx, c change) error {
	f, err := e.changedField(ctx, tx, c)
	if err != nil {
		return err
	}
	return e.deleteField(ctx, tx, f.Key)
}

func (e *Engine) undoField(ctx context.Context, tx *store.Tx, c change) error {
	f, err := e.changedField(ctx, tx, c)
	if err != nil {
		return err
	}
	u, err := c.fieldUpdate()
	if err != nil {
		return err
	}
	_, err = e.updateField(ctx, tx, f.Key, u)
	return err
}

func (e *Engine) undoDeleteField(ctx context.Context, tx *store.Tx, c change) error {
	u, err := c.fieldUpdate()
	if err != nil {
		return err
	}
	f := apiclient.Field{Key: c.key()}
	if err := c.part("type", &f.Type); err != nil {
		return err
	}
	if err := c.part("core", &f.Core); err != nil {
		return err
	}
	if f, err = u.Apply(f); err != nil {
		return err
	}
	_, err = e.createField(ctx, tx, f)
	return err
}

// fieldUpdate is the update that gives a field the parts it had before the change.
func (c change) fieldUpdate() (u apiclient.FieldUpdate, err error) {
	u.Attributes = map[string]string{}
	for part := range c.before {
		switch part {
		case "label":
			u.Label = new(string)
			err = c.part(part, u.Label)
		case "options":
			u.Choices, err = c.choices(part)
		case "type", "core":
		default:
			text := ""
			err = c.part(part, &text)
			u.Attributes[part] = text
		}
		if err != nil {
			return u, err
		}
	}
	return u, nil
}

// choices reads what optionParts has written.
func (c change) choices(part string) ([]apiclient.Choice, error) {
	var raw []json.RawMessage
	if err := c.part(part, &raw); err != nil {
		return nil, err
	}
	list := make([]apiclient.Choice, len(raw))
	for i, one := range raw {
		var pair []string
		if err := json.Unmarshal(one, &pair); err == nil && len(pair) == 2 {
			list[i] = apiclient.Choice{Value: pair[0], Label: pair[1]}
			continue
		}
		text := ""
		if err := json.Unmarshal(one, &text); err != nil {
			return nil, err
		}
		list[i] = apiclient.Choice{Value: text, Label: text}
	}
	return list, nil
}

func formInverses() map[string]inverse {
	return map[string]inverse{
		"forms.create": {"Deletes %s.", (*Engine).undoCreateForm},
		"forms.update": {"Sets %s back.", (*Engine).undoForm},
		"forms.delete": {"Makes %s again, under a number of its own.", (*Engine).undoDeleteForm},
	}
}

// changedForm returns the form of a change, which must be as the change left it.
func changedForm(ctx context.Context, tx *store.Tx, c change) (apiclient.Form, error) {
	id, err := c.number()
	if err != nil {
		return apiclient.Form{}, err
	}
	f, err := tx.Form(ctx, apiclient.FormID(id))
	if err != nil {
		return f, err
	}
	return f, c.unchanged(formParts(f))
}

func (e *Engine) undoCreateForm(ctx context.Context, tx *store.Tx, c change) error {
	f, err := changedForm(ctx, tx, c)
	if err != nil {
		return err
	}
	return e.deleteForm(ctx, tx, f.ID)
}

func (e *Engine) undoForm(ctx context.Context, tx *store.Tx, c change) error {
	f, err := changedForm(ctx, tx, c)
	if err != nil {
		return err
	}
	n, err := c.form(f.Fields)
	if err != nil {
		return err
	}
	u := apiclient.FormUpdate{Settings: n.Settings, Rows: n.Rows, Fields: n.Fields}
	if n.Title != "" {
		u.Title = &n.Title
	}
	_, err = e.updateForm(ctx, tx, f.ID, u)
	return err
}

func (e *Engine) undoDeleteForm(ctx context.Context, tx *store.Tx, c change) error {
	n, err := c.form(nil)
	if err != nil {
		return err
	}
	_, err = e.createForm(ctx, tx, n)
	return err
}

// Prefixes of the parts of a form, see formParts.
const (
	settingPart = "setting "
	fieldOfForm = "field "
)

// form reads what a form was before the change, where it touched it, among the
// fields that it has now.
func (c change) form(fields []apiclient.FormField) (n apiclient.NewForm, err error) {
	n.Settings, n.Fields = apiclient.FormSettings{}, slices.Clone(fields)
	for part, raw := range c.before {
		name, isSetting := strings.CutPrefix(part, settingPart)
		key, isField := strings.CutPrefix(part, fieldOfForm)
		switch {
		case isSetting:
			text := ""
			err = c.part(part, &text)
			n.Settings[name] = text
		case isField:
			n.Fields, err = withField(n.Fields, key, raw)
		case part == "title":
			err = c.part(part, &n.Title)
		case part == "mode":
			err = c.part(part, &n.Mode)
		case part == "rows":
			err = c.part(part, &n.Rows)
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// withField puts the field of a part, as fieldPart wrote it, in the place of what
// the form has of that key, or takes that away where the part is null.
func withField(list []apiclient.FormField, key string, raw json.RawMessage) ([]apiclient.FormField, error) {
	list = slices.DeleteFunc(list, func(x apiclient.FormField) bool { return x.Key == key })
	text := ""
	if err := json.Unmarshal(raw, &text); err != nil || text == "" {
		return list, err
	}
	var was struct {
		Place      [4]int
		Definition apiclient.Field
	}
	if err := json.Unmarshal([]byte(text), &was); err != nil {
		return list, err
	}
	x := apiclient.FormField{Field: was.Definition, Row: was.Place[0], SubRow: was.Place[1], Column: was.Place[2], Position: was.Place[3]}
	return append(list, x), nil
}
