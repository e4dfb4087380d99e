package umdeck

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// FireTrigger raises a trigger for a user.
func (c *Client) FireTrigger(ctx context.Context, t apiclient.Trigger, user apiclient.UserID) (apiclient.Event, error) {
	if _, err := apiclient.ParseTrigger(string(t)); err != nil {
		return apiclient.Event{}, err
	}
	return get(ctx, c, wire.FireTrigger, wire.FireRequest{Trigger: t, User: user})
}

// Events returns one page of events.
func (c *Client) Events(ctx context.Context, q apiclient.EventQuery) (apiclient.EventPage, error) {
	return get(ctx, c, wire.Events, wire.PageRequest{Filter: wire.Filter(q.Filter), After: q.After, Limit: q.Limit})
}

// Deliveries returns one page of deliveries.
func (c *Client) Deliveries(ctx context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	return get(ctx, c, wire.Deliveries, wire.PageRequest{Filter: wire.Filter(q.Filter), After: q.After, Limit: q.Limit})
}

// Delivery returns one delivery with its body and attempts.
func (c *Client) Delivery(ctx context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	return get(ctx, c, wire.GetDelivery, wire.DeliveryRef{ID: id})
}

// Redeliver sends a delivery once more.
func (c *Client) Redeliver(ctx context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	return get(ctx, c, wire.Redeliver, wire.DeliveryRef{ID: id})
}

// LogSpan tells which entries the log has.
func (c *Client) LogSpan(ctx context.Context, since time.Time) (apiclient.LogSpan, error) {
	return get(ctx, c, wire.GetLogSpan, wire.LogSpanRequestOf(since))
}

// Passwords returns the application passwords of a user, or of everyone.
func (c *Client) Passwords(ctx context.Context, user apiclient.UserID) ([]apiclient.Password, error) {
	return list(ctx, c, wire.Passwords, wire.PasswordsRequest{User: user})
}

// CreatePassword makes an application password.
func (c *Client) CreatePassword(ctx context.Context, user apiclient.UserID, name string) (apiclient.Password, apiclient.Secret, error) {
	a, err := call(ctx, c, wire.CreatePassword, wire.NewPassword{User: user, Name: name})
	if err != nil {
		return apiclient.Password{}, apiclient.Secret{}, err
	}
	return a.Password.Domain(), apiclient.NewSecret(a.Text), nil
}

// RevokePassword ends an application password.
func (c *Client) RevokePassword(ctx context.Context, uuid string) error {
	if uuid == "" {
		return apiclient.FieldErrorf("uuid", "No application password is named; give its UUID.")
	}
	_, err := call(ctx, c, wire.RevokePassword, wire.PasswordRef{UUID: uuid})
	return err
}

// Audit returns one entry of the audit.
func (c *Client) Audit(ctx context.Context, id int64) (apiclient.Audit, error) {
	return get(ctx, c, wire.GetAudit, wire.AuditRef{ID: id})
}

// UndoAudit takes a change back.
func (c *Client) UndoAudit(ctx context.Context, id int64) (apiclient.Audit, error) {
	return get(ctx, c, wire.UndoAudit, wire.AuditRef{ID: id})
}

// Audits returns one page of the audit.
func (c *Client) Audits(ctx context.Context, q apiclient.AuditQuery) (apiclient.AuditPage, error) {
	return get(ctx, c, wire.Audits, wire.PageRequest{Filter: wire.Filter(q.Filter), After: q.After, Limit: q.Limit})
}
