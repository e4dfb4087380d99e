package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

func TestNewSubscriptionValidate(t *testing.T) {
	for _, u := range []string{
		"https://hooks.zapier.com/hooks/standard/1/2/", "http://127.0.0.1:9000/hook?x=1&y=%20", "https://[::1]:8080/", "https://host",
		"https://example.com/" + strings.Repeat("a", apiclient.MaxURL-len("https://example.com/")),
	} {
		if err := (apiclient.NewSubscription{Zap: 5, URL: u}).Validate(); err != nil {
			t.Errorf("%.60s: %v", u, err)
		}
	}
	for _, c := range []struct {
		name  string
		n     apiclient.NewSubscription
		field string
	}{
		{"no zap", apiclient.NewSubscription{URL: "https://example.com"}, "group_field_id"},
		{"a zap below 1", apiclient.NewSubscription{Zap: -1, URL: "https://example.com"}, "group_field_id"},
		{"no target", apiclient.NewSubscription{Zap: 1}, "subscription_target_url"},
		{"a blank target", apiclient.NewSubscription{Zap: 1, URL: "  "}, "subscription_target_url"},
		{"too long", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/" + strings.Repeat("a", apiclient.MaxURL)}, "subscription_target_url"},
		{"a space", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/a b"}, "subscription_target_url"},
		{"a line break", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/\r\nHost: x"}, "subscription_target_url"},
		{"no scheme", apiclient.NewSubscription{Zap: 1, URL: "example.com/hook"}, "subscription_target_url"},
		{"another scheme", apiclient.NewSubscription{Zap: 1, URL: "ftp://example.com/"}, "subscription_target_url"},
		{"a file", apiclient.NewSubscription{Zap: 1, URL: "file:///etc/passwd"}, "subscription_target_url"},
		{"no host", apiclient.NewSubscription{Zap: 1, URL: "https:///hook"}, "subscription_target_url"},
		{"a port alone", apiclient.NewSubscription{Zap: 1, URL: "https://:443/hook"}, "subscription_target_url"},
		{"a user", apiclient.NewSubscription{Zap: 1, URL: "https://ada:pass@example.com/"}, "subscription_target_url"},
		{"a fragment", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/#x"}, "subscription_target_url"},
		{"an empty fragment", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/x#"}, "subscription_target_url"},
		{"a control character of two bytes", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/\u0085x"}, "subscription_target_url"},
		{"no UTF-8", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/\xff"}, "subscription_target_url"},
		{"an empty user", apiclient.NewSubscription{Zap: 1, URL: "https://@example.com/"}, "subscription_target_url"},
		{"a bad escape", apiclient.NewSubscription{Zap: 1, URL: "https://example.com/%zz"}, "subscription_target_url"},
		{"a bad port", apiclient.NewSubscription{Zap: 1, URL: "https://example.com:port/"}, "subscription_target_url"},
	} {
		t.Run(c.name, func(t *testing.T) { wantInvalid(t, c.n.Validate(), c.field) })
	}
}

func TestHideURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://hooks.zapier.com/hooks/standard/1234567/abcdef08f2c/": "hooks.zapier.com/…8f2c",
		"https://example.com":                          "example.com",
		"https://example.com/":                         "example.com",
		"https://example.com/a":                        "example.com/a",
		"https://example.com/hook":                     "example.com/hook",
		"https://example.com/hooks":                    "example.com/…ooks",
		"https://example.com:8080/in?key=topsecretkey": "example.com:8080/…tkey",
		"https://example.com/søren-øøøø":               "example.com/…øøøø",
		"https://ada:secret@example.com/longer-path":   "example.com/…path",
		"":         "…",
		"no url":   "…",
		"://x":     "…",
		"mailto:a": "…",
	} {
		if got := apiclient.HideURL(raw); got != want {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
		if got := (apiclient.Subscription{URL: raw}).Target(); got != want {
			t.Errorf("the target %q is shown as %q, want %q", raw, got, want)
		}
	}
}

// wantInvalid checks that err refuses the parameter key with a sentence.
func wantInvalid(t *testing.T, err error, key string) {
	t.Helper()
	if apiclient.KindOf(err) != apiclient.Invalid {
		t.Fatalf("got %v, want an Invalid error about %s", err, key)
	}
	if e, ok := err.(*apiclient.Error); !ok || e.Field != key { //nolint:errorlint // it must be this very error
		t.Errorf("the error is about %q, want %q: %v", e.Field, key, err)
	}
	sentence(t, apiclient.MessageOf(err))
}
