package apitest

import (
	"context"
	"errors"
	"testing"
	"time"

	"umdeck/apiclient"
)

// A call is a method that needs a capability.
type call struct {
	name string
	need apiclient.Capability
	do   func(context.Context, apiclient.API) error
}

// testMissing calls the methods behind each missing capability: they fail with
// Unsupported and the reason that the site gave.
func testMissing(t *testing.T, s *subject) {
	for _, c := range calls() {
		ok, why := s.site.Can(c.need)
		if ok {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			err := c.do(t.Context(), s.API)
			wantKind(t, c.name, err, apiclient.Unsupported)
			if e, ok := errors.AsType[*apiclient.Error](err); ok && e.Message != why {
				t.Errorf("%s says %q; Site.Missing says %q", c.name, e.Message, why)
			}
		})
	}
}

// calls returns every method with arguments that are well formed and, wherever
// the method exists, name nothing that does.
func calls() []call {
	const nobody = 1 << 40
	var (
		user  = apiclient.UserID(nobody)
		zap   = apiclient.ZapID(nobody)
		sub   = apiclient.SubscriptionID(nobody)
		del   = apiclient.DeliveryID(nobody)
		mail  = apiclient.MailID(nobody)
		field = apiclient.Field{Key: "apitest_none", Label: "None", Type: apiclient.FieldText}
	)
	act := func(a apiclient.Action) apiclient.UserAction {
		return apiclient.UserAction{Action: a, Users: []apiclient.UserID{user}, Role: "subscriber"}
	}
	list := []call{
		{"Health", apiclient.CanReadHealth, func(ctx context.Context, a apiclient.API) error { _, err := a.Health(ctx); return err }},
		{"Users", apiclient.CanListUsers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Users(ctx, apiclient.UserQuery{})
			return err
		}},
		{"User", apiclient.CanListUsers, func(ctx context.Context, a apiclient.API) error { _, err := a.User(ctx, user); return err }},
		{"FindUser", apiclient.CanListUsers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.FindUser(ctx, "apitest-none")
			return err
		}},
		{"Users by status", apiclient.CanFilterStatus, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Users(ctx, apiclient.UserQuery{Filter: apiclient.FieldIs("status", "inactive")})
			return err
		}},
		{"Users by field", apiclient.CanFilterFields, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Users(ctx, apiclient.UserQuery{Filter: apiclient.FieldIs("last_login", "2026-01-02")})
			return err
		}},
		{"CreateUser", apiclient.CanCreateUsers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.CreateUser(ctx, User("apitest-none"))
			return err
		}},
		{"CreateUser with a hash", apiclient.CanMoveUsers, func(ctx context.Context, a apiclient.API) error {
			n := User("apitest-none")
			n.PasswordHash = apiclient.NewSecret(hashed)
			_, err := a.CreateUser(ctx, n)
			return err
		}},
		{"CreateUsers", apiclient.CanCreateUsers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.CreateUsers(ctx, apiclient.UserBatch{Users: []apiclient.NewUser{User("apitest-none")}, Check: true})
			return err
		}},
		{"UpdateUser", apiclient.CanEditUsers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UpdateUser(ctx, user, apiclient.UserUpdate{URL: new("https://example.com")})
			return err
		}},
		{"CreateRole", apiclient.CanEditRoles, func(ctx context.Context, a apiclient.API) error {
			_, err := a.CreateRole(ctx, apiclient.Role{Name: "Apitest none"})
			return err
		}},
		{"UpdateRole", apiclient.CanEditRoles, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UpdateRole(ctx, "um_apitest-none", apiclient.RoleUpdate{})
			return err
		}},
		{"ResetRole", apiclient.CanEditRoles, func(ctx context.Context, a apiclient.API) error {
			_, err := a.ResetRole(ctx, "um_apitest-none")
			return err
		}},
		{"DeleteRole", apiclient.CanEditRoles, func(ctx context.Context, a apiclient.API) error {
			_, err := a.DeleteRole(ctx, "um_apitest-none")
			return err
		}},
		{"Zaps", apiclient.CanReadZaps, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Zaps(ctx, apiclient.ZapQuery{})
			return err
		}},
		{"Zap", apiclient.CanReadZaps, func(ctx context.Context, a apiclient.API) error { _, err := a.Zap(ctx, zap); return err }},
		{"FieldGroup", apiclient.CanReadZaps, func(ctx context.Context, a apiclient.API) error { _, err := a.FieldGroup(ctx, zap); return err }},
		{"CreateZap", apiclient.CanWriteZaps, func(ctx context.Context, a apiclient.API) error {
			_, err := a.CreateZap(ctx, ActionZap("None", "first_name"))
			return err
		}},
		{"UpdateZap", apiclient.CanWriteZaps, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UpdateZap(ctx, zap, apiclient.ZapUpdate{Name: new("None")})
			return err
		}},
		{"DeleteZap", apiclient.CanWriteZaps, func(ctx context.Context, a apiclient.API) error { return a.DeleteZap(ctx, zap) }},
		{"SampleZap", apiclient.CanSampleZaps, func(ctx context.Context, a apiclient.API) error { _, err := a.SampleZap(ctx, zap, 0); return err }},
		{"Fields", apiclient.CanReadFieldSet, func(ctx context.Context, a apiclient.API) error { _, err := a.Fields(ctx); return err }},
		{"CreateField", apiclient.CanWriteFields, func(ctx context.Context, a apiclient.API) error { _, err := a.CreateField(ctx, field); return err }},
		{"DeleteField", apiclient.CanWriteFields, func(ctx context.Context, a apiclient.API) error { return a.DeleteField(ctx, field.Key) }},
		{"Forms", apiclient.CanReadForms, func(ctx context.Context, a apiclient.API) error { _, err := a.Forms(ctx); return err }},
		{"Form", apiclient.CanReadForms, func(ctx context.Context, a apiclient.API) error { _, err := a.Form(ctx, 1); return err }},
		{"CreateForm", apiclient.CanWriteForms, func(ctx context.Context, a apiclient.API) error {
			_, err := a.CreateForm(ctx, apiclient.NewForm{Title: "None", Mode: apiclient.FormProfile})
			return err
		}},
		{"UpdateForm", apiclient.CanWriteForms, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UpdateForm(ctx, 1, apiclient.FormUpdate{Title: new("None")})
			return err
		}},
		{"DeleteForm", apiclient.CanWriteForms, func(ctx context.Context, a apiclient.API) error { return a.DeleteForm(ctx, 1) }},
		{"UploadFile", apiclient.CanFiles, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UploadFile(ctx, user, "none", SentFile("a.txt", "text"))
			return err
		}},
		{"OpenFile", apiclient.CanFiles, func(ctx context.Context, a apiclient.API) error {
			_, content, err := a.OpenFile(ctx, user, "none")
			if err == nil {
				err = errors.Join(errors.New("a file that the site says it has not"), content.Close())
			}
			return err
		}},
		{"Subscriptions", apiclient.CanListSubs, func(ctx context.Context, a apiclient.API) error { _, err := a.Subscriptions(ctx, 0); return err }},
		{"Subscription", apiclient.CanListSubs, func(ctx context.Context, a apiclient.API) error { _, err := a.Subscription(ctx, sub); return err }},
		{"AddSubscription", apiclient.CanAddSubs, func(ctx context.Context, a apiclient.API) error {
			_, _, err := a.AddSubscription(ctx, apiclient.NewSubscription{Zap: zap, URL: "https://example.com/hook"})
			return err
		}},
		{"UpdateSubscription", apiclient.CanRemoveSubs, func(ctx context.Context, a apiclient.API) error {
			_, err := a.UpdateSubscription(ctx, sub, apiclient.SetSubscription(apiclient.SubscriptionPaused))
			return err
		}},
		{"RotateSubscription", apiclient.CanRemoveSubs, func(ctx context.Context, a apiclient.API) error {
			_, err := a.RotateSubscription(ctx, sub, 0)
			return err
		}},
		{"RemoveSubscription", apiclient.CanRemoveSubs, func(ctx context.Context, a apiclient.API) error {
			_, err := a.RemoveSubscription(ctx, sub, false)
			return err
		}},
		{"SubscriptionHours", apiclient.CanReadHours, func(ctx context.Context, a apiclient.API) error {
			_, err := a.SubscriptionHours(ctx, sub, time.Time{})
			return err
		}},
		{"TestSubscription", apiclient.CanTestSubs, func(ctx context.Context, a apiclient.API) error { _, err := a.TestSubscription(ctx, sub); return err }},
		{"Events", apiclient.CanReadLog, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Events(ctx, apiclient.EventQuery{})
			return err
		}},
		{"Deliveries", apiclient.CanReadLog, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Deliveries(ctx, apiclient.DeliveryQuery{})
			return err
		}},
		{"Delivery", apiclient.CanReadLog, func(ctx context.Context, a apiclient.API) error { _, err := a.Delivery(ctx, del); return err }},
		{"LogSpan", apiclient.CanReadLog, func(ctx context.Context, a apiclient.API) error {
			_, err := a.LogSpan(ctx, time.Time{})
			return err
		}},
		{"Watch", apiclient.CanReadLog, func(ctx context.Context, a apiclient.API) error {
			return a.Watch(ctx, -1, func([]apiclient.LogEntry) error { return errors.New("an entry of a log that the site says it has not") })
		}},
		{"Redeliver", apiclient.CanRedeliver, func(ctx context.Context, a apiclient.API) error { _, err := a.Redeliver(ctx, del); return err }},
		{"PlanReplay", apiclient.CanReplay, func(ctx context.Context, a apiclient.API) error {
			_, err := a.PlanReplay(ctx, apiclient.ReplayQuery{})
			return err
		}},
		{"StartReplay", apiclient.CanReplay, func(ctx context.Context, a apiclient.API) error {
			_, err := a.StartReplay(ctx, apiclient.ReplayQuery{Filter: apiclient.FieldIs("id", "0")})
			return err
		}},
		{"StopReplay", apiclient.CanReplay, func(ctx context.Context, a apiclient.API) error { _, err := a.StopReplay(ctx, 1<<40); return err }},
		{"Replays", apiclient.CanReplay, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Replays(ctx, apiclient.ReplaysQuery{})
			return err
		}},
		{"Replay", apiclient.CanReplay, func(ctx context.Context, a apiclient.API) error { _, err := a.Replay(ctx, 1<<40); return err }},
		{"FireTrigger", apiclient.CanFireTriggers, func(ctx context.Context, a apiclient.API) error {
			_, err := a.FireTrigger(ctx, apiclient.TriggerLogin, user)
			return err
		}},
		{"Passwords", apiclient.CanPasswords, func(ctx context.Context, a apiclient.API) error { _, err := a.Passwords(ctx, 0); return err }},
		{"CreatePassword", apiclient.CanPasswords, func(ctx context.Context, a apiclient.API) error {
			_, _, err := a.CreatePassword(ctx, user, "none")
			return err
		}},
		{"RevokePassword", apiclient.CanPasswords, func(ctx context.Context, a apiclient.API) error {
			return a.RevokePassword(ctx, "00000000-0000-4000-8000-000000000000")
		}},
		{"Settings", apiclient.CanReadSettings, func(ctx context.Context, a apiclient.API) error { _, err := a.Settings(ctx); return err }},
		{"ChangeSettings", apiclient.CanWriteSettings, func(ctx context.Context, a apiclient.API) error {
			_, err := a.ChangeSettings(ctx, map[string]string{"blogname": "None"})
			return err
		}},
		{"Mails", apiclient.CanMail, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Mails(ctx, apiclient.MailQuery{})
			return err
		}},
		{"Mail", apiclient.CanMail, func(ctx context.Context, a apiclient.API) error { _, err := a.Mail(ctx, mail); return err }},
		{"RevealMail", apiclient.CanMail, func(ctx context.Context, a apiclient.API) error { _, err := a.RevealMail(ctx, mail); return err }},
		{"ResendMail", apiclient.CanMail, func(ctx context.Context, a apiclient.API) error { _, err := a.ResendMail(ctx, mail); return err }},
		{"TestMail", apiclient.CanMail, func(ctx context.Context, a apiclient.API) error {
			_, err := a.TestMail(ctx, "nobody@example.com")
			return err
		}},
		{"Audits", apiclient.CanReadAudit, func(ctx context.Context, a apiclient.API) error {
			_, err := a.Audits(ctx, apiclient.AuditQuery{})
			return err
		}},
		{"Audit", apiclient.CanReadAudit, func(ctx context.Context, a apiclient.API) error { _, err := a.Audit(ctx, 1); return err }},
		{"UndoAudit", apiclient.CanUndo, func(ctx context.Context, a apiclient.API) error { _, err := a.UndoAudit(ctx, 1); return err }},
	}
	acts := map[apiclient.Action]apiclient.Capability{apiclient.ActionRole: apiclient.CanSetRoles, apiclient.ActionAddRole: apiclient.CanSetRoles, apiclient.ActionRemoveRole: apiclient.CanSetRoles, apiclient.ActionDelete: apiclient.CanDeleteUsers}
	for _, a := range apiclient.StatusActions() {
		acts[a] = apiclient.CanActOnUsers
	}
	for a, c := range acts {
		list = append(list,
			call{"PlanUsers " + string(a), c, func(ctx context.Context, api apiclient.API) error { _, err := api.PlanUsers(ctx, act(a)); return err }},
			call{"DoUsers " + string(a), c, func(ctx context.Context, api apiclient.API) error { _, err := api.DoUsers(ctx, act(a)); return err }})
	}
	return list
}
