package users

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/views/list"
)

// doneMsg brings what an action on one user has done.
type doneMsg struct {
	action   apiclient.UserAction
	outcomes []apiclient.Outcome
	err      error
	inverse  *apiclient.UserAction // what takes it back; nil: nothing does
}

// do carries out what the plan allows: one user at once, more as a job. was is how the
// users were before.
func (s *Screen) do(p apiclient.Plan, was map[apiclient.UserID]row) tea.Cmd {
	a := p.Action
	a.Users = nil
	labels := map[apiclient.UserID]string{}
	var last apiclient.Step
	for _, step := range p.Steps {
		if step.Refused == "" {
			a.Users = append(a.Users, step.User)
			labels[step.User] = name(step)
			last = step
		}
	}
	if len(a.Users) > 1 {
		s.ClearMarks()
		return ui.Start(s.job(a, labels, &p))
	}
	msg := doneMsg{action: a}
	if inverse, ok := back(a, last, was[last.User]); ok {
		msg.inverse = &inverse
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		msg.outcomes, msg.err = api.DoUsers(ctx, a)
		return msg
	})
}

// atOnce is how many users of a job are acted on by one call: few enough that the
// progress moves and that stopping is soon.
const atOnce = 10

// job acts on many users. p is what was planned for them; nil: the job offers no undo.
func (s *Screen) job(a apiclient.UserAction, labels map[apiclient.UserID]string, p *apiclient.Plan) ui.Job {
	users, api := a.Users, s.API
	return ui.Job{
		Title: fmt.Sprintf("%s: %s", a.Action.Title(), list.Plural(len(users), "user")), Total: len(users),
		Run: func(ctx context.Context, report func(ui.Part)) error {
			for part := range slices.Chunk(users, atOnce) {
				if err := ctx.Err(); err != nil {
					return err
				}
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
		Ended: func(parts []ui.Part, _ error) tea.Msg {
			return ui.ToMsg{Screen: ID, Msg: jobDoneMsg{a.Action, p, doneOf(parts), len(users)}}
		},
		Retry: func(failed []ui.Part) *ui.Job {
			again := a
			again.Users = idsOf(failed)
			job := s.job(again, labels, nil)
			return &job
		},
	}
}

func partOf(o apiclient.Outcome, a apiclient.Action, labels map[apiclient.UserID]string) ui.Part {
	p := ui.Part{Key: list.Number(o.User), Label: list.First(labels[o.User], o.Login, list.Number(o.User)), Note: a.Done()}
	if o.Err != nil {
		p.Err, p.Note = o.Err, ""
	}
	return p
}

// doneOf returns the users to whom it was done; nobody when there was one to whom it was
// not, since what the list of results says counts then.
func doneOf(parts []ui.Part) []apiclient.UserID {
	if slices.ContainsFunc(parts, func(p ui.Part) bool { return p.Err != nil }) {
		return nil
	}
	return idsOf(parts)
}

func idsOf(parts []ui.Part) []apiclient.UserID {
	var ids []apiclient.UserID
	for _, p := range parts {
		if id, err := list.ParseNumber[apiclient.UserID](p.Key); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// jobDoneMsg says that a job has ended.
type jobDoneMsg struct {
	action apiclient.Action
	plan   *apiclient.Plan
	done   []apiclient.UserID // nobody when anything failed
	asked  int                // how many it was to be done to
}

// jobDone shows what the job has left, and offers to take it back where that can be done.
func (s *Screen) jobDone(m jobDoneMsg) tea.Cmd {
	if m.plan == nil {
		return s.Reload()
	}
	inverse, ok := backAll(*m.plan, m.done)
	if !ok {
		return s.Reload()
	}
	toast := ui.ToastMsg{
		Level: ui.Done, Text: fmt.Sprintf("%s: %s.", list.Plural(len(m.done), "user"), m.action.Done()),
		Undo: func() tea.Cmd { return s.undo(inverse) }, Label: "that",
	}
	if len(m.done) < m.asked {
		toast.Level, toast.Text = ui.Warn, fmt.Sprintf("Stopped after %s of %s users, who are %s.", number(len(m.done)), number(m.asked), m.action.Done())
	}
	return tea.Batch(func() tea.Msg { return toast }, s.Reload())
}

func (s *Screen) done(msg doneMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Fail(msg.err)
	}
	if len(msg.outcomes) == 0 {
		return s.Reload()
	}
	o := msg.outcomes[0]
	whom := list.First(o.Login, fmt.Sprintf("User %d", o.User))
	if o.Err != nil {
		return tea.Batch(ui.Toast(ui.Bad, whom+": "+o.Err.Message), s.Reload())
	}
	toast := ui.ToastMsg{Level: ui.Done, Text: said(msg.action, whom)}
	if msg.inverse != nil {
		toast.Label = undoLabel(msg.action.Action, whom)
		toast.Undo = func() tea.Cmd { return s.undo(*msg.inverse) }
	}
	if msg.action.Action == apiclient.ActionDelete {
		s.Remove(list.Number(o.User))
	}
	return tea.Batch(func() tea.Msg { return toast }, s.Reload())
}

// said is what was done, as a sentence.
func said(a apiclient.UserAction, whom string) string {
	switch a.Action {
	case apiclient.ActionAddRole:
		return fmt.Sprintf("%s has the role %s besides.", whom, a.Role)
	case apiclient.ActionRemoveRole:
		return fmt.Sprintf("%s has no longer the role %s.", whom, a.Role)
	case apiclient.ActionRole:
		return fmt.Sprintf("%s has the role %s.", whom, a.Role)
	case apiclient.ActionResend:
		return fmt.Sprintf("%s awaits e-mail confirmation; a new activation link was made.", whom)
	default:
		return fmt.Sprintf("%s is %s.", whom, a.Action.Done())
	}
}

// savedMsg says that the site has changed by what this screen did.
type savedMsg struct {
	id   apiclient.UserID // whom to show; 0: nobody
	text string           // what to say; empty: nothing
}

func (s *Screen) saved(msg savedMsg) tea.Cmd {
	cmds := []tea.Cmd{s.Reload()}
	if msg.id != 0 {
		s.awaited = true
		s.Select(list.Number(msg.id))
	}
	if msg.text != "" {
		cmds = append(cmds, ui.Toast(ui.Done, msg.text))
	}
	return tea.Batch(cmds...)
}
