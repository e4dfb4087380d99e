package userfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"umdeck/apiclient"
)

// A lineReader reads the objects of JSON lines.
type lineReader struct {
	in     *bufio.Reader
	line   int
	end    int64
	header []string
	buf    []byte
}

// keys returns the keys of all objects of the file. Rows that cannot be read have
// none: they are named when they are read as rows.
func (f *File) keys(ctx context.Context) ([]string, error) {
	r := f.rows(ctx).(*lineReader)
	var keys []string
	seen := map[string]bool{}
	for {
		raw, err := r.next()
		if errors.Is(err, io.EOF) {
			return keys, nil
		}
		if err != nil {
			return nil, err
		}
		members, bad := membersOf(raw)
		if bad != nil {
			continue
		}
		for _, m := range members {
			if !seen[m.key] {
				seen[m.key] = true
				keys = append(keys, m.key)
			}
		}
		if len(keys) > maxColumns {
			return nil, apiclient.FieldErrorf("file", "The objects of the file have more than %d different keys; keep at most that many.", maxColumns)
		}
	}
}

// next returns the next line that is not blank. One that is too long comes cut.
func (r *lineReader) next() ([]byte, error) {
	for {
		r.buf = r.buf[:0]
		r.line++
		for {
			part, err := r.in.ReadSlice('\n')
			r.end += int64(len(part))
			if room := maxRow + 1 - len(r.buf); len(part) > room {
				part = part[:max(room, 0)]
			}
			r.buf = append(r.buf, part...)
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, unreadable(err)
			}
			if err != nil && len(r.buf) == 0 {
				return nil, io.EOF
			}
			break
		}
		if line := bytes.TrimSpace(r.buf); len(line) > 0 {
			return line, nil
		}
	}
}

// Next returns the next row.
func (r *lineReader) Next() (Row, error) {
	raw, err := r.next()
	if err != nil {
		return Row{}, err
	}
	row := Row{Line: r.line, Raw: raw, End: r.end, Cells: make([]apiclient.Value, len(r.header))}
	var members []member
	members, row.Err = membersOf(raw)
	for _, m := range members {
		if i := slices.Index(r.header, m.key); i >= 0 {
			row.Cells[i] = m.value
		}
	}
	return row, nil
}

// A member is a key of an object with its value.
type member struct {
	key   string
	value apiclient.Value
}

// membersOf reads one object of texts, numbers, booleans, nulls and lists of those.
func membersOf(raw []byte) ([]member, error) {
	switch {
	case len(raw) > maxRow:
		return nil, apiclient.FieldErrorf("file", "The line has more than %d bytes; an account has one line of its own.", maxRow)
	case !utf8.Valid(raw):
		return nil, apiclient.FieldErrorf("file", "The line is not UTF-8; save the file in that encoding.")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, notObject(err)
	}
	var members []member
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, notObject(err)
		}
		name, _ := key.(string) // a key is one
		if seen[name] {
			return nil, apiclient.FieldErrorf("file", "The object has the key %q twice; keep one.", name)
		}
		seen[name] = true
		var v any
		if err := dec.Decode(&v); err != nil {
			return nil, notObject(err)
		}
		value, err := valueOf(v)
		if err != nil {
			return nil, apiclient.FieldErrorf("file", "The value of %q is nested; give a text, a number, true, false, or a list of those.", name)
		}
		members = append(members, member{name, value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, notObject(err)
	}
	if dec.More() {
		return nil, apiclient.FieldErrorf("file", "The line has something behind its object; write one object a line.")
	}
	return members, nil
}

func notObject(err error) error {
	return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The line is no JSON object; write one object a line.", Err: err}
}

var errNested = errors.New("nested")

func valueOf(v any) (apiclient.Value, error) {
	items, isList := v.([]any)
	if !isList {
		text, err := textOf(v)
		return apiclient.Text(text), err
	}
	list := make([]string, len(items))
	for i, item := range items {
		var err error
		if list[i], err = textOf(item); err != nil {
			return apiclient.Value{}, err
		}
	}
	return apiclient.List(list...), nil
}

func textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Number:
		return v.String(), nil
	}
	return "", errNested
}

// lineWithProblem adds a member to an object, or keeps as a text what is none.
func lineWithProblem(r Row, problem string) ([]byte, error) {
	said, err := json.Marshal(problem)
	if err != nil {
		return nil, fmt.Errorf("write the problem: %w", err)
	}
	if object, ok := bytes.CutSuffix(bytes.TrimSpace(r.Raw), []byte("}")); ok && json.Valid(r.Raw) {
		between := ","
		if bytes.Equal(bytes.TrimSpace(object), []byte("{")) {
			between = ""
		}
		return fmt.Appendf(bytes.Clone(object), "%s%q:%s}\n", between, ProblemColumn, said), nil
	}
	raw, err := json.Marshal(string(r.Raw))
	if err != nil {
		return nil, fmt.Errorf("write the line: %w", err)
	}
	return fmt.Appendf(nil, "{\"umdeck_line\":%s,%q:%s}\n", raw, ProblemColumn, said), nil
}
