package apiclient

import (
	"context"
	"time"
)

// ReadOnly returns an API that reads through api and refuses every change with
// Forbidden before anything is asked of the site. Close closes api.
func ReadOnly(api API) API { return readOnly{api} }

type readOnly struct{ API }

func refuse() error {
	return Errorf(Forbidden, "This session is read-only; start without --read-only to change something.")
}

func (readOnly) CreateUser(context.Context, NewUser) (User, error) { return User{}, refuse() }

func (r readOnly) CreateUsers(ctx context.Context, b UserBatch) ([]Outcome, error) {
	if b.Check {
		return r.API.CreateUsers(ctx, b)
	}
	return nil, refuse()
}

func (readOnly) UpdateUser(context.Context, UserID, UserUpdate) (User, error) {
	return User{}, refuse()
}

func (readOnly) DoUsers(context.Context, UserAction) ([]Outcome, error) { return nil, refuse() }

func (readOnly) CreateRole(context.Context, Role) (Role, error) { return Role{}, refuse() }

func (readOnly) UpdateRole(context.Context, RoleSlug, RoleUpdate) (Role, error) {
	return Role{}, refuse()
}

func (readOnly) ResetRole(context.Context, RoleSlug) (Role, error) { return Role{}, refuse() }

func (readOnly) DeleteRole(context.Context, RoleSlug) (int, error) { return 0, refuse() }

func (readOnly) CreateZap(context.Context, NewZap) (Zap, error) { return Zap{}, refuse() }

func (readOnly) UpdateZap(context.Context, ZapID, ZapUpdate) (Zap, error) { return Zap{}, refuse() }

func (readOnly) DeleteZap(context.Context, ZapID) error { return refuse() }

func (readOnly) CreateField(context.Context, Field) (Field, error) { return Field{}, refuse() }

func (readOnly) UpdateField(context.Context, string, FieldUpdate) (Field, error) {
	return Field{}, refuse()
}

func (readOnly) DeleteField(context.Context, string) error { return refuse() }

func (readOnly) CreateForm(context.Context, NewForm) (Form, error) { return Form{}, refuse() }

func (readOnly) UpdateForm(context.Context, FormID, FormUpdate) (Form, error) {
	return Form{}, refuse()
}

func (readOnly) DeleteForm(context.Context, FormID) error { return refuse() }

func (readOnly) UploadFile(context.Context, UserID, string, SentFile) (File, error) {
	return File{}, refuse()
}

func (readOnly) AddSubscription(context.Context, NewSubscription) (Subscription, bool, error) {
	return Subscription{}, false, refuse()
}

func (readOnly) UpdateSubscription(context.Context, SubscriptionID, SubscriptionUpdate) (Subscription, error) {
	return Subscription{}, refuse()
}

func (readOnly) RotateSubscription(context.Context, SubscriptionID, time.Duration) (Subscription, error) {
	return Subscription{}, refuse()
}

func (readOnly) RemoveSubscription(context.Context, SubscriptionID, bool) (*Attempt, error) {
	return nil, refuse()
}

func (readOnly) TestSubscription(context.Context, SubscriptionID) (Delivery, error) {
	return Delivery{}, refuse()
}

func (readOnly) FireTrigger(context.Context, Trigger, UserID) (Event, error) {
	return Event{}, refuse()
}

func (readOnly) Redeliver(context.Context, DeliveryID) (Delivery, error) {
	return Delivery{}, refuse()
}

func (readOnly) StartReplay(context.Context, ReplayQuery) (Replay, error) {
	return Replay{}, refuse()
}

func (readOnly) StopReplay(context.Context, ReplayID) (Replay, error) { return Replay{}, refuse() }

func (readOnly) UndoAudit(context.Context, int64) (Audit, error) { return Audit{}, refuse() }

func (readOnly) CreatePassword(context.Context, UserID, string) (Password, Secret, error) {
	return Password{}, Secret{}, refuse()
}

func (readOnly) RevealMail(context.Context, MailID) (Mail, error) { return Mail{}, refuse() }

func (readOnly) ResendMail(context.Context, MailID) (Mail, error) { return Mail{}, refuse() }

func (readOnly) TestMail(context.Context, string) (MailTest, error) { return MailTest{}, refuse() }

func (readOnly) RevokePassword(context.Context, string) error { return refuse() }

func (readOnly) ChangeSettings(context.Context, map[string]string) ([]Setting, error) {
	return nil, refuse()
}
