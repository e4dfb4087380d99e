package forms

import (
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

// A row is a field of a form, or a form that has none.
type row struct {
	column.Copy
	form apiclient.Form
}

func (r row) id() string { return fmt.Sprintf("%d.%s", r.form.ID, r.Key) }

// rowsOf returns the fields of all forms, and how many copies differ from the catalogue.
func rowsOf(forms []apiclient.Form, catalogue []apiclient.Field) (rows []row, differ int) {
	for _, f := range forms {
		for _, c := range column.Copies(f, catalogue) {
			rows = append(rows, row{Copy: c, form: f})
			if len(c.Differences) > 0 {
				differ++
			}
		}
		if len(f.Fields) == 0 {
			rows = append(rows, row{form: f})
		}
	}
	return rows, differ
}

// columns are those of a field, behind those of the form that it is in.
func columns() []column.Column[row] {
	var all []column.Column[row]
	for _, c := range lift(column.Forms(), func(r row) apiclient.Form { return r.form }) {
		switch c.Key {
		case "id":
			c.Key, c.Title = "form", "FORM"
			all = append(all, c)
		case "title", "mode":
			all = append(all, c)
		}
	}
	return append(all, lift(column.FormFields(), func(r row) column.Copy { return r.Copy })...)
}

// lift makes columns of what a row holds columns of rows.
func lift[T any](columns []column.Column[T], of func(row) T) []column.Column[row] {
	list := make([]column.Column[row], len(columns))
	for i, c := range columns {
		l := column.Column[row]{
			Key: c.Key, Title: c.Title, Help: c.Help, Kind: c.Kind, Values: c.Values, Sort: c.Sort, Default: c.Default,
			Min: c.Min, Max: c.Max, Flex: c.Flex, Priority: c.Priority, Right: c.Right,
			Text: func(r row) string { return c.Text(of(r)) }, Value: func(r row) any { return c.Value(of(r)) },
		}
		if c.Mark != nil {
			l.Mark = func(th *theme.Theme, r row) theme.Mark { return c.Mark(th, of(r)) }
		}
		if c.Time != nil {
			l.Time = func(r row) time.Time { return c.Time(of(r)) }
		}
		list[i] = l
	}
	return list
}
