package console_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/uitest"
)

func TestJob(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		next := make(chan struct{})
		var retried []string
		job := ui.Job{
			Title: "Approve", Total: 4,
			Run: func(ctx context.Context, report func(ui.Part)) error {
				for i := range 4 {
					select {
					case <-next:
					case <-ctx.Done():
						return ctx.Err()
					}
					p := ui.Part{Key: fmt.Sprint(i), Label: fmt.Sprintf("user%d", i), Note: "approved"}
					if i == 1 {
						p.Err = errors.New("no such user")
					}
					report(p)
				}
				return nil
			},
			Ended: func(parts []ui.Part, err error) tea.Msg {
				return ui.ToastMsg{Level: ui.Info, Text: fmt.Sprintf("ended with %d", len(parts))}
			},
		}
		job.Retry = func(failed []ui.Part) *ui.Job {
			for _, p := range failed {
				retried = append(retried, p.Label)
			}
			return &ui.Job{Title: "Again", Total: 1, Run: func(ctx context.Context, report func(ui.Part)) error {
				report(ui.Part{Label: "user1", Note: "approved"})
				return nil
			}}
		}
		f.users.extra = []ui.Action{{ID: "users.job", Key: "J", Title: "Job", Run: func() tea.Cmd { return ui.Start(job) }}}
		term := f.start(t, 100, 24)
		press(term, "J")
		term.WaitText("jobs 1 ▸ 0/4")
		next <- struct{}{}
		term.WaitText("jobs 1 ▸ 1/4")
		press(term, "q") // asks while the job runs
		term.WaitText("A job is running")
		press(term, "n")
		term.WaitGone("A job is running")
		press(term, "\x18")
		term.WaitText("stops after the part under way")
		next <- struct{}{} // the part under way, after which it stops
		term.WaitText("ended with 2")
		term.WaitGone("jobs 1")
		press(term, ":jobs\r")
		term.WaitText("ended, 1 of 2 failed")
		press(term, "\r")
		term.WaitText("✗ user1  no such user")
		press(term, "r")
		term.WaitText("Again: 1 done")
		if len(retried) != 1 || retried[0] != "user1" {
			t.Errorf("retried %v", retried)
		}
	})
}

func TestQuitStopsJobs(t *testing.T) {
	f := newFixture(t, theme.Options{})
	job := ui.Job{Title: "Endless", Run: func(ctx context.Context, report func(ui.Part)) error {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				report(ui.Part{Label: "part"})
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}}
	f.users.extra = []ui.Action{{ID: "users.job", Key: "J", Title: "Job", Run: func() tea.Cmd { return ui.Start(job) }}}
	term := f.start(t, 100, 24)
	term.Keys("J")
	term.WaitText("jobs 1")
	term.Keys("qy")
	if err := term.Err(); err != nil {
		t.Error(err)
	}
}
