package views_test

import (
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// Over a fast line a word arrives at once, and some words are the names of keys.
func TestWordsThatAreNamesOfKeys(t *testing.T) {
	in(t, play{seed: func(s *stage) {
		s.field(apiclient.Field{Key: "x_area", Label: "X area", Type: apiclient.FieldTextarea})
		s.user(apitest.User("ada"))
	}}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("ada")
		press("n")
		s.WaitText("New user")
		press("home" + tab + "grace@example.com" + tab + tab + tab + tab + tab)
		s.WaitText("the site's default role")
		press("/editor" + enter + tab) // what a search has found is chosen
		s.WaitText("what the role gives to new accounts")
		press("/review" + enter + save)
		s.WaitText("home is registered as user 3, awaiting admin review.")
		s.cursorOn("home") // the list has been read again
		if got := s.find("home").Role(); got != "editor" {
			t.Errorf("the role is %s", got)
		}
		press("e")
		s.WaitText("Edit home")
		s.goTo(press, "X area")
		press("delete up left")
		s.WaitText("delete up left")
		press(save)
		s.WaitText("home is saved.")
		press("/")
		s.WaitText("anna") // the hint of the empty bar
		press("home" + enter)
		s.settled("1 match")
		press("d")
		s.WaitText("cannot be undone")
		press("delete home" + enter)
		s.WaitText("home is deleted.")
	})
}
