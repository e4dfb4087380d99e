package apiclient

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Stored reads what WordPress keeps in a row of user meta: a text, or, for a type that
// is a list, every form that versions of Ultimate Member and imports have left: an
// array as PHP serializes it, with gaps in its indexes or without, the same as JSON, one
// label, or labels separated by commas. A list is in the order of its indexes.
func (f Field) Stored(text string) Value {
	if !f.Type.Many() {
		if list, ok := serialized(text); ok && len(list) == 1 { // a radio that became a select
			return Text(list[0])
		}
		return Text(text)
	}
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return List()
	}
	if list, ok := serialized(trimmed); ok {
		return List(list...)
	}
	if list, ok := jsonObject(trimmed); ok {
		return List(list...)
	}
	list := f.split(trimmed)
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return List(slices.DeleteFunc(list, func(s string) bool { return s == "" })...)
}

// jsonObject reads what a naive encoder makes of an array with gaps: {"0":"a","2":"b"}.
func jsonObject(s string) ([]string, bool) {
	if !strings.HasPrefix(s, "{") {
		return nil, false
	}
	var m map[string]any
	dec := json.NewDecoder(bytes.NewReader([]byte(s)))
	dec.UseNumber()
	if dec.Decode(&m) != nil || dec.More() {
		return nil, false
	}
	var items []item
	for key, value := range m {
		n, err := strconv.Atoi(key)
		if err != nil {
			return nil, false
		}
		switch value := value.(type) {
		case string:
			items = append(items, item{n, value})
		case json.Number:
			items = append(items, item{n, value.String()})
		default:
			return nil, false
		}
	}
	return ordered(items), true
}

// An item is an element of a PHP array.
type item struct {
	index int
	text  string
}

func ordered(items []item) []string {
	slices.SortStableFunc(items, func(a, b item) int { return a.index - b.index })
	list := make([]string, len(items))
	for i, one := range items {
		list[i] = one.text
	}
	return list
}

// serialized reads an array of texts and numbers as PHP's serialize writes it:
// a:2:{i:0;s:3:"Red";i:2;s:5:"Green";}. Keys that are texts are counted on from the
// last; anything else is no such array.
func serialized(s string) ([]string, bool) {
	p := php{s}
	n, ok := p.number("a:", ":{")
	if !ok || n < 0 || n > len(s) {
		return nil, false
	}
	items := make([]item, 0, n)
	for i := range n {
		index := i
		if strings.HasPrefix(p.rest, "s:") {
			if _, ok := p.text(); !ok {
				return nil, false
			}
		} else if index, ok = p.number("i:", ";"); !ok {
			return nil, false
		}
		text, ok := p.scalar()
		if !ok {
			return nil, false
		}
		items = append(items, item{index, text})
	}
	return ordered(items), p.rest == "}"
}

// php is what is left to read.
type php struct{ rest string }

// number reads a number between two marks.
func (p *php) number(before, after string) (int, bool) {
	rest, ok := strings.CutPrefix(p.rest, before)
	if !ok {
		return 0, false
	}
	digits, rest, ok := strings.Cut(rest, after)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	p.rest = rest
	return n, err == nil
}

// text reads s:3:"Red"; where 3 counts bytes.
func (p *php) text() (string, bool) {
	n, ok := p.number("s:", `:"`)
	if !ok || n < 0 || n > len(p.rest) {
		return "", false
	}
	text := p.rest[:n]
	rest, ok := strings.CutPrefix(p.rest[n:], `";`)
	p.rest = rest
	return text, ok
}

// scalar reads a text, a number, yes or no, or null, as the text that PHP makes of it.
func (p *php) scalar() (string, bool) {
	if rest, ok := strings.CutPrefix(p.rest, "N;"); ok {
		p.rest = rest
		return "", true
	}
	if strings.HasPrefix(p.rest, "s:") {
		return p.text()
	}
	for _, kind := range []string{"i:", "d:", "b:"} {
		rest, ok := strings.CutPrefix(p.rest, kind)
		if !ok {
			continue
		}
		value, rest, ok := strings.Cut(rest, ";")
		p.rest = rest
		if kind == "b:" && value == "0" {
			value = ""
		}
		return value, ok && !strings.ContainsAny(value, `:{}"`)
	}
	return "", false
}
