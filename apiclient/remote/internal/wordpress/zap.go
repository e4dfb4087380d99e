package wordpress

import (
	"context"

	"umdeck/apiclient"
)

// zapOf returns the noun. Its event is not told. Its status is seen from whether
// um_get_fields answers for it.
func zapOf(z zap) apiclient.Zap {
	out := apiclient.Zap{ID: z.id, Name: z.name, Kind: z.kind, Status: apiclient.ZapRunning, Fields: z.keys(), Subscriptions: -1}
	if z.stopped {
		out.Status = apiclient.ZapStopped
	}
	return out
}

// Zaps returns the zaps that the extension offers to Zapier; drafts are not among them.
func (c *Client) Zaps(ctx context.Context, q apiclient.ZapQuery) ([]apiclient.Zap, error) {
	if err := c.need(ctx, apiclient.CanReadZaps); err != nil {
		return nil, err
	}
	list, err := c.allZaps(ctx, true)
	if err != nil {
		return nil, err
	}
	zaps := []apiclient.Zap{}
	for _, z := range list {
		if q.Kind == "" || q.Kind == z.kind {
			zaps = append(zaps, zapOf(z))
		}
	}
	return zaps, nil
}

// Zap returns one of them.
func (c *Client) Zap(ctx context.Context, id apiclient.ZapID) (apiclient.Zap, error) {
	if err := c.need(ctx, apiclient.CanReadZaps); err != nil {
		return apiclient.Zap{}, err
	}
	z, err := c.find(ctx, id)
	return zapOf(z), err
}

// FieldGroup returns what um_get_fields says now.
func (c *Client) FieldGroup(ctx context.Context, id apiclient.ZapID) (apiclient.FieldGroup, error) {
	if err := c.need(ctx, apiclient.CanReadZaps); err != nil {
		return apiclient.FieldGroup{}, err
	}
	z, err := c.find(ctx, id)
	if err != nil {
		return apiclient.FieldGroup{}, err
	}
	g := apiclient.FieldGroup{}
	z.fields, err = c.fieldsOf(ctx, id)
	switch {
	case apiclient.KindOf(err) == apiclient.Conflict:
		z.stopped = true
		g.Notice = "Zapier cannot read this field group: the site answers \"This UM Zap is not running or disabled.\""
	case err != nil:
		return apiclient.FieldGroup{}, err
	}
	g.Zap, g.Fields = zapOf(z), z.fields
	return g, nil
}

// SampleZap returns what um_zapier_activity_perform_list answers.
func (c *Client) SampleZap(ctx context.Context, id apiclient.ZapID, user apiclient.UserID) (apiclient.Payload, error) {
	if err := c.need(ctx, apiclient.CanSampleZaps); err != nil {
		return nil, err
	}
	z, err := c.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if z.kind != apiclient.ZapTrigger {
		return nil, apiclient.Errorf(apiclient.Conflict, "The zap %d is an action; only a trigger has a sample.", id)
	}
	return c.sample(ctx, z, user)
}
