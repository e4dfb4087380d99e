package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

func (s memberSite) save(t testing.TB, v apiclient.Visitor, tab string, pairs ...string) string {
	t.Helper()
	return outcome(s.SaveAccount(t.Context(), v, tab, sent(pairs...)))
}

func tabsOf(p apiclient.AccountPage) string {
	var list []string
	for _, t := range p.Tabs {
		list = append(list, t.Slug)
	}
	return strings.Join(list, " ")
}

func questions(f apiclient.PageForm) string {
	var list []string
	for _, q := range f.Fields {
		key := q.Key
		if q.Disabled {
			key += "!"
		}
		if len(q.Values) > 0 {
			key += "=" + strings.Join(q.Values, ",")
		}
		list = append(list, key)
	}
	return strings.Join(list, " ")
}

func TestAccount(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada", apitest.Email("ada@example.com"), apitest.Answer("first_name", "Ada"))
	if _, err := s.Account(t.Context(), apiclient.Visitor{}, "privacy"); apiclient.KindOf(err) != apiclient.Unauthorized || outcome(apiclient.Reply{}, err) != "refused /login?redirect_to=%2Faccount%2Fprivacy" {
		t.Errorf("a guest: %v", err)
	}
	v := s.enter(t, "ada")
	for _, c := range []struct {
		name           string
		settings, role []string
		tab            string
		tabs, fields   string
	}{
		{"as it comes", nil, nil, "", "general password privacy delete", "user_login!=ada first_name=Ada last_name user_email=ada@example.com"},
		{"general by name", nil, nil, "general", "general password privacy delete", "user_login!=ada first_name=Ada last_name user_email=ada@example.com"},
		{"password", nil, nil, "password", "general password privacy delete", "current_user_password user_password"},
		{"privacy", nil, nil, "privacy", "general password privacy delete", "hide_in_members=No um_show_last_login=yes"},
		{"delete", nil, nil, "delete", "general password privacy delete", "single_user_password"},
		{"privacy with a profile of one's own", nil, []string{"can_make_private_profile", "1"}, "privacy", "general password privacy delete", "profile_privacy=Everyone profile_noindex=0 hide_in_members=No um_show_last_login=yes"},
		{"may not delete", nil, []string{"can_delete_profile", "0"}, "general", "general password privacy", "user_login!=ada first_name=Ada last_name user_email=ada@example.com"},
		{"little", []string{"account_tab_password", "0", "account_tab_privacy", "0", "account_tab_delete", "0", "account_name", "0", "account_email", "0"}, nil, "", "general", "user_login!=ada"},
		{"names stay", []string{"account_name_disable", "1", "account_general_password", "1"}, nil, "", "general password privacy delete", "user_login!=ada first_name!=Ada last_name! user_email=ada@example.com single_user_password"},
		{"no directory", []string{"members_page", "0"}, nil, "privacy", "general password privacy delete", "um_show_last_login=yes"},
		{"hidden unless told otherwise", []string{"account_hide_in_directory_default", "Yes"}, nil, "privacy", "general password privacy delete", "hide_in_members=Yes um_show_last_login=yes"},
	} {
		fresh := []string{
			"account_tab_password", "1", "account_tab_privacy", "1", "account_tab_delete", "1", "account_name", "1", "account_email", "1",
			"account_name_disable", "0", "account_general_password", "0", "members_page", "1", "account_hide_in_directory_default", "No",
		}
		s.setting(t, append(fresh, c.settings...)...)
		s.role(t, "subscriber", "", append([]string{"can_make_private_profile", "0", "can_delete_profile", "1"}, c.role...)...)
		p, err := s.Account(t.Context(), v, c.tab)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if tabs, fields := tabsOf(p), questions(p.Form); tabs != c.tabs || fields != c.fields {
			t.Errorf("%s: %s with %s; want %s with %s", c.name, tabs, fields, c.tabs, c.fields)
		}
	}
	for _, tab := range []string{"notifications", "Privacy", "x"} {
		if _, err := s.Account(t.Context(), v, tab); apiclient.KindOf(err) != apiclient.NotFound {
			t.Errorf("tab %s: %v", tab, err)
		}
	}
}

func TestAccountGeneral(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada", apitest.Email("ada@example.com"))
	s.join(t, "bob", apitest.Email("bob@example.com"))
	v, other := s.enter(t, "ada"), s.enter(t, "ada")
	const ok = "redirect /account?updated=account"
	for _, c := range []struct {
		name    string
		answers []string
		want    string
	}{
		{"names", []string{"first_name", "Ada", "last_name", "Lovelace", "user_email", "ada@example.com"}, ok},
		{"no first name", []string{"first_name", " ", "last_name", "Lovelace", "user_email", "ada@example.com"}, "first_name: You must provide your first name"},
		{"nothing", []string{"first_name", "", "last_name", "", "user_email", ""}, "first_name: You must provide your first name; last_name: You must provide your last name; user_email: You must provide your email"},
		{"no address", []string{"user_email", "ada"}, "user_email: Please provide a valid email"},
		{"somebody's address", []string{"user_email", "BOB@example.com"}, "user_email: Please provide a valid email"},
		{"what is not on the tab", []string{"user_login", "root", "account_status", "inactive", "role", "administrator", "user_password", "x"}, ok},
		{"trap", []string{"um_request", "x"}, "forbidden Hello, spam bot!"},
	} {
		if got := s.save(t, v, "general", c.answers...); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	is := must(s.User(t.Context(), u.ID))(t)
	if is.Login != "ada" || is.Role() != "subscriber" || is.Status != apiclient.StatusApproved || is.DisplayName != "Ada Lovelace" {
		t.Errorf("the account is %+v", is)
	}
	if s.who(t, v) != "ada" || s.who(t, other) != "ada" {
		t.Error("a change of names ends sessions")
	}
	if got := s.save(t, v, "", "user_email", "new@example.com"); got != ok {
		t.Fatal(got)
	}
	if s.who(t, v) != "ada" || s.who(t, other) != "" {
		t.Errorf("after another address %q and %q are logged in; want the one that changed it alone", s.who(t, v), s.who(t, other))
	}
	for _, e := range s.triggers(t, "ada")[3:] {
		if e != "um_user_updated_account form ada" {
			t.Errorf("the account page raises %s", e)
		}
	}
	if n := len(s.triggers(t, "ada")); n != 3+3 {
		t.Errorf("%d events; want one for each save that was taken: %q", n, s.triggers(t, "ada"))
	}
}

// TestAccountAsks asks for the password where the setting says so.
func TestAccountAsks(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	v := s.enter(t, "ada")
	const ok = "redirect /account?updated=account"
	s.setting(t, "account_general_password", "1")
	for _, c := range []struct{ password, want string }{
		{"", "single_user_password: You must enter your password"}, {"x", "single_user_password: This is not your password"}, {" " + goodPassword + " ", ok},
	} {
		if got := s.save(t, v, "general", "first_name", "A", "last_name", "L", "single_user_password", c.password); got != c.want {
			t.Errorf("with the password %q: %s; want %s", c.password, got, c.want)
		}
	}
}

func TestAccountPassword(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	v, other := s.enter(t, "ada"), s.enter(t, "ada")
	const next = "Another-Horse-8"
	for _, c := range []struct {
		name                  string
		current, first, again string
		want                  string
	}{
		{"no current one", "", next, next, "current_user_password: This is not your password"},
		{"a wrong one", "x", next, next, "current_user_password: This is not your password"},
		{"no new one", goodPassword, "", "", "user_password: You must enter a new password"},
		{"two", goodPassword, next, "x", "confirm_user_password: Your passwords do not match"},
	} {
		if got := s.save(t, v, "password", "current_user_password", c.current, "user_password", c.first, "confirm_user_password", c.again); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	s.pass(time.Minute)
	form := []string{"current_user_password", goodPassword, "user_password", next, "confirm_user_password", next}
	r, err := s.SaveAccount(t.Context(), v, "password", sent(form...))
	if got := outcome(r, err); got != "redirect /account/password?updated=account" || r.Session == nil {
		t.Fatalf("%s, %v", got, r.Session)
	}
	if s.who(t, v) != "" || s.who(t, other) != "" || s.who(t, apiclient.Visitor{Token: r.Session.Token}) != "ada" {
		t.Error("the sessions from before go on, or the new one does not")
	}
	want := []string{"um_registration_complete console ", "um_user_login form ada", "um_user_login form ada", "um_user_updated_account form ada"}
	if diff := cmp.Diff(want, s.triggers(t, "ada")); diff != "" {
		t.Error(diff)
	}
	s.setting(t, "change_password_request_limit", "1")
	v.Token = r.Session.Token
	form = []string{"current_user_password", next, "user_password", goodPassword, "confirm_user_password", goodPassword}
	s.pass(29 * time.Minute)
	if got := s.save(t, v, "password", form...); got != "user_password: Unable to change password because of password change limit. Please try again later." {
		t.Error(got)
	}
	s.pass(time.Minute)
	if got := s.save(t, v, "password", form...); got != "redirect /account/password?updated=account" {
		t.Error(got)
	}
}

// TestAccountGuess counts wrong passwords on the account page.
func TestAccountGuess(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	v := s.enter(t, "ada")
	for i := range 11 {
		got := s.save(t, v, "delete", "single_user_password", "x")
		if waits := strings.HasPrefix(got, "unavailable Too many attempts"); waits != (i == 10) {
			t.Fatalf("guess %d: %s", i, got)
		}
	}
}

func TestAccountPrivacy(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	s.role(t, "subscriber", "", "can_make_private_profile", "1")
	v := s.enter(t, "ada")
	for _, c := range []struct {
		name    string
		answers []string
		want    map[string]apiclient.Value
	}{
		{"set", []string{"profile_privacy", "Only me", "profile_noindex", "1", "hide_in_members", "Yes", "um_show_last_login", "no"}, map[string]apiclient.Value{
			"profile_privacy": apiclient.Text("Only me"), "profile_noindex": apiclient.Text("1"), "hide_in_members": apiclient.List("Yes"), "um_show_last_login": apiclient.List("no"),
		}},
		{"not sent", nil, map[string]apiclient.Value{
			"profile_privacy": apiclient.Text("Only me"), "profile_noindex": apiclient.Text("1"), "hide_in_members": apiclient.List("Yes"), "um_show_last_login": apiclient.List("no"),
		}},
		{"back", []string{"profile_privacy", "Everyone", "profile_noindex", "0", "hide_in_members", "No", "um_show_last_login", "yes"}, map[string]apiclient.Value{
			"profile_privacy": apiclient.Text("Everyone"), "profile_noindex": apiclient.Text("0"),
		}},
	} {
		if got := s.save(t, v, "privacy", c.answers...); got != "redirect /account/privacy?updated=account" {
			t.Fatalf("%s: %s", c.name, got)
		}
		if diff := cmp.Diff(c.want, must(s.User(t.Context(), u.ID))(t).Fields); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if got := s.save(t, v, "privacy", "profile_privacy", "Nobody"); got != "profile_privacy: Profile Privacy is required" {
		t.Error(got)
	}
}

func TestAccountDelete(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	v := s.enter(t, "ada")
	if got := s.save(t, v, "delete", "single_user_password", "x"); got != "single_user_password: This is not your password" {
		t.Error(got)
	}
	s.role(t, "subscriber", "", "can_delete_profile", "0", "can_delete_everyone", "1") // the tab is there, as in Ultimate Member
	if got := s.save(t, v, "delete", "single_user_password", goodPassword); got != "forbidden You are not allowed to delete your account." {
		t.Error(got)
	}
	s.role(t, "subscriber", "", "can_delete_profile", "1", "after_delete", "redirect_url", "delete_redirect_url", "/bye")
	r, err := s.SaveAccount(t.Context(), v, "delete", sent("single_user_password", goodPassword))
	if got := outcome(r, err); got != "redirect /bye" || r.Session == nil || !r.Session.Guest() {
		t.Fatalf("%s, %v", got, r.Session)
	}
	if _, err := s.User(t.Context(), u.ID); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("the account: %v", err)
	}
	if got := s.who(t, v); got != "" {
		t.Errorf("%q is still logged in", got)
	}
	want := []string{"um_registration_complete console ", "um_user_login form ada", "um_delete_user form ada"}
	if diff := cmp.Diff(want, s.triggers(t, "ada")); diff != "" {
		t.Error(diff)
	}

	must(s.UpdateUser(t.Context(), 1, apiclient.UserUpdate{Password: new(apiclient.NewSecret(goodPassword))}))(t)
	if got := s.save(t, s.enter(t, "admin"), "delete", "single_user_password", goodPassword); !strings.HasPrefix(got, "conflict admin is the last administrator") {
		t.Errorf("the last administrator: %s", got)
	}
}
