package zaps

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	write := s.Missing(apiclient.CanWriteZaps)
	nothing, single := aim.None("zap"), aim.Single("zap")
	trigger := list.First(single, triggerOnly(aim))
	r, _ := aim.One()
	actions := []ui.Action{
		{ID: "zaps.edit", Key: "e", Title: "Edit…", Short: "edit", Help: "name, event, status, fields and their order, origins", Writes: true, Disabled: list.First(single, write), Run: s.edit(r)},
		s.setStatus("r", "Run", apiclient.ZapRunning, aim, list.First(nothing, write)),
		s.setStatus("x", "Stop", apiclient.ZapStopped, aim, list.First(nothing, write)),
		s.setStatus("b", "Draft", apiclient.ZapDraft, aim, list.First(nothing, write)),
		{ID: "zaps.test", Key: "t", Title: "Test: body for a user…", Short: "test", Help: "show what the zap would send for a user; nothing is sent", Disabled: list.First(trigger, s.Missing(apiclient.CanSampleZaps)), Run: s.test(r)},
		{ID: "zaps.fire", Key: "f", Title: "Fire for a user…", Short: "fire", Help: "raise the zap's trigger as if it had happened: this delivers", Writes: true, Disabled: list.First(trigger, s.Missing(apiclient.CanFireTriggers)), Run: s.fire(r)},
		{ID: "zaps.create", Key: "n", Title: "New zap…", Short: "new", Writes: true, Disabled: write, Run: s.create},
		{ID: "zaps.fields", Key: "+", Title: "Add fields…", Short: "-", Help: "choose them from the catalogue", Writes: true, Disabled: list.First(single, write, s.Missing(apiclient.CanReadFieldSet)), Run: s.addFields(r)},
		{ID: "zaps.subscribe", Key: "S", Title: "Add a subscription…", Short: "-", Writes: true, Disabled: list.First(trigger, s.Missing(apiclient.CanAddSubs)), Run: func() tea.Cmd { return list.Subscribe(s.Config, ID, r.Zap, false) }},
		{ID: "zaps.group", Key: "o", Title: "Its field group", Short: "-", Disabled: single, Run: func() tea.Cmd { return ui.Go("fields?filter=zap:" + list.Number(r.ID)) }},
		{ID: "zaps.log", Key: "L", Title: "Its deliveries", Short: "-", Disabled: list.First(trigger, s.Missing(apiclient.CanReadLog)), Run: func() tea.Cmd { return ui.Go("log?filter=zap:" + list.Number(r.ID)) }},
		{ID: "zaps.delete", Key: "d", Title: "Delete…", Short: "-", Writes: true, Disabled: list.First(single, write), Run: s.remove(r)},
	}
	return append(actions, s.Model.Actions()...)
}

func triggerOnly(aim list.Aim[row]) string {
	if r, ok := aim.One(); ok && r.Kind != apiclient.ZapTrigger {
		return "This is an action zap: it takes calls and sends nothing."
	}
	return ""
}

// setStatus is the action that gives zaps a status: one at once, since the same keys
// take it back, several after a question.
func (s *Screen) setStatus(key, title string, to apiclient.ZapStatus, aim list.Aim[row], disabled string) ui.Action {
	if disabled == "" && aim.Rows != nil && !slices.ContainsFunc(aim.Rows, func(r row) bool { return r.Status != to }) {
		disabled = fmt.Sprintf("The zap is %s already.", to)
	}
	return ui.Action{ID: "zaps." + string(to), Key: key, Title: title, Writes: true, Disabled: disabled, Run: func() tea.Cmd {
		zaps := slices.DeleteFunc(slices.Clone(aim.Take(s.Model)), func(r row) bool { return r.Status == to })
		if len(zaps) < 2 {
			return s.give(zaps, to)
		}
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: title + " " + names(zaps), Lines: append(quoted(zaps), capital(meaning(apiclient.Zap{Status: to}))+"."), Go: title,
			Yes: func() tea.Cmd {
				s.ClearMarks()
				return s.give(zaps, to)
			},
		}))
	}}
}

// give sets the status of the zaps one after the other, and offers to give each the one
// that it had.
func (s *Screen) give(zaps []row, to apiclient.ZapStatus) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return list.Do(ID, func() list.DidMsg {
		for i, r := range zaps {
			if _, err := api.UpdateZap(ctx, r.ID, apiclient.ZapUpdate{Status: &to}); err != nil {
				return list.DidMsg{Err: partly(zaps[:i], to, r, err)}
			}
		}
		return list.DidMsg{Text: fmt.Sprintf("%s: %s.", names(zaps), to), Label: "that", Undo: func() tea.Cmd { return s.giveBack(zaps) }}
	})
}

// partly says what was done before something failed.
func partly(done []row, to apiclient.ZapStatus, failed row, err error) error {
	if len(done) == 0 {
		return err
	}
	return &apiclient.Error{
		Kind: apiclient.KindOf(err), Err: err,
		Message: fmt.Sprintf("%s: %s; then “%s”: %s", names(done), to, failed.Name, apiclient.MessageOf(err)),
	}
}

func (s *Screen) giveBack(zaps []row) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return list.Do(ID, func() list.DidMsg {
		for _, r := range zaps {
			if _, err := api.UpdateZap(ctx, r.ID, apiclient.ZapUpdate{Status: &r.Status}); err != nil {
				return list.DidMsg{Err: err}
			}
		}
		return list.DidMsg{Text: names(zaps) + ": as before."}
	})
}

func names(zaps []row) string {
	if len(zaps) == 1 {
		return "“" + zaps[0].Name + "”"
	}
	return list.Plural(len(zaps), "zap")
}

// quoted names some zaps, a line each.
func quoted(zaps []row) []string {
	const most = 8
	var lines []string
	for _, r := range zaps[:min(len(zaps), most)] {
		lines = append(lines, fmt.Sprintf("#%d “%s”", r.ID, r.Name))
	}
	if more := len(zaps) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

func (s *Screen) remove(r row) func() tea.Cmd {
	return func() tea.Cmd {
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
}

func subscribed(n int) string {
	if n == 1 {
		return "1 target is subscribed"
	}
	return fmt.Sprintf("%d targets are subscribed", n)
}
