package forms

import (
	"fmt"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
)

// sections is what the preview and the page of a row show: the form as members see
// it, then the field.
func (s *Screen) sections(r row) []detail.Section {
	about := detail.Section{Title: "Form", Fields: []detail.Field{
		{Key: "Form", Value: fmt.Sprintf("#%d %s", r.form.ID, r.form.Title)},
		{Key: "Mode", Value: string(r.form.Mode)},
		{Key: "Core", Value: map[bool]string{true: "yes, it cannot be deleted", false: "no"}[r.form.Core]},
	}}
	all := []detail.Section{about, differences(r), {Title: "As members see it", Lines: preview(r)}}
	if r.Key != "" {
		all = append(all, definition(r))
	}
	return append(slices.DeleteFunc(all, func(d detail.Section) bool { return d.Title == "" }), settings(r.form))
}

// differences sets the copy beside the catalogue's definition.
func differences(r row) detail.Section {
	if len(r.Differences) == 0 {
		return detail.Section{}
	}
	d := detail.Section{Title: "Differs from the catalogue"}
	for _, x := range r.Differences {
		d.Fields = append(d.Fields, detail.Field{Key: x.Attribute, Value: column.Contrast(x), Token: theme.Warning})
	}
	return d
}

func definition(r row) detail.Section {
	d := detail.Section{Title: "Field", Fields: []detail.Field{
		{Key: "Key", Value: r.Key}, {Key: "Label", Value: r.Label}, {Key: "Type", Value: string(r.CoreType())}, {Key: "Place", Value: column.Place(r.Copy)},
	}}
	for _, a := range r.Attributes() {
		if a.Value != "" {
			d.Fields = append(d.Fields, detail.Field{Key: a.Name, Value: strings.ReplaceAll(a.Value, "\n", ", ")})
		}
	}
	if len(r.Choices) > 0 {
		labels := make([]string, len(r.Choices))
		for i, c := range r.Choices {
			labels[i] = c.Label
		}
		d.Fields = append(d.Fields, detail.Field{Key: "options", Value: strings.Join(labels, ", ")})
	}
	return d
}

// settings lists what holds for the form.
func settings(f apiclient.Form) detail.Section {
	d := detail.Section{Title: "Settings"}
	for _, set := range apiclient.FormSettingCatalogue(f.Mode) {
		set.Value = f.Setting(set.Key)
		token := theme.Text
		if set.Value != set.Default {
			token = theme.Strong
		}
		d.Fields = append(d.Fields, detail.Field{Key: set.Key, Value: column.Worth(set), Token: token})
	}
	return d
}

// preview lays the form out in its rows and columns; the row's field is marked.
func preview(r row) func(*theme.Theme, int) []string {
	return func(th *theme.Theme, width int) []string {
		var lines []string
		for i, part := range r.form.Rows {
			if part.Heading != "" {
				lines = append(lines, th.Paint(theme.Strong, th.Cut(theme.Clean(part.Heading), width)))
			}
			for j, columns := range part.Columns {
				lines = append(lines, block(th, r, i+1, j+1, columns, width)...)
			}
		}
		return append(lines, th.Cut("[ "+theme.Clean(r.form.Setting("primary_btn_word"))+" ]", width))
	}
}

// gap is between two columns of a preview.
const gap = 2

// block draws a sub-row: its columns side by side.
func block(th *theme.Theme, r row, at, sub, columns, width int) []string {
	each := max(1, (width-gap*(columns-1))/columns)
	cells := make([][]string, columns)
	height := 0
	for _, x := range r.form.Fields {
		if x.Row == at && x.SubRow == sub && x.Column >= 1 && x.Column <= columns {
			c := &cells[x.Column-1]
			*c = append(*c, cell(th, x, x.Key == r.Key, each)...)
			height = max(height, len(*c))
		}
	}
	if height == 0 {
		return []string{th.Paint(theme.Muted, th.Cut("(empty)", width))}
	}
	lines := make([]string, height)
	for n := range lines {
		parts := make([]string, columns)
		for i, c := range cells {
			parts[i] = theme.Spaces(each)
			if n < len(c) {
				parts[i] = c[n]
			}
		}
		lines[n] = strings.Join(parts, theme.Spaces(gap))
	}
	return lines
}

// cell draws a field: the question, and where the answer goes.
func cell(th *theme.Theme, x apiclient.FormField, marked bool, width int) []string {
	question := theme.Clean(x.Label)
	if x.Required {
		question += " *"
	}
	if !x.CoreType().Holds() {
		question = "-- " + string(x.CoreType()) + " " + question
	}
	if marked {
		question = "> " + question
	}
	line := th.Fit(question, width)
	if marked {
		line = th.Paint(theme.Accent, line)
	}
	if !x.CoreType().Holds() {
		return []string{line}
	}
	return []string{line, th.Paint(theme.Muted, th.Fit("["+strings.Repeat("_", max(0, min(width, 24)-2))+"]", width))}
}
