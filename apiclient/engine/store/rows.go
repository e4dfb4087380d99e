package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
)

// A sheet is a table that is added to often. The database is given the new rows of many
// changes with a few statements, see [writer.Add].
type sheet struct {
	place   int // in sheets: a row may name one of a sheet before
	table   string
	columns []string
	null    []bool // a zero of the column is NULL
	serial  bool   // PostgreSQL numbers the first column
	rest    string // after the values
	few     []string
}

// The sheets, in the order in which PostgreSQL is given their rows. A column after which
// a question mark stands is NULL where its number is 0, and one with a plus is numbered
// by PostgreSQL.
var (
	eventSheet    = newSheet(0, "events", `id trigger user_id login origin actor at deliveries skipped`, "")
	payloadSheet  = newSheet(1, "payloads", `sha256 body`, " ON CONFLICT DO NOTHING")
	deliverySheet = newSheet(2, "deliveries", `id webhook_id event_id? trigger zap_id zap_name subscription_id user_id login login_key
		payload state boot at next_at test replay_of? guarded error ended`, "")
	attemptSheet = newSheet(3, "attempts", `delivery_id number at ms code class error request response body`, "")
	auditSheet   = newSheet(4, "audit", `id at actor origin action subject before after`, "")
	logSheet     = newSheet(5, "log", `seq+ at kind event_id? audit_id? mail_id? why delivery_id? attempt state attempts next_at code error ms`, "")

	sheets = []*sheet{eventSheet, payloadSheet, deliverySheet, attemptSheet, auditSheet, logSheet}
)

func newSheet(place int, table, columns, rest string) *sheet {
	s := &sheet{place: place, table: table, rest: rest}
	var marks []string
	for c := range strings.FieldsSeq(columns) {
		name, null := strings.CutSuffix(c, "?")
		name, serial := strings.CutSuffix(name, "+")
		s.serial = s.serial || serial
		s.columns, s.null = append(s.columns, name), append(s.null, null)
		if null {
			marks = append(marks, "nullif(?, 0)")
		} else {
			marks = append(marks, "?")
		}
	}
	row := "(" + strings.Join(marks, ", ") + ")"
	for _, n := range rowsAtOnce {
		s.few = append(s.few, fmt.Sprintf(`INSERT INTO %s (%s) VALUES %s%s%s`, table, strings.Join(s.columns, ", "), row, strings.Repeat(", "+row, n-1), rest))
	}
	return s
}

// rowsAtOnce are how many rows SQLite is given with a statement: it keeps each of them
// compiled.
var rowsAtOnce = []int{32, 8, 1}

// spell returns a statement that adds the first of the rows, and how many it takes.
func (s *sheet) spell(d dialect, rows [][]any) (query string, args []any, taken int) {
	if d.postgres {
		query, args = s.bulk(rows)
		return query, args, len(rows)
	}
	for i, n := range rowsAtOnce {
		if len(rows) >= n {
			query, taken = s.few[i], n
			break
		}
	}
	for _, row := range rows[:taken] {
		args = append(args, row...)
	}
	return query, args, taken
}

// bulk returns the statement that adds rows, and its parameters: a list for each column.
func (s *sheet) bulk(rows [][]any) (query string, args []any) {
	var lists, values, given []string
	for i, name := range s.columns {
		if s.serial && i == 0 {
			continue
		}
		list, kind := listOf(rows, i)
		args, given = append(args, list), append(given, name)
		lists = append(lists, fmt.Sprintf("$%d::%s[]", len(args), kind))
		if s.null[i] {
			name = "nullif(" + name + ", 0)"
		}
		values = append(values, name)
	}
	names := strings.Join(given, ", ")
	return fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM unnest(%s) WITH ORDINALITY AS new (%s, place) ORDER BY place%s`,
		s.table, names, strings.Join(values, ", "), strings.Join(lists, ", "), names, s.rest), args
}

// listOf returns the values of a column as a list that PostgreSQL takes, and their type.
func listOf(rows [][]any, i int) (list any, kind string) {
	switch v := reflect.ValueOf(rows[0][i]); v.Kind() {
	case reflect.String:
		texts := make([]string, len(rows))
		for n, row := range rows {
			texts[n] = reflect.ValueOf(row[i]).String()
		}
		return texts, "text"
	case reflect.Int, reflect.Int64:
		numbers := make([]int64, len(rows))
		for n, row := range rows {
			numbers[n] = reflect.ValueOf(row[i]).Int()
		}
		return numbers, "bigint"
	case reflect.Slice:
		bytes := make([][]byte, len(rows))
		for n, row := range rows {
			bytes[n] = row[i].([]byte)
		}
		return bytes, "bytea"
	default:
		panic(fmt.Sprintf("store: a row holds a %s", v.Kind()))
	}
}

// sound refuses what PostgreSQL would: then it is the change's own failure, and not that
// of all whose rows are written with its.
func sound(row []any) error {
	for _, value := range row {
		v := reflect.ValueOf(value)
		switch {
		case v.Kind() != reflect.String:
		case strings.Contains(v.String(), "\x00"):
			return errNUL
		case !utf8.ValidString(v.String()):
			return apiclient.Errorf(apiclient.Invalid, "A text is no valid UTF-8, and cannot be stored; write it anew.")
		}
	}
	return nil
}

// add adds a row to a sheet.
func (tx *Tx) add(s *sheet, row ...any) error {
	p, ok := tx.q.(pipeline)
	if !ok {
		return errReading
	}
	return p.Add(s, row)
}

// addNew adds a row whose first value is its id, and returns that.
func (tx *Tx) addNew(ctx context.Context, s *sheet, rest ...any) (int64, error) {
	p, ok := tx.q.(pipeline)
	if !ok {
		return 0, errReading
	}
	id, err := p.NewID(ctx, s.table)
	if err != nil {
		return 0, sqlError("INSERT INTO "+s.table, err)
	}
	return id, p.Add(s, append([]any{id}, rest...))
}

var errReading = errors.New("store: a view of the database changes nothing")
