package forms

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/form"
	"umdeck/views/list"
)

// edit asks for the label, the options and every attribute of a form's copy.
func (s *Screen) edit(r row) func() tea.Cmd {
	return func() tea.Cmd {
		fields := []form.Field{{Key: "label", Label: "Label", Value: r.Label}}
		if len(r.Choices) > 0 {
			fields = append(fields, form.Field{Key: "options", Label: "Options", Kind: form.Lines, Value: options(r.Choices), Help: "one a line, in order; VALUE => LABEL where the value is stored"})
		}
		for _, a := range r.Attributes() {
			fields = append(fields, askedOf(a))
		}
		intro := "Only this form changes."
		if r.Source == apiclient.FieldCustom {
			intro = "The catalogue changes with it; other forms keep their copies."
		}
		return ui.Open(form.New(form.Options{
			Env: s.Env, Title: r.Key + " in “" + r.form.Title + "”", Intro: []string{intro}, FieldErrors: list.FieldErrors, Fields: fields,
			Save: func(v form.Values) (tea.Cmd, error) {
				x := r.FormField
				x.Label = strings.TrimSpace(v.Text("label"))
				if len(r.Choices) > 0 {
					x.Choices = choices(v.Text("options"))
				}
				for _, a := range r.Attributes() {
					if text := v.Text(a.Name); text != a.Value {
						if err := x.SetAttribute(a.Name, text); err != nil {
							return nil, err
						}
					}
				}
				return s.saved(r.form, apiclient.FormUpdate{Fields: r.form.With(x).Fields}, r.Key+" is changed.", r.id())
			},
		}))
	}
}

func askedOf(a apiclient.Attribute) form.Field {
	f := form.Field{Key: a.Name, Label: a.Name, Help: a.Help, Value: a.Value, Kind: form.Text}
	switch {
	case len(a.Choices) > 0:
		f.Kind = form.Select
		f.Choices = []form.Choice{{Value: "", Label: "(not set)"}}
		for _, c := range a.Choices {
			f.Choices = append(f.Choices, form.Choice{Value: c})
		}
	case a.Lines:
		f.Kind = form.Lines
	}
	return f
}

func options(list []apiclient.Choice) string {
	lines := make([]string, len(list))
	for i, c := range list {
		lines[i] = c.Label
		if c.Value != c.Label {
			lines[i] = c.Value + " => " + c.Label
		}
	}
	return strings.Join(lines, "\n")
}

func choices(text string) (list []apiclient.Choice) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		value, label, ok := strings.Cut(line, " => ")
		if !ok {
			label = value
		}
		list = append(list, apiclient.Choice{Value: value, Label: label})
	}
	return list
}
