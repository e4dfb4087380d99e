package zaps

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/picker"
	"umdeck/views/list"
)

// catalogueMsg brings the fields that a zap can be given.
type catalogueMsg struct {
	zap    apiclient.Zap
	fields []apiclient.Field
	err    error
}

// addFields asks for fields of the catalogue that the zap does not have, and puts them
// behind those that it has.
func (s *Screen) addFields(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.To(ID, func() tea.Msg {
			fields, err := api.Fields(ctx)
			return catalogueMsg{r.Zap, fields, err}
		})
	}
}

func (s *Screen) chooseFields(m catalogueMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	var items []picker.Item
	for _, f := range m.fields {
		if !f.Secret && !slices.Contains(m.zap.Fields, f.Key) {
			items = append(items, picker.Item{ID: f.Key, Title: f.Key, Note: f.Label + ", " + string(f.Type)})
		}
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: fmt.Sprintf("Add fields to “%s”", m.zap.Name), Items: items, Multi: true, Empty: "The zap has every field of the catalogue.",
		Pick: func(keys []string) tea.Cmd {
			if len(keys) == 0 {
				return ui.Toast(ui.Info, "No field was marked; space marks one.")
			}
			return s.setFields(m.zap, slices.Concat(m.zap.Fields, keys), list.Plural(len(keys), "field")+" added to")
		},
	}))
}

// setFields gives the zap its fields, and offers to give it back those that it had.
func (s *Screen) setFields(z apiclient.Zap, keys []string, what string) tea.Cmd {
	ctx, api, before := s.Env.Ctx, s.API, slices.Concat([]string{}, z.Fields)
	return list.Do(ID, func() list.DidMsg {
		if _, err := api.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{Fields: keys}); err != nil {
			return list.DidMsg{Err: err}
		}
		return list.DidMsg{Text: fmt.Sprintf("%s “%s”.", what, z.Name), Label: "that", Undo: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				_, err := api.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{Fields: before})
				return list.DidMsg{Err: err, Text: fmt.Sprintf("“%s” has the fields that it had.", z.Name)}
			})
		}}
	})
}
