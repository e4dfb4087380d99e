package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

// TestSettingCatalogue checks what every setting promises.
func TestSettingCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range apiclient.SettingCatalogue() {
		if s.Key == "" || seen[s.Key] || s.Group == "" || s.Label == "" || !strings.HasSuffix(s.Help, ".") {
			t.Errorf("%+v", s)
		}
		seen[s.Key] = true
		if got, err := s.Accept(s.Default); err != nil || got != s.Default {
			t.Errorf("%s does not take its default %q as it is: %q, %v", s.Key, s.Default, got, err)
		}
		if (s.Kind == apiclient.SettingSelect) != (len(s.Choices) > 0) {
			t.Errorf("%s is a %s with %d choices", s.Key, s.Kind, len(s.Choices))
		}
		if s.Secret && s.Default != "" {
			t.Errorf("the secret %s has a default", s.Key)
		}
	}
	if err := apiclient.DefaultOptions().Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

func settingCalled(t *testing.T, key string) apiclient.Setting {
	t.Helper()
	for _, s := range apiclient.SettingCatalogue() {
		if s.Key == key {
			return s
		}
	}
	t.Fatalf("no setting %s", key)
	return apiclient.Setting{}
}

func TestAcceptSetting(t *testing.T) {
	for _, c := range []struct{ key, text, want string }{
		{"members_page", "on", "1"},
		{"members_page", "TRUE", "1"},
		{"members_page", "", "0"},
		{"members_page", "No", "0"},
		{"password_min_chars", " 12 ", "12"},
		{"password_min_chars", "012", "12"},
		{"activation_link_expiry_time", "", ""},
		{"display_name", "sur_name", "sur_name"},
		{"register_role", "", ""},
		{"register_role", " um_member ", "um_member"},
		{"blogname", "  Ada & Co ", "Ada & Co"},
		{"admin_email", "a@example.com, b@example.com", "a@example.com, b@example.com"},
		{"blocked_words", "a \r\nb\n\n", "a\nb"},
		{"blocked_emails", "*@example.com\nx@example.com", "*@example.com\nx@example.com"},
		{"umdeck_statuses", "on_hold|On hold\nvip", "on_hold|On hold\nvip"},
		{"umdeck_loop_limit", "0", "0"},
	} {
		if got, err := settingCalled(t, c.key).Accept(c.text); got != c.want || err != nil {
			t.Errorf("%s = %q: %q, %v; want %q", c.key, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct{ key, text string }{
		{"members_page", "2"},
		{"password_min_chars", ""},
		{"password_min_chars", "8.5"},
		{"password_min_chars", "0"},
		{"password_max_chars", "5000"},
		{"activation_link_expiry_time", "-1"},
		{"display_name", ""},
		{"default_role", ""},
		{"blogname", " "},
		{"blogname", "a\nb"},
		{"blogname", "\xff"},
		{"blogname", strings.Repeat("x", 1001)},
		{"admin_email", "nobody"},
		{"admin_email", ""},
		{"blocked_words", "a\x1b[2J"},
		{"blocked_words", strings.Repeat("x\n", 60_000)},
		{"blocked_emails", "@example.com"},
		{"umdeck_statuses", "|x"},
		{"umdeck_statuses", "vip\nVIP"},
		{"umdeck_statuses", "awaitingadminreview"},
	} {
		_, err := settingCalled(t, c.key).Accept(c.text)
		wantInvalid(t, err, c.key)
	}
}

func TestOptions(t *testing.T) {
	o := options("members_page", "1", "password_min_chars", "12", "blocked_words", " a \n\nb", "umdeck_statuses", "on_hold|On hold\nvip")
	if !o.On("members_page") || o.Int("password_min_chars") != 12 || o.Int("activation_link_expiry_time") != 0 || strings.Join(o.Lines("blocked_words"), ",") != "a,b" {
		t.Error("the options are read otherwise")
	}
	own := o.OwnStatuses()
	if len(own) != 2 || own[0].Slug != "on_hold" || own[0].Label != "On hold" || own[1].Label != "vip" {
		t.Errorf("%+v", own)
	}
	wantInvalid(t, options("password_min_chars", "20", "password_max_chars", "10").Check(), "password_min_chars")
	defer func() {
		if recover() == nil {
			t.Error("an unknown key does not panic")
		}
	}()
	o.Text("no_such_setting")
}
