package engine_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// TestSevenTriggers causes each of the seven by what a member or an administrator
// does, and looks that nothing else does.
func TestSevenTriggers(t *testing.T) {
	const next = "Another-Horse-8"
	account := func(tab string, pairs ...string) func(*testing.T, memberSite, apiclient.User) {
		return func(t *testing.T, s memberSite, u apiclient.User) {
			if got := s.save(t, s.enter(t, u.Login), tab, pairs...); !strings.HasPrefix(got, "redirect ") {
				t.Fatal(got)
			}
		}
	}
	action := func(a apiclient.Action) func(*testing.T, memberSite, apiclient.User) {
		return func(t *testing.T, s memberSite, u apiclient.User) { s.act(t, a, u.ID) }
	}
	update := func(u apiclient.UserUpdate) func(*testing.T, memberSite, apiclient.User) {
		return func(t *testing.T, s memberSite, was apiclient.User) { must(s.UpdateUser(t.Context(), was.ID, u))(t) }
	}
	link := func(t *testing.T, s memberSite, u apiclient.User) {
		must(s.activate(t, apiclient.Visitor{}, s.column(t, u.ID, "activation_hash"), u.ID))(t)
	}
	const login, changed, activated, approved, deleted, edited = "um_user_login form ada", "um_user_updated_account form ada", "um_user_email_activation form ada",
		"um_admin_approve_account console ", "um_delete_user console ", "um_user_edit_profile form ada"
	for _, c := range []struct {
		name string
		from apiclient.Status
		do   func(*testing.T, memberSite, apiclient.User)
		want []string // after the registration
	}{
		{"log in", "approved", func(t *testing.T, s memberSite, u apiclient.User) { s.enter(t, "ada") }, []string{login}},
		{"a wrong password", "approved", func(t *testing.T, s memberSite, u apiclient.User) {
			_, _ = s.Login(t.Context(), apiclient.Visitor{}, sent("username", "ada", "user_password", "x")) // see TestLogin
		}, nil},
		{"a login that is refused", "inactive", func(t *testing.T, s memberSite, u apiclient.User) {
			_, _ = s.Login(t.Context(), apiclient.Visitor{}, sent("username", "ada", "user_password", goodPassword)) // see TestLogin
		}, nil},
		{"log out", "approved", func(t *testing.T, s memberSite, u apiclient.User) { must(s.Logout(t.Context(), s.enter(t, "ada")))(t) }, []string{login}},
		{"account", "approved", account("general", "first_name", "A", "last_name", "B"), []string{login, changed}},
		{"account, unchanged", "approved", account("general"), []string{login, changed}},
		{"privacy", "approved", account("privacy", "hide_in_members", "Yes"), []string{login, changed}},
		{"password", "approved", account("password", "current_user_password", goodPassword, "user_password", next, "confirm_user_password", next), []string{login, changed}},
		{"delete", "approved", account("delete", "single_user_password", goodPassword), []string{login, "um_delete_user form ada"}},
		{"profile", "approved", func(t *testing.T, s memberSite, u apiclient.User) {
			must(s.SaveProfile(t.Context(), s.enter(t, "ada"), "ada", sent()))(t)
		}, []string{login, edited}},
		{"a link for a new password", "approved", func(t *testing.T, s memberSite, u apiclient.User) {
			must(s.RequestReset(t.Context(), apiclient.Visitor{}, sent("username_b", "ada")))(t)
		}, nil},
		{"activation link", "awaiting_email_confirmation", link, []string{activated}},
		{"activation link, and in", "awaiting_email_confirmation", func(t *testing.T, s memberSite, u apiclient.User) {
			s.role(t, "subscriber", "", "login_email_activate", "1", "url_email_activate", "/in")
			r := must(s.activate(t, apiclient.Visitor{}, s.column(t, u.ID, "activation_hash"), u.ID))(t)
			if r.Session == nil || r.Redirect != "/in" {
				t.Errorf("the reply is %+v", r)
			}
		}, []string{activated}},
		{"approved, who awaited the link", "awaiting_email_confirmation", action(apiclient.ActionApprove), nil},
		{"approved, who awaited review", "awaiting_admin_review", action(apiclient.ActionApprove), []string{approved}},
		{"approved by an update", "awaiting_admin_review", update(apiclient.UserUpdate{Status: new(apiclient.StatusApproved)}), []string{approved}},
		{"approved, who was rejected", "rejected", action(apiclient.ActionApprove), nil},
		{"reactivated", "inactive", action(apiclient.ActionReactivate), nil},
		{"rejected", "awaiting_admin_review", action(apiclient.ActionReject), nil},
		{"deactivated", "approved", action(apiclient.ActionDeactivate), nil},
		{"put as pending", "approved", action(apiclient.ActionPending), nil},
		{"sent the link", "approved", action(apiclient.ActionResend), nil},
		{"deleted by an administrator", "approved", action(apiclient.ActionDelete), []string{deleted}},
		{"edited by an administrator", "approved", update(apiclient.UserUpdate{DisplayName: new("Ada")}), nil},
		{"given a role", "approved", update(apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"editor"}}), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSite(t)
			u := s.join(t, "ada", apitest.InStatus(c.from))
			c.do(t, s, u)
			if diff := cmp.Diff(append([]string{"um_registration_complete console "}, c.want...), s.triggers(t, "ada")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
