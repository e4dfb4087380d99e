package engine_test

import (
	"regexp"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// set changes settings.
func set(t testing.TB, e *engine.Engine, changed ...string) {
	t.Helper()
	values := map[string]string{}
	for i := 0; i < len(changed); i += 2 {
		values[changed[i]] = changed[i+1]
	}
	if _, err := e.ChangeSettings(t.Context(), values); err != nil {
		t.Fatal(err)
	}
}

func called(first, last string) apitest.UserOption {
	return func(n *apiclient.NewUser) {
		apitest.Answer("first_name", first)(n)
		apitest.Answer("last_name", last)(n)
	}
}

// TestGeneratedLogins registers on a form without a login.
func TestGeneratedLogins(t *testing.T) {
	e := open(t, t.TempDir())
	form := as(t, apiclient.OriginForm)
	for _, c := range []struct{ base, first, last, email, want string }{
		{"name", "Zoë", "Ørsted", "a@example.com", `^zoe\.orsted$`},
		{"name", "Zoe", "Orsted", "b@example.com", `^zoe\.orsted1$`},
		{"name", "ZOE", "ORSTED", "c@example.com", `^zoe\.orsted2$`},
		{"user_login", "Ad", "Min", "d@example.com", `^admin1$`}, // admin is there, and blocked
		{"user_login", "St", "Aff", "e@example.com", `^staff1$`}, // blocked alone
		{"name_dash", "", "", "f@example.com", `^f@example\.com$`},
		{"name_dash", "Only", "", "g@example.com", `^g@example\.com$`},
		{"name_dash", "", "", strings.Repeat("x", 50) + "@example.com", `^user[0-9a-f]{13}$`},
		{"name_dash", "", "", "", `^user[0-9a-f]{13}$`},
		{"name_dash", "", "", "", `^user[0-9a-f]{13}$`},
		{"name_dash", strings.Repeat("x", 40), strings.Repeat("y", 19), "h@example.com", `^x{40}-y{19}$`},
		{"name_dash", strings.Repeat("x", 40), strings.Repeat("y", 19), "i@example.com", `^x{40}-y{18}1$`},
	} {
		set(t, e, "permalink_base", c.base)
		u, err := e.CreateUser(form, apiclient.NewUser{Email: c.email, Fields: map[string]apiclient.Value{"first_name": apiclient.Text(c.first), "last_name": apiclient.Text(c.last)}})
		if err != nil {
			t.Errorf("%s %s: %v", c.first, c.last, err)
			continue
		}
		if !regexp.MustCompile(c.want).MatchString(u.Login) {
			t.Errorf("%s %q %q: the login %q, want %s", c.base, c.first, c.last, u.Login, c.want)
		}
	}
}

// TestNobody leaves the e-mail address away: forms and the API make one, an administrator
// is asked for it.
func TestNobody(t *testing.T) {
	e := open(t, t.TempDir())
	shape := regexp.MustCompile(`^nobody[0-9a-f]{13}@localhost\.localdomain$`)
	seen := map[string]bool{}
	for i, o := range []apiclient.Origin{apiclient.OriginForm, apiclient.OriginAPI, apiclient.OriginAPI} {
		u, err := e.CreateUser(as(t, o), apiclient.NewUser{Login: "nobody" + string(rune('a'+i))})
		if err != nil || !shape.MatchString(u.Email) || seen[u.Email] {
			t.Errorf("%s: %q, %v", o, u.Email, err)
		}
		seen[u.Email] = true
	}
	for _, o := range []apiclient.Origin{apiclient.OriginConsole, apiclient.OriginAdmin, apiclient.OriginCron} {
		if _, err := e.CreateUser(as(t, o), apiclient.NewUser{Login: "no-address"}); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: %v; want it refused", o, err)
		}
	}
}

// TestBlockedLogins holds on every way: WordPress asks its list of illegal logins.
func TestBlockedLogins(t *testing.T) {
	e := open(t, t.TempDir())
	for _, o := range []apiclient.Origin{apiclient.OriginForm, apiclient.OriginAPI, apiclient.OriginAdmin, apiclient.OriginConsole, apiclient.OriginCRM} {
		if _, err := e.CreateUser(as(t, o), apitest.User("Support")); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: %v; want it refused", o, err)
		}
	}
	set(t, e, "blocked_words", "")
	if _, err := e.CreateUser(t.Context(), apitest.User("Support")); err != nil {
		t.Errorf("when nothing is blocked: %v", err)
	}
}

// TestSecondaryAddress is unique among addresses and among its like, and not the own one.
func TestSecondaryAddress(t *testing.T) {
	e := open(t, t.TempDir())
	second := func(email string) apiclient.UserUpdate {
		return apiclient.UserUpdate{Fields: map[string]apiclient.Value{"secondary_user_email": apiclient.Text(email)}}
	}
	ada := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Answer("secondary_user_email", "ada2@example.com"))))(t)
	bob := must(e.CreateUser(t.Context(), apitest.User("bob")))(t)
	for what, c := range map[string]struct {
		id   apiclient.UserID
		u    apiclient.UserUpdate
		kind apiclient.Kind
	}{
		"somebody's address":              {bob.ID, second("ADA@example.com"), apiclient.Conflict},
		"somebody's second one":           {bob.ID, second("Ada2@example.com"), apiclient.Conflict},
		"the own address":                 {bob.ID, second("BOB@example.com"), apiclient.Invalid},
		"no address":                      {bob.ID, second("bob"), apiclient.Invalid},
		"the own second one as the first": {ada.ID, apiclient.UserUpdate{Email: new("ada2@example.com")}, apiclient.Invalid},
	} {
		if _, err := e.UpdateUser(t.Context(), c.id, c.u); apiclient.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v; want %v", what, err, c.kind)
		}
	}
	if _, err := e.UpdateUser(t.Context(), bob.ID, second("bob2@example.com")); err != nil {
		t.Error(err)
	}
	if _, err := e.UpdateUser(t.Context(), ada.ID, second("ada2@example.com")); err != nil {
		t.Errorf("the same again: %v", err)
	}
}

// TestDisplayNameFollows changes names: a display name that follows the setting goes on
// doing so, one that was chosen stays.
func TestDisplayNameFollows(t *testing.T) {
	e := open(t, t.TempDir())
	first := func(name string) apiclient.UserUpdate {
		return apiclient.UserUpdate{Fields: map[string]apiclient.Value{"first_name": apiclient.Text(name)}}
	}
	ada := must(e.CreateUser(t.Context(), apitest.User("ada", called("Ada", "Lovelace"))))(t)
	own := must(e.CreateUser(t.Context(), apitest.User("own", called("Ada", "Lovelace"), apitest.DisplayName("Countess"))))(t)
	if u := must(e.UpdateUser(t.Context(), ada.ID, first("Augusta")))(t); u.DisplayName != "Augusta Lovelace" {
		t.Errorf("it is %q", u.DisplayName)
	}
	if u := must(e.UpdateUser(t.Context(), own.ID, first("Augusta")))(t); u.DisplayName != "Countess" {
		t.Errorf("the chosen one is %q", u.DisplayName)
	}
	if u := must(e.UpdateUser(t.Context(), own.ID, apiclient.UserUpdate{DisplayName: new("")}))(t); u.DisplayName != "Augusta Lovelace" {
		t.Errorf("the emptied one is %q", u.DisplayName)
	}
	set(t, e, "display_name", "initial_name")
	if u := must(e.CreateUser(t.Context(), apitest.User("new", called("Ada", "Ørsted"))))(t); u.DisplayName != "Ada Ø" {
		t.Errorf("a new one is %q", u.DisplayName)
	}
}
