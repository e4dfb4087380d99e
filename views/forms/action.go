package forms

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/form"
	"umdeck/ui/dialog/picker"
	"umdeck/views/column"
	"umdeck/views/list"
)

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	single, write := aim.Single("field"), s.Missing(apiclient.CanWriteForms)
	r, _ := aim.One()
	none, same, core := "", "", ""
	if r.Key == "" {
		none = "The form has no field; + adds one."
	}
	if len(r.Differences) == 0 {
		same = "It is what the catalogue says."
	}
	if r.form.Core {
		core = "A core form can be changed, not deleted."
	}
	one := list.First(single, write, none)
	actions := []ui.Action{
		{ID: "forms.add", Key: "+", Title: "Add a field…", Short: "add", Writes: true, Disabled: list.First(single, write), Run: s.add(r)},
		{ID: "forms.edit", Key: "e", Title: "Change this copy…", Short: "change", Help: "a field of the site's own changes in the catalogue too", Writes: true, Disabled: one, Run: s.edit(r)},
		{ID: "forms.up", Key: "<", Title: "Move up", Short: "up", Writes: true, Disabled: one, Run: s.move(r, -1)},
		{ID: "forms.down", Key: ">", Title: "Move down", Short: "down", Writes: true, Disabled: one, Run: s.move(r, 1)},
		{ID: "forms.place", Key: "P", Title: "Place in row and column…", Short: "place", Writes: true, Disabled: one, Run: s.place(r)},
		{ID: "forms.sync", Key: "=", Title: "Take the catalogue's definition", Short: "sync", Writes: true, Disabled: list.First(one, same), Run: s.sync(r)},
		{ID: "forms.drop", Key: "x", Title: "Take out of the form", Short: "-", Writes: true, Disabled: one, Run: s.drop(r)},
		{ID: "forms.settings", Key: "t", Title: "Title and settings…", Short: "settings", Writes: true, Disabled: list.First(single, write), Run: s.settings(r.form)},
		{ID: "forms.create", Key: "n", Title: "New form…", Short: "new", Writes: true, Disabled: write, Run: s.create},
		{ID: "forms.delete", Key: "d", Title: "Delete the form…", Short: "-", Writes: true, Disabled: list.First(single, write, core), Run: s.remove(r.form)},
	}
	return append(actions, s.Model.Actions()...)
}

// update gives the form other fields, and offers to give back those that it had.
func (s *Screen) update(f apiclient.Form, fields []apiclient.FormField, said, to string) tea.Cmd {
	ctx, api := s.Env.Ctx, s.API
	return list.Do(ID, func() list.DidMsg {
		is, err := api.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Fields: fields, Since: f.Updated})
		if err != nil {
			return list.DidMsg{Err: err}
		}
		return list.DidMsg{Text: said, Select: to, Label: "that", Undo: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg {
				_, err := api.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Fields: append([]apiclient.FormField{}, f.Fields...), Since: is.Updated})
				return list.DidMsg{Err: err, Text: fmt.Sprintf("“%s” has the fields that it had.", f.Title)}
			})
		}}
	})
}

// catalogueMsg brings the fields that a form can get.
type catalogueMsg struct {
	row  row
	list []apiclient.Field
	err  error
}

func (s *Screen) add(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.To(ID, func() tea.Msg {
			fields, err := api.Fields(ctx)
			return catalogueMsg{r, fields, err}
		})
	}
}

// pieces are what a form can have that asks nothing.
func pieces() []apiclient.CoreType {
	return []apiclient.CoreType{apiclient.CoreDivider, apiclient.CoreSpacing, apiclient.CoreBlock, apiclient.CoreShortcode}
}

func (s *Screen) chooseField(m catalogueMsg) tea.Cmd {
	if m.err != nil {
		return ui.Fail(m.err)
	}
	f := m.row.form
	var items []picker.Item
	for _, c := range m.list {
		if c.Private || c.AccountOnly || f.CheckField(c) != nil {
			continue
		}
		item := picker.Item{ID: c.Key, Title: c.Key, Note: c.Label}
		if _, there := f.Field(c.Key); there {
			item.Disabled = "is there"
		}
		items = append(items, item)
	}
	for _, p := range pieces() {
		items = append(items, picker.Item{ID: "piece:" + string(p), Title: string(p), Note: "asks nothing"})
	}
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Add to “" + f.Title + "”", Items: items, Empty: "The catalogue has no fields.",
		Pick: func(ids []string) tea.Cmd {
			x := apiclient.FormField{Field: apiclient.Field{Key: ids[0]}, Row: m.row.Row, SubRow: m.row.SubRow, Column: m.row.Column}
			if p, ok := strings.CutPrefix(ids[0], "piece:"); ok {
				x.Field = apiclient.Field{Core: apiclient.CoreType(p)}
			}
			return s.update(f, f.With(x).Fields, fmt.Sprintf("%s is in “%s”.", ids[0], f.Title), row{form: f, Copy: column.Copy{FormField: x}}.id())
		},
	}))
}

func (s *Screen) drop(r row) func() tea.Cmd {
	return func() tea.Cmd {
		return s.update(r.form, r.form.Without(r.Key).Fields, fmt.Sprintf("%s is out of “%s”.", r.Key, r.form.Title), "")
	}
}

func (s *Screen) sync(r row) func() tea.Cmd {
	return func() tea.Cmd {
		x := r.FormField
		x.Field = apiclient.Field{Key: r.Key}
		return s.update(r.form, r.form.With(x).Fields, r.Key+" is what the catalogue says.", r.id())
	}
}

// move puts the field before or behind its neighbour in the column.
func (s *Screen) move(r row, by int) func() tea.Cmd {
	return func() tea.Cmd {
		at := r.Position - 1 + by
		if at < 0 || at >= len(r.form.Fields) {
			return nil
		}
		other := r.form.Fields[at]
		x := r.FormField
		if other.Row != x.Row || other.SubRow != x.SubRow || other.Column != x.Column {
			return ui.Toast(ui.Info, r.Key+" is at the end of its column; p moves it to another.")
		}
		x.Position, other.Position = other.Position, x.Position
		fields := append([]apiclient.FormField{}, r.form.Fields...)
		fields[at], fields[r.Position-1] = other, x
		return s.update(r.form, fields, r.Key+" is moved.", r.id())
	}
}

func (s *Screen) place(r row) func() tea.Cmd {
	return func() tea.Cmd {
		number := func(key, label string, value int) form.Field {
			return form.Field{Key: key, Label: label, Value: fmt.Sprint(value), Check: func(text string) error { _, err := whole(label, text); return err }}
		}
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: "Place " + r.Key, Button: "place", FieldErrors: list.FieldErrors,
			Fields: []form.Field{number("row", "Row", r.Row), number("sub_row", "Sub-row", r.SubRow), number("column", "Column", r.Column)},
			Save: func(v form.Values) (tea.Cmd, error) {
				x, err := r.FormField, error(nil)
				for key, to := range map[string]*int{"row": &x.Row, "sub_row": &x.SubRow, "column": &x.Column} {
					if *to, err = whole(key, v.Text(key)); err != nil {
						return nil, err
					}
				}
				x.Position = 0
				return s.saved(r.form, apiclient.FormUpdate{Fields: r.form.With(x).Fields}, r.Key+" is moved.", r.id())
			},
		}))
	}
}

func whole(label, text string) (n int, err error) {
	if _, err := fmt.Sscan(text, &n); err != nil || n < 1 {
		return 0, apiclient.FieldErrorf(label, "%s is a number from 1 on.", label)
	}
	return n, nil
}

// saved updates a form for a dialog.
func (s *Screen) saved(f apiclient.Form, u apiclient.FormUpdate, said, to string) (tea.Cmd, error) {
	u.Since = f.Updated
	if _, err := s.API.UpdateForm(s.Env.Ctx, f.ID, u); err != nil {
		return nil, err
	}
	return list.Bring(ID, list.DidMsg{Text: said, Select: to}), nil
}

// settings asks for the title and all settings of the form.
func (s *Screen) settings(f apiclient.Form) func() tea.Cmd {
	return func() tea.Cmd {
		fields := []form.Field{{Key: "title", Label: "Title", Value: f.Title, Required: true}}
		for _, set := range apiclient.FormSettingCatalogue(f.Mode) {
			fields = append(fields, asked(set, f.Settings[set.Key]))
		}
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: "Settings of “" + f.Title + "”", FieldErrors: list.FieldErrors, Fields: fields,
			Save: func(v form.Values) (tea.Cmd, error) {
				title := v.Text("title")
				u := apiclient.FormUpdate{Title: &title, Settings: apiclient.FormSettings{}}
				for _, set := range apiclient.FormSettingCatalogue(f.Mode) {
					u.Settings[set.Key] = v.Text(set.Key)
					if set.Kind == apiclient.SettingCheckbox && !v.On(set.Key) {
						u.Settings[set.Key] = "0"
					}
				}
				return s.saved(f, u, fmt.Sprintf("“%s” is changed.", title), "")
			},
		}))
	}
}

// asked returns the field of the dialog for a setting.
func asked(set apiclient.Setting, value string) form.Field {
	if value == "" {
		value = set.Default
	}
	f := form.Field{Key: set.Key, Label: set.Label, Help: set.Help, Value: value, Kind: form.Text}
	switch set.Kind {
	case apiclient.SettingCheckbox:
		f.Kind = form.Toggle
	case apiclient.SettingSelect:
		f.Kind = form.Select
		for _, c := range set.Choices {
			f.Choices = append(f.Choices, form.Choice{Value: c.Value, Label: c.Label})
		}
	default:
	}
	return f
}

func (s *Screen) create() tea.Cmd {
	modes := []form.Choice{}
	for _, m := range apiclient.FormModes() {
		modes = append(modes, form.Choice{Value: string(m)})
	}
	ctx, api := s.Env.Ctx, s.API
	return ui.Open(form.New(form.Options{
		Env: s.Env, Title: "New form", Button: "create", FieldErrors: list.FieldErrors,
		Fields: []form.Field{
			{Key: "title", Label: "Title", Required: true},
			{Key: "mode", Label: "Mode", Kind: form.Select, Value: string(apiclient.FormRegister), Choices: modes, Help: "it never changes"},
		},
		Save: func(v form.Values) (tea.Cmd, error) { return create(ctx, api, v) },
	}))
}

func create(ctx context.Context, api apiclient.API, v form.Values) (tea.Cmd, error) {
	f, err := api.CreateForm(ctx, apiclient.NewForm{Title: v.Text("title"), Mode: apiclient.FormMode(v.Text("mode"))})
	if err != nil {
		return nil, err
	}
	first := row{form: f}
	if len(f.Fields) > 0 {
		first.FormField = f.Fields[0]
	}
	return list.Bring(ID, list.DidMsg{Text: fmt.Sprintf("The form “%s” is made; + adds fields.", f.Title), Select: first.id()}), nil
}

func (s *Screen) remove(f apiclient.Form) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api := s.Env.Ctx, s.API
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Delete “" + f.Title + "”", Tier: confirm.Typed, Phrase: list.Phrase("delete", f.Title, "form"), Go: "Delete",
			Lines: []string{"Whoever has its address finds nothing there. What members have answered stays."},
			Yes: func() tea.Cmd {
				return list.Do(ID, func() list.DidMsg {
					return list.DidMsg{Err: api.DeleteForm(ctx, f.ID), Text: fmt.Sprintf("The form “%s” is deleted.", f.Title)}
				})
			},
		}))
	}
}
