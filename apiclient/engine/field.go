package engine

import (
	"context"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A catalogue is the fields of the site inside a transaction.
type catalogue struct {
	known map[string]apiclient.Field // predefined
	own   []apiclient.Field          // by key
}

func (e *Engine) catalogue(ctx context.Context, tx *store.Tx) (catalogue, error) {
	own, err := tx.Fields(ctx)
	return catalogue{e.known, own}, err
}

// find returns the field of that key; the site's own go first.
func (c catalogue) find(key string) (apiclient.Field, bool) {
	i, ok := slices.BinarySearchFunc(c.own, key, func(f apiclient.Field, key string) int { return strings.Compare(f.Key, key) })
	if ok {
		return c.own[i], true
	}
	f, ok := c.known[key]
	return f, ok
}

// Fields returns the catalogue: the predefined fields, then the site's own, each by key.
func (e *Engine) Fields(ctx context.Context) ([]apiclient.Field, error) {
	own, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Field, error) { return tx.Fields(ctx) })
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(apiclient.PredefinedFields(), func(f apiclient.Field) bool {
		return slices.ContainsFunc(own, func(o apiclient.Field) bool { return o.Key == f.Key })
	})
	return append(list, own...), nil
}

// CreateField adds a field of the site's own.
func (e *Engine) CreateField(ctx context.Context, f apiclient.Field) (apiclient.Field, error) {
	if err := f.CheckNew(); err != nil {
		return apiclient.Field{}, err
	}
	f.Source, f.Core, f.Secret, f.ReadOnly = apiclient.FieldCustom, "", false, false
	return f, e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		if _, there := c.find(f.Key); there {
			return &apiclient.Error{Kind: apiclient.Conflict, Field: "key", Message: "The catalogue has a field " + f.Key + " already; choose another key."}
		}
		if err := tx.InsertField(ctx, f); err != nil {
			return err
		}
		return e.audit(ctx, tx, "fields.create", "field "+f.Key, nil, parts{"label": f.Label, "type": f.Type})
	})
}

// DeleteField removes a field of the site's own from the catalogue, from zaps and from forms.
func (e *Engine) DeleteField(ctx context.Context, key string) error {
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		f, _ := c.find(key)
		if f.Source == apiclient.FieldPredefined {
			return apiclient.Errorf(apiclient.Conflict, "The field %s is Ultimate Member's own and cannot be deleted.", key)
		}
		ok, err := tx.DeleteField(ctx, key)
		if err != nil {
			return err
		}
		if !ok {
			return apiclient.Errorf(apiclient.NotFound, "There is no field %q on this site.", key)
		}
		if err := e.dropFromForms(ctx, tx, key); err != nil {
			return err
		}
		return e.audit(ctx, tx, "fields.delete", "field "+key, parts{"label": f.Label, "type": f.Type}, nil)
	})
}
