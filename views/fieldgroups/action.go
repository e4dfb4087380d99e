package fieldgroups

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/picker"
	"umdeck/ui/dialog/prompt"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	nothing, single := aim.None("field"), aim.Single("field")
	r, _ := aim.One()
	zaps := list.First(s.Missing(apiclient.CanWriteZaps), s.Missing(apiclient.CanReadZaps))
	fields := s.Missing(apiclient.CanWriteFields)
	inZap := ""
	if r.Zap.ID == 0 {
		inZap = "No zap names this field."
	}
	actions := []ui.Action{
		{ID: "fields.values", Key: "i", Title: "Values of a user…", Short: "values", Help: "show what a user has stored, and what hooks make of it", Disabled: s.Missing(apiclient.CanListUsers), Run: s.ask},
		{ID: "fields.zap", Key: "o", Title: "Its zap", Short: "zap", Disabled: list.First(single, inZap), Run: func() tea.Cmd { return ui.Go("zaps/" + list.Number(r.Zap.ID)) }},
		{ID: "fields.add", Key: "+", Title: "Add to a zap…", Short: "add to zap", Help: "so that Zapier sees it", Writes: true, Disabled: list.First(single, zaps, withheld(r)), Run: s.add(r)},
		{ID: "fields.drop", Key: "x", Title: "Take out of its zap", Short: "-", Help: "Zapier sees it no longer; what is stored stays", Writes: true, Disabled: list.First(single, zaps, inZap), Run: s.drop(r)},
		{ID: "fields.create", Key: "n", Title: "New field…", Short: "new", Writes: true, Disabled: fields, Run: s.create},
		{ID: "fields.edit", Key: "e", Title: "Edit the field…", Short: "edit", Help: "its label, options and attributes; the copies that forms have stay", Writes: true, Disabled: list.First(single, fields, fixed(r)), Run: s.edit(r)},
		{ID: "fields.catalogue", Key: "w", Title: s.otherView(), Short: "view", Help: "each field once, or each field of each group", Disabled: list.First(s.Missing(apiclient.CanReadFieldSet), s.Missing(apiclient.CanReadZaps)), Run: s.turn},
		{ID: "fields.copy", Key: "y", Title: "Copy the key", Short: "copy", Disabled: nothing, Run: s.copy(aim)},
		{ID: "fields.delete", Key: "d", Title: "Delete from the catalogue…", Short: "-", Writes: true, Disabled: list.First(single, fields, foreign(r)), Run: s.remove(r)},
	}
	return append(actions, s.Model.Actions()...)
}

// withheld says why a field cannot be in any zap; empty when it can.
func withheld(r row) string {
	if r.Field.Secret || r.Key == "" {
		return "A secret is never sent, and a group that cannot be read has no fields."
	}
	return ""
}

// foreign says why a field cannot be deleted; empty when it can.
func foreign(r row) string {
	switch {
	case r.Field.Key == "":
		return "The catalogue does not have this field."
	case r.Field.Source != apiclient.FieldCustom:
		return "Only a field of the site's own can be deleted; this one comes with Ultimate Member."
	}
	return ""
}

// fixed says why a field cannot be edited; empty when it can.
func fixed(r row) string {
	switch {
	case r.Field.Key == "":
		return "The catalogue does not have this field."
	case r.Field.Secret, r.Field.ReadOnly, slices.Contains(apiclient.AccountKeys(), r.Field.Key):
		return "This field is part of the account itself."
	}
	return ""
}

// foundMsg brings the user whose values are to be shown.
type foundMsg struct {
	user apiclient.User
	err  error
}

func (s *Screen) ask() tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(prompt.New(prompt.Options{
		Env: s.Env, Title: "Values of which user?", Value: s.who.Login, Placeholder: "login, e-mail or id; empty: nobody",
		Enter: func(who string) tea.Cmd {
			return ui.To(ID, func() tea.Msg {
				if who = strings.TrimSpace(who); who == "" {
					return foundMsg{}
				}
				u, err := api.FindUser(ctx, who)
				if err != nil {
					return foundMsg{err: err}
				}
				u, err = api.User(ctx, u.ID) // with all that is stored
				return foundMsg{u, err}
			})
		},
	}))
}

// found shows the values of the user, or nobody's; those of the one before stay when
// nobody was found.
func (s *Screen) found(m foundMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	s.who = m.user
	return s.Reload()
}

// groupsMsg brings the zaps that a field can be added to.
type groupsMsg struct {
	key  string
	zaps []apiclient.Zap
	err  error
}

func (s *Screen) add(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.To(ID, func() tea.Msg {
			zaps, err := api.Zaps(ctx, apiclient.ZapQuery{})
			return groupsMsg{r.Key, zaps, err}
		})
	}
}

func (s *Screen) chooseGroup(m groupsMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	byID := map[string]apiclient.Zap{}
	var items []picker.Item
	for _, z := range m.zaps {
		id := list.Number(z.ID)
		byID[id] = z
		item := picker.Item{ID: id, Title: "#" + id + " " + z.Name, Note: list.First(string(z.Event), string(z.Kind))}
		if slices.Contains(z.Fields, m.key) {
			item.Disabled = "has it"
		}
		items = append(items, item)
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Add " + m.key + " to", Items: items, Empty: "There are no zaps; make one first.",
		Pick: func(ids []string) tea.Cmd {
			z := byID[ids[0]]
			return s.setFields(z, slices.Concat(z.Fields, []string{m.key}), fmt.Sprintf("%s is the last field of “%s”.", m.key, z.Name))
		},
	}))
}

// drop takes the field out of its zap.
func (s *Screen) drop(r row) func() tea.Cmd {
	return func() tea.Cmd {
		keys := slices.DeleteFunc(slices.Concat([]string{}, r.Zap.Fields), func(key string) bool { return key == r.Key })
		return s.setFields(r.Zap, keys, fmt.Sprintf("%s is out of “%s”.", r.Key, r.Zap.Name))
	}
}

// setFields gives the zap its fields, and offers to give it back those that it had.
func (s *Screen) setFields(z apiclient.Zap, keys []string, said string) tea.Cmd {
	ctx, api, before := s.Env.Ctx, s.API, slices.Concat([]string{}, z.Fields)
	return list.Do(ID, func() list.DidMsg {
		if _, err := api.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{Fields: keys}); err != nil {
			return list.DidMsg{Err: err}
		}
		return list.DidMsg{Text: said, Label: "that", Undo: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				_, err := api.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{Fields: before})
				return list.DidMsg{Err: err, Text: fmt.Sprintf("“%s” has the fields that it had.", z.Name)}
			})
		}}
	})
}

func (s *Screen) copy(aim list.Aim[row]) func() tea.Cmd {
	return func() tea.Cmd {
		rows := aim.Take(s.Model)
		keys := make([]string, len(rows))
		for i, r := range rows {
			keys[i] = r.Key
		}
		return ui.Copy(strings.Join(keys, "\n"), list.Plural(len(rows), "key"))
	}
}

func (s *Screen) remove(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Delete the field " + r.Key, Tier: confirm.Typed, Phrase: list.Phrase("delete", r.Key, "field"), Go: "Delete",
			Lines: []string{
				"It leaves the catalogue, and every zap and form that has it. What users have stored under it stays.",
				"A field of Ultimate Member that was changed here is as it was again.",
			},
			Yes: func() tea.Cmd {
				return list.Do(ID, func() list.DidMsg {
					return list.DidMsg{Err: api.DeleteField(ctx, r.Key), Text: "The field " + r.Key + " is deleted."}
				})
			},
		}))
	}
}
