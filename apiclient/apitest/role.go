package apitest

import (
	"slices"
	"testing"

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
