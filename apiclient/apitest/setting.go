package apitest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testSettings(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadSettings)
	list := must(s.Settings(t.Context()))(t)
	var keys []string
	for _, c := range apiclient.SettingCatalogue() {
		keys = append(keys, c.Key)
	}
	var got []string
	for _, c := range list {
		got = append(got, c.Key)
		if c.Secret && c.Value != "" {
			t.Errorf("the secret %s has a value that was read back", c.Key)
		}
		if !c.Secret && c.Set != (c.Value != c.Default) {
			t.Errorf("%s has the value %q and the default %q; Set is %t", c.Key, c.Value, c.Default, c.Set)
		}
	}
	if diff := cmp.Diff(keys, got); diff != "" {
		t.Errorf("the keys of the settings (-want +got):\n%s", diff)
	}
	s.need(t, apiclient.CanWriteSettings)
	t.Run("change", s.testChangeSettings)
	t.Run("refuse", s.testRefuseSettings)
	t.Run("secret", s.testSecretSetting)
}

// setting returns one setting of a list.
func setting(t *testing.T, list []apiclient.Setting, key string) apiclient.Setting {
	t.Helper()
	i := slices.IndexFunc(list, func(c apiclient.Setting) bool { return c.Key == key })
	if i < 0 {
		t.Fatalf("there is no setting %s", key)
	}
	return list[i]
}

// set changes settings, which must be taken.
func (s *subject) set(t *testing.T, values map[string]string) []apiclient.Setting {
	t.Helper()
	list, err := s.ChangeSettings(t.Context(), values)
	if err != nil {
		t.Fatalf("ChangeSettings(%v): %v", values, err)
	}
	return list
}

func (s *subject) testChangeSettings(t *testing.T) {
	list := s.set(t, map[string]string{"activation_link_expiry_time": " 3 ", "members_page": "off", "display_name": "nickname", "blocked_words": "root \r\nOperator\n\n"})
	for key, want := range map[string]string{
		"activation_link_expiry_time": "3", "members_page": "0", "display_name": "nickname", "blocked_words": "root\nOperator",
	} {
		c := setting(t, list, key)
		if c.Value != want || !c.Set {
			t.Errorf("%s is %q, set %t; want %q", key, c.Value, c.Set, want)
		}
	}
	if diff := cmp.Diff(list, must(s.Settings(t.Context()))(t)); diff != "" {
		t.Errorf("Settings says otherwise than ChangeSettings (-changed +read):\n%s", diff)
	}
	back := map[string]string{}
	for _, key := range []string{"activation_link_expiry_time", "members_page", "display_name", "blocked_words"} {
		back[key] = setting(t, list, key).Default
	}
	list = s.set(t, back)
	for key, want := range back {
		if c := setting(t, list, key); c.Value != want || c.Set {
			t.Errorf("%s is %q, set %t after its default was set; want %q", key, c.Value, c.Set, want)
		}
	}
}

func (s *subject) testRefuseSettings(t *testing.T) {
	before := must(s.Settings(t.Context()))(t)
	for name, c := range map[string]struct{ key, value string }{
		"unknown":             {"no_such_setting", "1"},
		"nothing of a switch": {"members_page", "perhaps"},
		"not a number":        {"password_min_chars", "eight"},
		"below the least":     {"activation_link_expiry_time", "0"},
		"no choice":           {"display_name", "initials"},
		"no role":             {"default_role", "no-such-role"},
		"a control character": {"blogname", "a\x1bb"},
		"no address":          {"blocked_emails", "nobody"},
		"a bad status":        {"umdeck_statuses", "On Hold!|x"},
		"a status of before":  {"umdeck_statuses", "approved|Yes"},
		"a contradiction":     {"password_max_chars", "2"},
		"an empty key":        {"", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.ChangeSettings(t.Context(), map[string]string{"blogname": "Half done", c.key: c.value})
			wantKind(t, c.key, err, apiclient.Invalid)
		})
	}
	if diff := cmp.Diff(before, must(s.Settings(t.Context()))(t)); diff != "" {
		t.Errorf("a refused change left something (-before +after):\n%s", diff)
	}
}

// testSecretSetting changes each secret: its text is told nowhere.
func (s *subject) testSecretSetting(t *testing.T) {
	const hush = "S3tting-horse battery"
	for _, c := range apiclient.SettingCatalogue() {
		if !c.Secret {
			continue
		}
		got := setting(t, s.set(t, map[string]string{c.Key: hush}), c.Key)
		if !got.Set || got.Value != "" {
			t.Errorf("%s: set %t, value of %d bytes; want set and none", c.Key, got.Set, len(got.Value))
		}
		if s.can(apiclient.CanReadAudit) {
			s.noSecret(t, hush)
		}
		if got := setting(t, s.set(t, map[string]string{c.Key: ""}), c.Key); got.Set {
			t.Errorf("%s is set after it was emptied", c.Key)
		}
	}
}
