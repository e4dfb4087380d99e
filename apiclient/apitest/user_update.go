package apitest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testUserUpdate changes each part of a user alone: that part is new, everything
// else is as it was.
func testUserUpdate(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers, apiclient.CanEditUsers)
	t.Run("parts", s.testUpdateParts)
	t.Run("nicename", s.testNicename)
	t.Run("clear", s.testClear)
	t.Run("status", s.testUpdateStatus)
	t.Run("refuse", s.testRefuseUpdate)
}

func (s *subject) testUpdateParts(t *testing.T) {
	email, nicename := s.login("new")+"@example.org", s.login("nicename")
	for _, c := range []struct {
		name   string
		needs  apiclient.Capability // beyond CanEditUsers; empty: nothing
		update apiclient.UserUpdate
		apply  func(*apiclient.User)
	}{
		{"nothing", "", apiclient.UserUpdate{}, func(*apiclient.User) {}},
		{"email", "", apiclient.UserUpdate{Email: &email}, func(u *apiclient.User) { u.Email = email }},
		{"display name", "", apiclient.UserUpdate{DisplayName: new("Zoë & Søn")}, func(u *apiclient.User) { u.DisplayName = "Zoë & Søn" }},
		{"nicename", "", apiclient.UserUpdate{Nicename: &nicename}, func(u *apiclient.User) { u.Nicename = nicename }},
		{"url", "", apiclient.UserUpdate{URL: new("https://example.org/me")}, func(u *apiclient.User) { u.URL = "https://example.org/me" }},
		{"roles", apiclient.CanSetRoles, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"editor"}}, func(u *apiclient.User) { u.Roles = []apiclient.RoleSlug{"editor"} }},
		{"a field", "", apiclient.UserUpdate{Fields: map[string]apiclient.Value{"description": apiclient.Text("One line.")}}, func(u *apiclient.User) {
			u.Fields["description"] = apiclient.Text("One line.")
		}},
		{"password", "", apiclient.UserUpdate{Password: new(apiclient.NewSecret("Corr3ct-horse-battery"))}, func(*apiclient.User) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.needs != "" {
				s.need(t, c.needs)
			}
			u := s.user(t, "u-"+strings.ReplaceAll(c.name, " ", "-"), Approved, Answer("first_name", "Ada"), Answer("description", "Before."))
			want := must(s.User(t.Context(), u.ID))(t)
			answered, err := s.UpdateUser(t.Context(), u.ID, c.update)
			if err != nil {
				t.Fatalf("UpdateUser: %v", err)
			}
			if want.Fields == nil {
				want.Fields = map[string]apiclient.Value{}
			}
			c.apply(&want)
			got := must(s.User(t.Context(), u.ID))(t)
			if diff := cmp.Diff(s.seen(want), s.seen(got)); diff != "" {
				t.Errorf("the user afterwards (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(s.seen(got), s.seen(answered)); diff != "" {
				t.Errorf("UpdateUser answered another user than User gives (-User +UpdateUser):\n%s", diff)
			}
		})
	}
}

func (s *subject) testClear(t *testing.T) {
	u := s.user(t, "clear", Answer("first_name", "Ada"), Answer("description", "Some words."))
	_, err := s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"description": {}}})
	if err != nil {
		t.Fatalf("UpdateUser: %v", err)
	}
	got := must(s.User(t.Context(), u.ID))(t)
	if v := got.Value("description"); !v.Empty() {
		t.Errorf("description is %q; want nothing", v)
	}
	if v := got.Value("first_name"); v.Text != "Ada" {
		t.Errorf("first_name is %q; want Ada, which was not named", v)
	}
}

func (s *subject) testUpdateStatus(t *testing.T) {
	s.need(t, apiclient.CanReadStatus)
	// The guards of the row actions do not hold here: see apiclient.ChangeStatus.
	from := s.user(t, "status", Approved)
	for _, to := range []apiclient.Status{apiclient.StatusRejected, apiclient.StatusApproved, apiclient.StatusInactive, apiclient.StatusApproved, apiclient.StatusAwaitingReview, apiclient.StatusAwaitingEmail} {
		got, err := s.UpdateUser(t.Context(), from.ID, apiclient.UserUpdate{Status: &to})
		if err != nil {
			t.Fatalf("%s to %s: %v", from.Status, to, err)
		}
		if read := must(s.User(t.Context(), from.ID))(t).Status; got.Status != to || read != to {
			t.Errorf("%s to %s: the answer says %s, the user is %s", from.Status, to, got.Status, read)
		}
		from = got
	}
}

func (s *subject) testRefuseUpdate(t *testing.T) {
	u := s.user(t, "refuse", Answer("first_name", "Ada"))
	before := must(s.User(t.Context(), u.ID))(t)
	for _, c := range []struct {
		name   string
		update apiclient.UserUpdate
	}{
		{"no address", apiclient.UserUpdate{Email: new("nowhere")}},
		{"an empty address", apiclient.UserUpdate{Email: new("")}},
		{"a role that is none", apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"no_such_role"}, DisplayName: new("Changed")}},
		{"a barred key", apiclient.UserUpdate{DisplayName: new("Changed"), Fields: map[string]apiclient.Value{"session_tokens": apiclient.Text("x")}}},
		{"a key that no field has", apiclient.UserUpdate{DisplayName: new("Changed"), Fields: map[string]apiclient.Value{"apitest_no_such_field": apiclient.Text("x")}}},
		{"the unknown status", apiclient.UserUpdate{Status: new(apiclient.StatusUnknown)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.UpdateUser(t.Context(), u.ID, c.update)
			wantKind(t, "UpdateUser", err, apiclient.Invalid)
			if diff := cmp.Diff(before, must(s.User(t.Context(), u.ID))(t)); diff != "" {
				t.Errorf("the refused update left something behind (-before +after):\n%s", diff)
			}
		})
	}
}
