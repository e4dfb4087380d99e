package apitest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"umdeck/apiclient"
)

// A reversible is a change and a look at what it touches.
type reversible struct {
	needs apiclient.Capability
	look  func(context.Context) (any, error)
	do    func(context.Context) error
}

// testUndo takes changes back: what they touched is as before, taking that back
// makes the change again, and nothing is taken back twice.
func testUndo(t *testing.T, s *subject) {
	s.need(t, apiclient.CanUndo, apiclient.CanReadAudit, apiclient.CanWriteZaps)
	for name, r := range s.reversibles(t) {
		t.Run(name, func(t *testing.T) {
			s.need(t, r.needs)
			s.undone(t, r)
		})
	}
	t.Run("changed since", s.testUndoStale)
	t.Run("no inverse", s.testUndoIrreversible)
	for _, id := range []int64{0, -1, 1 << 40} {
		_, err := s.UndoAudit(t.Context(), id)
		wantKind(t, "UndoAudit of an entry that is none", err, apiclient.NotFound)
		_, err = s.Audit(t.Context(), id)
		wantKind(t, "Audit that is none", err, apiclient.NotFound)
	}
}

func (s *subject) reversibles(t *testing.T) map[string]reversible {
	z := s.zap(t, TriggerZap("Undo", apiclient.TriggerLogin, "first_name", "last_name"))
	gone := s.zap(t, TriggerZap("Gone", apiclient.TriggerLogin, "first_name"))
	zap := func(id apiclient.ZapID) func(context.Context) (any, error) {
		return func(ctx context.Context) (any, error) {
			z, err := s.Zap(ctx, id)
			if apiclient.KindOf(err) == apiclient.NotFound {
				return nil, nil
			}
			return z, err
		}
	}
	list := map[string]reversible{
		"zap": {apiclient.CanWriteZaps, zap(z.ID), func(ctx context.Context) error {
			_, err := s.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{
				Name: new("Other"), Event: new(apiclient.TriggerDelete), Status: new(apiclient.ZapStopped), Fields: []string{"nickname"}, Origins: []apiclient.Origin{apiclient.OriginAPI},
			})
			return err
		}},
		"zap deleted": {apiclient.CanWriteZaps, zap(gone.ID), func(ctx context.Context) error { return s.DeleteZap(ctx, gone.ID) }},
		"settings": {apiclient.CanWriteSettings, func(ctx context.Context) (any, error) { return s.Settings(ctx) }, func(ctx context.Context) error {
			_, err := s.ChangeSettings(ctx, map[string]string{"display_name": "initial_name", "permalink_base": "user_id"})
			return err
		}},
	}
	if s.can(apiclient.CanCreateUsers, apiclient.CanEditUsers, apiclient.CanActOnUsers) {
		s.reversibleUsers(t, list)
	}
	if s.can(apiclient.CanEditRoles) {
		s.reversibleRoles(t, list)
	}
	if s.can(apiclient.CanWriteFields, apiclient.CanWriteForms) {
		s.reversibleForms(t, list)
	}
	if s.can(apiclient.CanAddSubs, apiclient.CanListSubs, apiclient.CanRemoveSubs) {
		z := s.zap(t, TriggerZap("Undone", apiclient.TriggerLogin, "first_name"))
		for name, do := range map[string]func(context.Context, apiclient.SubscriptionID) error{
			"paused": func(ctx context.Context, id apiclient.SubscriptionID) error {
				_, err := s.UpdateSubscription(ctx, id, apiclient.SetSubscription(apiclient.SubscriptionPaused))
				return err
			},
			"edited": func(ctx context.Context, id apiclient.SubscriptionID) error {
				_, err := s.UpdateSubscription(ctx, id, apiclient.SubscriptionUpdate{Strict: new(true), Rate: new(0.5), Schedule: &[]time.Duration{time.Second, time.Hour}})
				return err
			},
			"ended": func(ctx context.Context, id apiclient.SubscriptionID) error {
				_, err := s.RemoveSubscription(ctx, id, false)
				return err
			},
		} {
			sub := s.subscribe(t, z.ID, "https://example.com/undo/"+s.tag+name)
			list["subscription "+name] = reversible{
				apiclient.CanRemoveSubs,
				func(ctx context.Context) (any, error) {
					is, err := s.Subscription(ctx, sub.ID)
					return []any{is.State, is.Strict, is.Rate, is.Schedule}, err
				},
				func(ctx context.Context) error { return do(ctx, sub.ID) },
			}
		}
		list["subscription of a deleted zap"] = s.withSubscription(t)
	}
	return list
}

func (s *subject) reversibleUsers(t *testing.T, list map[string]reversible) {
	look := func(id apiclient.UserID) func(context.Context) (any, error) {
		return func(ctx context.Context) (any, error) { return s.User(ctx, id) }
	}
	update := func(name string, change apiclient.UserUpdate, more ...UserOption) {
		u := s.user(t, name, more...)
		list["user "+name] = reversible{apiclient.CanEditUsers, look(u.ID), func(ctx context.Context) error {
			_, err := s.UpdateUser(ctx, u.ID, change)
			return err
		}}
	}
	update("named", apiclient.UserUpdate{
		Email: new(s.login("other") + "@example.com"), DisplayName: new("Other"), URL: new("https://example.org"),
		Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Zoë"), "languages": apiclient.List("English", "French"), "gender": apiclient.Text("Female"), "nickname": {}},
	}, Answer("first_name", "Ada"), Answer("nickname", "Countess"))
	update("with-roles", apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"editor", "author"}})
	update("moved", apiclient.UserUpdate{Status: new(apiclient.StatusInactive)})
	for name, a := range map[string]apiclient.Action{"approved": apiclient.ActionApprove, "rejected": apiclient.ActionReject, "deactivated": apiclient.ActionDeactivate} {
		u := s.user(t, name, AwaitingReview)
		list["user "+name] = reversible{apiclient.CanActOnUsers, look(u.ID), func(ctx context.Context) error {
			out, err := s.DoUsers(ctx, apiclient.UserAction{Action: a, Users: []apiclient.UserID{u.ID}})
			if err == nil && out[0].Err != nil {
				return out[0].Err
			}
			return err
		}}
	}
}

func (s *subject) reversibleRoles(t *testing.T, list map[string]reversible) {
	r := must(s.CreateRole(t.Context(), apiclient.Role{Name: s.tag + " undo", Capabilities: []string{"read"}}))(t)
	look := func(ctx context.Context) (any, error) {
		all, err := s.Roles(ctx)
		for _, one := range all {
			if one.Slug == r.Slug {
				return one, err
			}
		}
		return nil, err
	}
	list["role"] = reversible{apiclient.CanEditRoles, look, func(ctx context.Context) error {
		_, err := s.UpdateRole(ctx, r.Slug, apiclient.RoleUpdate{Name: new(s.tag + " other"), Priority: new(7), Registration: new("pending"), Capabilities: []string{"read", "upload_files"}})
		return err
	}}
	gone := must(s.CreateRole(t.Context(), apiclient.Role{Name: s.tag + " gone"}))(t)
	list["role deleted"] = reversible{apiclient.CanEditRoles, func(ctx context.Context) (any, error) {
		all, err := s.Roles(ctx)
		for _, one := range all {
			if one.Slug == gone.Slug {
				return one, err
			}
		}
		return nil, err
	}, func(ctx context.Context) error {
		_, err := s.DeleteRole(ctx, gone.Slug)
		return err
	}}
}

func (s *subject) reversibleForms(t *testing.T, list map[string]reversible) {
	field := func(name string) apiclient.Field {
		f := apiclient.Field{Key: s.tag + "_" + name, Label: "Undo", Type: apiclient.FieldSelect, Choices: append(apiclient.Choices("Red"), apiclient.Choice{Value: "g", Label: "Green"}), Help: "Choose one"}
		return must(s.CreateField(t.Context(), f))(t)
	}
	look := func(key string) func(context.Context) (any, error) {
		return func(ctx context.Context) (any, error) {
			all, err := s.Fields(ctx)
			for _, f := range all {
				if f.Key == key {
					return f, err
				}
			}
			return nil, err
		}
	}
	changed, gone := field("changed"), field("gone")
	list["field"] = reversible{apiclient.CanWriteFields, look(changed.Key), func(ctx context.Context) error {
		_, err := s.UpdateField(ctx, changed.Key, apiclient.FieldUpdate{Label: new("Other"), Choices: apiclient.Choices("Blue"), Attributes: map[string]string{"help": "", "required": "1"}})
		return err
	}}
	list["field deleted"] = reversible{apiclient.CanWriteFields, look(gone.Key), func(ctx context.Context) error { return s.DeleteField(ctx, gone.Key) }}

	f := must(s.CreateForm(t.Context(), apiclient.NewForm{Title: s.tag, Mode: apiclient.FormProfile, Fields: []apiclient.FormField{
		{Field: apiclient.Field{Key: "first_name"}}, {Field: apiclient.Field{Key: "description"}}, {Field: apiclient.Field{Key: "country"}},
	}}))(t)
	list["form"] = reversible{apiclient.CanWriteForms, func(ctx context.Context) (any, error) {
		is, err := s.Form(ctx, f.ID)
		is.Updated = f.Updated
		return is, err
	}, func(ctx context.Context) error {
		_, err := s.UpdateForm(ctx, f.ID, apiclient.FormUpdate{
			Title: new("Other"), Settings: apiclient.FormSettings{"primary_btn_word": "Go"}, Rows: []apiclient.FormRow{{Heading: "You"}, {Columns: []int{2}}},
			Fields: []apiclient.FormField{{Field: apiclient.Field{Key: "country"}, Row: 1}, {Field: apiclient.Field{Key: "nickname"}, Row: 2, Column: 2}},
		})
		return err
	}}
}

// withSubscription deletes a zap with a paused subscription, which comes back as
// it was.
func (s *subject) withSubscription(t *testing.T) reversible {
	z := s.zap(t, TriggerZap("With", apiclient.TriggerLogin, "first_name"))
	sub := s.subscribe(t, z.ID, "https://example.com/with/"+s.tag)
	must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t)
	return reversible{apiclient.CanRemoveSubs, func(ctx context.Context) (any, error) {
		is, err := s.Subscription(ctx, sub.ID)
		return is.State, err
	}, func(ctx context.Context) error { return s.DeleteZap(ctx, z.ID) }}
}

// undone makes the change, takes it back, and takes that back.
func (s *subject) undone(t *testing.T, r reversible) {
	t.Helper()
	ctx := t.Context()
	before := must(r.look(ctx))(t)
	if err := r.do(ctx); err != nil {
		t.Fatal(err)
	}
	after := must(r.look(ctx))(t)
	made := must(s.Audits(ctx, apiclient.AuditQuery{Limit: 1}))(t).Audits[0]
	if made.Undo == "" || made.NoUndo != "" || made.UndoneBy != 0 {
		t.Fatalf("the change cannot be taken back: %+v", made)
	}
	times := cmpopts.IgnoreFields(apiclient.Zap{}, "Updated")
	undo := must(s.UndoAudit(ctx, made.ID))(t)
	if diff := cmp.Diff(before, must(r.look(ctx))(t), times); diff != "" {
		t.Errorf("taken back (-before +now):\n%s", diff)
	}
	is := must(s.Audit(ctx, made.ID))(t)
	if undo.Undoes != made.ID || is.UndoneBy != undo.ID || is.Undo != "" || is.NoUndo == "" {
		t.Errorf("the entries do not name each other: %+v and %+v", is, undo)
	}
	_, err := s.UndoAudit(ctx, made.ID)
	wantKind(t, "UndoAudit twice", err, apiclient.Conflict)
	must(s.UndoAudit(ctx, undo.ID))(t)
	if diff := cmp.Diff(after, must(r.look(ctx))(t), times); diff != "" {
		t.Errorf("made again (-after +now):\n%s", diff)
	}
}

// What was changed since is not lost by taking an older change back.
func (s *subject) testUndoStale(t *testing.T) {
	z := s.zap(t, TriggerZap("Stale", apiclient.TriggerLogin, "first_name"))
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Name: new("First")}))(t)
	old := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 1}))(t).Audits[0]
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Fields: []string{"nickname"}}))(t)
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Name: new("Second")}))(t)
	_, err := s.UndoAudit(t.Context(), old.ID)
	wantKind(t, "UndoAudit of what was changed since", err, apiclient.Conflict)
	if is := must(s.Zap(t.Context(), z.ID))(t); is.Name != "Second" {
		t.Errorf("the name is %q", is.Name)
	}
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Name: new("First")}))(t)
	must(s.UndoAudit(t.Context(), old.ID))(t) // only what it touched counts
	if is := must(s.Zap(t.Context(), z.ID))(t); is.Name != z.Name || is.Fields[0] != "nickname" {
		t.Errorf("taken back: %+v", is)
	}
}

func (s *subject) testUndoIrreversible(t *testing.T) {
	s.need(t, apiclient.CanPasswords, apiclient.CanCreateUsers)
	u := s.user(t, "irreversible")
	_, _, err := s.CreatePassword(t.Context(), u.ID, "undo")
	if err != nil {
		t.Fatal(err)
	}
	made := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 1}))(t).Audits[0]
	if made.Undo != "" || made.NoUndo == "" {
		t.Errorf("an application password can be taken back: %+v", made)
	}
	_, err = s.UndoAudit(t.Context(), made.ID)
	wantKind(t, "UndoAudit without an inverse", err, apiclient.Conflict)
}
