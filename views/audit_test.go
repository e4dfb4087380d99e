package views_test

import (
	"testing"

	"umdeck/apiclient"
)

// A change is taken back from the screen, and the taking back too.
func TestTakeChangeBack(t *testing.T) {
	in(t, play{seed: func(s *stage) {
		z := s.zap(apiclient.NewZap{Name: "New members", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration, Fields: []string{"user_email"}, Status: apiclient.ZapRunning})
		_, err := s.api.UpdateZap(s.ctx, z.ID, apiclient.ZapUpdate{Name: new("Renamed")})
		must(s.t, err)
	}}, func(t *testing.T, s *stage, press func(string)) {
		press("9")
		s.WaitText("[9 Audit]")
		s.cursorOn("zaps.update")
		s.WaitText("New members → Renamed")
		press("z")
		s.WaitText("Sets zap 1 (Renamed) back.")
		press("y")
		s.WaitText("is as it was before the change.")
		z, err := s.api.Zap(s.ctx, 1)
		must(t, err)
		if z.Name != "New members" {
			t.Errorf("the zap is called %q", z.Name)
		}
		s.WaitText("The change was taken back by entry 3.")
		press("u")
		s.WaitText("rows 1-4 of 4")
		z, err = s.api.Zap(s.ctx, 1)
		must(t, err)
		if z.Name != "Renamed" {
			t.Errorf("after undo the zap is called %q", z.Name)
		}
		press("o")
		s.WaitText("[2 Zaps]")
	})
}

// What cannot be taken back says why.
func TestNothingTakesItBack(t *testing.T) {
	in(t, play{start: "audit", seed: func(s *stage) {
		_, _, err := s.api.CreatePassword(s.ctx, 1, "zapier")
		must(s.t, err)
	}}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("passwords.create")
		s.WaitText("Revoke the application password instead.")
		press("z")
		s.WaitText("Revoke the application password instead.")
		press("/")
		s.WaitText("action:users.*")
		press("actor:nobody" + enter)
		s.WaitText("No change matches this filter.")
	})
}
