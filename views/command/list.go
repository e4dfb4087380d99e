package command

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/column"
)

// pageSize is how many rows of a long list are asked for at once.
const pageSize = 500

// listFlags are the flags of a command that lists.
type listFlags struct {
	format  format
	filter  string
	columns []string
	sort    sortFlag
	limit   int
}

// A sortFlag is a column and a direction: registered, registered:asc, registered:desc.
type sortFlag apiclient.Sort

func (s *sortFlag) String() string { return apiclient.Sort(*s).String() }
func (s *sortFlag) Type() string   { return "COLUMN[:asc|desc]" }

func (s *sortFlag) Set(text string) error {
	name, direction, _ := strings.Cut(text, ":")
	if name == "" || direction != "" && direction != "asc" && direction != "desc" {
		return apiclient.FieldErrorf("sort", "%q is no order; write a column, such as registered, or registered:desc", text)
	}
	*s = sortFlag{Column: name, Desc: direction == "desc"}
	return nil
}

// bind adds the flags. keys are the columns that completion offers.
func (f *listFlags) bind(cmd *cobra.Command, limit int, keys []string) {
	f.format.bind(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.filter, "filter", "f", "", "only rows that match: COLUMN:VALUE, -COLUMN:VALUE, COLUMN:>VALUE and more, as in the console")
	flags.StringSliceVar(&f.columns, "columns", nil, "these columns, in this order")
	flags.IntVarP(&f.limit, "limit", "n", limit, "at most so many rows; 0: all")
	complete(cmd, "columns", keys...)
}

// bindSort adds --sort, for lists that can be in another order than their own.
func (f *listFlags) bindSort(cmd *cobra.Command, keys []string) {
	cmd.Flags().Var(&f.sort, "sort", "order of the rows")
	complete(cmd, "sort", keys...)
}

func (f *listFlags) check() error {
	if f.limit < 0 {
		return apiclient.FieldErrorf("limit", "The limit %d is negative; use 0 for all rows.", f.limit)
	}
	return nil
}

// whole writes a list that the site gives in one piece: filter, order and limit are
// done here.
func whole[T any](a *app, f *listFlags, v view[T], rows []T) error {
	if err := f.check(); err != nil {
		return err
	}
	tree, err := filter.Parse(f.filter, filter.Options{Columns: column.Filters(v.all), Now: a.cfg.Now})
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(row T) bool { return !filter.Run(tree, column.Row(v.all, row)) })
	if f.sort.Column != "" {
		by, err := column.Choose(v.all, f.sort.Column)
		if err != nil {
			return err
		}
		slices.SortStableFunc(rows, func(x, y T) int {
			c := compare(by[0].Value(x), by[0].Value(y))
			if f.sort.Desc {
				return -c
			}
			return c
		})
	}
	if f.limit > 0 && len(rows) > f.limit {
		rows = rows[:f.limit]
	}
	v.names = f.columns
	s, err := sheetOf(a, f.format, v)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.add(row); err != nil {
			return err
		}
	}
	return finish(a, f, s, len(rows))
}

// finish ends a list, and says on stderr when a table has no rows.
func finish[T any](a *app, f *listFlags, s sheet[T], rows int) error {
	if rows == 0 && f.format == formatTable {
		a.note("Nothing to list.")
	}
	return s.end()
}

// compare orders two values of one column; nothing comes first, case does not matter.
func compare(x, y any) int {
	switch x := x.(type) {
	case nil:
		if y == nil {
			return 0
		}
		return -1
	case int64:
		if y, ok := y.(int64); ok {
			return cmp.Compare(x, y)
		}
	case json.Number:
		if y, ok := y.(json.Number); ok {
			return compareNumbers(x, y)
		}
	case time.Time:
		if y, ok := y.(time.Time); ok {
			return x.Compare(y)
		}
	}
	if y == nil {
		return 1
	}
	return strings.Compare(strings.ToLower(cellOf(x)), strings.ToLower(cellOf(y)))
}

// compareNumbers orders two fractions, those that are none as texts.
func compareNumbers(x, y json.Number) int {
	a, aerr := x.Float64()
	b, berr := y.Float64()
	if aerr != nil || berr != nil {
		return strings.Compare(x.String(), y.String())
	}
	return cmp.Compare(a, b)
}

// A fetch returns one page of a long list.
type fetch[T any] func(ctx context.Context, after apiclient.Cursor, limit int) ([]T, apiclient.Cursor, error)

// paged writes a list that comes in pages, each as it comes.
func paged[T any](ctx context.Context, a *app, f *listFlags, v view[T], get fetch[T]) error {
	if err := f.check(); err != nil {
		return err
	}
	v.names = f.columns
	s, err := sheetOf(a, f.format, v)
	if err != nil {
		return err
	}
	n := 0
	err = each(ctx, f.limit, get, func(rows []T) error {
		for _, row := range rows {
			if err := s.add(row); err != nil {
				return err
			}
		}
		n += len(rows)
		return s.page()
	})
	if err != nil {
		return err
	}
	return finish(a, f, s, n)
}

// each calls fn with the pages of a list until limit rows; 0 is no limit.
func each[T any](ctx context.Context, limit int, get fetch[T], fn func([]T) error) error {
	var after apiclient.Cursor
	for n := 0; ; {
		size := pageSize
		if limit > 0 {
			size = min(size, limit-n)
		}
		rows, next, err := get(ctx, after, size)
		if err != nil {
			return err
		}
		if err := fn(rows); err != nil {
			return err
		}
		if n += len(rows); next == "" || limit > 0 && n >= limit {
			return nil
		}
		after = next
	}
}
