package views_test

import (
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views"
)

// No screen gives one key two meanings.
func TestKeysAreOfOneMeaning(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t)})
	must(t, err)
	defer e.Close()
	deck, err := views.Open(t.Context(), views.Config{
		API: e, Env: &ui.Env{Ctx: t.Context(), Theme: theme.New(theme.Options{}), Now: time.Now, Sentence: apiclient.MessageOf},
	})
	must(t, err)
	defer deck.Close()
	for _, screen := range deck.Screens {
		if screen == nil {
			continue
		}
		taken := map[string]string{}
		for _, a := range screen.Actions() {
			if other, twice := taken[a.Key]; twice && a.Key != "" {
				t.Errorf("%s: %q is %s and %s", screen.ID(), a.Key, other, a.ID)
			}
			taken[a.Key] = a.ID
		}
	}
}
