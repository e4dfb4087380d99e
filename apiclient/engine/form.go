package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// setUpForms makes the core forms that there are not: in a new instance, and in one
// from before there were forms.
func (e *Engine) setUpForms(ctx context.Context, tx *store.Tx) error {
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range apiclient.CoreForms() {
		switch _, err := tx.CoreForm(ctx, f.Mode); apiclient.KindOf(err) {
		case apiclient.NotFound:
		default:
			if err != nil {
				return err
			}
			continue
		}
		if _, err := e.insertForm(ctx, tx, c, f); err != nil {
			return err
		}
	}
	return nil
}

// insertForm stores a new form: its number first, because keys may have it.
func (e *Engine) insertForm(ctx context.Context, tx *store.Tx, c *catalogue, f apiclient.Form) (apiclient.Form, error) {
	f.Created, f.Updated = tx.Now(), tx.Now()
	id, err := tx.InsertForm(ctx, f)
	if err != nil {
		return f, err
	}
	f.ID = id
	if f, err = f.Resolve(c.find); err != nil {
		return f, err
	}
	if err := f.Check(); err != nil {
		return f, err
	}
	return f, tx.SetFormFields(ctx, f)
}

// Forms returns the forms, by mode and then by id.
func (e *Engine) Forms(ctx context.Context) ([]apiclient.Form, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Form, error) { return tx.Forms(ctx) })
}

// Form returns one form.
func (e *Engine) Form(ctx context.Context, id apiclient.FormID) (apiclient.Form, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Form, error) { return tx.Form(ctx, id) })
}

// CreateForm stores a new form.
func (e *Engine) CreateForm(ctx context.Context, n apiclient.NewForm) (f apiclient.Form, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		f, err = e.createForm(ctx, tx, n)
		return err
	})
	if err != nil {
		return apiclient.Form{}, err
	}
	return f, nil
}

func (e *Engine) createForm(ctx context.Context, tx *store.Tx, n apiclient.NewForm) (f apiclient.Form, err error) {
	if err := n.Validate(); err != nil {
		return f, err
	}
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return f, err
	}
	if err := checkFormRoles(ctx, tx, n.Form()); err != nil {
		return f, err
	}
	if f, err = e.insertForm(ctx, tx, c, n.Form()); err != nil {
		return f, err
	}
	if err := e.learn(ctx, tx, c, nil, f.Fields); err != nil {
		return f, err
	}
	return f, e.audit(ctx, tx, "forms.create", subjectForm(f), nil, formParts(f))
}

// UpdateForm changes what u names.
func (e *Engine) UpdateForm(ctx context.Context, id apiclient.FormID, u apiclient.FormUpdate) (f apiclient.Form, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		f, err = e.updateForm(ctx, tx, id, u)
		return err
	})
	if err != nil {
		return apiclient.Form{}, err
	}
	return f, nil
}

func (e *Engine) updateForm(ctx context.Context, tx *store.Tx, id apiclient.FormID, u apiclient.FormUpdate) (apiclient.Form, error) {
	was, err := tx.Form(ctx, id)
	if err != nil {
		return was, err
	}
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return was, err
	}
	is, err := u.Apply(was)
	if err == nil {
		is, err = is.Resolve(c.find)
	}
	if err == nil {
		err = is.Check()
	}
	if err == nil {
		err = checkFormRoles(ctx, tx, is)
	}
	if err != nil {
		return was, err
	}
	is = is.Forgetting(was)
	before, after := diff(formParts(was), formParts(is))
	if len(after) == 0 {
		return was, nil
	}
	if err := tx.UpdateForm(ctx, is); err != nil {
		return was, err
	}
	if err := e.learn(ctx, tx, c, was.Fields, is.Fields); err != nil {
		return was, err
	}
	if is, err = tx.Form(ctx, id); err != nil {
		return was, err
	}
	return is, e.audit(ctx, tx, "forms.update", subjectForm(is), before, after)
}

// learn writes copies of fields of the site's own that have changed in a form back
// to the catalogue, as the form builder does (Ultimate Member 2.13,
// includes/core/class-fields.php, globally_update_field). A copy that says what the
// catalogue says changes nothing.
func (e *Engine) learn(ctx context.Context, tx *store.Tx, c *catalogue, was, is []apiclient.FormField) error {
	for _, x := range is {
		known, ok := c.find(x.Key)
		if !ok || known.Source != apiclient.FieldCustom || sameField(known, x.Field) {
			continue
		}
		i := slices.IndexFunc(was, func(o apiclient.FormField) bool { return o.Key == x.Key })
		if i >= 0 && sameField(was[i].Field, x.Field) {
			continue // it differed before, and that is no change of it
		}
		if err := x.CheckNew(); err != nil {
			return err
		}
		learnt := own(x.Field)
		if err := tx.PutField(ctx, learnt); err != nil {
			return err
		}
		before, after := diff(fieldParts(own(known)), fieldParts(learnt))
		if err := e.audit(ctx, tx, "fields.update", "field "+x.Key, before, after); err != nil {
			return err
		}
	}
	return nil
}

func sameField(a, b apiclient.Field) bool { return definition(a) == definition(b) }

// definition is a field as text, so that two of them can be compared.
func definition(f apiclient.Field) string { return parts{"field": f}.text() }

// checkFormRoles refuses settings that name a role which the site does not have.
func checkFormRoles(ctx context.Context, tx *store.Tx, f apiclient.Form) error {
	if f.Settings["role"] == "" {
		return nil
	}
	roles, err := tx.Roles(ctx)
	if err != nil {
		return err
	}
	for slug := range strings.SplitSeq(f.Settings["role"], ",") {
		slug = strings.TrimSpace(slug)
		if !slices.ContainsFunc(roles, func(r apiclient.Role) bool { return string(r.Slug) == slug }) {
			return apiclient.FieldErrorf("role", "There is no role %q on this site; see the list of roles.", slug)
		}
	}
	return nil
}

// DeleteForm removes a form that is not a core form.
func (e *Engine) DeleteForm(ctx context.Context, id apiclient.FormID) error {
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return e.deleteForm(ctx, tx, id) })
}

func (e *Engine) deleteForm(ctx context.Context, tx *store.Tx, id apiclient.FormID) error {
	f, err := tx.Form(ctx, id)
	if err != nil {
		return err
	}
	if f.Core {
		return apiclient.Errorf(apiclient.Conflict, "The form %d (%s) is a core form: the page to %s shows it. It can be changed, not deleted.", f.ID, f.Title, f.Mode)
	}
	if err := tx.DeleteForm(ctx, id); err != nil {
		return err
	}
	return e.audit(ctx, tx, "forms.delete", subjectForm(f), formParts(f), nil)
}

// dropFromForms takes a field that is deleted out of every form. A form that
// cannot be without it is Conflict.
func (e *Engine) dropFromForms(ctx context.Context, tx *store.Tx, key string) error {
	ids, err := tx.FormsWith(ctx, key)
	if err != nil {
		return err
	}
	for _, id := range ids {
		was, err := tx.Form(ctx, id)
		if err != nil {
			return err
		}
		is := was.Without(key).Forgetting(was)
		if err := tx.UpdateForm(ctx, is); err != nil {
			return err
		}
		before, after := diff(formParts(was), formParts(is))
		if err := e.audit(ctx, tx, "forms.update", subjectForm(is), before, after); err != nil {
			return err
		}
	}
	return nil
}

func subjectForm(f apiclient.Form) string { return fmt.Sprintf("form %d (%s)", f.ID, f.Title) }

// formParts is what the audit says of a form: settings by name, the layout, and of
// each field where it stands and what it is.
func formParts(f apiclient.Form) parts {
	p := parts{"title": f.Title, "mode": f.Mode, "rows": f.Rows}
	for _, name := range slices.Sorted(maps.Keys(f.Settings)) {
		p["setting "+name] = f.Settings[name]
	}
	for _, x := range f.Fields {
		p["field "+x.Key] = fieldPart(x)
	}
	return p
}

// fieldPart is text, so that two of them can be compared.
func fieldPart(x apiclient.FormField) string {
	return parts{"place": []int{x.Row, x.SubRow, x.Column, x.Position}, "definition": x.Field}.text()
}
