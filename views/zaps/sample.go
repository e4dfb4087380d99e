package zaps

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/pager"
	"umdeck/ui/dialog/prompt"
	"umdeck/ui/widget/detail"
	"umdeck/views/list"
)

// sampledMsg brings a body to be shown, and for whom it is.
type sampledMsg struct{ title, text, who string }

// test asks for a user and shows what the zap would send.
func (s *Screen) test(r row) func() tea.Cmd {
	return func() tea.Cmd {
		return ui.Open(prompt.New(prompt.Options{
			Env: s.Env, Title: "What " + names([]row{r}) + " sends", Value: s.who, Placeholder: "login, e-mail or id; empty: placeholders",
			Lines: []string{"For which user? Nothing is sent."},
			Enter: func(who string) tea.Cmd { return s.sample(r.Zap, strings.TrimSpace(who)) },
		}))
	}
}

func (s *Screen) sample(z apiclient.Zap, who string) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		id, whom, err := find(ctx, api, who)
		if err != nil {
			return list.DidMsg{Err: err}
		}
		p, err := api.SampleZap(ctx, z.ID, id)
		if err != nil {
			return list.DidMsg{Err: err}
		}
		text, err := p.MarshalJSON()
		if err != nil {
			return list.DidMsg{Err: err}
		}
		return sampledMsg{fmt.Sprintf("“%s” %s", z.Name, whom), string(text), who}
	})
}

func find(ctx context.Context, api apiclient.Users, who string) (apiclient.UserID, string, error) {
	if who == "" {
		return 0, "with placeholders", nil
	}
	u, err := api.FindUser(ctx, who)
	return u.ID, "for " + u.Login, err
}

// show opens the body, and remembers the user for the next one.
func (s *Screen) show(m sampledMsg) tea.Cmd {
	s.who = m.who
	return ui.Open(pager.New(pager.Options{Env: s.Env, Title: m.title, Lines: jsonLines(m.text), Copy: m.text, What: "the body"}))
}

func jsonLines(text string) func(*theme.Theme, int) []string {
	return func(t *theme.Theme, w int) []string {
		return detail.JSON(t, text, nil, detail.Options{Width: w, Whole: true})
	}
}

// fire asks for a user and raises the trigger.
func (s *Screen) fire(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.Open(prompt.New(prompt.Options{
			Env: s.Env, Title: "Fire " + string(r.Event), Value: s.who, Placeholder: "login, e-mail or id",
			Lines: []string{"As if it had just happened: every running zap of this event delivers to its subscriptions. Nothing is done to the user."},
			Check: needed,
			Enter: func(who string) tea.Cmd {
				return list.Do(ID, func() list.DidMsg {
					u, err := api.FindUser(ctx, strings.TrimSpace(who))
					if err != nil {
						return list.DidMsg{Err: err}
					}
					e, err := api.FireTrigger(ctx, r.Event, u.ID)
					return list.DidMsg{Err: err, Text: fired(e), Warn: e.Deliveries == 0}
				})
			},
		}))
	}
}

func needed(who string) error {
	if strings.TrimSpace(who) == "" {
		return apiclient.FieldErrorf("user", "Name a user by login, e-mail address or id.")
	}
	return nil
}

func fired(e apiclient.Event) string {
	if e.Deliveries == 0 {
		return fmt.Sprintf("%s for %s delivers nothing: %s", e.Trigger, e.Login, e.Skipped)
	}
	return fmt.Sprintf("%s for %s: %s on the way.", e.Trigger, e.Login, deliveries(e.Deliveries))
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}
