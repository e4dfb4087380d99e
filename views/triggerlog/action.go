package triggerlog

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	if s.page != nil {
		return s.pageActions()
	}
	why := s.absent()
	r, ok := s.selected()
	none := why
	if !ok {
		none = list.First(why, "There is no row under the cursor.")
	}
	follow := "follow"
	if s.log().Following() {
		follow = "stay"
	}
	paused, _ := s.log().Paused()
	pause := "pause"
	if paused {
		pause = "go on"
	}
	actions := []ui.Action{
		{ID: "log.open", Key: "enter", Title: "Inspect", Help: "request, attempts and answer; or why there was none", Disabled: none, Run: func() tea.Cmd { return s.openID(r.id()) }},
		{ID: "log.filter", Key: "/", Title: "Filter", Help: "show the deliveries that match", Disabled: why, Run: func() tea.Cmd { s.bar.Open(); return nil }},
		{ID: "log.window", Key: "T", Title: "Time window…", Short: "-", Help: "show the last minutes, hours or days", Disabled: why, Run: s.chooseWindow},
		{ID: "log.export", Key: ">", Title: "Export…", Short: "-", Help: "write what the filter finds, or the marked rows, to a file", Disabled: why, Run: s.chooseExport},
		s.key("log.follow", "f", "Follow the newest", follow, "keep the cursor on the newest row, or stay", why),
		{ID: "log.pause", Key: "p", Title: "Pause the view", Short: pause, Help: "hold what arrives; the site goes on", Disabled: why, Run: func() tea.Cmd { s.pause(); return nil }},
		s.key("log.next-failure", "e", "Next failure", "failure", "go to the next row that failed", none),
		s.key("log.previous-failure", "E", "Previous failure", "-", "go to the row before that failed", none),
	}
	actions = append(actions, s.rowActions(r, none)...)
	return append(actions,
		ui.Action{ID: "log.replay", Key: "R", Title: "Redeliver all that match…", Short: "-", Help: "send again all that the filter finds; without one, all that was given up", Writes: true, Disabled: list.First(why, s.Missing(apiclient.CanReplay)), Run: s.planReplay},
		ui.Action{ID: "log.replays", Key: "b", Title: "Replays", Short: "replays", Help: "the jobs that send deliveries again: how far they are, who started them, stop one", Disabled: why, Run: func() tea.Cmd { return ui.Go("replays") }},
		ui.Action{ID: "log.matches", Key: "x", Title: "Mark or hide", Short: "-", Help: "show everything with the matches marked, or the matches alone", Disabled: list.First(why, s.noFilter()), Run: s.mark},
		s.key("log.next-match", "n", "Next match", "-", "go to the next marked match", list.First(why, s.noFilter())),
		s.key("log.previous-match", "N", "Previous match", "-", "go to the marked match before", list.First(why, s.noFilter())),
		s.key("log.mark", "space", "Mark", "-", "mark the row under the cursor, or take its mark away", none),
		s.key("log.unmark", "U", "Clear marks", "-", "take all marks away", why),
		ui.Action{ID: "log.reload", Key: "ctrl+r", Title: "Reload", Short: "-", Help: "read the newest rows again", Disabled: why, Run: s.reload},
	)
}

// key is an action that the log itself does.
func (s *Screen) key(id, key, title, short, help, disabled string) ui.Action {
	return ui.Action{ID: id, Key: key, Title: title, Short: short, Help: help, Disabled: disabled, Run: func() tea.Cmd {
		press := key
		if press == "space" {
			press = " "
		}
		s.log().Press(press)
		return s.more()
	}}
}

func (s *Screen) noFilter() string {
	if s.found == nil {
		return "There is no filter; / sets one."
	}
	return ""
}

// selected returns the row whose page is open, or the one under the cursor.
func (s *Screen) selected() (*row, bool) {
	if s.page != nil {
		return s.page.row, s.page.row != nil
	}
	return s.log().Selected()
}

// rowActions are what can be done with a row, in the log and on its page.
func (s *Screen) rowActions(r *row, none string) []ui.Action {
	delivery := none
	if none == "" && r.event != nil {
		delivery = "This event made no delivery; enter says why."
	}
	again := list.First(delivery, s.Missing(apiclient.CanRedeliver))
	if s.page == nil && s.log().Marks() > 0 {
		again = s.Missing(apiclient.CanReplay)
	}
	user := none
	if none == "" && r.User == 0 {
		user = "This is about no user."
	}
	return []ui.Action{
		{ID: "log.redeliver", Key: "r", Title: "Redeliver", Help: "send it once more, as a new delivery with the same bytes", Writes: true, Disabled: again, Run: s.redeliver},
		{ID: "log.copy", Key: "y", Title: "Copy…", Short: "copy", Disabled: delivery, Run: func() tea.Cmd { return s.copyMenu(r) }},
		{ID: "log.user", Key: "o", Title: "The user", Short: "-", Disabled: user, Run: func() tea.Cmd { return ui.Go("users/" + list.Number(r.User)) }},
		{ID: "log.zap", Title: "The zap", Disabled: delivery, Run: func() tea.Cmd { return ui.Go("zaps/" + list.Number(r.Zap)) }},
		{ID: "log.subscription", Title: "The subscription", Disabled: delivery, Run: func() tea.Cmd { return ui.Go("subscriptions/" + list.Number(r.Subscription)) }},
		{ID: "log.of-subscription", Title: "All deliveries of the subscription", Disabled: delivery, Run: func() tea.Cmd { return ui.Go("log?filter=subscription:" + list.Number(r.Subscription)) }},
		{ID: "log.pause-subscription", Key: "P", Title: "Pause the subscription…", Short: "-", Help: "hold what is made for this target", Writes: true, Disabled: list.First(delivery, s.Missing(apiclient.CanRemoveSubs)), Run: func() tea.Cmd { return s.pauseSubscription(r) }},
	}
}

// pageActions are those of the page of a row.
func (s *Screen) pageActions() []ui.Action {
	p := s.page
	r, ok := s.selected()
	none := ""
	if !ok {
		none = list.First(p.err, "It is not loaded yet.")
	}
	var actions []ui.Action
	if ok && r.event != nil && p.known {
		f := fixOf(*r.event, p.zaps)
		actions = append(actions, ui.Action{ID: "log.fix", Key: "o", Title: "Go where it is mended", Short: "mend", Help: "the zap that should have fired", Run: func() tea.Cmd { return ui.Go(f.route) }})
	}
	actions = append(actions,
		ui.Action{ID: "log.next", Key: "J", Title: "Next row", Short: "next", Help: "the page of the next row", Run: func() tea.Cmd { return s.step("j") }},
		ui.Action{ID: "log.previous", Key: "K", Title: "Previous row", Short: "previous", Help: "the page of the row before", Run: func() tea.Cmd { return s.step("k") }},
	)
	actions = append(actions, s.rowActions(r, none)...)
	actions = append(actions,
		s.pageKey("log.reveal", "m", "Reveal the URL", "reveal", "show and hide masked values", none),
		s.pageKey("log.unfold", "w", "Unfold", "-", "show long texts in full", none),
		s.pageKey("log.earlier", "h", "Earlier attempt", "-", "show the attempt before", s.noAttempts()),
		s.pageKey("log.later", "l", "Later attempt", "-", "show the attempt after", s.noAttempts()),
		ui.Action{ID: "log.reload", Key: "ctrl+r", Title: "Reload", Short: "-", Help: "ask for it again", Run: func() tea.Cmd { return p.load(s) }},
	)
	if p.wide {
		actions = append(actions, ui.Action{ID: "log.pane", Key: "tab", Title: "Other pane", Short: "-", Help: "scroll the other half", Run: func() tea.Cmd { p.onSide = !p.onSide; return nil }})
	}
	if ok && r.ReplayOf != 0 {
		actions = append(actions, ui.Action{ID: "log.original", Title: "The delivery that it sends again", Run: func() tea.Cmd { return ui.Go(ID + "/" + list.Number(r.ReplayOf)) }})
	}
	if ok && r.Replay != 0 {
		actions = append(actions, ui.Action{ID: "log.job", Key: "b", Title: "The replay that has made it", Short: "-", Help: "how far the job is, and who started it", Run: func() tea.Cmd { return ui.Go("replays/" + list.Number(r.Replay)) }})
	}
	return actions
}

func (s *Screen) pageKey(id, key, title, short, help, disabled string) ui.Action {
	return ui.Action{ID: id, Key: key, Title: title, Short: short, Help: help, Disabled: disabled, Run: func() tea.Cmd {
		if s.page != nil {
			s.page.press(s, key)
		}
		return nil
	}}
}

func (s *Screen) noAttempts() string {
	if s.page.full == nil || len(s.page.full.Log) < 2 {
		return "There are no other attempts."
	}
	return ""
}

// reload reads the newest rows again, and goes on with what could not be read.
func (s *Screen) reload() tea.Cmd {
	t := s.log()
	if _, leftOut := t.Sampling(); leftOut > 0 {
		return s.afresh(t)
	}
	if t.lost || !t.begun {
		t.lost = false
		s.settle()
		return tea.Batch(s.older(t), s.refreshAll())
	}
	return s.refreshAll()
}

// afresh begins a log anew from the site's history, which has the rows that sampling has
// left out. Older ones are read as one goes up.
func (s *Screen) afresh(t *tape) tea.Cmd {
	paused, _ := t.Paused()
	following := t.Following()
	var n *tape
	if t == s.found {
		n = s.newTape(s.match)
		n.SetFilter(matches(s.match), true)
		s.found = n
	} else {
		n = s.newTape(apiclient.Filter{})
		if s.found != nil {
			n.SetFilter(matches(s.match), false)
		}
		s.whole = n
	}
	n.SetPaused(paused)
	n.SetFollow(following)
	return s.older(n)
}

// pausedMsg says that a subscription was paused, or that it was not.
type pausedMsg struct {
	sub apiclient.Subscription
	err error
}

func (s *Screen) pauseSubscription(r *row) tea.Cmd {
	target := apiclient.HideURL(r.URL)
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Pause " + target, Go: "Pause", Tier: confirm.Once,
		Lines: []string{
			fmt.Sprintf("What the zap %d (%s) makes for it is held, and so is what waits to be sent.", r.Zap, r.ZapName),
			"Nothing is lost: it goes out when the subscription is resumed, here with u or on its own screen.",
		},
		Yes: func() tea.Cmd { return s.setSubscription(r.Subscription, apiclient.SubscriptionPaused) },
	}))
}

func (s *Screen) setSubscription(id apiclient.SubscriptionID, to apiclient.SubscriptionState) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		sub, err := api.UpdateSubscription(ctx, id, apiclient.SetSubscription(to))
		return pausedMsg{sub, err}
	})
}

func (s *Screen) paused(m pausedMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	if m.sub.State != apiclient.SubscriptionPaused {
		return ui.Toast(ui.Done, m.sub.Target()+" is active again: what was held goes out.")
	}
	toast := ui.ToastMsg{Level: ui.Done, Text: m.sub.Target() + " is paused: its deliveries are held.", Label: "pause " + m.sub.Target()}
	toast.Undo = func() tea.Cmd { return s.setSubscription(m.sub.ID, apiclient.SubscriptionActive) }
	return func() tea.Msg { return toast }
}
