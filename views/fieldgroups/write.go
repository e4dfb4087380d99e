package fieldgroups

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/views/list"
)

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
			{Key: "label", Label: "Label", Required: true, Help: "the question that members and Zapier see"},
			{Key: "type", Label: "Type", Kind: form.Select, Value: "text", Choices: types},
			{Key: "options", Label: "Options", Kind: form.Lines, Help: "of select, radio, checkbox and multiselect: one a line, in order"},
			{Key: "required", Label: "Required", Kind: form.Toggle},
		},
		Save: func(v form.Values) (tea.Cmd, error) {
			f := newField(v)
			if err := f.CheckNew(); err != nil {
				return nil, err
			}
			f, err := api.CreateField(ctx, f)
			if err != nil {
				return nil, err
			}
			return list.Bring(ID, list.DidMsg{
				Text:   fmt.Sprintf("The field %s is in the catalogue; + adds it to a zap, so that Zapier sees it.", f.Key),
				Select: row{Key: f.Key}.id(),
			}), nil
		},
	}))
}

func newField(v form.Values) apiclient.Field {
	f := apiclient.Field{Key: v.Text("key"), Label: v.Text("label"), Type: apiclient.FieldType(v.Text("type")), Required: v.On("required")}
	if labels := lines(v.Text("options")); len(labels) > 0 {
		f.Choices = apiclient.Choices(labels...)
	}
	return f
}

// lines returns the lines of a text that are not empty.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// edit changes the field, and offers to change it back.
func (s *Screen) edit(r row) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, api, f := s.Env.Ctx, s.API, r.Field
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: "Edit the field " + f.Key, FieldErrors: list.FieldErrors, Fields: questions(f),
			Intro: []string{"The key and the type " + string(f.CoreType()) + " stay, and so do the copies that forms have."},
			Save: func(v form.Values) (tea.Cmd, error) {
				u := updateOf(f, v)
				is, err := api.UpdateField(ctx, f.Key, u)
				if err != nil {
					return nil, err
				}
				return list.Bring(ID, list.DidMsg{
					Text: fmt.Sprintf("The field %s is changed.", is.Key), Label: "that", Select: r.id(),
					Undo: func() tea.Cmd {
						return list.Do(ID, func() list.DidMsg {
							_, err := api.UpdateField(ctx, f.Key, inverse(f, u))
							return list.DidMsg{Err: err, Text: "The field " + f.Key + " is as it was."}
						})
					},
				}), nil
			},
		}))
	}
}

// questions are the label, the options and the attributes of a field, the conditions
// that it has and one more.
func questions(f apiclient.Field) []form.Field {
	fields := []form.Field{{Key: "label", Label: "Label", Required: true, Value: f.Label, Help: "the question that members and Zapier see"}}
	if len(f.Choices) > 0 {
		labels := make([]string, len(f.Choices))
		for i, c := range f.Choices {
			labels[i] = c.Label
		}
		fields = append(fields, form.Field{Key: "options", Label: "Options", Kind: form.Lines, Value: strings.Join(labels, "\n"), Help: "one a line, in order"})
	}
	for _, a := range f.Attributes() {
		if !tooFar(a.Name, len(f.Conditions)) {
			fields = append(fields, question(a))
		}
	}
	return fields
}

// tooFar reports whether the attribute belongs to a condition behind the next one.
func tooFar(name string, conditions int) bool {
	rest, ok := strings.CutPrefix(name, "conditional_")
	if !ok {
		return false
	}
	n := 0
	if last := rest[len(rest)-1]; last >= '1' && last <= '9' {
		n = int(last - '0')
	}
	return n > conditions
}

func question(a apiclient.Attribute) form.Field {
	f := form.Field{Key: a.Name, Label: label(a.Name), Help: a.Help, Value: a.Value}
	switch {
	case a.Tick:
		f.Kind = form.Toggle
	case a.Choices != nil:
		f.Kind, f.Choices = form.Select, []form.Choice{{Label: "(unset)"}}
		for _, c := range a.Choices {
			f.Choices = append(f.Choices, form.Choice{Value: c})
		}
	case a.Lines:
		f.Kind = form.Lines
	}
	return f
}

// updateOf returns what the form changes of the field.
func updateOf(f apiclient.Field, v form.Values) apiclient.FieldUpdate {
	u := apiclient.FieldUpdate{Attributes: map[string]string{}}
	if v.Changed("label") {
		label := v.Text("label")
		u.Label = &label
	}
	if v.Changed("options") {
		u.Choices = f.Relabelled(lines(v.Text("options")))
	}
	for _, a := range f.Attributes() {
		if v.Changed(a.Name) {
			u.Attributes[a.Name] = v.Text(a.Name)
		}
	}
	return u
}

// inverse returns the update that takes u back, f being the field before it.
func inverse(f apiclient.Field, u apiclient.FieldUpdate) apiclient.FieldUpdate {
	back := apiclient.FieldUpdate{Attributes: map[string]string{}}
	if u.Label != nil {
		back.Label = &f.Label
	}
	if u.Choices != nil {
		back.Choices = slices.Concat([]apiclient.Choice{}, f.Choices)
	}
	for _, a := range f.Attributes() {
		if _, there := u.Attributes[a.Name]; there {
			back.Attributes[a.Name] = a.Value
		}
	}
	return back
}

// otherView is what turning the view shows.
func (s *Screen) otherView() string {
	if s.catalogue {
		return "Show the field groups"
	}
	return "Show the catalogue"
}

// turn shows each field of the catalogue once, or the fields of each group.
func (s *Screen) turn() tea.Cmd {
	s.catalogue = !s.catalogue
	return s.Reload()
}
