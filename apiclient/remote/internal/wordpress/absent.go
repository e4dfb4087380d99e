package wordpress

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// What neither WordPress nor the Zapier extension offers fails with the reason
// that Site.Missing gives.

func absent(k apiclient.Capability) error {
	return apiclient.Errorf(apiclient.Unsupported, "%s", fixed[k])
}

// Health is not offered.
func (c *Client) Health(context.Context) (apiclient.Health, error) {
	return apiclient.Health{}, absent(apiclient.CanReadHealth)
}

// CreateRole is not offered.
func (c *Client) CreateRole(context.Context, apiclient.Role) (apiclient.Role, error) {
	return apiclient.Role{}, absent(apiclient.CanEditRoles)
}

// UpdateRole is not offered.
func (c *Client) UpdateRole(context.Context, apiclient.RoleSlug, apiclient.RoleUpdate) (apiclient.Role, error) {
	return apiclient.Role{}, absent(apiclient.CanEditRoles)
}

// ResetRole is not offered.
func (c *Client) ResetRole(context.Context, apiclient.RoleSlug) (apiclient.Role, error) {
	return apiclient.Role{}, absent(apiclient.CanEditRoles)
}

// DeleteRole is not offered.
func (c *Client) DeleteRole(context.Context, apiclient.RoleSlug) (int, error) {
	return 0, absent(apiclient.CanEditRoles)
}

// CreateZap is not offered.
func (c *Client) CreateZap(context.Context, apiclient.NewZap) (apiclient.Zap, error) {
	return apiclient.Zap{}, absent(apiclient.CanWriteZaps)
}

// UpdateZap is not offered.
func (c *Client) UpdateZap(context.Context, apiclient.ZapID, apiclient.ZapUpdate) (apiclient.Zap, error) {
	return apiclient.Zap{}, absent(apiclient.CanWriteZaps)
}

// DeleteZap is not offered.
func (c *Client) DeleteZap(context.Context, apiclient.ZapID) error {
	return absent(apiclient.CanWriteZaps)
}

// Fields is not offered: the extension tells each zap's fields alone.
func (c *Client) Fields(context.Context) ([]apiclient.Field, error) {
	return nil, absent(apiclient.CanReadFieldSet)
}

// CreateField is not offered.
func (c *Client) CreateField(context.Context, apiclient.Field) (apiclient.Field, error) {
	return apiclient.Field{}, absent(apiclient.CanWriteFields)
}

// UpdateField is not offered.
func (c *Client) UpdateField(context.Context, string, apiclient.FieldUpdate) (apiclient.Field, error) {
	return apiclient.Field{}, absent(apiclient.CanWriteFields)
}

// DeleteField is not offered.
func (c *Client) DeleteField(context.Context, string) error {
	return absent(apiclient.CanWriteFields)
}

// Subscriptions is not offered.
func (c *Client) Subscriptions(context.Context, apiclient.ZapID) ([]apiclient.Subscription, error) {
	return nil, absent(apiclient.CanListSubs)
}

// Subscription is not offered.
func (c *Client) Subscription(context.Context, apiclient.SubscriptionID) (apiclient.Subscription, error) {
	return apiclient.Subscription{}, absent(apiclient.CanListSubs)
}

// UpdateSubscription is not offered.
func (c *Client) UpdateSubscription(context.Context, apiclient.SubscriptionID, apiclient.SubscriptionUpdate) (apiclient.Subscription, error) {
	return apiclient.Subscription{}, absent(apiclient.CanRemoveSubs)
}

// RotateSubscription is not offered.
func (c *Client) RotateSubscription(context.Context, apiclient.SubscriptionID, time.Duration) (apiclient.Subscription, error) {
	return apiclient.Subscription{}, absent(apiclient.CanRemoveSubs)
}

// RemoveSubscription is not offered.
func (c *Client) RemoveSubscription(context.Context, apiclient.SubscriptionID, bool) (*apiclient.Attempt, error) {
	return nil, absent(apiclient.CanRemoveSubs)
}

// SubscriptionHours is not offered.
func (c *Client) SubscriptionHours(context.Context, apiclient.SubscriptionID, time.Time) ([]apiclient.SubscriptionHour, error) {
	return nil, absent(apiclient.CanReadHours)
}

// TestSubscription is not offered.
func (c *Client) TestSubscription(context.Context, apiclient.SubscriptionID) (apiclient.Delivery, error) {
	return apiclient.Delivery{}, absent(apiclient.CanTestSubs)
}

// FireTrigger is not offered.
func (c *Client) FireTrigger(context.Context, apiclient.Trigger, apiclient.UserID) (apiclient.Event, error) {
	return apiclient.Event{}, absent(apiclient.CanFireTriggers)
}

// Events is not offered.
func (c *Client) Events(context.Context, apiclient.EventQuery) (apiclient.EventPage, error) {
	return apiclient.EventPage{}, absent(apiclient.CanReadLog)
}

// Deliveries is not offered.
func (c *Client) Deliveries(context.Context, apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	return apiclient.DeliveryPage{}, absent(apiclient.CanReadLog)
}

// Delivery is not offered.
func (c *Client) Delivery(context.Context, apiclient.DeliveryID) (apiclient.Delivery, error) {
	return apiclient.Delivery{}, absent(apiclient.CanReadLog)
}

// Redeliver is not offered.
func (c *Client) Redeliver(context.Context, apiclient.DeliveryID) (apiclient.Delivery, error) {
	return apiclient.Delivery{}, absent(apiclient.CanRedeliver)
}

// LogSpan is not offered.
func (c *Client) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{}, absent(apiclient.CanReadLog)
}

// PlanReplay is not offered.
func (c *Client) PlanReplay(context.Context, apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	return apiclient.ReplayPlan{}, absent(apiclient.CanReplay)
}

// StartReplay is not offered.
func (c *Client) StartReplay(context.Context, apiclient.ReplayQuery) (apiclient.Replay, error) {
	return apiclient.Replay{}, absent(apiclient.CanReplay)
}

// StopReplay is not offered.
func (c *Client) StopReplay(context.Context, apiclient.ReplayID) (apiclient.Replay, error) {
	return apiclient.Replay{}, absent(apiclient.CanReplay)
}

// Replays is not offered.
func (c *Client) Replays(context.Context, apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	return apiclient.ReplayPage{}, absent(apiclient.CanReplay)
}

// Replay is not offered.
func (c *Client) Replay(context.Context, apiclient.ReplayID) (apiclient.Replay, error) {
	return apiclient.Replay{}, absent(apiclient.CanReplay)
}

// Watch is not offered.
func (c *Client) Watch(context.Context, int64, func([]apiclient.LogEntry) error) error {
	return absent(apiclient.CanReadLog)
}

// Audit is not offered.
func (c *Client) Audit(context.Context, int64) (apiclient.Audit, error) {
	return apiclient.Audit{}, absent(apiclient.CanReadAudit)
}

// UndoAudit is not offered.
func (c *Client) UndoAudit(context.Context, int64) (apiclient.Audit, error) {
	return apiclient.Audit{}, absent(apiclient.CanUndo)
}

// Audits is not offered.
func (c *Client) Audits(context.Context, apiclient.AuditQuery) (apiclient.AuditPage, error) {
	return apiclient.AuditPage{}, absent(apiclient.CanReadAudit)
}

// Settings is not offered.
func (c *Client) Settings(context.Context) ([]apiclient.Setting, error) {
	return nil, absent(apiclient.CanReadSettings)
}

// ChangeSettings is not offered.
func (c *Client) ChangeSettings(context.Context, map[string]string) ([]apiclient.Setting, error) {
	return nil, absent(apiclient.CanWriteSettings)
}

// Mails is not offered.
func (c *Client) Mails(context.Context, apiclient.MailQuery) (apiclient.MailPage, error) {
	return apiclient.MailPage{}, absent(apiclient.CanMail)
}

// Mail is not offered.
func (c *Client) Mail(context.Context, apiclient.MailID) (apiclient.Mail, error) {
	return apiclient.Mail{}, absent(apiclient.CanMail)
}

// RevealMail is not offered.
func (c *Client) RevealMail(context.Context, apiclient.MailID) (apiclient.Mail, error) {
	return apiclient.Mail{}, absent(apiclient.CanMail)
}

// ResendMail is not offered.
func (c *Client) ResendMail(context.Context, apiclient.MailID) (apiclient.Mail, error) {
	return apiclient.Mail{}, absent(apiclient.CanMail)
}

// TestMail is not offered.
func (c *Client) TestMail(context.Context, string) (apiclient.MailTest, error) {
	return apiclient.MailTest{}, absent(apiclient.CanMail)
}
