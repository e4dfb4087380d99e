package triggerlog

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
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

// numbered returns the filter of the deliveries with these numbers.
func numbered(ids []apiclient.DeliveryID) apiclient.Filter {
	slices.Sort(ids)
	f := apiclient.Filter{Op: apiclient.Or}
	for _, id := range ids {
		f.Terms = append(f.Terms, apiclient.FieldIs("id", list.Number(id)))
	}
	return f
}
