package views_test

import (
	"net/netip"
	"slices"
	"testing"

	"umdeck/apiclient"
)

// setting returns what the site has for a setting.
func (s *stage) setting(key string) apiclient.Setting {
	s.t.Helper()
	all, err := s.api.Settings(s.ctx)
	must(s.t, err)
	at := slices.IndexFunc(all, func(v apiclient.Setting) bool { return v.Key == key })
	if at < 0 {
		s.t.Fatalf("there is no setting %s", key)
	}
	return all[at]
}

// The screen has no key: the palette goes there.
func TestSettingsByPalette(t *testing.T) {
	in(t, play{}, func(t *testing.T, s *stage, press func(string)) {
		press(":settings" + enter)
		s.WaitText("[Settings]")
		s.WaitText("blogname")
	})
}

func TestChangeSetting(t *testing.T) {
	in(t, play{start: "settings?filter=key:display_name"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("e")
		s.WaitText("The default is: full_name")
		press(up + up + save) // nickname, username, full_name
		s.WaitText("display_name is now: nickname")
		s.WaitText("2 settings changed") // the title as well
		if got := s.setting("display_name").Value; got != "nickname" {
			t.Errorf("stored %q", got)
		}
		press("r")
		s.WaitText("display_name is now: full_name")
		if s.setting("display_name").Set {
			t.Error("it is changed still")
		}
	})
}

func TestTakeBackSetting(t *testing.T) {
	in(t, play{start: "settings?filter=key:umdeck_loop_limit"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-1 of 1")
		press("e")
		s.WaitText("The default is: 10")
		press("x" + save)
		s.WaitText("is a whole number")
		press(back + "0" + save)
		s.WaitText("umdeck_loop_limit is now: 100")
		s.WaitText("2 settings changed")
		press("u")
		s.WaitText("1 setting changed")
		if s.setting("umdeck_loop_limit").Set {
			t.Error("the change was not taken back")
		}
	})
}

func TestSettingsReadOnly(t *testing.T) {
	in(t, play{readOnly: true, start: "settings"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("blogname")
		press("e")
		s.WaitText("read-only")
		if s.setting("blogname").Value != "Test" {
			t.Error("it was changed")
		}
	})
}

// TestSecurity shows among the settings what the engine was started with, and changes
// none of it.
func TestSecurity(t *testing.T) {
	in(t, play{start: "settings?filter=group:Security", networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-2 of 2")
		s.WaitText("10.1.0.0/16, fd00:1::/32")
		press("e")
		s.WaitText("It is set where the engine is started")
	})
}
