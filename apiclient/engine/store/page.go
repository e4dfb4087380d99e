package store

import (
	"context"
	"slices"
	"strconv"

	"umdeck/apiclient"
)

// A list is a question for one page.
type list struct {
	query  string // SELECT … FROM …, with the sort key as its last column
	args   []any  // of query
	key    string // the sort key's expression; the id where that is empty
	id     string
	number bool // the key is compared as a number
	where  clause
	sort   apiclient.Sort
	after  apiclient.Cursor
	limit  int
}

// placed is a row that knows its place in the list: the sort key and the id.
type placed interface{ place() (string, int64) }

// size returns the number of rows that a page has.
func size(limit int) (int, error) {
	switch {
	case limit == 0:
		return 50, nil
	case limit < 0 || limit > apiclient.MaxLimit:
		return 0, apiclient.FieldErrorf("limit", "The limit is %d; use 1 to %d.", limit, apiclient.MaxLimit)
	}
	return limit, nil
}

// page reads one page by keyset. Rows of equal sort key are asked for on their
// own, by id: an index then finds the place however many of them there are.
func page[T placed](ctx context.Context, tx *Tx, l list, scan func(scanner) (T, error)) ([]T, apiclient.Cursor, error) {
	n, err := size(l.limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := pageRows(ctx, tx, l, n+1, scan)
	if err != nil || len(rows) <= n {
		return rows, "", err
	}
	key, id := rows[n-1].place()
	return rows[:n], apiclient.Keyset{Sort: l.sort, Key: key, ID: id}.Cursor(), nil
}

func pageRows[T placed](ctx context.Context, tx *Tx, l list, n int, scan func(scanner) (T, error)) ([]T, error) {
	if l.after == "" {
		return tail(ctx, tx, l, clause{}, n, scan)
	}
	k, err := l.after.Keyset(l.sort)
	if err != nil {
		return nil, err
	}
	beyond := " > ?"
	if l.sort.Desc {
		beyond = " < ?"
	}
	if l.key == l.id {
		return tail(ctx, tx, l, clause{sql: l.id + beyond, args: []any{k.ID}}, n, scan)
	}
	key, err := l.keyOf(k.Key)
	if err != nil {
		return nil, err
	}
	rows, err := tail(ctx, tx, l, clause{sql: l.key + " = ? AND " + l.id + beyond, args: []any{key, k.ID}}, n, scan)
	if err != nil || len(rows) == n {
		return rows, err
	}
	rest, err := tail(ctx, tx, l, clause{sql: l.key + beyond, args: []any{key}}, n-len(rows), scan)
	return append(rows, rest...), err
}

// keyOf reads the sort key of a cursor.
func (l list) keyOf(text string) (any, error) {
	if !l.number {
		return text, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, apiclient.FieldErrorf("cursor", "The cursor is not one that this list gave out; leave it away to start at the first page.")
	}
	return n, nil
}

// tail reads the first n rows beyond a place.
func tail[T any](ctx context.Context, tx *Tx, l list, place clause, n int, scan func(scanner) (T, error)) ([]T, error) {
	c := all(l.where, place)
	direction := ""
	if l.sort.Desc {
		direction = " DESC"
	}
	order := l.key + direction
	if l.where.few {
		order = noIndex + order // few rows are sorted, rather than looked for along an index
	}
	if l.key != l.id {
		order += ", " + l.id + direction
	}
	return collect(ctx, tx, scan, l.query+` WHERE `+c.sql+` ORDER BY `+order+` LIMIT ?`, slices.Concat(l.args, c.args, []any{n})...)
}

// newestFirst is a list by id, the newest row first.
func newestFirst(query, id string, where clause, after apiclient.Cursor, limit int) list {
	return list{query: query, key: id, id: id, number: true, where: where, sort: apiclient.Sort{Column: "id", Desc: true}, after: after, limit: limit}
}
