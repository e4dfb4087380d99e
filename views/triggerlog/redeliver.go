package triggerlog

import (
	"crypto/rand"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views/list"
)

// redeliver sends the row under the cursor again at once, or asks about the marked ones.
func (s *Screen) redeliver() tea.Cmd {
	if s.page == nil && s.log().Marks() > 0 {
		return s.redeliverMarked()
	}
	r, ok := s.selected()
	if !ok || r.event != nil {
		return nil
	}
	ctx, api, id := s.Env.Ctx, s.API, r.ID
	return list.Do(ID, func() list.DidMsg {
		d, err := api.Redeliver(ctx, id)
		return list.DidMsg{Err: err, Text: fmt.Sprintf("Delivery %d goes out again as %d; :%s/%d shows it.", id, d.ID, ID, d.ID)}
	})
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
	return s.plan(plannedMsg{marked: true, query: apiclient.ReplayQuery{Filter: numbered(ids), Key: rand.Text()}})
}

// numbered returns the filter of the deliveries with these numbers.
func numbered(ids []apiclient.DeliveryID) apiclient.Filter {
	slices.Sort(ids)
	f := apiclient.Filter{Op: apiclient.Or}
	for _, id := range ids {
		f.Terms = append(f.Terms, apiclient.FieldIs("id", list.Number(id)))
	}
	return f
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return theme.Count(n) + " deliveries"
}
