package subscriptions

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/picker"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	nothing, single := aim.None("subscription"), aim.Single("subscription")
	change := list.First(nothing, s.Missing(apiclient.CanRemoveSubs), ended(aim))
	log := s.Missing(apiclient.CanReadLog)
	r, _ := aim.One()
	actions := []ui.Action{
		s.toggle(aim, change),
		{ID: "subscriptions.test", Key: "t", Title: "Send the sample", Short: "test", Help: "post the zap's sample to the target once, as a test", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanTestSubs), ended(aim)), Run: s.test(r)},
		{ID: "subscriptions.edit", Key: "e", Title: "Edit…", Short: "edit", Help: "strict, hooks a second, and the waits between tries", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanRemoveSubs), ended(aim)), Run: s.edit(r)},
		{ID: "subscriptions.rotate", Key: "W", Title: "New signing secret…", Short: "-", Help: "sign with another secret, which is shown once", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanRemoveSubs), ended(aim)), Run: s.rotate(r)},
		{ID: "subscriptions.remove", Key: "d", Title: "Unsubscribe…", Short: "unsubscribe", Writes: true, Disabled: change, Run: s.remove(aim)},
		{ID: "subscriptions.add", Key: "n", Title: "Add a subscription…", Short: "add", Writes: true, Disabled: s.Missing(apiclient.CanAddSubs), Run: s.add},
		{ID: "subscriptions.revive", Key: "r", Title: "Subscribe again", Short: "subscribe again", Help: "revive a subscription that has ended", Writes: true, Disabled: list.First(single, s.Missing(apiclient.CanAddSubs), alive(aim)), Run: s.revive(r)},
		{ID: "subscriptions.log", Key: "o", Title: "Its deliveries", Short: "log", Disabled: list.First(single, log), Run: func() tea.Cmd { return ui.Go("log?filter=subscription:" + list.Number(r.ID)) }},
		{ID: "subscriptions.zap", Key: "z", Title: "Its zap", Short: "-", Disabled: single, Run: func() tea.Cmd { return ui.Go("zaps/" + list.Number(r.Zap)) }},
		{ID: "subscriptions.copy", Key: "y", Title: "Copy the URL", Short: "-", Help: "the whole one, which is a secret of the subscriber", Disabled: nothing, Run: s.copy(aim)},
	}
	return append(actions, s.Model.Actions()...)
}

// ended says why nothing can be done to subscriptions that are gone; empty when some are not.
func ended(aim list.Aim[row]) string {
	for _, r := range aim.Rows {
		if r.State != apiclient.SubscriptionGone {
			return ""
		}
	}
	if len(aim.Rows) == 0 {
		return ""
	}
	return "The subscription has ended; subscribe the target again to revive it."
}

func alive(aim list.Aim[row]) string {
	if r, ok := aim.One(); ok && r.State != apiclient.SubscriptionGone {
		return "The subscription has not ended."
	}
	return ""
}

// toggle pauses what gets deliveries, or resumes when nothing of it does.
func (s *Screen) toggle(aim list.Aim[row], disabled string) ui.Action {
	a := ui.Action{ID: "subscriptions.resume", Key: "x", Title: "Resume", Help: "send what was held, and what comes", Writes: true, Disabled: disabled}
	to := apiclient.SubscriptionActive
	for _, r := range aim.Rows {
		if r.State == apiclient.SubscriptionActive {
			to = apiclient.SubscriptionPaused
		}
	}
	if to == apiclient.SubscriptionPaused || len(aim.Rows) == 0 {
		to = apiclient.SubscriptionPaused
		a.ID, a.Title, a.Help = "subscriptions.pause", "Pause", "hold its deliveries until it is resumed"
	}
	a.Run = func() tea.Cmd { return s.set(aim.Take(s.Model), to) }
	return a
}

// set pauses or resumes: one at once, since the same key takes it back, several after a
// question.
func (s *Screen) set(rows []row, to apiclient.SubscriptionState) tea.Cmd {
	var subs []row
	for _, r := range rows {
		if r.State != to && r.State != apiclient.SubscriptionGone {
			subs = append(subs, r)
		}
	}
	verb, follows := "Pause", "Their deliveries are held until they are resumed."
	if to == apiclient.SubscriptionActive {
		verb, follows = "Resume", "What was held for them goes out."
	}
	switch len(subs) {
	case 0:
		return ui.Toast(ui.Info, "They are "+string(to)+" already.")
	case 1:
		return s.put(subs, to)
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: verb + " " + names(subs), Lines: append(quoted(subs), follows), Go: verb,
		Yes: func() tea.Cmd {
			s.ClearMarks()
			return s.put(subs, to)
		},
	}))
}

// put sets the state of the subscriptions one after the other.
func (s *Screen) put(subs []row, to apiclient.SubscriptionState) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return list.Do(ID, func() list.DidMsg {
		err := each(subs, string(to), func(r row) error {
			_, err := api.UpdateSubscription(ctx, r.ID, apiclient.SetSubscription(to))
			return err
		})
		said := "paused, and its deliveries are held"
		if to == apiclient.SubscriptionActive {
			said = "active, and what was held goes out"
		}
		return list.DidMsg{Err: err, Text: fmt.Sprintf("%s: %s.", names(subs), said)}
	})
}

// each does one thing to every subscription, and says what was done before something failed.
func each(subs []row, done string, do func(row) error) error {
	for i, r := range subs {
		if err := do(r); err != nil {
			if i == 0 {
				return err
			}
			return &apiclient.Error{
				Kind: apiclient.KindOf(err), Err: err,
				Message: fmt.Sprintf("%s: %s; then %s: %s", names(subs[:i]), done, r.Target(), apiclient.MessageOf(err)),
			}
		}
	}
	return nil
}

func names(subs []row) string {
	if len(subs) == 1 {
		return subs[0].Target()
	}
	return list.Plural(len(subs), "subscription")
}

// quoted names some subscriptions, a line each.
func quoted(subs []row) []string {
	const most = 8
	var lines []string
	for _, r := range subs[:min(len(subs), most)] {
		lines = append(lines, fmt.Sprintf("#%d %s of “%s”", r.ID, r.Target(), r.ZapName))
	}
	if more := len(subs) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

func (s *Screen) test(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return list.Do(ID, func() list.DidMsg {
			d, err := api.TestSubscription(ctx, r.ID)
			return list.DidMsg{Err: err, Text: fmt.Sprintf("The sample is on its way to %s as delivery %d.", r.Target(), d.ID)}
		})
	}
}

func (s *Screen) remove(aim list.Aim[row]) func() tea.Cmd {
	return func() tea.Cmd {
		var subs []row
		waiting := 0
		for _, r := range aim.Take(s.Model) {
			if r.State != apiclient.SubscriptionGone {
				subs = append(subs, r)
				waiting += r.Waiting
			}
		}
		if len(subs) == 0 {
			return nil
		}
		lines := quoted(subs)
		if len(subs) == 1 {
			lines = []string{fmt.Sprintf("“%s” posts nothing to it any more. The log stays.", subs[0].ZapName)}
		} else {
			lines = append(lines, "Nothing is posted to them any more. The log stays.")
		}
		if waiting > 0 {
			lines = append(lines, fmt.Sprintf("What waits to be sent is gone: %s.", theme.Count(waiting)))
		}
		return s.askZapier(subs, func(tell bool) tea.Cmd {
			if tell {
				lines = append(lines, "Zapier is told by one DELETE, and pauses the Zap.")
			}
			return ui.Open(confirm.New(confirm.Options{
				Env: s.Env, Title: "Unsubscribe " + names(subs), Lines: lines, Tier: confirm.Typed, Phrase: phrase(subs), Go: "Unsubscribe",
				Yes: func() tea.Cmd { return s.end(subs, tell) },
			}))
		})
	}
}

// askZapier asks whether Zapier is to be told, where it listens for that.
func (s *Screen) askZapier(subs []row, then func(tell bool) tea.Cmd) tea.Cmd {
	for _, r := range subs {
		if !r.TakesDelete() {
			return then(false)
		}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "End " + names(subs), Hotkeys: true,
		Items: []picker.Item{
			{ID: "tell", Key: "z", Title: "and tell Zapier, which pauses the Zap"},
			{ID: "end", Key: "s", Title: "here alone; Zapier goes on as if it were subscribed"},
		},
		Pick: func(ids []string) tea.Cmd { return then(ids[0] == "tell") },
	}))
}

func phrase(subs []row) string {
	if len(subs) == 1 {
		return fmt.Sprintf("unsubscribe %d", subs[0].ID)
	}
	return fmt.Sprintf("unsubscribe all %d", len(subs))
}

func (s *Screen) end(subs []row, tell bool) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	s.ClearMarks()
	return list.Do(ID, func() list.DidMsg {
		answers := ""
		err := each(subs, "unsubscribed", func(r row) error {
			attempt, err := api.RemoveSubscription(ctx, r.ID, tell)
			if attempt != nil {
				answers = " " + told(*attempt)
			}
			return err
		})
		said := " is unsubscribed."
		if len(subs) > 1 {
			said = " are unsubscribed."
		}
		return list.DidMsg{Err: err, Text: names(subs) + said + answers}
	})
}

// told says what came of telling Zapier.
func told(a apiclient.Attempt) string {
	if a.Code == 0 {
		return "Zapier was not reached: " + a.Error + "."
	}
	return fmt.Sprintf("Zapier answered %d.", a.Code)
}

// revive subscribes the target of a subscription that has ended.
func (s *Screen) revive(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return list.Do(ID, func() list.DidMsg {
			_, _, err := api.AddSubscription(ctx, apiclient.NewSubscription{Zap: r.Zap, URL: r.URL})
			return list.DidMsg{Err: err, Text: fmt.Sprintf("%s is subscribed to “%s” again.", r.Target(), r.ZapName)}
		})
	}
}

func (s *Screen) copy(aim list.Aim[row]) func() tea.Cmd {
	return func() tea.Cmd {
		rows := aim.Take(s.Model)
		urls := make([]string, len(rows))
		for i, r := range rows {
			urls[i] = r.URL
		}
		return ui.Copy(strings.Join(urls, "\n"), list.Plural(len(rows), "URL"))
	}
}

// zapsMsg brings the zaps that can be subscribed to.
type zapsMsg struct {
	zaps []apiclient.Zap
	err  error
}

func (s *Screen) add() tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg { return triggersOf(ctx, api) })
}

func triggersOf(ctx context.Context, api apiclient.Zaps) zapsMsg {
	zaps, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapTrigger})
	return zapsMsg{zaps, err}
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
		items[i] = picker.Item{ID: id, Title: "#" + id + " " + z.Name, Note: list.First(string(z.Event), string(z.Status))}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Subscribe to which zap?", Items: items, Empty: "There is no trigger zap; make one first.",
		Pick: func(ids []string) tea.Cmd { return list.Subscribe(s.Config, ID, byID[ids[0]], true) },
	}))
}
