package command

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

// A sheet writes rows in one format. add may keep rows until page or end.
type sheet[T any] interface {
	add(row T) error
	page() error // what was added is to be seen now
	end() error
}

// A view is what of a noun is written.
type view[T any] struct {
	all   []column.Column[T]                    // what there is
	names []string                              // what was asked for; nil: the format's own choice
	more  func(T) apiclient.Payload             // members of an object beside the columns; nil: none
	extra func(string) (column.Column[T], bool) // columns that are not in all; nil: none
}

// chosen returns the columns that a format shows.
func (v view[T]) chosen(f format) ([]column.Column[T], error) {
	if len(v.names) == 0 {
		if f == formatTable {
			return column.Defaults(v.all), nil
		}
		return v.all, nil
	}
	all := v.all
	if v.extra != nil {
		for _, n := range v.names {
			if _, ok := column.Find(all, n); ok {
				continue
			}
			if c, ok := v.extra(n); ok {
				all = append(slices.Clip(all), c)
			}
		}
	}
	return column.Choose(all, v.names...)
}

// object returns a row for programs.
func (v view[T]) object(columns []column.Column[T], row T) apiclient.Payload {
	o := column.Object(columns, row)
	if v.more != nil && len(v.names) == 0 {
		o = append(o, v.more(row)...)
	}
	return o
}

// sheetOf returns what writes rows in a format.
func sheetOf[T any](a *app, f format, v view[T]) (sheet[T], error) {
	columns, err := v.chosen(f)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriter(a.cfg.Stdout)
	object := func(row T) apiclient.Payload { return v.object(columns, row) }
	switch f {
	case formatJSON:
		return &jsonSheet[T]{out: out, object: object, between: ",\n", first: "[\n", last: "\n]\n", empty: "[]\n"}, nil
	case formatLines:
		return &jsonSheet[T]{out: out, object: object, between: "\n", last: "\n"}, nil
	case formatYAML:
		return &yamlSheet[T]{out: out, object: object}, nil
	case formatCSV:
		return newCSV(out, columns, a.cfg.Terminal)
	default: // formatTable
		return &tableSheet[T]{app: a, out: out, columns: columns}, nil
	}
}

// A jsonSheet writes objects with something before, between and after them.
type jsonSheet[T any] struct {
	out                         *bufio.Writer
	object                      func(T) apiclient.Payload
	first, between, last, empty string
	rows                        int
}

func (s *jsonSheet[T]) add(row T) error {
	b, err := jsonOf(s.object(row))
	if err != nil {
		return err
	}
	lead := s.between
	if s.rows == 0 {
		lead = s.first
	}
	s.rows++
	return written(s.out.WriteString(lead + string(b)))
}

func (s *jsonSheet[T]) page() error {
	// A line is whole with its end: whoever follows JSON lines must not wait for the next.
	if s.between == "\n" && s.rows > 0 {
		s.rows = 0
		if err := written(s.out.WriteString(s.last)); err != nil {
			return err
		}
	}
	return written(0, s.out.Flush())
}

func (s *jsonSheet[T]) end() error {
	text := s.last
	if s.rows == 0 {
		text = s.empty
	}
	if err := written(s.out.WriteString(text)); err != nil {
		return err
	}
	return written(0, s.out.Flush())
}

// written names what failed when stdout did.
func written(_ int, err error) error {
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Internal, Message: "The output could not be written: " + err.Error() + ".", Err: err}
	}
	return nil
}

// jsonOf encodes an object. Characters that a terminal might obey, or that change
// the order of what is read, are written as \u escapes: the value stays the same.
func jsonOf(v any) ([]byte, error) {
	if p, ok := v.(apiclient.Payload); ok {
		b, err := p.MarshalJSON()
		return escape(b), err
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escape([]byte(strings.TrimSuffix(b.String(), "\n"))), nil
}

// escape replaces unsafe characters in JSON, where they only stand in strings.
func escape(b []byte) []byte {
	if strings.IndexFunc(string(b), unsafe) < 0 {
		return b
	}
	var out strings.Builder
	for _, r := range string(b) {
		if unsafe(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return []byte(out.String())
}

// unsafe reports whether r is DEL, a C1 control or a bidirectional control.
func unsafe(r rune) bool {
	return r >= 0x7f && r <= 0x9f || r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// A csvSheet writes rows of text.
type csvSheet[T any] struct {
	csv     *csv.Writer
	columns []column.Column[T]
	clean   bool
}

func newCSV[T any](out io.Writer, columns []column.Column[T], clean bool) (*csvSheet[T], error) {
	s := &csvSheet[T]{csv.NewWriter(out), columns, clean}
	return s, written(0, s.csv.Write(column.Keys(columns)))
}

func (s *csvSheet[T]) add(row T) error {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = cellOf(c.Value(row))
		if s.clean {
			cells[i] = theme.Clean(cells[i])
		}
	}
	return written(0, s.csv.Write(cells))
}

func (s *csvSheet[T]) page() error {
	s.csv.Flush()
	return written(0, s.csv.Error())
}

func (s *csvSheet[T]) end() error { return s.page() }

// cellOf returns a value as one cell, which import reads back: a list is joined by
// commas, or JSON where a text of it has a comma.
func cellOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case []string:
		if !strings.ContainsAny(strings.Join(v, ""), `,["`) {
			return strings.Join(v, ", ")
		}
	}
	b, err := jsonOf(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b)
}

// one writes a single thing: a row of its own in every format but table, where each
// member has a line.
func one(a *app, f format, o apiclient.Payload) error {
	out := bufio.NewWriter(a.cfg.Stdout)
	var err error
	switch f {
	case formatJSON, formatLines:
		var b []byte
		if b, err = jsonOf(o); err == nil {
			_, err = out.Write(append(b, '\n'))
		}
	case formatYAML:
		err = writeYAML(out, o, "", "")
	case formatCSV:
		err = oneCSV(out, o, a.cfg.Terminal)
	default:
		err = a.details(out, o)
	}
	if err != nil {
		return err
	}
	return written(0, out.Flush())
}

func oneCSV(out io.Writer, o apiclient.Payload, clean bool) error {
	columns := make([]column.Column[apiclient.Payload], len(o))
	for i, m := range o {
		columns[i] = column.Column[apiclient.Payload]{Key: m.Key, Value: func(apiclient.Payload) any { return m.Value }}
	}
	s, err := newCSV(out, columns, clean)
	if err != nil {
		return err
	}
	if err := s.add(o); err != nil {
		return err
	}
	return s.end()
}

// details writes each member on a line, its key before it.
func (a *app) details(out io.Writer, o apiclient.Payload) error {
	widest := 0
	for _, m := range o {
		widest = max(widest, theme.Width(theme.Clean(m.Key)))
	}
	for _, m := range o {
		key := theme.Pad(theme.Clean(m.Key), widest)
		lines := strings.Split(theme.CleanLines(cellOf(m.Value)), "\n")
		for i, line := range lines {
			if i > 0 {
				key = theme.Spaces(widest)
			}
			if err := written(fmt.Fprintln(out, strings.TrimRight(a.paint(theme.Header, key)+"  "+line, " "))); err != nil {
				return err
			}
		}
	}
	return nil
}
