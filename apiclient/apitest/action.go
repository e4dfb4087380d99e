package apitest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testActions compares three accounts of what an action does: the rules, the
// plan, and the deed.
func testActions(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers)
	t.Run("statuses", s.testStatusMatrix)
	t.Run("role", s.testSetRole)
	t.Run("delete", s.testDelete)
	t.Run("oneself", s.testOneself)
	t.Run("order", s.testOutcomes)
	t.Run("refuse", s.testRefuseAction)
}

// testStatusMatrix does every status action to a user in every status.
func (s *subject) testStatusMatrix(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers, apiclient.CanReadStatus)
	statuses := []apiclient.Status{apiclient.StatusApproved, apiclient.StatusAwaitingReview, apiclient.StatusAwaitingEmail, apiclient.StatusInactive, apiclient.StatusRejected}
	for _, a := range apiclient.StatusActions() {
		t.Run(string(a), func(t *testing.T) {
			var targets []apiclient.UserID
			for i, from := range statuses {
				targets = append(targets, s.user(t, fmt.Sprintf("m-%s%d", a, i), InStatus(from)).ID)
			}
			act := apiclient.UserAction{Action: a, Users: targets}
			plan := must(s.PlanUsers(t.Context(), act))(t)
			if len(plan.Steps) != len(targets) {
				t.Fatalf("the plan has %d steps for %d users", len(plan.Steps), len(targets))
			}
			for i, id := range targets {
				if got := must(s.User(t.Context(), id))(t).Status; got != statuses[i] {
					t.Errorf("planning changed %s to %s", statuses[i], got)
				}
			}
			done := must(s.DoUsers(t.Context(), act))(t)
			if len(done) != len(targets) {
				t.Fatalf("%d outcomes for %d users", len(done), len(targets))
			}
			for i, from := range statuses {
				s.compare(t, a, from, targets[i], plan.Steps[i], done[i])
			}
		})
	}
}

// compare checks one user's step and outcome against the rules.
func (s *subject) compare(t *testing.T, a apiclient.Action, from apiclient.Status, id apiclient.UserID, step apiclient.Step, done apiclient.Outcome) {
	t.Helper()
	if step.User != id || done.User != id || step.Login == "" || step.Login != done.Login {
		t.Errorf("%s: step of user %d (%s) and outcome of user %d (%s); want user %d", from, step.User, step.Login, done.User, done.Login, id)
	}
	now := must(s.User(t.Context(), id))(t).Status
	effect, refused := a.Apply(from)
	if refused != "" {
		compareRefused(t, from, now, refused, step, done)
		return
	}
	if step.Refused != "" || done.Err != nil {
		t.Errorf("%s: the plan refuses with %q, the deed with %v; want it done", from, step.Refused, done.Err)
		return
	}
	if step.From != from || step.To != effect.To || done.From != from || done.To != effect.To || now != effect.To {
		t.Errorf("%s: planned %s to %s, did %s to %s, is %s; want %s", from, step.From, step.To, done.From, done.To, now, effect.To)
	}
	compareEffects(t, effect, step)
}

// compareRefused checks a user to whom the rule forbids the action.
func compareRefused(t *testing.T, from, now apiclient.Status, refused string, step apiclient.Step, done apiclient.Outcome) {
	t.Helper()
	if step.Refused != refused {
		t.Errorf("%s: the plan refuses with %q; the rule says %q", from, step.Refused, refused)
	}
	if done.Err == nil {
		t.Errorf("%s: done; want it refused: %s", from, refused)
	} else if done.Err.Kind != apiclient.Conflict || done.Err.Message != refused {
		t.Errorf("%s: refused as %s %q; want conflict %q", from, done.Err.Kind, done.Err.Message, refused)
	}
	if now != from {
		t.Errorf("%s: refused, and the status is %s now", from, now)
	}
}

// compareEffects checks what a plan says besides the status.
func compareEffects(t *testing.T, effect apiclient.Effect, step apiclient.Step) {
	t.Helper()
	if step.Warning != effect.Warning {
		t.Errorf("%s: the plan warns %q; want %q", effect.From, step.Warning, effect.Warning)
	}
	if effect.Mail != "" && !slices.ContainsFunc(step.Mails, func(m apiclient.PlannedMail) bool { return m.Slug == effect.Mail }) {
		t.Errorf("%s: the plan has the mails %v; want %s", effect.From, step.Mails, effect.Mail)
	}
	fires := slices.ContainsFunc(step.Triggers, func(p apiclient.PlannedTrigger) bool { return p.Trigger == effect.Trigger })
	if effect.Trigger != "" && !fires || effect.Trigger == "" && len(step.Triggers) > 0 {
		t.Errorf("%s: the plan has the triggers %v; want %q", effect.From, step.Triggers, effect.Trigger)
	}
}

func (s *subject) testSetRole(t *testing.T) {
	s.need(t, apiclient.CanSetRoles)
	u := s.user(t, "role", Role("subscriber"), Approved)
	act := apiclient.UserAction{Action: apiclient.ActionRole, Users: []apiclient.UserID{u.ID}, Role: "editor"}
	step := must(s.PlanUsers(t.Context(), act))(t).Steps[0]
	if diff := cmp.Diff([]apiclient.RoleSlug{"editor"}, step.Roles); diff != "" || step.Refused != "" || step.From != step.To {
		t.Errorf("the plan is %+v; want the role editor and no other status", step)
	}
	if out := must(s.DoUsers(t.Context(), act))(t)[0]; out.Err != nil {
		t.Fatalf("role: %v", out.Err)
	}
	want := u
	want.Roles = []apiclient.RoleSlug{"editor"}
	got := must(s.User(t.Context(), u.ID))(t)
	want.Fields, got.Fields = nil, nil
	if diff := cmp.Diff(s.seen(want), s.seen(got)); diff != "" {
		t.Errorf("the user afterwards (-want +got):\n%s", diff)
	}
	act.Role = "no_such_role"
	_, err := s.DoUsers(t.Context(), act)
	wantKind(t, "a role that is none", err, apiclient.Invalid, apiclient.NotFound)
}

func (s *subject) testDelete(t *testing.T) {
	s.need(t, apiclient.CanDeleteUsers)
	u, other := s.user(t, "gone", Approved), s.user(t, "stays")
	act := apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}}
	step := must(s.PlanUsers(t.Context(), act))(t).Steps[0]
	if step.Refused != "" || step.Login != u.Login {
		t.Errorf("the plan is %+v; want it allowed", step)
	}
	if !slices.ContainsFunc(step.Triggers, func(p apiclient.PlannedTrigger) bool { return p.Trigger == apiclient.TriggerDelete }) {
		t.Errorf("the plan has the triggers %v; want um_delete_user", step.Triggers)
	}
	must(s.User(t.Context(), u.ID))(t) // planning deletes nobody
	if out := must(s.DoUsers(t.Context(), act))(t)[0]; out.Err != nil || out.Login != u.Login {
		t.Fatalf("the outcome is %+v; want %s deleted", out, u.Login)
	}
	_, err := s.User(t.Context(), u.ID)
	wantKind(t, "User of one who is deleted", err, apiclient.NotFound)
	_, err = s.FindUser(t.Context(), u.Email)
	wantKind(t, "FindUser of one who is deleted", err, apiclient.NotFound)
	must(s.User(t.Context(), other.ID))(t)

	out := must(s.DoUsers(t.Context(), act))(t)[0]
	if out.Err == nil || out.Err.Kind != apiclient.NotFound {
		t.Errorf("deleting again: %v; want not_found", out.Err)
	}
	again := s.user(t, "gone")
	if again.ID == u.ID {
		t.Errorf("the id %d was given to another user", u.ID)
	}
}

// testOneself acts on who asks: Ultimate Member forbids that, since an
// administrator would lock the door from outside.
func (s *subject) testOneself(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers)
	ctx := t.Context()
	self, err := s.FindUser(ctx, s.site.User)
	if s.site.User == "" || err != nil {
		self = s.user(t, "self", Approved)
		ctx = apiclient.WithActor(ctx, apiclient.Actor{ID: self.ID, Login: self.Login})
	}
	for _, a := range []apiclient.Action{apiclient.ActionDeactivate, apiclient.ActionPending, apiclient.ActionDelete} {
		if a == apiclient.ActionDelete && !s.can(apiclient.CanDeleteUsers) {
			continue
		}
		act := apiclient.UserAction{Action: a, Users: []apiclient.UserID{self.ID}}
		if step := must(s.PlanUsers(ctx, act))(t).Steps[0]; step.Refused == "" {
			t.Fatalf("the plan allows to %s oneself", a)
		}
		if out := must(s.DoUsers(ctx, act))(t)[0]; out.Err == nil {
			t.Errorf("%s of oneself was done", a)
		}
	}
	if got := must(s.User(ctx, self.ID))(t); got.Status != self.Status {
		t.Errorf("the own status was %s and is %s", self.Status, got.Status)
	}
}

// testOutcomes acts on several users: one that is refused and one that is nobody
// do not stop the others, and the order is that of the request.
func (s *subject) testOutcomes(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers, apiclient.CanReadStatus)
	a, b, c := s.user(t, "o-a", Approved), s.user(t, "o-b", Inactive), s.user(t, "o-c", Approved)
	act := apiclient.UserAction{Action: apiclient.ActionDeactivate, Users: []apiclient.UserID{c.ID, b.ID, 1 << 40, a.ID}}
	plan := must(s.PlanUsers(t.Context(), act))(t)
	if got := plan.Allowed(); got != 2 {
		t.Errorf("the plan allows %d; want 2", got)
	}
	var got []string
	for i, o := range must(s.DoUsers(t.Context(), act))(t) {
		if o.User != act.Users[i] {
			t.Errorf("outcome %d is of user %d; want %d", i, o.User, act.Users[i])
		}
		word := "done"
		if o.Err != nil {
			word = o.Err.Kind.String()
		}
		if (plan.Steps[i].Refused == "") != (o.Err == nil) {
			t.Errorf("user %d: planned %q, done %v", o.User, plan.Steps[i].Refused, o.Err)
		}
		got = append(got, word)
	}
	if diff := cmp.Diff([]string{"done", "conflict", "not_found", "done"}, got); diff != "" {
		t.Errorf("the outcomes (-want +got):\n%s", diff)
	}
}

func (s *subject) testRefuseAction(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers)
	many := make([]apiclient.UserID, apiclient.MaxTargets+1)
	for i := range many {
		many[i] = apiclient.UserID(1<<40 + i)
	}
	for _, c := range []struct {
		name   string
		action apiclient.UserAction
	}{
		{"nothing", apiclient.UserAction{}},
		{"nobody", apiclient.UserAction{Action: apiclient.ActionApprove}},
		{"too many", apiclient.UserAction{Action: apiclient.ActionApprove, Users: many}},
		{"no action", apiclient.UserAction{Action: "explode", Users: []apiclient.UserID{1}}},
		{"no role", apiclient.UserAction{Action: apiclient.ActionRole, Users: []apiclient.UserID{1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.PlanUsers(t.Context(), c.action)
			wantKind(t, "PlanUsers", err, apiclient.Invalid)
			_, err = s.DoUsers(t.Context(), c.action)
			wantKind(t, "DoUsers", err, apiclient.Invalid)
		})
	}
}
