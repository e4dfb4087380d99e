package replays

import (
	"crypto/rand"
	"fmt"
	"net/url"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	missing, nothing, single := s.Missing(apiclient.CanReplay), aim.None("replay"), aim.Single("replay")
	log := s.Missing(apiclient.CanReadLog)
	r, _ := aim.One()
	fine, own := "", ""
	if r.Dead == 0 {
		fine = "Nothing that the replay has made was given up."
	}
	if r.Subscription == 0 {
		own = "Each of its deliveries goes to its own subscription."
	}
	actions := []ui.Action{
		{ID: "replays.stop", Key: "x", Title: "Stop…", Short: "stop", Help: "make no more, and end what waits to be sent", Writes: true, Disabled: list.First(missing, nothing, over(aim)), Run: func() tea.Cmd { return s.stop(running(aim.Take(s.Model))) }},
		{ID: "replays.deliveries", Key: "o", Title: "Its deliveries", Short: "deliveries", Help: "those that it has made, in the trigger log", Disabled: list.First(missing, single, log), Run: func() tea.Cmd { return toLog("replay:" + list.Number(r.ID)) }},
		{ID: "replays.failures", Key: "e", Title: "What it gave up", Short: "-", Help: "its dead deliveries, in the trigger log", Disabled: list.First(missing, single, log, fine), Run: func() tea.Cmd { return toLog("replay:" + list.Number(r.ID) + " state:dead") }},
		{ID: "replays.again", Key: "r", Title: "Start its filter again…", Short: "again", Help: "shows first what would be sent", Writes: true, Disabled: list.First(missing, single), Run: func() tea.Cmd { return s.again(r) }},
		{ID: "replays.subscription", Key: "z", Title: "The subscription that it goes to", Short: "-", Disabled: list.First(missing, single, own), Run: func() tea.Cmd { return ui.Go("subscriptions/" + list.Number(r.Subscription)) }},
		{ID: "replays.copy", Key: "y", Title: "Copy the filter", Short: "-", Disabled: list.First(missing, single), Run: func() tea.Cmd { return ui.Copy(r.Filter, "the filter of replay "+list.Number(r.ID)) }},
	}
	return append(actions, s.Model.Actions()...)
}

func toLog(filter string) tea.Cmd { return ui.Go("log?filter=" + url.QueryEscape(filter)) }

// over says why none of the jobs can be stopped; empty when one can.
func over(aim list.Aim[apiclient.Replay]) string {
	switch {
	case len(aim.Rows) == 0 || len(running(aim.Rows)) > 0:
		return ""
	case len(aim.Rows) > 1:
		return "None of the marked replays is running."
	}
	return fmt.Sprintf("Replay %d is %s already.", aim.Rows[0].ID, aim.Rows[0].State)
}

func running(rows []apiclient.Replay) []apiclient.Replay {
	var some []apiclient.Replay
	for _, r := range rows {
		if r.State == apiclient.ReplayRunning {
			some = append(some, r)
		}
	}
	return some
}

// stop asks, with what is lost: a job that was stopped cannot go on.
func (s *Screen) stop(rows []apiclient.Replay) tea.Cmd {
	if len(rows) == 0 {
		return ui.Toast(ui.Info, "None of the marked replays is running.")
	}
	title := "Stop replay " + list.Number(rows[0].ID)
	if len(rows) > 1 {
		title = "Stop " + list.Plural(len(rows), "replay")
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: title, Lines: lost(rows), Go: "Stop it", Cancel: "Let it run", Tier: confirm.Once,
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg { return s.stopAll(rows) })
		},
	}))
}

// lost says what stopping jobs means, by what they have come to.
func lost(rows []apiclient.Replay) []string {
	var sum apiclient.Replay
	wait := 0
	for _, r := range rows {
		sum.Total += r.Total
		sum.Made += r.Made
		sum.Done += r.Done
		sum.Dead += r.Dead
		wait += waits(r)
	}
	return []string{
		fmt.Sprintf("%s of %s are made: %s were accepted, %s were given up.", theme.Count(sum.Made), list.Deliveries(sum.Total), theme.Count(sum.Done), theme.Count(sum.Dead)),
		fmt.Sprintf("The %s that are not made yet are never made, and the %s that wait to be sent are gone. What is on its way at this moment arrives.", theme.Count(max(sum.Total-sum.Made, 0)), theme.Count(wait)),
		"A replay that was stopped cannot go on. Its filter can be started again, and chooses then what was accepted, too.",
	}
}

// stopAll stops the jobs; the first refusal ends it.
func (s *Screen) stopAll(rows []apiclient.Replay) list.DidMsg {
	var did list.DidMsg
	for _, was := range rows {
		r, err := s.API.StopReplay(s.Env.Ctx, was.ID)
		if err != nil {
			did.Err = err
			return did
		}
		did.Text = fmt.Sprintf("Replay %d is %s: %s of %s were made.", r.ID, r.State, theme.Count(r.Made), theme.Count(r.Total))
		if r.State != apiclient.ReplayStopped {
			did.Text = fmt.Sprintf("Replay %d was %s before it could be stopped.", r.ID, r.State)
		}
	}
	if len(rows) > 1 {
		did.Text = list.Plural(len(rows), "replay") + " are stopped."
	}
	return did
}

// again plans a job of the same filter and asks about it.
func (s *Screen) again(r apiclient.Replay) tea.Cmd {
	f, err := list.Parse(r.Filter, filter.Deliveries(), false, s.Env.Now)
	if err != nil {
		return ui.Fail(err)
	}
	return list.PlanReplay(s.Config, ID, list.ReplayAsk{
		Query: apiclient.ReplayQuery{Filter: f, Subscription: r.Subscription, Key: rand.Text()},
		About: func(apiclient.ReplayPlan) []string { return repeats(r) },
		None:  fmt.Sprintf("The filter of replay %d finds no delivery any more, so there is nothing to send again.", r.ID),
	})
}

func repeats(r apiclient.Replay) []string {
	lines := []string{"They are all deliveries that there are."}
	if r.Filter != "" {
		lines[0] = "They are all that match " + r.Filter + " now."
	}
	if r.Done > 0 {
		lines = append(lines, fmt.Sprintf("Of replay %d, %s were accepted already; those go out once more, unless the filter leaves them out.", r.ID, theme.Count(r.Done)))
	}
	return lines
}
