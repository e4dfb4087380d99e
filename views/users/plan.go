package users

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// plannedMsg brings what an action would do.
type plannedMsg struct {
	plan apiclient.Plan
	err  error
}

// plan asks the site what the action would do to the targets.
func (s *Screen) plan(a apiclient.UserAction) tea.Cmd {
	targets := s.Targets()
	for _, t := range targets {
		a.Users = append(a.Users, t.ID)
	}
	if len(a.Users) == 0 {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		p, err := planAll(ctx, api, a)
		return plannedMsg{p, err}
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
	if allowed == 0 {
		return ui.Toast(ui.Warn, refusedLine(p))
	}
	single := len(p.Steps) == 1
	if _, ok := inverse(p.Action.Action, p.Steps[0]); ok && single && p.Steps[0].Warning == "" {
		return s.do(p)
	}
	o := confirm.Options{
		Env: s.Env, Title: question(p, s.Site), Lines: consequences(p), Go: p.Action.Action.Title(),
		Yes: func() tea.Cmd { return s.do(p) },
	}
	if p.Action.Action == apiclient.ActionDelete || allowed > many {
		o.Tier, o.Phrase = confirm.Typed, phrase(p)
	}
	return ui.Open(confirm.New(o))
}

func refusedLine(p apiclient.Plan) string {
	if len(p.Steps) == 1 {
		return fmt.Sprintf("%s: %s", name(p.Steps[0]), p.Steps[0].Refused)
	}
	return fmt.Sprintf("None of the %s users can be %s. %s", number(len(p.Steps)), p.Action.Action.Done(), p.Steps[0].Refused)
}

func name(s apiclient.Step) string {
	if s.Login == "" {
		return fmt.Sprintf("User %d", s.User)
	}
	return s.Login
}

// question says what is asked, about whom and where.
func question(p apiclient.Plan, site apiclient.Site) string {
	whom := number(p.Allowed()) + " users"
	if len(p.Steps) == 1 {
		whom = name(p.Steps[0])
	}
	what := p.Action.Action.Title() + " " + whom
	switch p.Action.Action {
	case apiclient.ActionRole:
		what = fmt.Sprintf("Give %s the role %s", whom, p.Action.Role)
	case apiclient.ActionResend:
		what = "Send the activation e-mail to " + whom
	case apiclient.ActionPending:
		what = fmt.Sprintf("Put %s as pending", whom)
	}
	if site.Name == "" {
		return what
	}
	return what + " on " + site.Name
}

func phrase(p apiclient.Plan) string {
	if len(p.Steps) == 1 {
		return string(p.Action.Action) + " " + name(p.Steps[0])
	}
	return fmt.Sprintf("%s %d", p.Action.Action, p.Allowed())
}

// consequences says what will follow, in the order of weight: who is refused, what
// members notice, mails, triggers.
func consequences(p apiclient.Plan) []string {
	tally := newTally()
	for _, s := range p.Steps {
		if s.Refused != "" {
			tally.add("refused", s.Refused)
			continue
		}
		if s.Warning != "" {
			tally.add("warning", s.Warning)
		}
		for _, m := range s.Mails {
			if m.Off != "" {
				tally.add("mail", fmt.Sprintf("%s does not go: %s", m.Slug, m.Off))
			} else {
				tally.add("mail", fmt.Sprintf("%s goes out", m.Slug))
			}
		}
		for _, t := range s.Triggers {
			tally.add("trigger", triggerLine(t))
		}
	}
	if p.Action.Action == apiclient.ActionDelete {
		tally.add("undo", "This cannot be undone.")
	}
	if p.Predicted {
		tally.add("undo", "This is what Ultimate Member's rules say; the site decides.")
	}
	return tally.lines(len(p.Steps) > 1)
}

func triggerLine(t apiclient.PlannedTrigger) string {
	switch {
	case t.Zap == 0:
		return fmt.Sprintf("%s fires no zap", t.Trigger)
	case t.Targets < 0:
		return fmt.Sprintf("%s fires “%s”", t.Trigger, t.Name)
	case t.Targets == 0:
		return fmt.Sprintf("%s fires “%s”, which nobody is subscribed to", t.Trigger, t.Name)
	}
	return fmt.Sprintf("%s fires “%s” to %s", t.Trigger, t.Name, list.Plural(t.Targets, "target"))
}

// A tally counts equal sentences within their kinds, and keeps the order of both.
type tally struct {
	order []string
	count map[string]int
	kinds map[string][]string
}

func newTally() *tally {
	return &tally{order: []string{"refused", "warning", "mail", "trigger", "undo"}, count: map[string]int{}, kinds: map[string][]string{}}
}

func (t *tally) add(kind, line string) {
	if t.count[line]++; t.count[line] == 1 {
		t.kinds[kind] = append(t.kinds[kind], line)
	}
}

// lines returns the sentences, with how many users each is about when counted.
func (t *tally) lines(counted bool) []string {
	var all []string
	for _, kind := range t.order {
		for _, line := range t.kinds[kind] {
			if counted && kind != "undo" {
				line = fmt.Sprintf("%s × %s", number(t.count[line]), line)
			}
			if kind == "refused" {
				line = "Refused: " + line
			}
			all = append(all, line)
		}
	}
	return all
}

// inverse returns the action that takes a step back to where it was, without
// anything that a member would not have got anyway.
func inverse(a apiclient.Action, s apiclient.Step) (apiclient.Action, bool) {
	switch {
	case a == apiclient.ActionApprove && s.From == apiclient.StatusAwaitingReview:
		return apiclient.ActionPending, true
	case a == apiclient.ActionPending && s.From == apiclient.StatusRejected:
		return apiclient.ActionReject, true
	}
	return "", false
}

func summary(outcomes []apiclient.Outcome, a apiclient.Action) (done int, line string) {
	var refused []string
	for _, o := range outcomes {
		if o.Err == nil {
			done++
			continue
		}
		refused = append(refused, fmt.Sprintf("%s: %s", o.Login, o.Err.Message))
	}
	if len(refused) > 0 {
		return done, strings.Join(refused, " ")
	}
	return done, fmt.Sprintf("%s %s", outcomes[0].Login, a.Done())
}
