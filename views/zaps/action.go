package zaps

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/pager"
	"umdeck/ui/dialog/prompt"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	targets := s.Targets()
	nothing := ""
	if len(targets) == 0 {
		nothing = "There is no zap under the cursor."
	}
	write := s.Missing(apiclient.CanWriteZaps)
	single := list.First(nothing, one(targets))
	trigger := list.First(single, triggerOnly(targets))
	actions := []ui.Action{
		{ID: "zaps.create", Key: "n", Title: "New zap…", Short: "new", Writes: true, Disabled: write, Run: s.create},
		{ID: "zaps.edit", Key: "e", Title: "Edit…", Short: "edit", Help: "name, event, fields and their order, origins", Writes: true, Disabled: list.First(single, write), Run: s.edit},
		s.setStatus("r", "Run", apiclient.ZapRunning, targets, list.First(nothing, write)),
		s.setStatus("x", "Stop", apiclient.ZapStopped, targets, list.First(nothing, write)),
		s.setStatus("b", "Draft", apiclient.ZapDraft, targets, list.First(nothing, write)),
		{ID: "zaps.test", Key: "t", Title: "Test: body for a user…", Short: "test", Help: "show what the zap would send for a user; nothing is sent", Disabled: list.First(trigger, s.Missing(apiclient.CanSampleZaps)), Run: s.test},
		{ID: "zaps.fire", Key: "f", Title: "Fire for a user…", Short: "-", Help: "raise the zap's trigger as if it had happened: this delivers", Writes: true, Disabled: list.First(trigger, s.Missing(apiclient.CanFireTriggers)), Run: s.fire},
		{ID: "zaps.group", Key: "o", Title: "Field group", Short: "-", Disabled: single, Run: func() tea.Cmd { return ui.Go("fields?filter=zap:" + list.Number(targets[0].ID)) }},
		{ID: "zaps.log", Title: "Deliveries of the zap", Disabled: list.First(single, s.Missing(apiclient.CanReadLog)), Run: func() tea.Cmd { return ui.Go("log?filter=zap:" + list.Number(targets[0].ID)) }},
		{ID: "zaps.subscribe", Title: "Add a subscription…", Writes: true, Disabled: list.First(trigger, s.Missing(apiclient.CanAddSubs)), Run: s.subscribe},
		{ID: "zaps.delete", Key: "d", Title: "Delete…", Short: "-", Writes: true, Disabled: list.First(single, write), Run: s.remove},
	}
	return append(actions, s.Model.Actions()...)
}

func one(targets []row) string {
	if len(targets) > 1 {
		return "Several zaps are marked; this works on one."
	}
	return ""
}

func triggerOnly(targets []row) string {
	if len(targets) == 1 && targets[0].Kind != apiclient.ZapTrigger {
		return "This is an action zap: it takes calls and sends nothing."
	}
	return ""
}

func (s *Screen) setStatus(key, title string, to apiclient.ZapStatus, targets []row, disabled string) ui.Action {
	if disabled == "" && !slices.ContainsFunc(targets, func(r row) bool { return r.Status != to }) {
		disabled = fmt.Sprintf("The zap is %s already.", to)
	}
	return ui.Action{ID: "zaps." + string(to), Key: key, Title: title, Writes: true, Disabled: disabled, Run: func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return list.Do(ID, func() list.DidMsg {
			for _, r := range targets {
				if _, err := api.UpdateZap(ctx, r.ID, apiclient.ZapUpdate{Status: &to}); err != nil {
					return list.DidMsg{Err: err}
				}
			}
			return list.DidMsg{Text: fmt.Sprintf("%s: %s.", names(targets), to)}
		})
	}}
}

func names(targets []row) string {
	if len(targets) == 1 {
		return "“" + targets[0].Name + "”"
	}
	return list.Plural(len(targets), "zap")
}

func (s *Screen) remove() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	lines := []string{"Its subscriptions end, and what waits for them is gone. The log stays.", "This cannot be undone; stopping it keeps everything."}
	if r.Subscriptions > 0 {
		lines = append([]string{fmt.Sprintf("%s to it.", subscribed(r.Subscriptions))}, lines...)
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Delete the zap " + names([]row{r}), Lines: lines, Tier: confirm.Typed, Phrase: fmt.Sprintf("delete %d", r.ID), Go: "Delete",
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				return list.DidMsg{Err: api.DeleteZap(ctx, r.ID), Text: names([]row{r}) + " is deleted."}
			})
		},
	}))
}

func subscribed(n int) string {
	if n == 1 {
		return "1 target is subscribed"
	}
	return fmt.Sprintf("%d targets are subscribed", n)
}

// shownMsg brings a body to be shown.
type shownMsg struct{ title, text string }

// test asks for a user and shows what the zap would send.
func (s *Screen) test() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	return ui.Open(prompt.New(prompt.Options{
		Env: s.Env, Title: "What " + names([]row{r}) + " sends", Placeholder: "login, e-mail or id; empty: placeholders",
		Lines: []string{"For which user? Nothing is sent."},
		Enter: func(who string) tea.Cmd { return s.sample(r.Zap, strings.TrimSpace(who)) },
	}))
}

func (s *Screen) sample(z apiclient.Zap, who string) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		id, login, err := find(ctx, api, who)
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
		return shownMsg{fmt.Sprintf("“%s” for %s", z.Name, login), string(text)}
	})
}

func find(ctx context.Context, api apiclient.Users, who string) (apiclient.UserID, string, error) {
	if who == "" {
		return 0, "nobody: placeholders", nil
	}
	u, err := api.FindUser(ctx, who)
	return u.ID, u.Login, err
}

func (s *Screen) pager(m shownMsg) ui.Dialog {
	return pager.New(pager.Options{Env: s.Env, Title: m.title, Lines: jsonLines(m.text), Copy: m.text, What: "the body"})
}

// fire asks for a user and raises the trigger.
func (s *Screen) fire() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(prompt.New(prompt.Options{
		Env: s.Env, Title: "Fire " + string(r.Event), Placeholder: "login, e-mail or id",
		Lines: []string{"As if it had just happened: every running zap of this event delivers to its subscriptions. Nothing is done to the user."},
		Check: required("a user"),
		Enter: func(who string) tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				u, err := api.FindUser(ctx, strings.TrimSpace(who))
				if err != nil {
					return list.DidMsg{Err: err}
				}
				e, err := api.FireTrigger(ctx, r.Event, u.ID)
				return list.DidMsg{Err: err, Text: fired(e)}
			})
		},
	}))
}

func fired(e apiclient.Event) string {
	if e.Deliveries == 0 {
		return fmt.Sprintf("%s for %s: %s", e.Trigger, e.Login, e.Skipped)
	}
	return fmt.Sprintf("%s for %s: %s on the way.", e.Trigger, e.Login, deliveries(e.Deliveries))
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

func (s *Screen) subscribe() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	return list.Subscribe(s.Config, ID, r.Zap)
}
