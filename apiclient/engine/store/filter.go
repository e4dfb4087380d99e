package store

import (
	"context"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// A noun is what filters know of a table.
type noun struct {
	plural  string
	columns map[string]column
	free    func(ctx context.Context, tx *Tx, text string) (match, error) // of the free text
	field   func(key string, m apiclient.Match) match                     // of a column that columns lacks; nil: there are no others
}

// A match is a condition in SQL, in up to two ways: a test of one row, and a
// query for the ids of all rows that it holds for. The second is there when an
// index answers it.
type match struct {
	row, ids clause
}

// maxDepth bounds the trees of filters: SQLite nests expressions a thousand deep.
const maxDepth = 200

// where turns a filter into SQL. walk is the expression that the list is sorted
// by, whose index a condition on it may use.
func (tx *Tx) where(ctx context.Context, n noun, f apiclient.Filter, walk string) (clause, error) {
	return tx.tree(ctx, n, f, walk, 0)
}

func (tx *Tx) tree(ctx context.Context, n noun, f apiclient.Filter, walk string, depth int) (clause, error) {
	if depth > maxDepth {
		return clause{}, apiclient.FieldErrorf("filter", "The filter is nested more than %d deep; write it flatter.", maxDepth)
	}
	switch f.Op {
	case apiclient.Leaf:
		return tx.leaf(ctx, n, f.Match, walk)
	case apiclient.And, apiclient.Or, apiclient.Not:
	default:
		return clause{}, apiclient.FieldErrorf("filter", "The filter has an operation that is none; use and, or, not.")
	}
	if c, ok := listed(n, f); ok {
		return c, nil
	}
	terms := make([]clause, len(f.Terms))
	for i, t := range f.Terms {
		c, err := tx.tree(ctx, n, t, walk, depth+1)
		if err != nil {
			return clause{}, err
		}
		terms[i] = c
	}
	switch {
	case f.Op == apiclient.And:
		return all(terms...), nil
	case f.Op == apiclient.Or:
		return anyOf(terms...), nil
	case len(terms) != 1:
		return clause{}, apiclient.FieldErrorf("filter", "A not in the filter has %d conditions; give it one.", len(terms))
	}
	return not(terms[0]), nil
}

// listed returns the clause of alternatives that are all numbers of one row each, such as
// id:4,7,9, which one search of an index answers; false: they are something else.
func listed(n noun, f apiclient.Filter) (clause, bool) {
	if f.Op != apiclient.Or || len(f.Terms) < 2 {
		return clause{}, false
	}
	field := f.Terms[0].Match.Field
	col := n.columns[field]
	if col.kind != idColumn || col.ids != "" || col.own != nil || col.rows != nil {
		return clause{}, false
	}
	ids := make([]int64, len(f.Terms))
	for i, t := range f.Terms {
		id, err := strconv.ParseInt(t.Match.Value, 10, 64)
		if t.Op != apiclient.Leaf || t.Match.Op != apiclient.Equals || t.Match.Field != field || err != nil || id == 0 {
			return clause{}, false
		}
		ids[i] = id
	}
	return clause{sql: col.expr + " IN " + listedIDs, args: []any{jsonOf(ids)}}, true
}

func (tx *Tx) leaf(ctx context.Context, n noun, m apiclient.Match, walk string) (clause, error) {
	if m.Field == "" {
		if m.Value == "" {
			return clause{}, nil
		}
		w, err := n.free(ctx, tx, fold(m.Value))
		if err != nil {
			return clause{}, err
		}
		return tx.choose(ctx, w)
	}
	if col, ok := n.columns[m.Field]; ok {
		switch {
		case col.rows != nil:
			return col.rows(ctx, tx, m)
		case col.own != nil:
			return tx.choose(ctx, col.own(m))
		}
		w, err := col.match(m, walk)
		if err != nil {
			return clause{}, err
		}
		return tx.choose(ctx, w)
	}
	if n.field == nil || apiclient.CheckKey(m.Field) != nil {
		return clause{}, apiclient.FieldErrorf(m.Field, "%q is no column of %s; see the list of columns.", m.Field, n.plural)
	}
	return tx.choose(ctx, n.field(m.Field, m))
}

// fewRows is up to how many rows are looked up by an index first. Above it, rows
// are tested while the list is walked: as that many hold, a page is soon full.
const fewRows = 2000

// choose takes the way that is cheaper for as many rows as there are.
func (tx *Tx) choose(ctx context.Context, m match) (clause, error) {
	if m.ids.sql == "" {
		return m.row, nil
	}
	n, err := tx.count(ctx, `SELECT count(*) FROM (`+m.ids.sql+` LIMIT `+itoa(tx.few+1)+`) AS found`, m.ids.args...)
	if err != nil {
		return clause{}, err
	}
	if n > int64(tx.few) {
		return m.row, nil
	}
	return clause{sql: `u.id IN (` + m.ids.sql + `)`, args: m.ids.args, few: true}, nil
}

// likePattern turns a value with * into a pattern of LIKE … ESCAPE '\'.
func likePattern(value string) string { return likeEscaper.Replace(fold(value)) }

// textMatch compares a folded text in SQL with a value.
func textMatch(expr string, m apiclient.Match) clause {
	value := fold(m.Value)
	switch m.Op {
	case apiclient.Equals:
		return clause{sql: expr + " = ?", args: []any{value}}
	case apiclient.Contains:
		return clause{sql: "instr(" + expr + ", ?) > 0", args: []any{value}}
	case apiclient.Like:
		return likeMatch(expr, m.Value)
	case apiclient.Between:
		return clause{sql: expr + " BETWEEN ? AND ?", args: []any{value, fold(m.High)}}
	case apiclient.IsEmpty:
		return clause{sql: expr + " = ''"}
	case apiclient.Less, apiclient.AtMost:
		return clause{sql: expr + sign(m.Op) + "? AND " + expr + " <> ''", args: []any{value}}
	default:
		return clause{sql: expr + sign(m.Op) + "?", args: []any{value}}
	}
}

// likeMatch compares with wildcards; the text before the first one bounds the
// range that an index is searched in.
func likeMatch(expr, value string) clause {
	c := clause{sql: expr + ` LIKE ? ESCAPE '\'`, args: []any{likePattern(value)}}
	prefix, _, _ := strings.Cut(fold(value), "*")
	if end := upTo(prefix); prefix != "" && end != "" {
		c.sql += " AND " + expr + " >= ? AND " + expr + " < ?"
		c.args = append(c.args, prefix, end)
	}
	return c
}

func sign(op apiclient.MatchOp) string {
	switch op {
	case apiclient.Less:
		return " < "
	case apiclient.AtMost:
		return " <= "
	case apiclient.Greater:
		return " > "
	case apiclient.AtLeast:
		return " >= "
	default:
		return " = "
	}
}

// indexed reports whether an index on a text answers the comparison: equality,
// and a * after some text. By order very many rows hold.
func indexed(m apiclient.Match) bool {
	return m.Op == apiclient.Equals && m.Value != "" || m.Op == apiclient.Like && m.Value != "" && !strings.HasPrefix(m.Value, "*")
}
