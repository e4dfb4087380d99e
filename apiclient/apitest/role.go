package apitest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testRoles(t *testing.T, s *subject) {
	roles := must(s.Roles(t.Context()))(t)
	find := func(slug apiclient.RoleSlug) (apiclient.Role, bool) {
		i := slices.IndexFunc(roles, func(r apiclient.Role) bool { return r.Slug == slug })
		if i < 0 {
			return apiclient.Role{}, false
		}
		return roles[i], true
	}
	for _, slug := range []apiclient.RoleSlug{"administrator", "editor", "subscriber"} {
		r, ok := find(slug)
		if !ok {
			t.Errorf("there is no role %s", slug)
			continue
		}
		if r.Name == "" || r.Users < -1 {
			t.Errorf("role %s has the name %q and %d users", slug, r.Name, r.Users)
		}
		if want := slug == "administrator"; r.Capabilities != nil && r.Can("delete_users") != want {
			t.Errorf("role %s can delete users: %t", slug, !want)
		}
	}
	if !slices.IsSortedFunc(roles, func(a, b apiclient.Role) int { return b.Priority - a.Priority }) {
		t.Errorf("the roles are not sorted by priority: %+v", roles)
	}
	t.Run("statuses", s.testStatuses)
	t.Run("members", func(t *testing.T) { s.testMembers(t, find) })
}

func (s *subject) testStatuses(t *testing.T) {
	list := must(s.Statuses(t.Context()))(t)
	at := -1
	for _, d := range apiclient.DefaultStatuses() {
		i := slices.IndexFunc(list, func(a apiclient.AccountStatus) bool { return a.Slug == d.Slug })
		if i <= at {
			t.Fatalf("%s is at place %d of %v; want the five of Ultimate Member in their order", d.Slug, i, list)
		}
		at = i
		if list[i].Label == "" {
			t.Errorf("%s has no label", d.Slug)
		}
		if list[i].Users < -1 || list[i].Users == -1 && s.can(apiclient.CanFilterStatus) {
			t.Errorf("%d users are %s; want a count", list[i].Users, d.Slug)
		}
	}
}

// testMembers checks that a new user is counted by the role and by the status.
func (s *subject) testMembers(t *testing.T, before func(apiclient.RoleSlug) (apiclient.Role, bool)) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanFilterStatus)
	inactive := func() int {
		list := must(s.Statuses(t.Context()))(t)
		return list[slices.IndexFunc(list, func(a apiclient.AccountStatus) bool { return a.Slug == apiclient.StatusInactive })].Users
	}
	old := inactive()
	s.user(t, "member", Role("editor"), Inactive)
	if got := inactive(); got != old+1 {
		t.Errorf("%d users are inactive; want %d", got, old+1)
	}
	editor, _ := before("editor")
	for _, r := range must(s.Roles(t.Context()))(t) {
		if r.Slug == "editor" && r.Users != -1 && r.Users != editor.Users+1 {
			t.Errorf("%d users are editors; want %d", r.Users, editor.Users+1)
		}
	}
}

func testWriteRoles(t *testing.T, s *subject) {
	s.need(t, apiclient.CanEditRoles)
	t.Run("create", s.testCreateRole)
	t.Run("refuse", s.testRefuseRole)
	t.Run("update", s.testUpdateRole)
	t.Run("reset", s.testResetRole)
	t.Run("delete", s.testDeleteRole)
	t.Run("assign", s.testAssignRoles)
}

// role makes a custom role of this test and removes it afterwards.
func (s *subject) role(t *testing.T, r apiclient.Role) apiclient.Role {
	t.Helper()
	r.Name = s.tag + " " + r.Name
	made, err := s.CreateRole(t.Context(), r)
	if err != nil {
		t.Fatalf("CreateRole(%s): %v", r.Name, err)
	}
	t.Cleanup(func() {
		_, err := s.DeleteRole(context.WithoutCancel(t.Context()), made.Slug)
		if err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			t.Errorf("DeleteRole(%s): %v", made.Slug, err)
		}
	})
	return made
}

// readRole returns the role as Roles lists it.
func (s *subject) readRole(t *testing.T, slug apiclient.RoleSlug) apiclient.Role {
	t.Helper()
	for _, r := range must(s.Roles(t.Context()))(t) {
		if r.Slug == slug {
			return r
		}
	}
	t.Fatalf("there is no role %s", slug)
	return apiclient.Role{}
}

func (s *subject) testCreateRole(t *testing.T) {
	r := apiclient.Role{
		Name: "Gold", Priority: 7, Registration: apiclient.RegistrationPending, Capabilities: []string{"read", "edit_posts", "read"},
		Settings: apiclient.RoleSettings{
			EditProfile: true, ShowAdminBar: true, EditEveryone: true, EditRoles: []apiclient.RoleSlug{"subscriber", "editor"},
			PendingMessage: "Wait, \"please\" <&>\nÜ", AfterLogin: apiclient.RedirectURL, LoginRedirectURL: "https://example.com/a?b=c&d",
		},
	}
	made := s.role(t, r)
	want, err := r.Normal()
	if err != nil {
		t.Fatal(err)
	}
	want.Slug, want.Name, want.Custom = apiclient.CustomRole(s.tag+"-gold"), s.tag+" Gold", true
	want.Warnings = made.Warnings // they hang on the mails that the site has on
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("the new role (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(made, s.readRole(t, made.Slug)); diff != "" {
		t.Errorf("Roles gives another role than CreateRole did (-created +read):\n%s", diff)
	}
	doubtful := s.role(t, apiclient.Role{Name: "Doubtful", Capabilities: []string{"edit_users"}})
	if len(doubtful.Warnings) == 0 || !cmp.Equal(doubtful, s.readRole(t, doubtful.Slug)) {
		t.Errorf("a role that forms never offer says %q, and in the list %+v", doubtful.Warnings, s.readRole(t, doubtful.Slug))
	}
}

func (s *subject) testRefuseRole(t *testing.T) {
	made := s.role(t, apiclient.Role{Name: "Taken"})
	before := must(s.Roles(t.Context()))(t)
	for _, c := range []struct {
		name string
		role apiclient.Role
		kind apiclient.Kind
	}{
		{"no title", apiclient.Role{}, apiclient.Invalid},
		{"the title", apiclient.Role{Name: strings.ToUpper(made.Name)}, apiclient.Conflict},
		{"the key", apiclient.Role{Name: strings.ReplaceAll(made.Name, " ", "-")}, apiclient.Conflict},
		{"WordPress's own", apiclient.Role{Name: "Editor"}, apiclient.Conflict},
		{"a status of accounts", apiclient.Role{Name: s.tag, Registration: "inactive"}, apiclient.Invalid},
		{"no capability", apiclient.Role{Name: s.tag, Capabilities: []string{"a b"}}, apiclient.Invalid},
		{"a role that is none", apiclient.Role{Name: s.tag, Settings: apiclient.RoleSettings{ViewRoles: []apiclient.RoleSlug{"um_apitest-none"}}}, apiclient.Invalid},
		{"no address", apiclient.Role{Name: s.tag, Settings: apiclient.RoleSettings{LoginRedirectURL: "javascript:alert(1)"}}, apiclient.Invalid},
	} {
		_, err := s.CreateRole(t.Context(), c.role)
		wantKind(t, "CreateRole with "+c.name, err, c.kind)
	}
	_, err := s.UpdateRole(t.Context(), "um_apitest-none", apiclient.RoleUpdate{Priority: new(1)})
	wantKind(t, "UpdateRole of none", err, apiclient.NotFound)
	_, err = s.UpdateRole(t.Context(), made.Slug, apiclient.RoleUpdate{Priority: new(1), Settings: map[string]apiclient.Value{"can_fly": apiclient.Text("1")}})
	wantKind(t, "UpdateRole with an unknown setting", err, apiclient.Invalid)
	_, err = s.UpdateRole(t.Context(), "editor", apiclient.RoleUpdate{Priority: new(1), Name: new("Redaktion")})
	wantKind(t, "UpdateRole of a name of WordPress's own", err, apiclient.Conflict)
	_, err = s.ResetRole(t.Context(), made.Slug)
	wantKind(t, "ResetRole of a custom role", err, apiclient.Conflict)
	_, err = s.DeleteRole(t.Context(), "editor")
	wantKind(t, "DeleteRole of WordPress's own", err, apiclient.Conflict)
	_, err = s.DeleteRole(t.Context(), "um_apitest-none")
	wantKind(t, "DeleteRole of none", err, apiclient.NotFound)
	if diff := cmp.Diff(before, must(s.Roles(t.Context()))(t)); diff != "" {
		t.Errorf("what was refused left something behind (-before +after):\n%s", diff)
	}
}

func (s *subject) testUpdateRole(t *testing.T) {
	made := s.role(t, apiclient.Role{Name: "Before", Settings: apiclient.RoleSettings{ViewRoles: []apiclient.RoleSlug{"editor"}, LoginRedirectURL: "/a"}})
	want := made
	want.Name, want.Priority, want.Registration, want.Capabilities = s.tag+" After", -4, apiclient.RegistrationCheckmail, []string{"read"}
	want.Settings.ViewRoles, want.Settings.LoginRedirectURL, want.Settings.ViewAll = nil, "", true
	got, err := s.UpdateRole(t.Context(), made.Slug, apiclient.RoleUpdate{
		Name: &want.Name, Priority: new(-4), Registration: new("checkmail"), Capabilities: []string{"read"},
		Settings: map[string]apiclient.Value{"can_view_roles": apiclient.List(), "login_redirect_url": apiclient.Text(""), "can_view_all": apiclient.Text("yes")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range []apiclient.Role{got, s.readRole(t, made.Slug)} {
		now.Warnings = nil
		if diff := cmp.Diff(want, now); diff != "" {
			t.Errorf("the role (-want +got):\n%s", diff)
		}
	}
	same := must(s.UpdateRole(t.Context(), made.Slug, apiclient.RoleUpdate{}))(t)
	if diff := cmp.Diff(got, same); diff != "" {
		t.Errorf("an empty update (-before +after):\n%s", diff)
	}
	if got := must(s.UpdateRole(t.Context(), made.Slug, apiclient.RoleUpdate{Capabilities: []string{}}))(t); len(got.Capabilities) != 0 {
		t.Errorf("the capabilities are %v; want none", got.Capabilities)
	}
}

func (s *subject) testResetRole(t *testing.T) {
	before := s.readRole(t, "contributor")
	changed := must(s.UpdateRole(t.Context(), before.Slug, apiclient.RoleUpdate{Priority: new(3), Registration: new("pending"), Settings: map[string]apiclient.Value{"can_edit_profile": apiclient.Text("0")}}))(t)
	if changed.Priority != 3 || changed.Registration != "pending" || changed.Settings.EditProfile || changed.Custom {
		t.Errorf("the changed role is %+v", changed)
	}
	reset := must(s.ResetRole(t.Context(), before.Slug))(t)
	if diff := cmp.Diff(apiclient.InstalledRole(before), reset); diff != "" {
		t.Errorf("the role that was reset (-installed +got):\n%s", diff)
	}
}

func (s *subject) testDeleteRole(t *testing.T) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanFilterStatus)
	r := s.role(t, apiclient.Role{Name: "Short-lived", Priority: 9})
	alone, both := s.user(t, "alone", Role(r.Slug)), s.user(t, "both", Role("editor", r.Slug))
	if both.Role() != r.Slug {
		t.Errorf("the effective role is %s; want the one of the highest priority", both.Role())
	}
	if got := s.readRole(t, r.Slug).Users; got != 2 {
		t.Errorf("%d users have the role; want 2", got)
	}
	if moved := must(s.DeleteRole(t.Context(), r.Slug))(t); moved != 1 {
		t.Errorf("%d users were left without a role; want 1", moved)
	}
	for id, want := range map[apiclient.UserID][]apiclient.RoleSlug{alone.ID: {"subscriber"}, both.ID: {"editor"}} {
		if diff := cmp.Diff(want, must(s.User(t.Context(), id))(t).Roles); diff != "" {
			t.Errorf("the roles of user %d (-want +got):\n%s", id, diff)
		}
	}
	_, err := s.DeleteRole(t.Context(), r.Slug)
	wantKind(t, "DeleteRole once more", err, apiclient.NotFound)
}

// testAssignRoles adds and removes single roles, and sets the UM role.
func (s *subject) testAssignRoles(t *testing.T) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanSetRoles, apiclient.CanEditUsers)
	first, second := s.role(t, apiclient.Role{Name: "First"}), s.role(t, apiclient.Role{Name: "Second", Priority: 5})
	u := s.user(t, "assign", Role("subscriber"))
	check := func(what string, want ...apiclient.RoleSlug) {
		t.Helper()
		if diff := cmp.Diff(want, must(s.User(t.Context(), u.ID))(t).Roles); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	do := func(a apiclient.Action, slug apiclient.RoleSlug) *apiclient.Error {
		t.Helper()
		return must(s.DoUsers(t.Context(), apiclient.UserAction{Action: a, Role: slug, Users: []apiclient.UserID{u.ID}}))(t)[0].Err
	}
	if err := do(apiclient.ActionAddRole, first.Slug); err != nil {
		t.Error(err)
	}
	check("one more", "subscriber", first.Slug)
	if err := do(apiclient.ActionAddRole, first.Slug); err == nil || err.Kind != apiclient.Conflict {
		t.Errorf("the same role again: %v; want a conflict", err)
	}
	must(s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{UMRole: &second.Slug}))(t)
	check("another UM role, of a higher priority", second.Slug, "subscriber")
	if err := do(apiclient.ActionRemoveRole, "subscriber"); err != nil {
		t.Error(err)
	}
	check("one less", second.Slug)
	if err := do(apiclient.ActionRemoveRole, first.Slug); err == nil || err.Kind != apiclient.Conflict {
		t.Errorf("a role that the user has not: %v; want a conflict", err)
	}
}
