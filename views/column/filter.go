package column

import (
	"strings"

	"umdeck/apiclient/filter"
)

// Filters returns the columns as a filter names them, for lists that the site gives
// whole and that are filtered here.
func Filters[T any](columns []Column[T]) []filter.Column {
	list := make([]filter.Column, len(columns))
	for i, c := range columns {
		list[i] = filter.Column{Name: c.Key, Kind: c.Kind, Help: c.Help, Values: c.Values}
	}
	return list
}

// Row returns a row as a filter reads it. Its free text is that of every column of
// words.
func Row[T any](columns []Column[T], row T) filter.Row {
	return func(name string) ([]string, bool) {
		if name == "" {
			var all []string
			for _, c := range columns {
				if c.Kind == filter.Text || c.Kind == filter.List || c.Kind == filter.Choice {
					all = append(all, texts(c.Value(row))...)
				}
			}
			return all, true
		}
		for _, c := range columns {
			if strings.EqualFold(c.Key, name) {
				return texts(c.Value(row)), true
			}
		}
		return nil, false
	}
}
