package views_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// role returns a role of the site; ok is false when there is none.
func (s *stage) role(slug apiclient.RoleSlug) (r apiclient.Role, ok bool) {
	s.t.Helper()
	all, err := s.api.Roles(s.ctx)
	must(s.t, err)
	i := slices.IndexFunc(all, func(r apiclient.Role) bool { return r.Slug == slug })
	if i < 0 {
		return r, false
	}
	return all[i], true
}

// gold is a site with a role of its own: ada has it besides another one, bob alone.
func gold(s *stage) {
	_, err := s.api.CreateRole(s.ctx, apiclient.Role{Name: "Gold", Priority: 10, Capabilities: []string{"read"}})
	must(s.t, err)
	s.user(apitest.User("ada", apitest.Role("editor", "um_gold")))
	s.user(apitest.User("bob", apitest.Role("um_gold")))
}

func TestCreateRole(t *testing.T) {
	in(t, play{start: "roles"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Administrator")
		press("n")
		s.WaitText("New role")
		press("Editor" + save)
		s.WaitText("Role already exists!")
		press("s in chief" + tab + back + "7" + save)
		s.WaitText("is the role um_editors-in-chief")
		r, _ := s.role("um_editors-in-chief")
		if r.Name != "Editors in chief" || r.Priority != 7 || !slices.Equal(r.Capabilities, []string{"read"}) || r.Registration != "approved" {
			t.Errorf("stored %+v", r)
		}
	})
}

func TestEditRole(t *testing.T) {
	in(t, play{start: "roles?filter=slug:um_gold", seed: gold}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		before, _ := s.role("um_gold")
		press("e")
		s.WaitText("Edit role um_gold")
		press(tab + back + back + "-1" + tab + down + save) // checkmail, whose mail is off
		s.WaitText("checkmail_email is off")
		after, _ := s.role("um_gold")
		if after.Priority != -1 || after.Registration != "checkmail" {
			t.Errorf("stored %+v", after)
		}
		if u, err := s.api.FindUser(s.ctx, "ada"); err != nil || u.Role() != "editor" {
			t.Errorf("the effective role of ada is %s, %v", u.Role(), err)
		}
		press("u")
		s.WaitText("is as it was")
		again, _ := s.role("um_gold")
		if diff := cmp.Diff(before, again); diff != "" {
			t.Errorf("undone (-before +after):\n%s", diff)
		}
	})
}

func TestCloneRole(t *testing.T) {
	in(t, play{start: "roles?filter=slug:administrator"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("C")
		s.WaitText("Clone “Administrator”")
		press("Deputy" + save)
		s.WaitText("is the role um_deputy")
		s.WaitText("administrative capabilities") // it warns
		from, _ := s.role("administrator")
		r, _ := s.role("um_deputy")
		if !r.Custom || !slices.Equal(r.Capabilities, from.Capabilities) || cmp.Diff(from.Settings, r.Settings) != "" {
			t.Errorf("the clone is %+v", r)
		}
	})
}

func TestDeleteRole(t *testing.T) {
	in(t, play{start: "roles?filter=slug:um_gold", seed: gold}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("d")
		s.WaitText("Members who have it: 2.")
		s.WaitText("subscribers from then on: 1.")
		press("delete um_gold" + enter)
		s.WaitText("is deleted; subscribers now: 1.")
		if _, ok := s.role("um_gold"); ok {
			t.Error("it is there still")
		}
		s.WaitText("No role matches this filter.")
	})
}

func TestNativeRole(t *testing.T) {
	in(t, play{start: "roles?filter=slug:editor"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("d")
		s.WaitText("cannot be deleted")
		press("e")
		s.WaitText("Edit role editor")
		if strings.Contains(s.Screen(), "Role title") {
			t.Errorf("it asks for a title\n%s", s.Screen())
		}
		press(back + "5" + save)
		s.WaitText("“Editor” is saved.")
		press("r")
		s.WaitText("Reset UM Role meta of “Editor”")
		press("y")
		s.WaitText("“Editor” is reset.")
		if r, _ := s.role("editor"); r.Priority != 0 {
			t.Errorf("after the reset the priority is %d", r.Priority)
		}
	})
}

func TestMembersOfRole(t *testing.T) {
	in(t, play{start: "roles?filter=slug:um_gold", seed: gold}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("o")
		s.WaitText("3 total, 2 match")
	})
}

// What others do shows by itself.
func TestRolesAreLive(t *testing.T) {
	in(t, play{start: "roles", seed: gold}, func(t *testing.T, s *stage, _ func(string)) {
		s.WaitText("Administrator")
		_, err := s.api.CreateRole(s.ctx, apiclient.Role{Name: "Elsewhere"})
		must(t, err)
		s.WaitText("um_elsewhere")
		_, err = s.api.DeleteRole(s.ctx, "um_elsewhere")
		must(t, err)
		s.WaitGone("um_elsewhere")
	})
}

func TestRolesReadOnly(t *testing.T) {
	in(t, play{readOnly: true, start: "roles", seed: gold}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("um_gold")
		press("d")
		s.WaitText("read-only")
	})
}

// lateRoles is a site that tells its roles late.
type lateRoles struct {
	apiclient.API
	asked, tell chan struct{}
}

func (l lateRoles) Roles(ctx context.Context) ([]apiclient.Role, error) {
	select {
	case l.asked <- struct{}{}:
	default:
	}
	select {
	case <-l.tell:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return l.API.Roles(ctx)
}

// TestRolesThatComeLate chooses a role before the screen has learned which there are.
func TestRolesThatComeLate(t *testing.T) {
	l := lateRoles{asked: make(chan struct{}, 2), tell: make(chan struct{})}
	s := raise(t, play{start: "users?filter=login:ada", seed: gold, wrap: func(api apiclient.API) apiclient.API { l.API = api; return l }})
	s.settled("1 match") // the count may come before the row
	asked := func(why string) {
		t.Helper()
		select {
		case <-l.asked:
		case <-time.After(time.Minute):
			t.Fatalf("the roles are not asked for %s", why)
		}
	}
	asked("as the screen begins")
	s.Keys("+")
	asked("by the choice")
	close(l.tell)
	s.WaitText("Add the role")
	s.Keys("Author" + enter)
	s.WaitText("ada has the role author besides.")
}

// TestRolesOfUser ticks roles in the form of a user, and takes one away by the menu.
func TestRolesOfUser(t *testing.T) {
	in(t, play{start: "users?filter=login:ada", seed: gold}, func(t *testing.T, s *stage, press func(string)) {
		s.settled("1 match")
		roles := func() []apiclient.RoleSlug {
			u, err := s.api.FindUser(s.ctx, "ada")
			must(t, err)
			return u.Roles
		}
		press("-")
		s.WaitText("Remove the role")
		press("Editor" + enter)
		s.WaitText("ada has no longer the role editor.")
		press("u")
		s.WaitText("ada has the role editor besides.")
		press("e")
		s.WaitText("Edit ada")
		press(tab + tab + tab + tab)
		s.WaitText("Gold, priority 10 (effective)")
		press(" " + save) // the first choice, which is Gold
		s.WaitText("ada is saved.")
		if diff := cmp.Diff([]apiclient.RoleSlug{"editor"}, roles()); diff != "" {
			t.Errorf("roles (-want +got):\n%s", diff)
		}
		press("+")
		s.WaitText("Add the role")
		press("Gold" + enter)
		s.WaitText("ada has the role um_gold besides.")
		if diff := cmp.Diff([]apiclient.RoleSlug{"um_gold", "editor"}, roles()); diff != "" {
			t.Errorf("roles (-want +got):\n%s", diff)
		}
	})
}
