package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

func named(first, last, nick string) apiclient.User {
	return apiclient.User{ID: 7, Login: "ada7", DisplayName: "Kept", Fields: map[string]apiclient.Value{
		"first_name": apiclient.Text(first), "last_name": apiclient.Text(last), "nickname": apiclient.Text(nick),
		"languages": apiclient.List("English", "Zulu"),
	}}
}

// The modes of the setting display_name (Ultimate Member 2.13,
// includes/core/um-actions-save-profile.php), with the login where they leave nothing.
func TestDisplayName(t *testing.T) {
	full, none := named("Ada", "Lovelace", "Countess"), named("", "", "")
	for _, c := range []struct {
		mode string
		user apiclient.User
		want string
	}{
		{"full_name", full, "Ada Lovelace"},
		{"full_name", named("Ada", "", ""), "Ada"},
		{"full_name", named("", "Lovelace", ""), "Lovelace"},
		{"full_name", none, "ada7"},
		{"sur_name", full, "Lovelace Ada"},
		{"sur_name", none, "ada7"},
		{"initial_name", full, "Ada L"},
		{"initial_name", named("Ada", "Ørsted", ""), "Ada Ø"},
		{"initial_name", named("Ada", "", ""), "Ada"},
		{"initial_name_f", full, "A Lovelace"},
		{"initial_name_f", named("山田", "太郎", ""), "山 太郎"},
		{"initial_name_f", none, "ada7"},
		{"first_name", full, "Ada"},
		{"first_name", named("", "Lovelace", ""), "ada7"},
		{"nickname", full, "Countess"},
		{"nickname", none, "ada7"},
		{"username", full, "ada7"},
		{"default", full, "Kept"},
		{"field", full, "Countess English,Zulu ada7"},
		{"field", none, "English,Zulu ada7"},
		{"full_name", named(strings.Repeat("ü", 200), strings.Repeat("ö", 200), ""), strings.Repeat("ü", 200) + " " + strings.Repeat("ö", 49)},
	} {
		o := options("display_name", c.mode, "display_name_field", "nickname, languages,user_login display_name")
		if got := o.DisplayName(c.user, c.user); got != c.want {
			t.Errorf("%s: %q, want %q", c.mode, got, c.want)
		}
	}
}

// With the setting "default" WordPress's own name stays, and names that change are
// replaced in it.
func TestOrdinaryDisplayName(t *testing.T) {
	o := options("display_name", "default")
	was := named("Ada", "Lovelace", "Countess")
	was.DisplayName = "Lady Ada Lovelace (Countess)"
	is := named("Augusta", "King", "Earl")
	is.DisplayName = was.DisplayName
	if got, want := o.DisplayName(was, is), "Lady Augusta King (Earl)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	fresh := named("Ada", "Lovelace", "")
	fresh.ID, fresh.DisplayName = 0, ""
	if got, want := o.DisplayName(apiclient.User{}, fresh), "Ada Lovelace"; got != want {
		t.Errorf("a new user: %q, want %q", got, want)
	}
}
