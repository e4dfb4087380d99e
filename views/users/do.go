package users

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
)

// doneMsg brings what an action on one user has done.
type doneMsg struct {
	action   apiclient.UserAction
	step     apiclient.Step
	outcomes []apiclient.Outcome
	err      error
}

// do carries out what the plan allows: one user at once, more as a job.
func (s *Screen) do(p apiclient.Plan) tea.Cmd {
	a := p.Action
	a.Users = nil
	labels := map[apiclient.UserID]string{}
	for _, step := range p.Steps {
		if step.Refused == "" {
			a.Users = append(a.Users, step.User)
			labels[step.User] = name(step)
		}
	}
	if len(a.Users) > 1 {
		s.ClearMarks()
		return ui.Start(s.job(a, labels))
	}
	ctx, api := s.Env.Ctx, s.API
	step := p.Steps[slices.IndexFunc(p.Steps, func(s apiclient.Step) bool { return s.Refused == "" })]
	return ui.To(ID, func() tea.Msg {
		outcomes, err := api.DoUsers(ctx, a)
		return doneMsg{a, step, outcomes, err}
	})
}

// atOnce is how many users of a job are acted on by one call: few enough that the
// progress moves and that stopping is soon.
const atOnce = 25

func (s *Screen) job(a apiclient.UserAction, labels map[apiclient.UserID]string) ui.Job {
	users, api := a.Users, s.API
	title := fmt.Sprintf("%s %s users", a.Action.Title(), number(len(users)))
	return ui.Job{
		Title: title, Total: len(users),
		Run: func(ctx context.Context, report func(ui.Part)) error {
			for part := range slices.Chunk(users, atOnce) {
				a.Users = part
				outcomes, err := api.DoUsers(ctx, a)
				if err != nil {
					return err
				}
				for _, o := range outcomes {
					report(partOf(o, a.Action, labels))
				}
			}
			return nil
		},
		Ended: func([]ui.Part, error) tea.Msg { return ui.ToMsg{Screen: ID, Msg: savedMsg{}} },
		Retry: func(failed []ui.Part) *ui.Job {
			again := a
			again.Users = nil
			for id, label := range labels {
				if slices.ContainsFunc(failed, func(p ui.Part) bool { return p.Label == label }) {
					again.Users = append(again.Users, id)
				}
			}
			slices.Sort(again.Users)
			job := s.job(again, labels)
			return &job
		},
	}
}

func partOf(o apiclient.Outcome, a apiclient.Action, labels map[apiclient.UserID]string) ui.Part {
	p := ui.Part{Key: labels[o.User], Label: labels[o.User], Note: a.Done()}
	if o.Err != nil {
		p.Err, p.Note = o.Err, ""
	}
	return p
}

func (s *Screen) done(msg doneMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Fail(msg.err)
	}
	if len(msg.outcomes) == 0 {
		return s.Model.Reload()
	}
	done, line := summary(msg.outcomes, msg.action.Action)
	toast := ui.ToastMsg{Level: ui.Done, Text: line}
	if done == 0 {
		toast.Level = ui.Bad
	}
	if back, ok := inverse(msg.action.Action, msg.step); ok && done > 0 {
		a := apiclient.UserAction{Action: back, Users: msg.action.Users}
		toast.Label = strings.ToLower(msg.action.Action.Title()) + " " + name(msg.step)
		toast.Undo = func() tea.Cmd { return s.undo(a) }
	}
	if msg.action.Action == apiclient.ActionDelete && done > 0 {
		s.Remove(fmt.Sprint(msg.action.Users[0]))
	}
	return tea.Batch(func() tea.Msg { return toast }, s.Model.Reload())
}

// undo does the inverse action without asking: the person has just asked for it.
func (s *Screen) undo(a apiclient.UserAction) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		outcomes, err := api.DoUsers(ctx, a)
		// A step without a status has no inverse, so an undo offers no undo.
		return doneMsg{action: a, step: apiclient.Step{From: apiclient.StatusUnknown}, outcomes: outcomes, err: err}
	})
}

// savedMsg says that the site has changed by what this screen did.
type savedMsg struct {
	id   apiclient.UserID // whom to show; 0: nobody
	text string           // what to say; empty: nothing
}

func (s *Screen) saved(msg savedMsg) tea.Cmd {
	cmds := []tea.Cmd{s.Model.Reload()}
	if msg.id != 0 {
		s.Select(fmt.Sprint(msg.id))
	}
	if msg.text != "" {
		cmds = append(cmds, ui.Toast(ui.Done, msg.text))
	}
	return tea.Batch(cmds...)
}
