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
