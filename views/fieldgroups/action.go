package fieldgroups

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/form"
	"umdeck/ui/dialog/prompt"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	r, ok := s.Selected()
	nothing := ""
	if !ok {
		nothing = "There is no field under the cursor."
	}
	write := s.Missing(apiclient.CanWriteFields)
	own := ""
	if r.Field.Source != apiclient.FieldCustom {
		own = "Only a field of the site's own can be deleted; this one comes with Ultimate Member."
	}
	inZap := ""
	if r.Zap.ID == 0 {
		inZap = "No zap names this field."
	}
	actions := []ui.Action{
		{ID: "fields.values", Key: "i", Title: "Values of a user…", Short: "values", Help: "show what a user has stored, and what hooks make of it", Run: s.ask},
		{ID: "fields.create", Key: "n", Title: "New field…", Short: "new", Writes: true, Disabled: write, Run: s.create},
		{ID: "fields.zap", Key: "o", Title: "Its zap", Short: "zap", Disabled: list.First(nothing, inZap), Run: func() tea.Cmd { return ui.Go("zaps/" + list.Number(r.Zap.ID)) }},
		{ID: "fields.copy", Key: "y", Title: "Copy the key", Short: "copy", Disabled: nothing, Run: func() tea.Cmd { return ui.Copy(r.Key, "the key") }},
		{ID: "fields.delete", Key: "d", Title: "Delete…", Short: "-", Writes: true, Disabled: list.First(nothing, write, own), Run: s.remove},
	}
	return append(actions, s.Model.Actions()...)
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

func (s *Screen) create() tea.Cmd {
	types := make([]form.Choice, 0, 15)
	for _, t := range apiclient.FieldTypes() {
		types = append(types, form.Choice{Value: string(t)})
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: "New field", Button: "create", FieldErrors: list.FieldErrors,
		Fields: []form.Field{
			{Key: "key", Label: "Meta key", Required: true, Help: "letters, digits, _ . and -; it can never be changed", Check: apiclient.CheckKey},
			{Key: "label", Label: "Label", Required: true},
			{Key: "type", Label: "Type", Kind: form.Select, Value: "text", Choices: types},
			{Key: "options", Label: "Options", Kind: form.Lines, Help: "of select, radio, checkbox and multiselect: one a line, in order"},
			{Key: "required", Label: "Required", Kind: form.Toggle},
		},
		Save: func(v form.Values) (tea.Cmd, error) {
			f := apiclient.Field{Key: v.Text("key"), Label: v.Text("label"), Type: apiclient.FieldType(v.Text("type")), Required: v.On("required")}
			for line := range strings.Lines(v.Text("options")) {
				if line = strings.TrimSpace(line); line != "" {
					f.Choices = append(f.Choices, apiclient.Choice{Value: line, Label: line})
				}
			}
			if err := f.CheckNew(); err != nil {
				return nil, err
			}
			f, err := api.CreateField(ctx, f)
			if err != nil {
				return nil, err
			}
			said := list.DidMsg{Text: fmt.Sprintf("The field %s is in the catalogue. Add it to a zap for Zapier to see it.", f.Key)}
			return func() tea.Msg { return ui.ToMsg{Screen: ID, Msg: said} }, nil
		},
	}))
}

func (s *Screen) remove() tea.Cmd {
	r, ok := s.Selected()
	if !ok {
		return nil
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Delete the field " + r.Key, Tier: confirm.Typed, Phrase: "delete " + r.Key, Go: "Delete",
		Lines: []string{"It leaves the catalogue and every zap. What users have stored under it stays."},
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				return list.DidMsg{Err: api.DeleteField(ctx, r.Key), Text: "The field " + r.Key + " is deleted."}
			})
		},
	}))
}
