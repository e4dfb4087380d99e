package engine_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// linked reads the login and the key of a link for a new password.
func linked(t testing.TB, link string) (string, apiclient.Secret) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Path != apiclient.PathReset || q.Get("act") != "reset_password" || len(q.Get("hash")) != 20 {
		t.Fatalf("%s is no link for a new password", link)
	}
	return q.Get("login"), apiclient.NewSecret(q.Get("hash"))
}

// resetKey is a good key for eve, who has opened an activation link.
func (s memberSite) resetKey(t testing.TB, login string) (apiclient.UserID, apiclient.Secret) {
	t.Helper()
	u := must(s.CreateUser(t.Context(), apitest.User(login, apitest.AwaitingEmail)))(t)
	r := must(s.activate(t, apiclient.Visitor{}, s.column(t, u.ID, "activation_hash"), u.ID))(t)
	_, key := linked(t, r.Redirect)
	return u.ID, key
}

func TestRequestReset(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada", apitest.Email("ada@example.com"))
	s.join(t, "bob", apitest.Inactive)
	const same = "redirect /password-reset?updated=checkemail"
	for _, c := range []struct{ name, who, want string }{
		{"login", "ada", same},
		{"e-mail", " ADA@example.com ", same},
		{"inactive", "bob", same},
		{"no such user", "nobody", same},
		{"no such address", "nobody@example.com", same},
		{"nothing", " ", "username_b: Please provide your username or email"},
	} {
		if got := outcome(s.RequestReset(t.Context(), apiclient.Visitor{Address: c.name}, sent("username_b", c.who))); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	spam := sent("username_b", "ada", "um_request", "x")
	if _, err := s.RequestReset(t.Context(), apiclient.Visitor{}, spam); apiclient.KindOf(err) != apiclient.Forbidden {
		t.Errorf("who fills in the trap: %v", err)
	}
	if diff := cmp.Diff([]string{"users.create", "members.reset_request", "members.reset_request"}, s.audited(t, "ada")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"users.create"}, s.audited(t, "bob")); diff != "" {
		t.Error("an account that is not approved:", diff)
	}
}

// TestResetLimit lets a member ask three times between two logins.
func TestResetLimit(t *testing.T) {
	s := openSite(t)
	s.join(t, "ada")
	ask := func() {
		t.Helper()
		s.pass(10 * time.Minute)
		must(s.RequestReset(t.Context(), apiclient.Visitor{Address: "192.0.2.1"}, sent("username_b", "ada")))(t)
	}
	for range 4 {
		ask()
	}
	s.enter(t, "ada")
	ask()
	s.setting(t, "enable_reset_password_limit", "0")
	for range 4 {
		ask()
	}
	want := "create request request request refused login request request request request request"
	got := strings.Join(s.audited(t, "ada"), " ")
	got = strings.NewReplacer("members.reset_", "", "members.", "", "users.", "").Replace(got)
	if got != want {
		t.Errorf("%s; want %s", got, want)
	}
}

func TestRequestResetThrottle(t *testing.T) {
	s := openSite(t)
	v := apiclient.Visitor{Address: "192.0.2.1"}
	for i := range 11 {
		_, err := s.RequestReset(t.Context(), v, sent("username_b", "nobody"))
		if refused := apiclient.KindOf(err) == apiclient.Unavailable && err != nil; refused != (i == 10) {
			t.Fatalf("request %d: %v", i, err)
		}
	}
}

func TestResetPassword(t *testing.T) {
	s := openSite(t)
	id, key := s.resetKey(t, "eve")
	form := func(password, again string) apiclient.Submission {
		return sent("user_password", password, "confirm_user_password", again)
	}
	try := func(login string, key apiclient.Secret, f apiclient.Submission) string {
		return outcome(s.ResetPassword(t.Context(), apiclient.Visitor{Address: "192.0.2.1"}, login, key, f))
	}
	const invalid = "refused /password-reset?updated=invalidkey"
	for _, c := range []struct {
		name, login, key, password, again, want string
	}{
		{"another key", "eve", strings.Repeat("x", 20), goodPassword, goodPassword, invalid},
		{"no key", "eve", "", goodPassword, goodPassword, invalid},
		{"of another user", "admin", key.Reveal(), goodPassword, goodPassword, invalid},
		{"of nobody", "nobody", key.Reveal(), goodPassword, goodPassword, invalid},
		{"nothing", "eve", key.Reveal(), " ", "", "user_password: You must enter a new password"},
		{"once", "eve", key.Reveal(), goodPassword, "", "confirm_user_password: You must confirm your new password"},
		{"two", "eve", key.Reveal(), goodPassword, "x", "confirm_user_password: Your passwords do not match"},
		{"backslash, two", "eve", key.Reveal(), `a\b`, "x", `user_password: Passwords may not contain the character "\".; confirm_user_password: Your passwords do not match`},
	} {
		if got := try(c.login, apiclient.NewSecret(c.key), form(c.password, c.again)); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	s.setting(t, "require_strongpass", "1")
	if got := try("eve", key, form("weak", "weak")); got != "user_password: Your password must contain at least 8 characters" {
		t.Error(got)
	}
	if got := try("eve", key, form(" "+goodPassword+" ", goodPassword)); got != "redirect /login?updated=password_changed" {
		t.Fatal(got)
	}
	v := s.enter(t, "eve")
	if got := try("eve", key, form(goodPassword, goodPassword)); got != invalid {
		t.Errorf("a second time: %s", got)
	}
	if got := s.who(t, v); got != "eve" {
		t.Errorf("a link that failed has ended the session: %q", got)
	}
	for _, trigger := range s.triggers(t, "eve")[2:] {
		if !strings.HasPrefix(trigger, "um_user_login ") {
			t.Errorf("a new password raises %s", trigger)
		}
	}
	if got := s.column(t, id, "must_set_password"); got != "0" {
		t.Error("the member still has to set a password")
	}
}

// TestResetEnds ends the sessions of the member, and the key after a day.
func TestResetEnds(t *testing.T) {
	s := openSite(t)
	id, key := s.resetKey(t, "eve")
	s.execute(t, `UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = ?) WHERE id = ?`, s.join(t, "ada").ID, id)
	v := s.enter(t, "eve")
	s.pass(24*time.Hour - time.Second)
	s.who(t, v)
	form := sent("user_password", "Another-Horse-8", "confirm_user_password", "Another-Horse-8")
	if got := outcome(s.ResetPassword(t.Context(), apiclient.Visitor{}, "eve", key, form)); got != "redirect /login?updated=password_changed" {
		t.Fatal(got)
	}
	if got := s.who(t, v); got != "" {
		t.Errorf("the session of %q goes on", got)
	}

	_, key = s.resetKey(t, "mallory")
	s.pass(24 * time.Hour)
	if _, err := s.CheckReset(t.Context(), apiclient.Visitor{}, "mallory", key); outcome(apiclient.Reply{}, err) != "refused /password-reset?updated=expiredkey" {
		t.Errorf("after a day: %v", err)
	}
}

func TestPasswordRules(t *testing.T) {
	strong := apiclient.PasswordRules{Strong: true, Special: true, Min: 8, Max: 30}
	plain := apiclient.PasswordRules{Min: 8, Max: 30}
	for _, c := range []struct {
		name     string
		rules    apiclient.PasswordRules
		password string
		want     string
	}{
		{"anything", plain, "a", ""},
		{"backslash", plain, `a\b`, `Passwords may not contain the character "\".`},
		{"no text", plain, "\xff", "Your password is not valid UTF-8"},
		{"strong", strong, "Über-Mut 7", ""},
		{"eight", strong, "Aa3!5678", ""},
		{"seven", strong, "Aa3!567", "Your password must contain at least 8 characters"},
		{"thirty", strong, "Aa3!" + strings.Repeat("ü", 26), ""},
		{"thirty-one", strong, "Aa3!" + strings.Repeat("ü", 27), "Your password must contain less than 30 characters"},
		{"part of the login", strong, "LOVELACE", "Your password cannot contain the part of your username"},
		{"part of the address", strong, "Example.Com", "Your password cannot contain the part of your email address"},
		{"no capital", strong, "aaaaaa-7", "Your password must contain at least one capital letter"},
		{"no small letter", strong, "AAAAAA-7", "Your password must contain at least one lowercase letter"},
		{"no number", strong, "AAAAAA-a", "Your password must contain at least one number"},
		{"no special character", strong, "AAAAAA a7", "Your password must contain at least one special character (e.g. !@#$%^&*)"},
	} {
		if got := c.rules.Problem(c.password, "ada.lovelace", "ada@example.com"); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}
