package form

import (
	"slices"
	"strings"

	"github.com/charmbracelet/huh"

	"umdeck/theme"
)

// A Kind says what a field asks for.
type Kind int

// The kinds.
const (
	Text   Kind = iota // one line
	Secret             // one line that is not shown
	Lines              // several lines; enter starts a new one
	Select             // one of Choices
	Multi              // any of Choices
	Toggle             // yes or no: "1" or empty
)

// A Choice is one value that can be chosen.
type Choice struct {
	Value string
	Label string // empty: Value
}

// A Field is one value that is asked for.
type Field struct {
	Key         string // what the value is found by; unique in the form
	Label       string
	Help        string // one line under the field that has the focus; may be empty
	Kind        Kind
	Value       string   // what is there to begin with; not for Multi
	Values      []string // the same for Multi
	Choices     []Choice // of Select and Multi; a value that is none of them is offered too
	Placeholder string
	Required    bool
	Check       func(value string) error // nil: everything will do; for Multi the values are joined with line breaks
}

// Values are what a form holds.
type Values struct{ now, was map[string][]string }

// Text returns the value of a field; empty when there is none.
func (v Values) Text(key string) string {
	if len(v.now[key]) == 0 {
		return ""
	}
	return v.now[key][0]
}

// List returns the values of a Multi field, in the order of its choices.
func (v Values) List(key string) []string { return v.now[key] }

// On reports whether a Toggle is on.
func (v Values) On(key string) bool { return v.Text(key) == "1" }

// Changed reports whether a field holds something else than to begin with.
func (v Values) Changed(key string) bool { return !slices.Equal(v.now[key], v.was[key]) }

// entry is a field with its widget and what it holds.
type entry struct {
	Field
	widget huh.Field
	text   string
	list   []string
	on     bool
	err    string
}

func newEntry(f Field) *entry {
	e := &entry{Field: f, text: f.Value, list: slices.Clone(f.Values), on: f.Value == "1"}
	e.Label, e.Help = theme.Clean(f.Label), theme.Clean(f.Help)
	e.Choices = slices.Clone(f.Choices)
	values := e.list
	if f.Kind == Select {
		values = []string{f.Value}
	}
	if f.Kind == Select || f.Kind == Multi {
		for _, v := range values { // huh would replace what is not offered by the first choice
			if !slices.ContainsFunc(e.Choices, func(c Choice) bool { return c.Value == v }) {
				e.Choices = append([]Choice{{Value: v}}, e.Choices...)
			}
		}
	}
	for i, c := range e.Choices {
		label := theme.Clean(c.Label)
		if label == "" {
			label = theme.Clean(c.Value)
		}
		if label == "" {
			label = "(none)"
		}
		e.Choices[i].Label = label
	}
	return e
}

// build makes the widget anew, from what the entry holds.
func (e *entry) build(t *theme.Theme) {
	var options []huh.Option[string]
	for _, c := range e.Choices {
		options = append(options, huh.NewOption(c.Label, c.Value))
	}
	switch e.Kind {
	case Secret:
		e.widget = huh.NewInput().EchoMode(huh.EchoModePassword).Prompt("").Placeholder(e.Placeholder).Value(&e.text)
	case Lines:
		e.widget = huh.NewText().Lines(4).ExternalEditor(false).Placeholder(e.Placeholder).Value(&e.text)
	case Select:
		e.widget = huh.NewSelect[string]().Options(options...).Height(min(len(options), 6)).Value(&e.text)
	case Multi:
		e.widget = huh.NewMultiSelect[string]().Options(options...).Height(min(len(options), 6)).Value(&e.list)
	case Toggle:
		e.widget = huh.NewConfirm().Affirmative("Yes").Negative("No").Inline(true).Value(&e.on)
	case Text:
		e.widget = huh.NewInput().Prompt("").Placeholder(e.Placeholder).Value(&e.text)
	}
	e.widget = e.widget.WithTheme(looks(t)).WithKeyMap(keymap())
}

// values returns what the entry holds.
func (e *entry) values() []string {
	switch e.Kind {
	case Multi:
		return e.list
	case Toggle:
		if e.on {
			return []string{"1"}
		}
		return nil
	case Text, Secret, Lines, Select:
	}
	if e.text == "" {
		return nil
	}
	return []string{e.text}
}

// check says what is wrong with what the entry holds; empty when nothing is.
func (e *entry) check() string {
	v := e.values()
	if e.Required && len(v) == 0 {
		return e.Label + " is needed"
	}
	if e.Check == nil {
		return ""
	}
	if err := e.Check(strings.Join(v, "\n")); err != nil {
		return err.Error()
	}
	return ""
}

// filtering reports whether a search in the choices has the keys.
func (e *entry) filtering() bool {
	f, ok := e.widget.(interface{ GetFiltering() bool })
	return ok && f.GetFiltering()
}

// typing reports whether the field takes text.
func (e *entry) typing() bool {
	return e.Kind == Text || e.Kind == Secret || e.Kind == Lines || e.filtering()
}

// shown returns what is drawn of the entry without the focus.
func (e *entry) shown(t *theme.Theme) string {
	switch e.Kind {
	case Secret:
		return strings.Repeat(t.Glyph.Mask, min(len([]rune(e.text)), 12))
	case Toggle:
		if e.on {
			return "yes"
		}
		return "no"
	case Select, Multi:
		return e.labels(t)
	case Text, Lines:
	}
	if e.text == "" {
		return t.Paint(theme.Muted, t.Glyph.Dash)
	}
	return theme.Clean(strings.ReplaceAll(e.text, "\n", " "+t.Glyph.Enter+" "))
}

func (e *entry) labels(t *theme.Theme) string {
	var labels []string
	for _, c := range e.Choices {
		if e.Kind == Select && c.Value == e.text || e.Kind == Multi && slices.Contains(e.list, c.Value) {
			labels = append(labels, c.Label)
		}
	}
	if len(labels) == 0 {
		return t.Paint(theme.Muted, t.Glyph.Dash)
	}
	return strings.Join(labels, ", ")
}
