package subscriptions

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/picker"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	r, ok := s.Selected()
	nothing := ""
	if !ok {
		nothing = "There is no subscription under the cursor."
	}
	gone := ""
	if r.State == apiclient.SubscriptionGone {
		gone = "The subscription has ended; subscribe the target again to revive it."
	}
	change := list.First(nothing, s.Missing(apiclient.CanRemoveSubs), gone)
	toggle := ui.Action{ID: "subscriptions.pause", Key: "x", Title: "Pause", Writes: true, Disabled: change, Run: s.set(r, apiclient.SubscriptionPaused)}
	if r.State == apiclient.SubscriptionPaused || r.State == apiclient.SubscriptionSuspended {
		toggle.ID, toggle.Title, toggle.Run = "subscriptions.resume", "Resume", s.set(r, apiclient.SubscriptionActive)
	}
	actions := []ui.Action{
		{ID: "subscriptions.add", Key: "n", Title: "Add a subscription…", Short: "add", Writes: true, Disabled: s.Missing(apiclient.CanAddSubs), Run: s.add},
		toggle,
		{ID: "subscriptions.test", Key: "t", Title: "Send the sample", Short: "test", Help: "post the zap's sample to the target once, as a test", Writes: true, Disabled: list.First(nothing, s.Missing(apiclient.CanTestSubs), gone), Run: s.test},
		{ID: "subscriptions.remove", Key: "d", Title: "Unsubscribe…", Short: "unsubscribe", Writes: true, Disabled: change, Run: s.remove},
		{ID: "subscriptions.log", Key: "o", Title: "Its deliveries", Short: "log", Disabled: list.First(nothing, s.Missing(apiclient.CanReadLog)), Run: func() tea.Cmd { return ui.Go("log?filter=subscription:" + list.Number(r.ID)) }},
		{ID: "subscriptions.zap", Title: "Its zap", Disabled: nothing, Run: func() tea.Cmd { return ui.Go("zaps/" + list.Number(r.Zap)) }},
		{ID: "subscriptions.copy", Key: "y", Title: "Copy the URL", Short: "-", Disabled: nothing, Run: func() tea.Cmd { return ui.Copy(r.URL, "the target's URL") }},
	}
	return append(actions, s.Model.Actions()...)
}

func (s *Screen) set(r row, to apiclient.SubscriptionState) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return list.Do(ID, func() list.DidMsg {
			sub, err := api.UpdateSubscription(ctx, r.ID, to)
			said := fmt.Sprintf("%s is paused: its deliveries are held.", sub.Target())
			if to == apiclient.SubscriptionActive {
				said = fmt.Sprintf("%s is active: what was held goes out.", sub.Target())
			}
			return list.DidMsg{Err: err, Text: said}
		})
	}
}

func (s *Screen) test() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	return list.Do(ID, func() list.DidMsg {
		d, err := api.TestSubscription(ctx, r.ID)
		return list.DidMsg{Err: err, Text: fmt.Sprintf("The sample is on its way to %s as delivery %d.", r.Target(), d.ID)}
	})
}

func (s *Screen) remove() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	lines := []string{fmt.Sprintf("“%s” posts nothing to it any more. The log stays.", r.ZapName)}
	if r.Waiting > 0 {
		lines = append(lines, fmt.Sprintf("What waits for it is gone: %d.", r.Waiting))
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Unsubscribe " + r.Target(), Lines: lines, Tier: confirm.Typed, Phrase: fmt.Sprintf("unsubscribe %d", r.ID), Go: "Unsubscribe",
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				return list.DidMsg{Err: api.RemoveSubscription(ctx, r.ID), Text: r.Target() + " is unsubscribed."}
			})
		},
	}))
}

// zapsMsg brings the zaps that can be subscribed to.
type zapsMsg struct {
	zaps []apiclient.Zap
	err  error
}

func (s *Screen) add() tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		zaps, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapTrigger})
		return zapsMsg{zaps, err}
	})
}

func (s *Screen) chooseZap(msg zapsMsg) tea.Cmd {
	if msg.err != nil {
		return ui.Fail(msg.err)
	}
	items := make([]picker.Item, len(msg.zaps))
	byID := map[string]apiclient.Zap{}
	for i, z := range msg.zaps {
		id := list.Number(z.ID)
		byID[id] = z
		items[i] = picker.Item{ID: id, Title: z.Name, Note: list.First(string(z.Event), "#"+id)}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Subscribe to which zap?", Items: items, Empty: "There is no trigger zap; make one first.",
		Pick: func(ids []string) tea.Cmd { return list.Subscribe(s.Config, ID, byID[ids[0]]) },
	}))
}
