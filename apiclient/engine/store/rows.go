package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
)

// A sheet is a table that is added to often. PostgreSQL is given the new rows of many
// changes with one statement, see [writer.Add].
type sheet struct {
	place   int // in sheets: a row may name one of a sheet before
	table   string
	columns []string
	null    []bool // a zero of the column is NULL
	rest    string // after the values
	single  string // the statement for one row
}

// The sheets, in the order in which PostgreSQL is given their rows. A column after which
// a question mark stands is NULL where its number is 0.
var (
	eventSheet    = newSheet(0, "events", `id trigger user_id login origin actor at deliveries skipped`, "")
	payloadSheet  = newSheet(1, "payloads", `sha256 body`, " ON CONFLICT DO NOTHING")
	deliverySheet = newSheet(2, "deliveries", `id webhook_id event_id? trigger zap_id zap_name subscription_id user_id login login_key
		payload state at next_at test replay_of? guarded error ended`, "")
	attemptSheet = newSheet(3, "attempts", `delivery_id number at ms code class error request response body`, "")
	auditSheet   = newSheet(4, "audit", `id at actor origin action subject before after`, "")
	logSheet     = newSheet(5, "log", `at kind event_id? audit_id? mail_id? why delivery_id? attempt state attempts next_at code error ms`, "")

	sheets = []*sheet{eventSheet, payloadSheet, deliverySheet, attemptSheet, auditSheet, logSheet}
)

func newSheet(place int, table, columns, rest string) *sheet {
	s := &sheet{place: place, table: table, rest: rest}
	var marks []string
	for _, c := range strings.Fields(columns) {
		name, null := strings.CutSuffix(c, "?")
		s.columns, s.null = append(s.columns, name), append(s.null, null)
		if null {
			marks = append(marks, "nullif(?, 0)")
		} else {
			marks = append(marks, "?")
		}
	}
	s.single = fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)%s`, table, strings.Join(s.columns, ", "), strings.Join(marks, ", "), rest)
	return s
}

// bulk returns the statement that adds rows, and its parameters: a list for each column.
func (s *sheet) bulk(rows [][]any) (query string, args []any) {
	lists, values := make([]string, len(s.columns)), make([]string, len(s.columns))
	for i, name := range s.columns {
		list, kind := listOf(rows, i)
		args = append(args, list)
		lists[i], values[i] = fmt.Sprintf("$%d::%s[]", i+1, kind), name
		if s.null[i] {
			values[i] = "nullif(" + name + ", 0)"
		}
	}
	names := strings.Join(s.columns, ", ")
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
		if v.Kind() == reflect.String && (strings.Contains(v.String(), "\x00") || !utf8.ValidString(v.String())) {
			return apiclient.Errorf(apiclient.Invalid, "A text that was to be stored is no valid UTF-8, or has a byte 0 in it.")
		}
	}
	return nil
}

// add adds a row to a sheet.
func (tx *Tx) add(ctx context.Context, s *sheet, row ...any) error {
	if p, ok := tx.q.(pipeline); ok && tx.postgres {
		return p.Add(s, row)
	}
	_, err := tx.exec(ctx, s.single, row...)
	return err
}

// addNew adds a row whose first value is its id, and returns that.
func (tx *Tx) addNew(ctx context.Context, s *sheet, rest ...any) (int64, error) {
	p, ok := tx.q.(pipeline)
	if !ok || !tx.postgres {
		return tx.insert(ctx, s.single, append([]any{nil}, rest...)...)
	}
	id, err := p.NewID(ctx, s.table)
	if err != nil {
		return 0, sqlError(s.single, err)
	}
	return id, p.Add(s, append([]any{id}, rest...))
}
