package list

import (
	"slices"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
)

// Columns returns the columns of a noun for a table on screen, moments as ages.
func Columns[T any](columns []column.Column[T], env *ui.Env) []table.Column[T] {
	return column.Table(columns, env.Theme, env.Now)
}

// WholeColumns is Columns for a list that is given whole: it sorts by any column.
func WholeColumns[T any](columns []column.Column[T], env *ui.Env) []table.Column[T] {
	list := Columns(columns, env)
	for i := range list {
		list[i].Sort = list[i].Key
	}
	return list
}

// Order puts the columns with those keys first, in that order and shown. The others come
// after them, hidden: they can be shown.
func Order[T any](columns []table.Column[T], keys ...string) []table.Column[T] {
	place := func(c table.Column[T]) int {
		if at := slices.Index(keys, c.Key); at >= 0 {
			return at
		}
		return len(keys)
	}
	slices.SortStableFunc(columns, func(a, b table.Column[T]) int { return place(a) - place(b) })
	for i := range columns {
		columns[i].Hidden = place(columns[i]) == len(keys)
	}
	return columns
}

// Lift returns columns of T for rows that hold a T and more.
func Lift[T, R any](columns []table.Column[T], of func(R) T) []table.Column[R] {
	list := make([]table.Column[R], len(columns))
	for i, c := range columns {
		list[i] = table.Column[R]{
			Key: c.Key, Title: c.Title, Min: c.Min, Max: c.Max, Flex: c.Flex, Priority: c.Priority, Align: c.Align,
			Value: func(r R) string { return c.Value(of(r)) }, Sort: c.Sort, Hidden: c.Hidden,
		}
		if c.Style != nil {
			list[i].Style = func(r R) theme.Token { return c.Style(of(r)) }
		}
	}
	return list
}
