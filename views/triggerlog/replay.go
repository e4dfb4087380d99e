package triggerlog

import (
	"crypto/rand"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/views/list"
)

// planReplay asks the site what sending again all that the filter shows would do; without
// a filter, all that was given up.
func (s *Screen) planReplay() tea.Cmd {
	ask := list.ReplayAsk{
		Query: apiclient.ReplayQuery{Filter: s.match, Key: rand.Text()},
		About: about("They are all that match " + s.filter + "."),
		None:  "No delivery matches the filter, so there is nothing to send again.",
	}
	if s.filter == "" {
		ask.Query.Filter = apiclient.FieldIs("state", string(apiclient.DeliveryDead))
		ask.About = about("They are all that were given up.")
		ask.None = "No delivery was given up, so there is nothing to send again."
	}
	return list.PlanReplay(s.Config, ID, ask)
}

func about(sentence string) func(apiclient.ReplayPlan) []string {
	return func(apiclient.ReplayPlan) []string { return []string{sentence} }
}

// redeliverMarked plans one job of the site for all marked rows.
func (s *Screen) redeliverMarked() tea.Cmd {
	var ids []apiclient.DeliveryID
	for _, r := range s.log().Targets() {
		if r.event == nil {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return ui.Toast(ui.Warn, "The marked events made no delivery, so there is nothing to send again.")
	}
	return list.PlanReplay(s.Config, ID, list.ReplayAsk{
		Query: apiclient.ReplayQuery{Filter: numbered(ids), Key: rand.Text()},
		About: func(p apiclient.ReplayPlan) []string {
			if p.Count+p.Skipped == 1 {
				return []string{"It is the marked one."}
			}
			return []string{"They are the marked ones, and go out oldest first."}
		},
		None: "The marked deliveries are no longer kept, so there is nothing to send again.",
		Yes:  func() { s.log().ClearMarks() },
	})
}
