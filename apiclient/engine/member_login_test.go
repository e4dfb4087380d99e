package engine_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

func TestLogin(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada", apitest.Email("ada@example.com"))
	s.join(t, "undefined", apitest.InStatus(""))
	s.join(t, "inactive", apitest.Inactive)
	s.join(t, "review", apitest.AwaitingReview)
	s.join(t, "mail", apitest.AwaitingEmail)
	s.join(t, "rejected", apitest.Rejected)
	s.join(t, "spam", apitest.Email("spam@bad.example"))
	s.join(t, "one", apitest.Email("one@example.org"))
	if _, err := s.CreateUser(t.Context(), apitest.User("none")); err != nil {
		t.Fatal(err)
	}
	s.setting(t, "blocked_emails", "one@example.org\n*@bad.example")
	const wrong = "user_password: Password is incorrect. Please try again."
	for _, c := range []struct {
		name string
		form []string
		want string
	}{
		{"login", []string{"username", "ada", "user_password", goodPassword}, "redirect /user/ada"},
		{"login in capitals", []string{"username", " ADA ", "user_password", goodPassword}, "redirect /user/ada"},
		{"e-mail", []string{"username", "Ada@Example.com", "user_password", goodPassword}, "redirect /user/ada"},
		{"user_email", []string{"user_email", "ada@example.com", "user_password", goodPassword}, "redirect /user/ada"},
		{"user_login", []string{"user_login", "ada", "user_password", goodPassword}, "redirect /user/ada"},
		{"a login is no user_email", []string{"user_email", "ada", "user_password", goodPassword}, wrong},
		{"an e-mail is no user_login", []string{"user_login", "ada@example.com", "user_password", goodPassword}, wrong},
		{"undefined status", []string{"username", "undefined", "user_password", goodPassword}, "redirect /user/undefined"},
		{"wrong password", []string{"username", "ada", "user_password", "x"}, wrong},
		{"no such user", []string{"username", "nobody", "user_password", goodPassword}, wrong},
		{"no password set", []string{"username", "none", "user_password", goodPassword}, wrong},
		{"no name", []string{"username", " ", "user_password", "x"}, "username: Please enter your username or email"},
		{"no password", []string{"user_login", "ada"}, "user_password: Please enter your password"},
		{"nothing", nil, "username: Please enter your username or email; user_password: Please enter your password"},
		{"inactive", []string{"username", "inactive", "user_password", goodPassword}, "refused /login?err=inactive"},
		{"inactive, wrong password", []string{"username", "inactive", "user_password", "x"}, wrong},
		{"awaiting review", []string{"username", "review", "user_password", goodPassword}, "refused /login?err=awaiting_admin_review"},
		{"awaiting e-mail", []string{"username", "mail", "user_password", goodPassword}, "refused /login?err=awaiting_email_confirmation"},
		{"rejected", []string{"username", "rejected", "user_password", goodPassword}, "refused /login?err=rejected"},
		{"blocked address", []string{"username", "One@example.org", "user_password", "x"}, "refused /login?err=blocked_email"},
		{"blocked domain", []string{"username", "any@BAD.example", "user_password", "x"}, "refused /login?err=blocked_domain"},
		{"the login of a blocked address", []string{"username", "spam", "user_password", goodPassword}, "redirect /user/spam"},
		{"back into the site", []string{"username", "ada", "user_password", goodPassword, "redirect_to", "/account?x=1"}, "redirect /account?x=1"},
		{"not elsewhere", []string{"username", "ada", "user_password", goodPassword, "redirect_to", "https://evil.example/"}, "redirect /user/ada"},
		{"not elsewhere without a scheme", []string{"username", "ada", "user_password", goodPassword, "redirect_to", "//evil.example/"}, "redirect /user/ada"},
		{"not elsewhere by backslash", []string{"username", "ada", "user_password", goodPassword, "redirect_to", `/\evil.example`}, "redirect /user/ada"},
	} {
		if got := outcome(s.Login(t.Context(), apiclient.Visitor{Address: "192.0.2." + c.name}, sent(c.form...))); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	if got := s.triggers(t, "rejected"); len(got) != 1 {
		t.Errorf("the events of who was refused are %q", got)
	}
	u := must(s.FindUser(t.Context(), "ada"))(t)
	if !u.LastLogin.Equal(s.now()) {
		t.Errorf("the last login is %v; want %v", u.LastLogin, s.now())
	}
}

// TestLoginTells looks at what one login leaves behind.
func TestLoginTells(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	v := s.enter(t, "ada")
	want := []string{"um_registration_complete console ", "um_user_login form ada"}
	if diff := cmp.Diff(want, s.triggers(t, "ada")); diff != "" {
		t.Error(diff)
	}
	if got := s.who(t, v); got != "ada" {
		t.Errorf("the visitor is %q", got)
	}
	r, err := s.Logout(t.Context(), v)
	if got := outcome(r, err); got != "redirect /" || r.Session == nil || !r.Session.Guest() {
		t.Errorf("log out: %s, %+v", got, r.Session)
	}
	if got := s.who(t, v); got != "" {
		t.Errorf("after logging out the visitor is %q", got)
	}
	if got := outcome(s.Logout(t.Context(), v)); got != "redirect /" {
		t.Errorf("log out again: %s", got)
	}
	if diff := cmp.Diff(want, s.triggers(t, "ada")); diff != "" {
		t.Error("logging out raises", diff)
	}
	if diff := cmp.Diff([]string{"users.create", "members.login", "members.logout"}, s.audited(t, "ada")); diff != "" {
		t.Error(diff)
	}
}

// TestLoginUpgrades verifies a password that WordPress has hashed, and keeps a better hash.
func TestLoginUpgrades(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	before := s.column(t, u.ID, "password_hash")
	s.enter(t, "ada")
	if got := s.column(t, u.ID, "password_hash"); got != before {
		t.Error("a good hash was changed")
	}
	s.execute(t, `UPDATE users SET password_hash = ? WHERE id = ?`, "5f4dcc3b5aa765d61d8327deb882cf99", u.ID) // MD5 of "password"
	if got := outcome(s.Login(t.Context(), apiclient.Visitor{}, sent("username", "ada", "user_password", "password"))); got != "redirect /user/ada" {
		t.Fatal(got)
	}
	if got := s.column(t, u.ID, "password_hash"); !strings.HasPrefix(got, "$argon2id$") {
		t.Errorf("the hash is %.12q…", got)
	}
	if got := outcome(s.Login(t.Context(), apiclient.Visitor{}, sent("username", "ada", "user_password", "password"))); got != "redirect /user/ada" {
		t.Errorf("with the better hash: %s", got)
	}
}

func TestSessionLifetime(t *testing.T) {
	for _, c := range []struct {
		name     string
		remember bool
		every    time.Duration // between two visits
		ends     time.Duration // of the session
	}{
		{"short", false, time.Hour, 48 * time.Hour},
		{"short, seldom used", false, 12*time.Hour - time.Second, 48 * time.Hour},
		{"short, not used", false, 12 * time.Hour, 12 * time.Hour},
		{"long", true, 24 * time.Hour, 14 * 24 * time.Hour},
		{"long, not used", true, 7 * 24 * time.Hour, 7 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openSite(t)
			s.join(t, "ada")
			form := []string{}
			if c.remember {
				form = []string{"rememberme", "1"}
			}
			v := s.enter(t, "ada", form...)
			age := c.every
			for ; age < c.ends; age += c.every {
				s.pass(c.every)
				if s.who(t, v) != "ada" {
					t.Fatalf("the session ended after %v; want %v", age, c.ends)
				}
			}
			rest := c.ends - age + c.every
			if c.every < c.ends { // looking at it is using it
				s.pass(rest - time.Second)
				if s.who(t, v) != "ada" {
					t.Fatal("the session ended a second early")
				}
				rest = time.Second
			}
			s.pass(rest)
			if s.who(t, v) != "" {
				t.Fatalf("the session has not ended after %v", c.ends)
			}
		})
	}
}

func TestSessionEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, s memberSite, u apiclient.User)
		ends bool
	}{
		{"deactivated", func(t *testing.T, s memberSite, u apiclient.User) { s.act(t, apiclient.ActionDeactivate, u.ID) }, true},
		{"put as pending", func(t *testing.T, s memberSite, u apiclient.User) { s.act(t, apiclient.ActionPending, u.ID) }, true},
		{"deactivated and back", func(t *testing.T, s memberSite, u apiclient.User) {
			s.act(t, apiclient.ActionDeactivate, u.ID)
			s.act(t, apiclient.ActionReactivate, u.ID)
		}, true},
		{"activation sent", func(t *testing.T, s memberSite, u apiclient.User) { s.act(t, apiclient.ActionResend, u.ID) }, true},
		{"deleted", func(t *testing.T, s memberSite, u apiclient.User) { s.act(t, apiclient.ActionDelete, u.ID) }, true},
		{"password changed by an administrator", func(t *testing.T, s memberSite, u apiclient.User) {
			must(s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Password: new(apiclient.NewSecret("Another-Horse-8"))}))(t)
		}, true},
		{"renamed by an administrator", func(t *testing.T, s memberSite, u apiclient.User) {
			must(s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{DisplayName: new("Countess")}))(t)
		}, false},
	} {
		s := openSite(t)
		u := s.join(t, "ada")
		v := s.enter(t, "ada")
		s.pass(time.Second)
		c.do(t, s, u)
		s.pass(time.Second)
		if got := s.who(t, v); (got == "") != c.ends {
			t.Errorf("%s: the visitor is %q", c.name, got)
		}
	}
}

// TestSessionRotates gives another token after a change of rights, and keeps the old
// one for what is under way.
func TestSessionRotates(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	v := s.enter(t, "ada")
	s.pass(time.Second)
	must(s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Roles: []apiclient.RoleSlug{"administrator"}}))(t)
	first := must(s.Session(t.Context(), v))(t)
	if first.Token.Equal(v.Token) || !first.Admin {
		t.Fatalf("the token stays, or the session is none of an administrator: %+v", first)
	}
	again := must(s.Session(t.Context(), v))(t)
	if again.User.Login != "ada" || !again.Token.Equal(v.Token) {
		t.Errorf("the old token gives %+v; want it to be good for a moment, as it is", again)
	}
	s.pass(2 * time.Minute)
	if got := s.who(t, v); got != "" {
		t.Errorf("after two minutes the old token is %q", got)
	}
	v.Token = first.Token
	if got := s.who(t, v); got != "ada" {
		t.Errorf("the new token is %q", got)
	}
}

// TestThrottle keeps an address and an account from being guessed, and a member from
// being locked out by it.
func TestThrottle(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	s.enter(t, "ada") // 192.0.2.1 is known
	try := func(address, password string) string {
		return outcome(s.Login(t.Context(), apiclient.Visitor{Address: address}, sent("username", "ada", "user_password", password)))
	}
	const wrong, right = "user_password: Password is incorrect. Please try again.", "redirect /user/ada"
	for i := range 10 {
		if got := try("198.51.100.1", "x"); got != wrong {
			t.Fatalf("try %d: %s", i, got)
		}
	}
	if got := try("198.51.100.1", goodPassword); got != "unavailable Too many attempts have failed; try again in 6 seconds." {
		t.Errorf("the eleventh try: %s", got)
	}
	s.pass(6 * time.Second)
	if got := try("198.51.100.1", "x"); got != wrong {
		t.Errorf("after 6 s: %s", got)
	}
	refused := 0
	for i := range 30 { // each from an address of its own
		if got := try("203.0.113."+strconv.Itoa(i), "x"); strings.HasPrefix(got, "unavailable") {
			refused++
		}
	}
	if refused == 0 {
		t.Error("many addresses may guess without end")
	}
	if got := try("203.0.113.99", goodPassword); !strings.HasPrefix(got, "unavailable") {
		t.Errorf("from an address that is not known: %s; want it to wait", got)
	}
	if got := try("192.0.2.1", goodPassword); got != right {
		t.Errorf("from the member's own address: %s; want the member in", got)
	}
	refused = 0
	for i := range 30 {
		got := outcome(s.Login(t.Context(), apiclient.Visitor{Address: "203.0.112." + strconv.Itoa(i)}, sent("username", "nobody", "user_password", "x")))
		if strings.HasPrefix(got, "unavailable") {
			refused++
		}
	}
	if refused == 0 {
		t.Error("the limit tells who is a member")
	}
	s.pass(time.Hour)
	if got := try("203.0.113.99", goodPassword); got != right {
		t.Errorf("an hour later: %s", got)
	}
}

// TestLoginsTogether logs in many times at once.
func TestLoginsTogether(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	const n = 12
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			r, err := s.Login(t.Context(), apiclient.Visitor{Address: "192.0.2.1"}, sent("username", "ada", "user_password", goodPassword))
			if err == nil && r.Session == nil {
				err = errors.New("no session")
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if got := len(s.triggers(t, "ada")); got != n+1 {
		t.Errorf("%d events; want %d", got, n+1)
	}
}
