package users

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// plannedMsg brings what an action would do.
type plannedMsg struct {
	plan apiclient.Plan
	was  map[apiclient.UserID]row // the users as they were
	err  error
}

// plan asks the site what the action would do to the targets.
func (s *Screen) plan(a apiclient.UserAction, aim list.Aim[row]) tea.Cmd {
	was := map[apiclient.UserID]row{}
	for _, t := range aim.Take(s.Model) {
		a.Users = append(a.Users, t.ID)
		was[t.ID] = t
	}
	if len(a.Users) == 0 {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		p, err := planAll(ctx, api, a)
		return plannedMsg{p, was, err}
	})
}

// planAll plans for any number of users, as many at a time as the site takes.
func planAll(ctx context.Context, api apiclient.Users, a apiclient.UserAction) (apiclient.Plan, error) {
	whole := apiclient.Plan{Action: a}
	for part := range slices.Chunk(a.Users, apiclient.MaxTargets) {
		a.Users = part
		p, err := api.PlanUsers(ctx, a)
		if err != nil {
			return whole, err
		}
		whole.Steps = append(whole.Steps, p.Steps...)
		whole.Predicted = whole.Predicted || p.Predicted
	}
	return whole, nil
}

// many is the number of users from which on an action has to be typed out.
const many = 50

// planned decides by the plan whether to refuse, to ask, or to go on.
func (s *Screen) planned(msg plannedMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Fail(msg.err)
	}
	p := msg.plan
	allowed := p.Allowed()
	switch {
	case len(p.Steps) == 0:
		return ui.Toast(ui.Warn, "The site has planned nothing for these users.")
	case allowed == 0:
		return ui.Toast(ui.Warn, refusedLine(p))
	case s.reversible(p, msg.was):
		return s.do(p, msg.was)
	}
	o := confirm.Options{
		Env: s.Env, Title: question(p, s.Site), Lines: consequences(p), Go: p.Action.Action.Title(),
		Yes: func() tea.Cmd { return s.do(p, msg.was) },
	}
	if p.Action.Action == apiclient.ActionDelete || allowed > many {
		o.Tier, o.Phrase = confirm.Typed, phrase(p)
	}
	return ui.Open(confirm.New(o))
}

// reversible reports whether the plan is about one user, and one key takes it back without
// anything that the member would notice.
func (s *Screen) reversible(p apiclient.Plan, was map[apiclient.UserID]row) bool {
	step := p.Steps[0]
	_, ok := back(p.Action, step, was[step.User])
	return ok && len(p.Steps) == 1 && step.Warning == "" && p.Action.Role != administrator && was[step.User].Role() != administrator
}

// administrator is WordPress's role that may do everything.
const administrator = "administrator"

func refusedLine(p apiclient.Plan) string {
	if len(p.Steps) == 1 {
		return fmt.Sprintf("%s: %s", name(p.Steps[0]), p.Steps[0].Refused)
	}
	return fmt.Sprintf("It can be done to none of the %s users. %s", number(len(p.Steps)), p.Steps[0].Refused)
}

func name(s apiclient.Step) string {
	if s.Login == "" {
		return fmt.Sprintf("User %d", s.User)
	}
	return s.Login
}

// question says what is asked, about whom and where.
func question(p apiclient.Plan, site apiclient.Site) string {
	whom := list.Plural(p.Allowed(), "user")
	if len(p.Steps) == 1 {
		whom = name(p.Steps[0])
	}
	what := p.Action.Action.Title() + " " + whom
	switch p.Action.Action {
	case apiclient.ActionRole:
		what = fmt.Sprintf("Give %s the role %s", whom, p.Action.Role)
	case apiclient.ActionAddRole:
		what = fmt.Sprintf("Give %s the role %s besides", whom, p.Action.Role)
	case apiclient.ActionRemoveRole:
		what = fmt.Sprintf("Take the role %s from %s", p.Action.Role, whom)
	case apiclient.ActionResend:
		what = "Send the activation e-mail to " + whom
	case apiclient.ActionPending:
		what = fmt.Sprintf("Put %s as pending", whom)
	default: // the title says it
	}
	if site.Name == "" {
		return what
	}
	return what + " on " + site.Name
}

func phrase(p apiclient.Plan) string {
	if len(p.Steps) == 1 {
		return list.Phrase(string(p.Action.Action), p.Steps[0].Login, list.Number(p.Steps[0].User))
	}
	return fmt.Sprintf("%s all %d", p.Action.Action, p.Allowed())
}
