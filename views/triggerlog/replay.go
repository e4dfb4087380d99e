package triggerlog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

const (
	mostTargets = 5  // that a question names
	typedFrom   = 50 // more than so many want a phrase to be typed
	// replayEvery is how often a job on the site is looked at.
	replayEvery = time.Second
	// stopWithin is how long stopping a job on the site may take.
	stopWithin = 15 * time.Second
)

// plannedMsg brings what a replay would do.
type plannedMsg struct {
	query  apiclient.ReplayQuery
	marked bool   // of the marked rows
	text   string // else the filter; empty: what was given up
	plan   apiclient.ReplayPlan
	err    error
}

// planReplay asks the site what sending again all that the filter shows would do; without
// a filter, all that was given up.
func (s *Screen) planReplay() tea.Cmd {
	m := plannedMsg{text: s.filter, query: apiclient.ReplayQuery{Filter: s.match, Key: rand.Text()}}
	if m.text == "" {
		m.query.Filter = apiclient.FieldIs("state", string(apiclient.DeliveryDead))
	}
	return s.plan(m)
}

// plan asks the site what a job would do.
func (s *Screen) plan(m plannedMsg) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		m.plan, m.err = api.PlanReplay(ctx, m.query)
		return m
	})
}

// planned asks whether it is to be done.
func (s *Screen) planned(m plannedMsg) tea.Cmd {
	switch {
	case m.err != nil:
		return ui.Fail(m.err)
	case m.plan.Count == 0 && m.plan.Skipped > 0:
		return ui.Toast(ui.Info, fmt.Sprintf("Nothing can be sent again: %s.", skipped(m.plan)))
	case m.plan.Count == 0 && m.marked:
		return ui.Toast(ui.Info, "The marked deliveries are no longer kept, so there is nothing to send again.")
	case m.plan.Count == 0 && m.text == "":
		return ui.Toast(ui.Info, "No delivery was given up, so there is nothing to send again.")
	case m.plan.Count == 0:
		return ui.Toast(ui.Info, "No delivery matches the filter, so there is nothing to send again.")
	}
	o := confirm.Options{
		Env: s.Env, Title: "Send " + deliveries(m.plan.Count) + " again", Go: "Send", Tier: confirm.Once,
		Lines: planLines(m),
		Yes: func() tea.Cmd {
			if m.marked {
				s.log().ClearMarks()
			}
			return ui.Start(s.replay(m.query, m.plan.Count))
		},
	}
	if m.plan.Count > typedFrom {
		o.Tier, o.Phrase = confirm.Typed, fmt.Sprintf("send %d", m.plan.Count)
	}
	return ui.Open(confirm.New(o))
}

func planLines(m plannedMsg) []string {
	lines := []string{"They are all that were given up."}
	switch {
	case m.marked && m.plan.Count+m.plan.Skipped == 1:
		lines[0] = "It is the marked one."
	case m.marked:
		lines[0] = "They are the marked ones, and go out oldest first."
	case m.text != "":
		lines[0] = "They are all that match " + m.text + "."
	}
	for i, t := range m.plan.Targets {
		if i == mostTargets {
			lines = append(lines, fmt.Sprintf("And %s more targets.", theme.Count(len(m.plan.Targets)-mostTargets)))
			break
		}
		line := fmt.Sprintf("%s to %s (%s)", theme.Count(t.Count), apiclient.HideURL(t.URL), t.ZapName)
		if t.State != apiclient.SubscriptionActive {
			line += ", which is " + string(t.State) + ": they are held"
		}
		lines = append(lines, line)
	}
	if m.plan.Skipped > 0 {
		lines = append(lines, "Left out: "+skipped(m.plan)+".")
	}
	return append(lines, "Each goes out behind what is new, with the same bytes and a new webhook-id, so a receiver takes it for new. ctrl+x stops the rest.")
}

// skipped says how many are left out, and why.
func skipped(p apiclient.ReplayPlan) string {
	var why []string
	for _, w := range p.Why {
		why = append(why, fmt.Sprintf("%s because %s", theme.Count(w.Count), w.Why))
	}
	if len(why) == 0 {
		return deliveries(p.Skipped)
	}
	return strings.Join(why, ", ")
}

// replay is the job that follows a job on the site until it has ended, and stops that when
// it is stopped itself.
func (s *Screen) replay(q apiclient.ReplayQuery, count int) ui.Job {
	api, every := s.API, s.slowly(replayEvery)
	return ui.Job{
		Title: "Send " + deliveries(count) + " again", Total: count, Waits: true,
		Run: func(ctx context.Context, report func(ui.Part)) error {
			r, err := api.StartReplay(ctx, q)
			if err != nil {
				return err
			}
			f := follower{report: report}
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
	done, dead, ended int
}

func (f *follower) saw(r apiclient.Replay) {
	f.parts(&f.done, r.Done, ui.Part{Note: "accepted"})
	f.parts(&f.dead, r.Dead, ui.Part{Err: apiclient.Errorf(apiclient.Conflict, "It was given up; the log says why.")})
	f.parts(&f.ended, r.Gone+r.Skipped, ui.Part{Note: "ended with its subscription, or cannot be sent"})
	if r.State == apiclient.ReplayStopped {
		f.report(ui.Part{Key: "stopped", Label: "replay " + list.Number(r.ID), Note: "stopped"})
	}
}

// parts reports how many more there are than were seen.
func (f *follower) parts(seen *int, now int, p ui.Part) {
	for ; *seen < now; *seen++ {
		p.Label = "one of the deliveries"
		f.report(p)
	}
}
