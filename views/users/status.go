package users

import (
	"fmt"
	"maps"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/dialog/picker"
)

// byStatusMsg brings how many users are in each status.
type byStatusMsg struct {
	counts apiclient.UserCounts
	err    error
}

func (s *Screen) countByStatus() tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		counts, err := api.CountUsers(ctx, apiclient.Filter{})
		return byStatusMsg{counts, err}
	})
}

// chooseStatus offers the statuses with the number of users in each.
func (s *Screen) chooseStatus(m byStatusMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	items := []picker.Item{{ID: "0", Key: "0", Title: "All", Note: number(m.counts.Total)}}
	filters := []string{""}
	cursor := "0"
	for _, status := range s.statusesOf(m.counts) {
		id := fmt.Sprint(len(items))
		item := picker.Item{ID: id, Title: s.Env.Theme.Status(string(status.Slug)).With(status.Label), Note: number(m.counts.ByStatus[status.Slug])}
		if len(items) < 10 {
			item.Key = id
		}
		condition := filter.String(apiclient.FieldIs("status", string(status.Slug)))
		if status.Slug == apiclient.StatusUndefined {
			condition = "status:none"
		}
		if condition == s.Filter() {
			cursor = id
		}
		items, filters = append(items, item), append(filters, condition)
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Show the users in", Items: items, Hotkeys: true, Cursor: cursor,
		Pick: func(ids []string) tea.Cmd {
			at := slices.IndexFunc(items, func(i picker.Item) bool { return i.ID == ids[0] })
			return s.SetFilter(filters[at])
		},
	}))
}

// statusesOf returns the statuses of the site, and those that users have beyond them.
func (s *Screen) statusesOf(c apiclient.UserCounts) []apiclient.AccountStatus {
	all := slices.Clone(s.statuses)
	if len(all) == 0 {
		all = apiclient.DefaultStatuses()
	}
	for _, slug := range slices.Sorted(maps.Keys(c.ByStatus)) {
		known := slices.ContainsFunc(all, func(a apiclient.AccountStatus) bool { return a.Slug == slug })
		if !known && slug != apiclient.StatusUnknown {
			all = append(all, apiclient.AccountStatus{Slug: slug, Label: slug.Label()})
		}
	}
	return all
}
