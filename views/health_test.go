package views_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views"
)

// sick is a site whose disk is full, until it is well.
type sick struct {
	apiclient.API
	health chan apiclient.Health // what it says next
}

func (s sick) Health(ctx context.Context) (apiclient.Health, error) {
	select {
	case h := <-s.health:
		return h, nil
	case <-ctx.Done():
		return apiclient.Health{}, ctx.Err()
	}
}

// TestHeaderSaysWhatIsWrong: what the site's health finds stands before what was known
// when it was opened, and goes when it is over.
func TestHeaderSaysWhatIsWrong(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := sick{e, make(chan apiclient.Health)}
	env := &ui.Env{Ctx: t.Context(), Theme: theme.New(theme.Options{}), Now: time.Now, Sentence: apiclient.MessageOf}
	deck, err := views.Open(t.Context(), views.Config{Env: env, API: s})
	if err != nil {
		t.Fatal(err)
	}
	defer deck.Close()
	const full = "The disk is full: nothing is sent or changed until there is room."
	for _, want := range []string{full, ""} {
		h := apiclient.Health{}
		if want != "" {
			h.Problems = []string{want}
		}
		select {
		case s.health <- h:
		case <-time.After(30 * time.Second):
			t.Fatal("nobody asks how the site does")
		}
		late := time.After(15 * time.Second)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for got := "?"; got != want; {
			got = ""
			if w := deck.Header().Warnings; len(w) > 0 && strings.HasPrefix(w[0], "The disk") {
				got = w[0]
			}
			select {
			case <-tick.C:
			case <-late:
				t.Fatalf("the header says %q; want %q", got, want)
			}
		}
	}
}
