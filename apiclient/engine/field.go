package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A catalogue is the fields of the site as a transaction has them. It is not changed
// after it was read.
type catalogue struct {
	version string
	known   map[string]apiclient.Field // predefined
	own     []apiclient.Field          // the site's, by key
	roles   []apiclient.Choice         // that fields with the source roles offer
}

// catalogue returns the fields of the transaction. They are read again when they, or
// the roles, have changed since.
func (e *Engine) catalogue(ctx context.Context, tx *store.Tx) (*catalogue, error) {
	version, err := tx.FieldsVersion(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return nil, err
	}
	version += " " + roles.version
	if c := e.fields.Load(); c != nil && c.version == version {
		return c, nil
	}
	c := &catalogue{version: version, known: e.known, roles: offeredRoles(roles)}
	if c.own, err = tx.Fields(ctx); err != nil {
		return nil, err
	}
	for i := range c.own {
		c.own[i] = c.filled(c.own[i])
	}
	e.fields.Store(c)
	return c, nil
}

// offeredRoles are the roles that members may choose: subscriber and the site's own
// (Ultimate Member 2.13, get_editable_user_roles).
func offeredRoles(s *roleSet) []apiclient.Choice {
	var list []apiclient.Choice
	for _, r := range s.all {
		if r.Custom || r.Slug == "subscriber" {
			list = append(list, apiclient.Choice{Value: string(r.Slug), Label: r.Name})
		}
	}
	return list
}

// filled returns f with the options of its source where that is the roles.
func (c *catalogue) filled(f apiclient.Field) apiclient.Field {
	if f.OptionsSource == "roles" {
		f.Choices = slices.Clone(c.roles)
	}
	return f
}

// find returns the field of that key; the site's own go first.
func (c *catalogue) find(key string) (apiclient.Field, bool) {
	if i, ok := c.index(key); ok {
		return c.own[i], true
	}
	f, ok := c.known[key]
	return c.filled(f), ok
}

func (c *catalogue) index(key string) (int, bool) {
	return slices.BinarySearchFunc(c.own, key, func(f apiclient.Field, key string) int { return strings.Compare(f.Key, key) })
}

// all returns the predefined fields, then the site's own, each by key.
func (c *catalogue) all() []apiclient.Field {
	var list []apiclient.Field
	for _, f := range apiclient.PredefinedFields() {
		if _, changed := c.index(f.Key); !changed {
			list = append(list, c.filled(f))
		}
	}
	for _, f := range c.own {
		f.Choices, f.Conditions, f.Roles = slices.Clone(f.Choices), slices.Clone(f.Conditions), slices.Clone(f.Roles) // the caller's
		list = append(list, f)
	}
	return list
}

// Fields returns the catalogue: the predefined fields, then the site's own, each by key.
func (e *Engine) Fields(ctx context.Context) ([]apiclient.Field, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Field, error) {
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return nil, err
		}
		return c.all(), nil
	})
}

// CreateField adds a field of the site's own.
func (e *Engine) CreateField(ctx context.Context, f apiclient.Field) (is apiclient.Field, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		is, err = e.createField(ctx, tx, f)
		return err
	})
	return is, err
}

func (e *Engine) createField(ctx context.Context, tx *store.Tx, f apiclient.Field) (apiclient.Field, error) {
	if err := f.CheckNew(); err != nil {
		return apiclient.Field{}, err
	}
	f = own(f)
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return f, err
	}
	if _, there := c.find(f.Key); there {
		return f, &apiclient.Error{Kind: apiclient.Conflict, Field: "key", Message: "The catalogue has a field " + f.Key + " already; choose another key."}
	}
	if err := tx.PutField(ctx, f); err != nil {
		return f, err
	}
	return c.filled(f), e.audit(ctx, tx, "fields.create", "field "+f.Key, nil, fieldParts(f))
}

// own returns f as a field of the site's own: what only Ultimate Member's code can make
// a field is taken away, and what follows by itself is not written.
func own(f apiclient.Field) apiclient.Field {
	f.Source, f.Secret, f.ReadOnly = apiclient.FieldCustom, false, false
	if f.Core == f.Type.Core() {
		f.Core = ""
	}
	if f.OptionsSource == "roles" {
		f.Choices = nil
	}
	return f
}

// UpdateField changes what u names of a field.
func (e *Engine) UpdateField(ctx context.Context, key string, u apiclient.FieldUpdate) (is apiclient.Field, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		is, err = e.updateField(ctx, tx, key, u)
		return err
	})
	return is, err
}

func (e *Engine) updateField(ctx context.Context, tx *store.Tx, key string, u apiclient.FieldUpdate) (is apiclient.Field, err error) {
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return is, err
	}
	was, ok := c.find(key)
	if !ok {
		return is, noField(key)
	}
	if was.Secret || was.ReadOnly || slices.Contains(apiclient.AccountKeys(), key) {
		return is, apiclient.Errorf(apiclient.Conflict, "The field %s is part of the account itself and cannot be changed; a form's copy of it can.", key)
	}
	if is, err = u.Apply(was); err != nil {
		return is, err
	}
	is = own(is)
	before, after := diff(fieldParts(own(was)), fieldParts(is))
	if len(after) == 0 {
		is.Source = was.Source
		return c.filled(is), nil
	}
	if err := tx.PutField(ctx, is); err != nil {
		return is, err
	}
	return c.filled(is), e.audit(ctx, tx, "fields.update", "field "+key, before, after)
}

// DeleteField removes a field of the site's own from the catalogue, from zaps and
// from forms. One that changes a predefined field gives way to it.
func (e *Engine) DeleteField(ctx context.Context, key string) error {
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return e.deleteField(ctx, tx, key) })
}

func (e *Engine) deleteField(ctx context.Context, tx *store.Tx, key string) error {
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	f, ok := c.find(key)
	switch {
	case !ok:
		return noField(key)
	case f.Source == apiclient.FieldPredefined:
		return apiclient.Errorf(apiclient.Conflict, "The field %s is Ultimate Member's own and cannot be deleted.", key)
	}
	if _, err := tx.DeleteField(ctx, key); err != nil {
		return err
	}
	if _, predefined := c.known[key]; !predefined {
		if err := errors.Join(tx.DropFieldFromZaps(ctx, key), e.dropFromForms(ctx, tx, key)); err != nil {
			return err
		}
	}
	return e.audit(ctx, tx, "fields.delete", "field "+key, fieldParts(own(f)), nil)
}

func noField(key string) error {
	return apiclient.Errorf(apiclient.NotFound, "There is no field %q on this site.", key)
}

// fieldParts is all that a field is, for the audit: enough to make it again.
func fieldParts(f apiclient.Field) parts {
	p := parts{"label": f.Label, "type": f.Type}
	if f.Core != "" {
		p["core"] = f.Core
	}
	if len(f.Choices) > 0 {
		p["options"] = optionParts(f.Choices)
	}
	for _, a := range f.Attributes() {
		if a.Value != "" {
			p[a.Name] = a.Value
		}
	}
	return p
}

// optionParts writes options as texts, and as value and label where these differ.
func optionParts(list []apiclient.Choice) []any {
	out := make([]any, len(list))
	for i, c := range list {
		out[i] = c.Label
		if c.Value != c.Label {
			out[i] = []string{c.Value, c.Label}
		}
	}
	return out
}
