package engine_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// role makes a custom role of that priority.
func role(t testing.TB, e *engine.Engine, name string, priority int) apiclient.RoleSlug {
	t.Helper()
	r, err := e.CreateRole(context.Background(), apiclient.Role{Name: name, Priority: priority, Capabilities: []string{"read"}})
	if err != nil {
		t.Fatal(err)
	}
	return r.Slug
}

func rolesOf(t testing.TB, e *engine.Engine, id apiclient.UserID) []apiclient.RoleSlug {
	t.Helper()
	u, err := e.User(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return u.Roles
}

// effective are the users whose effective role it is, as the list's own column has it.
func effective(t testing.TB, e *engine.Engine, want apiclient.RoleSlug) (ids []apiclient.UserID) {
	t.Helper()
	page, err := e.Users(context.Background(), apiclient.UserQuery{Sort: apiclient.Sort{Column: "id"}, Limit: apiclient.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range page.Users {
		if u.Role() == want {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func TestRoleSlugs(t *testing.T) {
	e := open(t, t.TempDir())
	for _, c := range []struct {
		name string
		want apiclient.RoleSlug // empty: refused
	}{
		{"Gold Member", "um_gold-member"},
		{"潜水艦subs", "um_custom_role_1"},
		{"Custom_Role_2", "um_custom_role_2"},
		{"Члены", "um_custom_role_3"}, // the second number was taken by a title
		{"gold member", ""},           // the title, in another case
		{"Gold-Member", ""},           // the same key
		{"Member", ""},                // there is um_member
		{"Editor", ""},                // one of WordPress's own
		{"ЧЛЕНЫ", ""},                 // the title, in another case
		{"", ""},
	} {
		r, err := e.CreateRole(t.Context(), apiclient.Role{Name: c.name})
		if r.Slug != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q has the slug %q, %v; want %q", c.name, r.Slug, err, c.want)
		}
	}
}

// TestEffectiveRole gives users roles and changes priorities.
func TestEffectiveRole(t *testing.T) {
	e := open(t, t.TempDir())
	gold, silver := role(t, e, "Gold", 10), role(t, e, "Silver", 5)
	for _, c := range []struct {
		name string
		give []apiclient.RoleSlug
		want []apiclient.RoleSlug
	}{
		{"the highest comes first", []apiclient.RoleSlug{"subscriber", silver, gold}, []apiclient.RoleSlug{gold, silver, "subscriber"}},
		{"equals stay in order", []apiclient.RoleSlug{"subscriber", "um_member", "editor"}, []apiclient.RoleSlug{"subscriber", "um_member", "editor"}},
		{"once is enough", []apiclient.RoleSlug{"editor", gold, "editor"}, []apiclient.RoleSlug{gold, "editor"}},
	} {
		u, err := e.CreateUser(t.Context(), apitest.User(strings.ReplaceAll(c.name, " ", ""), apitest.Role(c.give...)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, u.Roles); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.want, rolesOf(t, e, u.ID)); diff != "" {
			t.Errorf("%s, read (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestPriorities changes a priority while users have the role: their effective role
// follows, and ties go by what they were given first.
func TestPriorities(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	gold := role(t, e, "Gold", 10)
	u := must(e.CreateUser(t.Context(), apitest.User("u", apitest.Role("subscriber"))))(t)
	must(e.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionAddRole, Users: []apiclient.UserID{u.ID}, Role: gold}))(t)
	single := must(e.CreateUser(t.Context(), apitest.User("single", apitest.Role(gold))))(t)
	check := func(what string, want ...apiclient.RoleSlug) {
		t.Helper()
		if diff := cmp.Diff(want, rolesOf(t, e, u.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		ids := effective(t, e, want[0])
		if !slices.Contains(ids, u.ID) {
			t.Errorf("%s: the list has another effective role: %v", what, ids)
		}
		if got := must(e.CountUsers(t.Context(), apiclient.FieldIs("role", string(gold))))(t); got.Total != 2 {
			t.Errorf("%s: %d users have the role; want 2", what, got.Total)
		}
	}
	check("higher", gold, "subscriber")
	must(e.UpdateRole(t.Context(), gold, apiclient.RoleUpdate{Priority: new(0)}))(t)
	check("a tie", "subscriber", gold)
	must(e.UpdateRole(t.Context(), gold, apiclient.RoleUpdate{Priority: new(-1)}))(t)
	check("lower", "subscriber", gold)
	must(e.UpdateRole(t.Context(), "subscriber", apiclient.RoleUpdate{Priority: new(-2)}))(t)
	check("the other one is lower still", gold, "subscriber")
	must(e.ResetRole(t.Context(), "subscriber"))(t)
	check("reset", "subscriber", gold)
	if _, err := e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{gold, "subscriber"}}); err != nil {
		t.Fatal(err)
	}
	check("equals are given in another order", "subscriber", gold) // gold has -1
	must(e.UpdateRole(t.Context(), gold, apiclient.RoleUpdate{Priority: new(0)}))(t)
	if got := rolesOf(t, e, single.ID); len(got) != 1 || got[0] != gold {
		t.Errorf("who has one role has %v", got)
	}
	if diff := cmp.Diff([]apiclient.RoleSlug{gold}, must(e.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.FieldIs("login", "single")}))(t).Users[0].Roles); diff != "" {
		t.Errorf("the list (-want +got):\n%s", diff)
	}
}

// TestTies: among equals the order that is given is the one that stays.
func TestTies(t *testing.T) {
	e := open(t, t.TempDir())
	u := must(e.CreateUser(t.Context(), apitest.User("u", apitest.Role("subscriber", "editor"))))(t)
	for _, want := range [][]apiclient.RoleSlug{{"editor", "subscriber"}, {"author", "editor"}, {"editor", "author", "subscriber"}} {
		if _, err := e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Roles: want}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, rolesOf(t, e, u.ID)); diff != "" {
			t.Errorf("roles (-want +got):\n%s", diff)
		}
		if ids := effective(t, e, want[0]); !slices.Contains(ids, u.ID) {
			t.Errorf("%s is not the effective role", want[0])
		}
	}
}

func TestUMRole(t *testing.T) {
	e := open(t, t.TempDir())
	silver, gold := role(t, e, "Silver", 0), role(t, e, "Gold", 10) // um_member was made before
	for i, c := range []struct {
		has  []apiclient.RoleSlug
		to   apiclient.RoleSlug
		want []apiclient.RoleSlug
	}{
		{[]apiclient.RoleSlug{"subscriber"}, silver, []apiclient.RoleSlug{"subscriber", silver}},
		{[]apiclient.RoleSlug{"editor", "um_member"}, silver, []apiclient.RoleSlug{"editor", silver}},
		{[]apiclient.RoleSlug{"editor", "um_member"}, gold, []apiclient.RoleSlug{gold, "editor"}},
		{[]apiclient.RoleSlug{gold, silver}, "um_member", []apiclient.RoleSlug{gold, "um_member"}}, // Silver was made first
		{[]apiclient.RoleSlug{gold, silver}, silver, []apiclient.RoleSlug{gold, silver}},           // it is the UM role
		{[]apiclient.RoleSlug{gold, silver}, gold, []apiclient.RoleSlug{gold}},
		{[]apiclient.RoleSlug{"editor", silver}, "editor", []apiclient.RoleSlug{"editor", silver}}, // had already
		{[]apiclient.RoleSlug{silver}, "subscriber", []apiclient.RoleSlug{"subscriber"}},
		{[]apiclient.RoleSlug{"editor", silver}, "", []apiclient.RoleSlug{"editor"}},
		{[]apiclient.RoleSlug{"editor"}, "", []apiclient.RoleSlug{"editor"}},
	} {
		u := must(e.CreateUser(t.Context(), apitest.User("u"+string(rune('a'+i)), apitest.Role(c.has...))))(t)
		got, err := e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{UMRole: &c.to})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.Roles); diff != "" {
			t.Errorf("%v to %q (-want +got):\n%s", c.has, c.to, diff)
		}
		if diff := cmp.Diff(c.want, rolesOf(t, e, u.ID)); diff != "" {
			t.Errorf("%v to %q, read (-want +got):\n%s", c.has, c.to, diff)
		}
	}
	if _, err := e.UpdateUser(t.Context(), 1, apiclient.UserUpdate{UMRole: new(silver), Roles: []apiclient.RoleSlug{"administrator"}}); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("both: %v", err)
	}
	if _, err := e.UpdateUser(t.Context(), 1, apiclient.UserUpdate{UMRole: new(apiclient.RoleSlug("um_none"))}); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a role that is none: %v", err)
	}
}

// TestRemoveLastRole leaves nobody without a role.
func TestRemoveLastRole(t *testing.T) {
	e := open(t, t.TempDir())
	gold := role(t, e, "Gold", 0)
	u := must(e.CreateUser(t.Context(), apitest.User("u", apitest.Role(gold))))(t)
	remove := func(slug apiclient.RoleSlug) *apiclient.Error {
		a := apiclient.UserAction{Action: apiclient.ActionRemoveRole, Users: []apiclient.UserID{u.ID}, Role: slug}
		step, out := must(e.PlanUsers(t.Context(), a))(t).Steps[0], must(e.DoUsers(t.Context(), a))(t)[0]
		if (step.Refused == "") != (out.Err == nil) || out.Err == nil && !cmp.Equal(step.Roles, rolesOf(t, e, u.ID)) {
			t.Errorf("%s: planned %+v, done %v", slug, step, out.Err)
		}
		return out.Err
	}
	must(e.ChangeSettings(t.Context(), map[string]string{"register_role": "um_member"}))(t)
	if err := remove("editor"); err == nil {
		t.Error("a role was taken that the user did not have")
	}
	if err := remove(gold); err != nil || !cmp.Equal(rolesOf(t, e, u.ID), []apiclient.RoleSlug{"um_member"}) {
		t.Errorf("%v, %v; want the role of new accounts", err, rolesOf(t, e, u.ID))
	}
	if err := remove("um_member"); err == nil {
		t.Errorf("the role of new accounts was taken, and given again")
	}
}

// TestDeleteRole strips members of the role; those left without any get subscriber.
func TestDeleteRole(t *testing.T) {
	e := open(t, t.TempDir())
	gold, silver := role(t, e, "Gold", 10), role(t, e, "Silver", 5)
	alone := must(e.CreateUser(t.Context(), apitest.User("alone", apitest.Role(gold))))(t)
	both := must(e.CreateUser(t.Context(), apitest.User("both", apitest.Role("editor", gold, silver))))(t)
	other := must(e.CreateUser(t.Context(), apitest.User("other", apitest.Role("author"))))(t)

	refused := func(what string, slug apiclient.RoleSlug, kind apiclient.Kind, piece string) {
		t.Helper()
		if _, err := e.DeleteRole(t.Context(), slug); err == nil || apiclient.KindOf(err) != kind || !strings.Contains(apiclient.MessageOf(err), piece) {
			t.Errorf("%s: %v; want %s with %q", what, err, kind, piece)
		}
	}
	refused("a native role", "editor", apiclient.Conflict, "WordPress's own")
	refused("no role", "um_none", apiclient.NotFound, "um_none")
	for _, key := range []string{"default_role", "register_role"} {
		must(e.ChangeSettings(t.Context(), map[string]string{key: string(gold)}))(t)
		refused("of "+key, gold, apiclient.Conflict, key)
		must(e.ChangeSettings(t.Context(), map[string]string{key: "subscriber"}))(t)
	}
	must(e.UpdateRole(t.Context(), silver, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_edit_roles": apiclient.List(string(gold))}}))(t)
	refused("named by another role", gold, apiclient.Conflict, "can_edit_roles")
	must(e.UpdateRole(t.Context(), silver, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_edit_roles": apiclient.List()}}))(t)

	form := must(e.Forms(t.Context()))(t)[0]
	must(e.UpdateForm(t.Context(), form.ID, apiclient.FormUpdate{Settings: apiclient.FormSettings{"role": string(gold)}}))(t)
	refused("named by a form", gold, apiclient.Conflict, form.Title)
	must(e.UpdateForm(t.Context(), form.ID, apiclient.FormUpdate{Settings: apiclient.FormSettings{"role": ""}}))(t)

	moved, err := e.DeleteRole(t.Context(), gold)
	if err != nil || moved != 1 {
		t.Fatalf("%d moved, %v; want 1", moved, err)
	}
	for id, want := range map[apiclient.UserID][]apiclient.RoleSlug{alone.ID: {"subscriber"}, both.ID: {silver, "editor"}, other.ID: {"author"}} {
		if diff := cmp.Diff(want, rolesOf(t, e, id)); diff != "" {
			t.Errorf("user %d (-want +got):\n%s", id, diff)
		}
		if ids := effective(t, e, want[0]); !slices.Contains(ids, id) {
			t.Errorf("user %d: %s is not the effective role", id, want[0])
		}
	}
	for _, r := range must(e.Roles(t.Context()))(t) {
		if want := map[apiclient.RoleSlug]int{"subscriber": 1, "editor": 1, "author": 1, "administrator": 1, silver: 1}[r.Slug]; r.Users != want {
			t.Errorf("%d users are %s; want %d", r.Users, r.Slug, want)
		}
	}
	if _, err := e.CreateUser(t.Context(), apitest.User("late", apitest.Role(gold))); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a user of a deleted role: %v", err)
	}
	last := must(e.Audits(t.Context(), apiclient.AuditQuery{}))(t).Audits[0]
	if last.Action != "roles.delete" || !strings.Contains(last.Before, `"users":2`) {
		t.Errorf("the audit says %+v", last)
	}
}

// TestDeleteWhileAssigned deletes a role while others give it: whoever came too late is
// refused, and nobody is left with a role that there is not, or with none.
func TestDeleteWhileAssigned(t *testing.T) {
	e := open(t, t.TempDir())
	gold := role(t, e, "Gold", 10)
	fill(t, e, 0, 60)
	var all sync.WaitGroup
	for part := range 6 {
		all.Go(func() {
			for i := range 10 {
				id := apiclient.UserID(2 + part*10 + i)
				action := []apiclient.Action{apiclient.ActionAddRole, apiclient.ActionRole}[i%2]
				outs, err := e.DoUsers(context.Background(), apiclient.UserAction{Action: action, Users: []apiclient.UserID{id}, Role: gold})
				if err != nil && apiclient.KindOf(err) != apiclient.Invalid || err == nil && outs[0].Err != nil {
					t.Errorf("user %d: %v, %v", id, outs, err)
				}
			}
		})
	}
	all.Go(func() {
		if _, err := e.DeleteRole(context.Background(), gold); err != nil {
			t.Error(err)
		}
	})
	all.Wait()
	page := must(e.Users(t.Context(), apiclient.UserQuery{Limit: 1000}))(t)
	counts := map[apiclient.RoleSlug]int{}
	for _, u := range page.Users {
		if len(u.Roles) == 0 || slices.Contains(u.Roles, gold) {
			t.Errorf("%s has the roles %v", u.Login, u.Roles)
		}
		for _, r := range u.Roles {
			counts[r]++
		}
	}
	for _, r := range must(e.Roles(t.Context()))(t) {
		if r.Users != counts[r.Slug] {
			t.Errorf("%s says %d users; there are %d", r.Slug, r.Users, counts[r.Slug])
		}
	}
}

// TestRolesAreRemembered opens the folder again.
func TestRolesAreRemembered(t *testing.T) {
	dir := t.TempDir()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir})))(t)
	r := must(e.CreateRole(t.Context(), apiclient.Role{
		Name: "Gold", Priority: 3, Registration: "pending", Capabilities: []string{"read", "edit_posts", "read"},
		Settings: apiclient.RoleSettings{EditProfile: true, EditEveryone: true, EditRoles: []apiclient.RoleSlug{"um_member", "editor"}, PendingMessage: "Wait,\nplease", AfterLogin: apiclient.RedirectURL, LoginRedirectURL: "/hello"},
	}))(t)
	before := must(e.Roles(t.Context()))(t)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	if diff := cmp.Diff(before, must(e.Roles(t.Context()))(t)); diff != "" {
		t.Errorf("the roles (-before +after):\n%s", diff)
	}
	u := must(e.CreateUser(t.Context(), apitest.User("u", apitest.Role(r.Slug))))(t)
	if u.Status != apiclient.StatusAwaitingReview {
		t.Errorf("a new account of the role is %s", u.Status)
	}
	must(e.UpdateRole(t.Context(), r.Slug, apiclient.RoleUpdate{Registration: new("checkmail")}))(t)
	if u := must(e.CreateUser(t.Context(), apitest.User("v", apitest.Role(r.Slug))))(t); u.Status != apiclient.StatusAwaitingEmail {
		t.Errorf("after the change a new account of the role is %s", u.Status)
	}
}

// TestRightsFollow: who logs in has what the roles allow now.
func TestRightsFollow(t *testing.T) {
	e := open(t, t.TempDir())
	gold := role(t, e, "Gold", 10)
	u := must(e.CreateUser(t.Context(), apitest.User("u", apitest.Role(gold), apitest.Approved)))(t)
	_, secret, err := e.CreatePassword(t.Context(), u.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	can := func() bool {
		_, r, err := e.Authenticate(t.Context(), "u", secret.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		return r.Can("list_users")
	}
	if can() {
		t.Error("a right that the role has not")
	}
	must(e.UpdateRole(t.Context(), gold, apiclient.RoleUpdate{Capabilities: []string{"read", "list_users"}}))(t)
	if !can() {
		t.Error("the new right is not there")
	}
	must(e.DeleteRole(t.Context(), gold))(t)
	if can() {
		t.Error("the right outlives the role")
	}
}
