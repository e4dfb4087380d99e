package store

import (
	"context"
	"math"
	"strconv"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// columnKind says what a column is compared as.
type columnKind int

const (
	textColumn   columnKind = iota
	numberColumn            // a whole number
	idColumn                // a whole number of which 0 stands for none, and is no value
	timeColumn              // a moment, compared with what filter.Span reads
	boolColumn
)

// A column is one that filters can name.
type column struct {
	kind  columnKind
	expr  string // of the row; texts folded
	ids   string // SELECT … WHERE, up to an expression: how an index finds the rows; empty: none does
	plain string // the expression that follows ids
	walks string // a further sort expression that an index on expr serves

	own  func(apiclient.Match) match                                          // compares in its own way; nil: by what stands above
	rows func(ctx context.Context, tx *Tx, m apiclient.Match) (clause, error) // compares with what it reads first; nil: it need not
}

func (c column) match(m apiclient.Match, walk string) (match, error) {
	expr := c.expr
	if c.ids != "" && walk != c.expr && (walk != c.walks || c.walks == "") {
		expr = noIndex + expr // the list is walked by another index
	}
	row, err := c.compare(expr, m)
	if err != nil || c.ids == "" || c.kind == textColumn && !indexed(m) {
		return match{row: row}, err
	}
	by, err := c.compare(c.plain, m)
	by.sql = c.ids + by.sql
	return match{row: row, ids: by}, err
}

func (c column) compare(expr string, m apiclient.Match) (clause, error) {
	switch c.kind {
	case numberColumn:
		return numberMatch(expr, m)
	case idColumn:
		return idMatch(expr, m)
	case timeColumn:
		return timeMatch(expr, m)
	case boolColumn:
		return boolMatch(expr, m)
	default:
		return textMatch(expr, m), nil
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// idMatch is numberMatch, but 0 is no value: it meets IsEmpty and what the empty
// text meets.
func idMatch(expr string, m apiclient.Match) (clause, error) {
	none := clause{sql: expr + " = 0"}
	if m.Op == apiclient.IsEmpty {
		return none, nil
	}
	c, err := numberMatch(expr, m)
	c = all(c, clause{sql: expr + " <> 0"})
	if takesNothing(m) {
		c = anyOf(c, none)
	}
	return c, err
}

// numberMatch compares a number. Contains and Like look at its digits. There is
// always one, so nothing is IsEmpty.
func numberMatch(expr string, m apiclient.Match) (clause, error) {
	switch m.Op {
	case apiclient.Contains, apiclient.Like:
		return textMatch("CAST("+expr+" AS TEXT)", m), nil
	case apiclient.IsEmpty:
		return clause{sql: "FALSE"}, nil
	default:
	}
	low, err := numberOf(m.Field, m.Value)
	if err != nil {
		return clause{}, err
	}
	if m.Op != apiclient.Between {
		return clause{sql: expr + sign(m.Op) + numberParam(low), args: []any{low}}, nil
	}
	high, err := numberOf(m.Field, m.High)
	return clause{sql: expr + " BETWEEN " + numberParam(low) + " AND " + numberParam(high), args: []any{low, high}}, err
}

// numberParam is the parameter for a value of numberOf: PostgreSQL would read one that
// stands beside a whole number as such.
func numberParam(n any) string {
	if _, ok := n.(float64); ok {
		return "CAST(? AS DOUBLE PRECISION)"
	}
	return "?"
}

// numberOf returns an int64, or a float64 for a value with a fraction.
func numberOf(field, value string) (any, error) {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n, nil
	}
	x, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, apiclient.FieldErrorf(field, "%q is no number, which %s is; write digits alone.", value, field)
	}
	return x, nil
}

func boolMatch(expr string, m apiclient.Match) (clause, error) {
	if m.Op == apiclient.IsEmpty {
		return clause{sql: "FALSE"}, nil
	}
	switch fold(m.Value) {
	case "true":
		return clause{sql: expr + " = 1"}, nil
	case "false":
		return clause{sql: expr + " = 0"}, nil
	}
	return clause{}, apiclient.FieldErrorf(m.Field, "%q is neither true nor false, which %s is.", m.Value, m.Field)
}

// timeMatch compares a moment with the span that a value stands for.
func timeMatch(expr string, m apiclient.Match) (clause, error) {
	if m.Op == apiclient.IsEmpty {
		return clause{sql: expr + " = 0"}, nil
	}
	from, to, err := spanOf(m.Field, m.Value)
	if err != nil {
		return clause{}, err
	}
	switch m.Op {
	case apiclient.Less:
		return clause{sql: expr + " < ? AND " + expr + " <> 0", args: []any{from}}, nil
	case apiclient.AtMost:
		return clause{sql: expr + " < ? AND " + expr + " <> 0", args: []any{to}}, nil
	case apiclient.Greater:
		return clause{sql: expr + " >= ?", args: []any{to}}, nil
	case apiclient.AtLeast:
		return clause{sql: expr + " >= ?", args: []any{from}}, nil
	case apiclient.Between:
		_, to, err = spanOf(m.Field, m.High)
	default:
	}
	return clause{sql: expr + " >= ? AND " + expr + " < ? AND " + expr + " <> 0", args: []any{from, to}}, err
}

func spanOf(field, value string) (from, to int64, err error) {
	low, high, ok := filter.Span(value)
	if !ok {
		return 0, 0, apiclient.FieldErrorf(field, "%q is no time, which %s is; write it as 2026-01-31 or 2026-01-31T15:04:05Z, in UTC.", value, field)
	}
	return low.UnixMilli(), high.UnixMilli(), nil
}
