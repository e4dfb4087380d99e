package apiclient

import (
	"strings"
	"testing"
)

func TestNicename(t *testing.T) {
	for login, want := range map[string]string{
		"ada":                          "ada",
		"Ada.Lovelace":                 "ada-lovelace",
		"ada lovelace":                 "ada-lovelace",
		"ada@example.com":              "adaexample-com",
		"..a__b--c..":                  "a__b-c",
		"@":                            "",
		"":                             "",
		strings.Repeat("x", 49) + ".y": strings.Repeat("x", 49),
	} {
		got := Nicename(login)
		if got != want {
			t.Errorf("Nicename(%q) is %q; want %q", login, got, want)
		}
		if err := CheckNicename(got); got != "" && err != nil {
			t.Errorf("CheckNicename(%q): %v", got, err)
		}
	}
}

func TestCheckNicename(t *testing.T) {
	for text, ok := range map[string]bool{
		"ada-2": true, "%e5%b1%b1": true, strings.Repeat("a", 50): true,
		"": false, "Ada": false, "a b": false, "a/b": false, "100%": false, "%E5": false, "é": false, strings.Repeat("a", 51): false,
	} {
		if err := CheckNicename(text); (err == nil) != ok {
			t.Errorf("CheckNicename(%q): %v", text, err)
		}
	}
}
