package store

import (
	"slices"
	"strings"
)

// A clause is a condition in SQL; the zero clause holds for every row.
type clause struct {
	sql  string
	args []any
	few  bool // it holds for few rows, and finds them by an index
}

// all returns the clause that holds where each of the given ones does.
func all(terms ...clause) clause {
	c := clause{}
	var parts []string
	for _, t := range terms {
		if t.sql == "" {
			continue
		}
		parts = append(parts, "("+t.sql+")")
		c.args = append(c.args, t.args...)
		c.few = c.few || t.few
	}
	c.sql = joined(parts, " AND ")
	if len(parts) == 0 {
		c.sql = "TRUE"
	}
	return c
}

// any returns the clause that holds where one of the given ones does.
func anyOf(terms ...clause) clause {
	c := clause{few: len(terms) > 0}
	var parts []string
	for _, t := range terms {
		sql := t.sql
		if sql == "" {
			sql = "TRUE"
		}
		parts = append(parts, "("+sql+")")
		c.args = append(c.args, t.args...)
		c.few = c.few && t.few
	}
	c.sql = joined(parts, " OR ")
	if len(parts) == 0 {
		c.sql = "FALSE"
	}
	return c
}

// joined writes parts with an operator between them, many as a tree: SQLite nests
// expressions a thousand deep, and each part of a row of them is a level.
func joined(parts []string, op string) string {
	const row = 100
	if len(parts) <= row {
		return strings.Join(parts, op)
	}
	half := len(parts) / 2
	return "(" + joined(parts[:half], op) + ")" + op + "(" + joined(parts[half:], op) + ")"
}

func not(t clause) clause {
	return clause{sql: "NOT coalesce((" + all(t).sql + "), FALSE)", args: t.args}
}

// likeEscaper makes the wildcards of LIKE plain, and * its run of characters.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `*`, `%`)

// plainLike makes the wildcards of LIKE plain.
var plainLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// upTo returns the smallest text that is larger than every text that starts with
// prefix; empty when there is none.
func upTo(prefix string) string {
	b := []byte(prefix)
	for i, v := range slices.Backward(b) {
		if v < 0xff {
			return string(b[:i]) + string([]byte{v + 1})
		}
	}
	return ""
}
