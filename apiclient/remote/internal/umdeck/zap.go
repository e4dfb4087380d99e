package umdeck

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Zaps returns the zaps.
func (c *Client) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	return list(ctx, c, wire.Zaps, wire.ZapsRequest{Kind: q.Kind})
}

// Zap returns one zap.
func (c *Client) Zap(ctx context.Context, id apiclient.ZapID) (apiclient.Zap, error) {
	return get(ctx, c, wire.GetZap, wire.ZapRef{ID: id})
}

// CreateZap stores a new zap.
func (c *Client) CreateZap(ctx context.Context, n apiclient.NewZap) (apiclient.Zap, error) {
	return get(ctx, c, wire.CreateZap, wire.NewZapOf(n))
}

// UpdateZap changes what u names.
func (c *Client) UpdateZap(ctx context.Context, id apiclient.ZapID, u apiclient.ZapUpdate) (apiclient.Zap, error) {
	return get(ctx, c, wire.UpdateZap, wire.ZapUpdateOf(id, u))
}

// DeleteZap removes a zap.
func (c *Client) DeleteZap(ctx context.Context, id apiclient.ZapID) error {
	_, err := call(ctx, c, wire.DeleteZap, wire.ZapRef{ID: id})
	return err
}

// FieldGroup returns a zap's fields as Zapier reads them.
func (c *Client) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	return get(ctx, c, wire.GetFieldGroup, wire.ZapRef{ID: id})
}

// SampleZap returns the body that a trigger zap would send.
func (c *Client) SampleZap(ctx context.Context, id apiclient.ZapID, user apiclient.UserID) (apiclient.Payload, error) {
	p, err := call(ctx, c, wire.SampleZap, wire.SampleRequest{ID: id, User: user})
	return apiclient.Payload(p), err
}

// Fields returns the catalogue.
func (c *Client) Fields(ctx context.Context) ([]apiclient.Field, error) {
	return list(ctx, c, wire.Fields, wire.Nothing{})
}

// CreateField adds a field of the site's own.
func (c *Client) CreateField(ctx context.Context, f apiclient.Field) (apiclient.Field, error) {
	return get(ctx, c, wire.CreateField, wire.FieldOf(f))
}

// UpdateField changes a field of the catalogue.
func (c *Client) UpdateField(ctx context.Context, key string, u apiclient.FieldUpdate) (apiclient.Field, error) {
	if key == "" {
		return apiclient.Field{}, apiclient.FieldErrorf("key", "No field is named; give its key.")
	}
	return get(ctx, c, wire.UpdateField, wire.FieldUpdateOf(key, u))
}

// DeleteField removes a field of the site's own.
func (c *Client) DeleteField(ctx context.Context, key string) error {
	if key == "" {
		return apiclient.FieldErrorf("key", "No field is named; give its key.")
	}
	_, err := call(ctx, c, wire.DeleteField, wire.FieldRef{Key: key})
	return err
}
