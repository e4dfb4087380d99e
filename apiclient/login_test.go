package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

func TestCheckLogin(t *testing.T) {
	for _, login := range []string{"a", "ada", "Ada L.", "ada@example.com", "a_b-c.d", "007", strings.Repeat("x", 60)} {
		if err := apiclient.CheckLogin(login); err != nil {
			t.Errorf("%q: %v", login, err)
		}
	}
	for _, login := range []string{"", " ", "ada ", " ada", "a  b", "a|b", "Иван", "a\x1b[2J", "a\nb", "<b>", strings.Repeat("x", 61)} {
		wantInvalid(t, apiclient.CheckLogin(login), "user_login")
	}
}

func options(changed ...string) apiclient.Options {
	o := apiclient.DefaultOptions()
	for i := 0; i < len(changed); i += 2 {
		o[changed[i]] = changed[i+1]
	}
	return o
}

// Blocked words are whole logins, in any case (Ultimate Member 2.13, um-actions-form.php).
func TestBlockedWords(t *testing.T) {
	o := options()
	for text, blocked := range map[string]bool{
		"admin": true, "Admin": true, " STAFF ": true, "webmaster": true, "administrator": true, "support": true,
		"administrators": false, "admin2": false, "": false, "sub-admin": false, "support@example.com": false,
	} {
		if o.BlockedWord(text) != blocked {
			t.Errorf("%q: blocked %t", text, !blocked)
		}
	}
	wantInvalid(t, o.CheckNewLogin("Staff"), "user_login")
	wantInvalid(t, o.CheckNewLogin("a|b"), "user_login")
	own := options("blocked_words", "root\nme@example.com\n")
	if err := own.CheckNewLogin("staff"); err != nil {
		t.Errorf("a word that is no more blocked: %v", err)
	}
	wantInvalid(t, own.CheckNewLogin("ROOT"), "user_login")
	if !own.BlockedWord("Me@Example.com") {
		t.Error("an address that is listed among the words is not blocked")
	}
}

func TestLoginFrom(t *testing.T) {
	for _, c := range []struct{ base, first, last, want string }{
		{"user_login", "Ada", "Lovelace", "adalovelace"},
		{"name", "Ada", "Lovelace", "ada.lovelace"},
		{"name_dash", "Ada", "Lovelace", "ada-lovelace"},
		{"name_plus", "Ada", "Lovelace", "adalovelace"}, // WordPress drops the +
		{"user_id", "Ada", "Lovelace", "adalovelace"},
		{"hash", "Ada", "Lovelace", "adalovelace"},
		{"name", "Zoë Ann", "Müller-Ørsted", "zoe.ann.muller-orsted"},
		{"name", "Straße", "Łódź", "strase.lodz"},
		{"name", "O'Brien", "<b>Siobhán</b>", "obrien.siobhan"},
		{"name", "山田", "太郎", ""},
		{"user_login", "山田", "太郎", ""},
		{"user_login", "Ada", "", ""},
		{"user_login", "", "Lovelace", ""},
		{"user_login", strings.Repeat("x", 40), strings.Repeat("y", 20), strings.Repeat("x", 40) + strings.Repeat("y", 20)},
		{"user_login", strings.Repeat("x", 40), strings.Repeat("y", 21), ""},
	} {
		if got := options("permalink_base", c.base).LoginFrom(c.first, c.last); got != c.want {
			t.Errorf("%s of %q %q: %q, want %q", c.base, c.first, c.last, got, c.want)
		}
	}
}

func FuzzLoginFrom(f *testing.F) {
	f.Add("name", "Zoë", "Ørsted")
	f.Add("name_plus", "\x00<b>", " + ")
	f.Fuzz(func(t *testing.T, base, first, last string) {
		login := options("permalink_base", base).LoginFrom(first, last)
		if login != "" && apiclient.CheckLogin(login) != nil {
			t.Errorf("%q: %v", login, apiclient.CheckLogin(login))
		}
	})
}

func TestBlockedEmail(t *testing.T) {
	o := options("blocked_emails", "spam@example.com\n *@bad.example \nUPPER@EXAMPLE.ORG")
	for email, want := range map[string]string{
		"spam@example.com": apiclient.BlockedAddress, " SPAM@Example.com ": apiclient.BlockedAddress, "upper@example.org": apiclient.BlockedAddress,
		"ada@bad.example": apiclient.BlockedDomain, "ada@BAD.example": apiclient.BlockedDomain,
		"ada@example.com": "", "ada@sub.bad.example": "", "ada@notbad.example": "", "bad.example": "", "": "", "*@bad.example": apiclient.BlockedAddress,
	} {
		if got := o.BlockedEmail(email); got != want {
			t.Errorf("%q: %q, want %q", email, got, want)
		}
	}
	if got := options().BlockedEmail("spam@example.com"); got != "" {
		t.Errorf("nothing is blocked, and still: %q", got)
	}
}
