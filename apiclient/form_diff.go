package apiclient

import "strings"

// A Difference is something that a form's copy of a field says otherwise than the
// catalogue.
type Difference struct {
	Attribute string // "label", "options", or an attribute's name
	Form      string // empty: not set
	Catalogue string
}

// Differences returns where the copy differs from the catalogue's field, in the
// order of Ultimate Member's form builder.
func (x FormField) Differences(catalogue Field) []Difference {
	var list []Difference
	add := func(name, form, known string) {
		if form != known {
			list = append(list, Difference{name, form, known})
		}
	}
	add("label", x.Label, catalogue.Label)
	add("options", optionLines(x.Choices), optionLines(catalogue.Choices))
	add("validate", x.Validate, catalogue.Validate)
	known := map[string]string{}
	for _, a := range catalogue.Attributes() {
		known[a.Name] = a.Value
	}
	for _, a := range x.Attributes() {
		if a.Name != "validate" {
			add(a.Name, a.Value, known[a.Name])
		}
	}
	return list
}

// optionLines returns choices one a line, as the form builder has them.
func optionLines(list []Choice) string {
	lines := make([]string, len(list))
	for i, c := range list {
		lines[i] = c.Label
		if c.Value != c.Label {
			lines[i] = c.Value + " => " + c.Label
		}
	}
	return strings.Join(lines, "\n")
}
