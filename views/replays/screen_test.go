package replays_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/uitest"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/replays"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// A site has one replay, which is over when it is asked for the last time.
type site struct {
	apiclient.API
	asked, last int
}

func (s *site) Replays(context.Context, apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	s.asked++
	r := apiclient.Replay{ID: 7, At: noon.Add(-time.Minute), By: "ada", State: apiclient.ReplayRunning, Total: 10, Made: 8, Done: 8}
	if s.asked >= s.last {
		r.State, r.Total, r.Ended = apiclient.ReplayDone, 8, noon
	}
	return apiclient.ReplayPage{Replays: []apiclient.Replay{r}}, nil
}

// TestReadsWhileOneRuns has a job that ends without a word in the log: it is asked for now
// and then, and no more when none runs or nobody looks.
func TestReadsWhileOneRuns(t *testing.T) {
	for _, c := range []struct {
		name  string
		shown bool
		slow  bool
		asked int
		took  time.Duration
		want  string
	}{
		{"shown", true, false, 3, 10 * time.Second, "done"},
		{"over a slow line", true, true, 3, 30 * time.Second, "done"},
		{"not shown", false, false, 1, 0, "running"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := &site{last: 3}
				env := &ui.Env{Ctx: t.Context(), Theme: theme.New(theme.Options{}), Now: func() time.Time { return noon }, Slow: c.slow}
				s := replays.New(list.Config{Env: env, API: api, Hub: live.New(live.Config{API: api, Why: "There is none."})})
				start := time.Now()
				todo := []tea.Cmd{s.Update(ui.SizeMsg{Width: 80, Height: 20}), s.Update(ui.ShownMsg{Shown: c.shown}), s.Model.Init()}
				for len(todo) > 0 {
					next := todo[0]
					todo = todo[1:]
					for _, msg := range uitest.Messages(next) {
						todo = append(todo, s.Update(msg))
					}
				}
				if took := time.Since(start); api.asked != c.asked || took != c.took {
					t.Errorf("asked %d times in %v; want %d in %v", api.asked, took, c.asked, c.took)
				}
				if screen := s.View(80, 20); !strings.Contains(screen, c.want) {
					t.Errorf("it does not say %q:\n%s", c.want, screen)
				}
			})
		})
	}
}
