package store

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// A dialect is what differs between the databases in the text of a statement. All
// statements of this package are written once, as SQLite reads them.
type dialect struct {
	postgres bool
	lease    time.Duration // of an engine, with PostgreSQL
	spelled  *sync.Map     // statements as PostgreSQL reads them, by their own text
}

// Parts of statements that PostgreSQL spells in another way.
const (
	// noIndex stands before an expression that no index is to be used for. PostgreSQL
	// knows that from its statistics.
	noIndex = "+/* no index */ "
	// listedIDs and listedTexts are the numbers and the texts of a parameter that is
	// a list in JSON.
	listedIDs   = "(SELECT value FROM json_each(?))"
	listedTexts = "(SELECT j.value FROM json_each(?) j)"
	// listedRows are the rows of a parameter that is a list of lists in JSON, as j.value.
	listedRows = "json_each(?) /* rows */ j"
)

const listedArray = "(ARRAY(SELECT CAST(j.value AS BIGINT) FROM jsonb_array_elements_text(CAST(? AS JSONB)) j))"

var spelling = strings.NewReplacer(
	noIndex, "",
	"NOT IN "+listedIDs, "<> ALL "+listedArray,
	"IN "+listedIDs, "= ANY "+listedArray, // not IN: that is a join, for which whole tables are read as long as they are small
	listedTexts, "(SELECT j.value FROM jsonb_array_elements_text(CAST(? AS JSONB)) j)",
	listedRows, "jsonb_array_elements(CAST(? AS JSONB)) j (value)",
	"instr(", "strpos(",
	"char(10)", "chr(10)",
	"json_group_array(", "json_agg(",
	"json_each(u.names)", "jsonb_array_elements_text(CAST(u.names AS JSONB))",
)

// sql returns the statement as the database reads it. Statements hold no question
// mark but those of parameters.
func (d dialect) sql(query string) string {
	if !d.postgres {
		return query
	}
	if s, ok := d.spelled.Load(query); ok {
		return s.(string)
	}
	parts := strings.Split(spelling.Replace(query), "?")
	var s strings.Builder
	for i, part := range parts {
		if i > 0 {
			s.WriteString("$" + strconv.Itoa(i))
		}
		s.WriteString(part)
	}
	if len(query) < maxSpelled { // those of filters differ without end
		d.spelled.Store(query, s.String())
	}
	return s.String()
}

// maxSpelled bounds the length of the statements that are kept; those of this
// package without a filter are shorter.
const maxSpelled = 4096
