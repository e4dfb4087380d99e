// Package list is what the screens have in common: how a list of the console asks
// a site, filters what a site gives whole, and says why something cannot be done.
package list

import (
	"cmp"
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/views/column"
	"umdeck/views/live"
)

// Config is what every screen is made from. All of it is required.
type Config struct {
	Env  *ui.Env
	API  apiclient.API
	Site apiclient.Site
	Hub  *live.Hub
}

// Missing returns why the site cannot do what needs the capabilities: the reason
// of the first that is missing; empty when it has all of them.
func (c Config) Missing(needs ...apiclient.Capability) string {
	for _, n := range needs {
		if ok, why := c.Site.Can(n); !ok {
			return why
		}
	}
	return ""
}

// Slowly returns how often something is asked for that is asked for every d on a terminal
// that is near.
func (c Config) Slowly(d time.Duration) time.Duration {
	if c.Env.Slow {
		return 3 * d
	}
	return d
}

// Parse reads a filter as the person wrote it.
func Parse(text string, columns []filter.Column, anyField bool, now func() time.Time) (apiclient.Filter, error) {
	return filter.Parse(text, filter.Options{Columns: columns, AnyField: anyField, Now: now})
}

// Sort returns the order that a list asks for.
func Sort(q browser.Query) apiclient.Sort {
	return apiclient.Sort{Column: q.Sort, Desc: q.Desc}
}

// Complete returns the filter bar's completion over columns.
func Complete(columns func() []filter.Column) func(text string, pos int) []browser.Suggestion {
	return func(text string, pos int) []browser.Suggestion {
		found := filter.Complete(text, utf8.RuneCountInString(text[:min(pos, len(text))]), columns())
		runes := []rune(text)
		offset := func(n int) int { return len(string(runes[:min(n, len(runes))])) }
		list := make([]browser.Suggestion, len(found))
		for i, s := range found {
			list[i] = browser.Suggestion{Text: s.Text, From: offset(s.From), To: offset(s.To), Help: s.Help}
		}
		return list
	}
}

// Whole returns the page of a list that the site gives whole: all rows that match
// the filter, sorted by the column of the query.
func Whole[T any](rows []T, columns []column.Column[T], q browser.Query, now func() time.Time) (browser.Page[T], error) {
	f, err := Parse(q.Filter, column.Filters(columns), false, now)
	if err != nil {
		return browser.Page[T]{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(rows), func(r T) bool { return !filter.Run(f, column.Row(columns, r)) })
	if c, ok := column.Find(columns, q.Sort); ok {
		slices.SortStableFunc(kept, func(a, b T) int {
			order := compare(c, a, b)
			if q.Desc {
				return -order
			}
			return order
		})
	}
	return browser.Page[T]{Rows: kept}, nil
}

func compare[T any](c column.Column[T], a, b T) int {
	if c.Time != nil {
		return c.Time(a).Compare(c.Time(b))
	}
	x, xIsNumber := c.Value(a).(int64)
	y, yIsNumber := c.Value(b).(int64)
	if xIsNumber && yIsNumber {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(c.Text(a), c.Text(b))
}

// Get fetches one row by the number that a route names.
func Get[ID ~int64, T any](parse func(string) (ID, error), get func(context.Context, ID) (T, error)) func(context.Context, string) (T, error) {
	return func(ctx context.Context, text string) (T, error) {
		id, err := parse(text)
		if err != nil {
			var none T
			return none, err
		}
		return get(ctx, id)
	}
}
