package column

import (
	"time"

	"umdeck/theme"
	"umdeck/ui/widget/table"
)

// Table returns the columns for a table on screen. Marks are drawn with their
// glyph; with a clock, moments are ages. Columns without Default are hidden.
func Table[T any](columns []Column[T], t *theme.Theme, now func() time.Time) []table.Column[T] {
	list := make([]table.Column[T], len(columns))
	for i, c := range columns {
		w := table.Column[T]{
			Key: c.Key, Title: c.Title, Min: c.Min, Max: c.Max, Flex: c.Flex, Priority: c.Priority,
			Value: c.Text, Sort: c.Sort, Hidden: !c.Default,
		}
		if c.Right {
			w.Align = table.Right
		}
		if c.Time != nil && now != nil {
			w.Value = func(v T) string { return t.Since(now(), c.Time(v)) }
			w.Min, w.Max, w.Align = max(5, theme.Width(c.Title)), 0, table.Right
		}
		if c.Mark != nil {
			w.Value = func(v T) string { return c.Mark(t, v).With(c.Text(v)) }
			w.Style = func(v T) theme.Token { return c.Mark(t, v).Token }
			if w.Min > 0 {
				w.Min += 2
			}
			if w.Max > 0 {
				w.Max += 2
			}
		}
		list[i] = w
	}
	return list
}
