package list

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
)

const (
	mostTargets = 5  // that a question names
	typedFrom   = 50 // more than so many want a phrase to be typed
	// replayEvery is how often a job on the site is looked at.
	replayEvery = time.Second
	// stopWithin is how long stopping a job on the site may take.
	stopWithin = 15 * time.Second
)

// A ReplayAsk is a replay that a person wants, with how a screen speaks of it.
type ReplayAsk struct {
	Query apiclient.ReplayQuery
	About func(p apiclient.ReplayPlan) []string // what the deliveries are that it chooses, one sentence each
	None  string                                // what there is to say when it chooses none
	Yes   func()                                // called when it is to be started; nil: nothing is
}

// PlannedMsg brings what a replay would do.
type PlannedMsg struct {
	ReplayAsk
	plan apiclient.ReplayPlan
	err  error
}

// PlanReplay asks the site what a replay would do, and brings it to the screen.
func PlanReplay(c Config, screen string, ask ReplayAsk) tea.Cmd {
	ctx, api := c.Env.Ctx, c.API
	return ui.To(screen, func() tea.Msg {
		plan, err := api.PlanReplay(ctx, ask.Query)
		return PlannedMsg{ask, plan, err}
	})
}

// StartPlanned shows what a replay would do and asks whether it is to be started. Its
// progress is a job of the console from then on.
func StartPlanned(c Config, m PlannedMsg) tea.Cmd {
	switch {
	case m.err != nil:
		return ui.Fail(m.err)
	case m.plan.Count == 0 && m.plan.Skipped > 0:
		return ui.Toast(ui.Info, fmt.Sprintf("Nothing can be sent again: %s.", skipped(m.plan)))
	case m.plan.Count == 0:
		return ui.Toast(ui.Info, m.None)
	}
	o := confirm.Options{
		Env: c.Env, Title: "Send " + Deliveries(m.plan.Count) + " again", Go: "Send", Tier: confirm.Once,
		Lines: append(m.About(m.plan), planLines(m.plan)...),
		Yes: func() tea.Cmd {
			if m.Yes != nil {
				m.Yes()
			}
			return ui.Start(replayJob(c, m.Query, m.plan))
		},
	}
	if m.plan.Count > typedFrom {
		o.Tier, o.Phrase = confirm.Typed, fmt.Sprintf("send %d", m.plan.Count)
	}
	return ui.Open(confirm.New(o))
}

func planLines(p apiclient.ReplayPlan) []string {
	var lines []string
	for i, t := range p.Targets {
		if i == mostTargets {
			lines = append(lines, fmt.Sprintf("And %s more targets.", theme.Count(len(p.Targets)-mostTargets)))
			break
		}
		line := fmt.Sprintf("%s to %s (%s)", theme.Count(t.Count), apiclient.HideURL(t.URL), t.ZapName)
		if t.State != apiclient.SubscriptionActive {
			line += ", which is " + string(t.State) + ": they are held"
		}
		lines = append(lines, line)
	}
	if p.Skipped > 0 {
		lines = append(lines, "Left out: "+skipped(p)+".")
	}
	return append(lines, "Each goes out behind what is new, with the same bytes under a new webhook-id: a receiver takes it for new. ctrl+x stops the rest, and :replays shows how far it is.")
}

// skipped says how many are left out, and why.
func skipped(p apiclient.ReplayPlan) string {
	var why []string
	for _, w := range p.Why {
		why = append(why, fmt.Sprintf("%s because %s", theme.Count(w.Count), w.Why))
	}
	if len(why) == 0 {
		return Deliveries(p.Skipped)
	}
	return strings.Join(why, ", ")
}

// Deliveries returns a number of deliveries with its noun.
func Deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return theme.Count(n) + " deliveries"
}

// replayJob follows a job on the site until it has ended, and stops that when it is
// stopped itself.
func replayJob(c Config, q apiclient.ReplayQuery, p apiclient.ReplayPlan) ui.Job {
	api, every := c.API, c.Slowly(replayEvery)
	return ui.Job{
		Title: "Send " + Deliveries(p.Count) + " again", Total: p.Count, Waits: true,
		Run: func(ctx context.Context, report func(ui.Part)) error {
			r, err := api.StartReplay(ctx, q)
			if err != nil {
				return err
			}
			f := follower{report: report, planned: p.Skipped}
			f.saw(r)
			for r.State == apiclient.ReplayRunning {
				timer := time.NewTimer(every)
				select {
				case <-ctx.Done():
					timer.Stop()
					return stopReplay(ctx, api, r.ID)
				case <-timer.C:
				}
				next, err := api.Replay(ctx, r.ID)
				switch {
				case ctx.Err() != nil:
					return stopReplay(ctx, api, r.ID)
				case apiclient.KindOf(err) == apiclient.Unavailable && err != nil:
					continue // the job goes on where it is; the screen says that the site is away
				case err != nil:
					return err
				}
				r = next
				f.saw(r)
			}
			return nil
		},
	}
}

func stopReplay(ctx context.Context, api apiclient.Replays, id apiclient.ReplayID) error {
	cause := ctx.Err()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	_, err := api.StopReplay(ctx, id)
	return errors.Join(cause, err)
}

// A follower reports what has become of a replay's deliveries, once each.
type follower struct {
	report            func(ui.Part)
	planned           int // how many were to be skipped from the start: they are no part of the job
	done, dead, ended int
}

func (f *follower) saw(r apiclient.Replay) {
	f.parts(&f.done, r.Done, ui.Part{Note: "accepted"})
	f.parts(&f.dead, r.Dead, ui.Part{Err: apiclient.Errorf(apiclient.Conflict, "It was given up; the log says why.")})
	f.parts(&f.ended, r.Gone+max(r.Skipped-f.planned, 0), ui.Part{Note: "ended with its subscription, or cannot be sent"})
	if r.State == apiclient.ReplayStopped {
		f.report(ui.Part{Key: "stopped", Label: "replay " + Number(r.ID), Note: "stopped"})
	}
}

// parts reports how many more there are than were seen.
func (f *follower) parts(seen *int, now int, p ui.Part) {
	for ; *seen < now; *seen++ {
		p.Label = "one of the deliveries"
		f.report(p)
	}
}
