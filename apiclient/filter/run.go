package filter

import (
	"cmp"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// A Row tells what a row has in a column: its texts, numbers in digits, times in
// the forms that [Span] reads, and nothing or empty texts for what is not stored.
// For the empty name these are the texts that make up its free text. ok is false
// for a column that the row does not know, which is then empty.
type Row func(field string) (values []string, ok bool)

// Run reports whether the row matches, as a store would find it. A condition holds
// when one value of the column meets it. A column without a value meets IsEmpty, and
// what the empty text meets: Equals and Contains of the empty text, and Like of * alone.
// A condition on the free text is Contains, whatever it says. Or of nothing matches no row, and neither
// does an operation that this package does not know.
func Run(f apiclient.Filter, row Row) bool {
	switch f.Op {
	case apiclient.And, apiclient.Not:
		for _, t := range f.Terms {
			if !Run(t, row) {
				return f.Op == apiclient.Not
			}
		}
		return f.Op == apiclient.And
	case apiclient.Or:
		for _, t := range f.Terms {
			if Run(t, row) {
				return true
			}
		}
		return false
	case apiclient.Leaf:
		return match(f.Match, row)
	}
	return false
}

func match(m apiclient.Match, row Row) bool {
	values, _ := row(m.Field)
	if m.Field == "" {
		m.Op = apiclient.Contains
	}
	empty := true
	for _, v := range values {
		if v == "" {
			continue
		}
		empty = false
		if meets(m, v) {
			return true
		}
	}
	return empty && meetsEmpty(m)
}

// meetsEmpty reports whether a column without a value meets the condition.
func meetsEmpty(m apiclient.Match) bool {
	switch m.Op {
	case apiclient.IsEmpty:
		return true
	case apiclient.Equals, apiclient.Contains:
		return m.Value == ""
	case apiclient.Like:
		return like(m.Value, "")
	default:
		return false
	}
}

// meets reports whether a value that is not empty meets the condition.
func meets(m apiclient.Match, v string) bool {
	switch m.Op {
	case apiclient.Equals:
		if fold(v) == fold(m.Value) {
			return true
		}
		at, ok := compareTimes(v, m.Value)
		return ok && at == 0
	case apiclient.Contains:
		return strings.Contains(fold(v), fold(m.Value))
	case apiclient.Like:
		return like(fold(m.Value), fold(v))
	case apiclient.Less:
		return compare(v, m.Value) < 0
	case apiclient.AtMost:
		return compare(v, m.Value) <= 0
	case apiclient.Greater:
		return compare(v, m.Value) > 0
	case apiclient.AtLeast:
		return compare(v, m.Value) >= 0
	case apiclient.Between:
		return compare(v, m.Value) >= 0 && compare(v, m.High) <= 0
	default: // IsEmpty: there is a value
		return false
	}
}

// compare returns whether v lies before (-1), in (0) or behind (1) a value: as
// times, else as numbers, else as text in lower case.
func compare(v, value string) int {
	if n, ok := compareTimes(v, value); ok {
		return n
	}
	x, okX := float(v)
	y, okY := float(value)
	if okX && okY {
		return cmp.Compare(x, y)
	}
	return strings.Compare(fold(v), fold(value))
}

// float reads a number in digits; words such as inf are text.
func float(s string) (float64, bool) {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// fold makes texts that differ in case alone the same. It is not EqualFold, so that
// equal texts are parts of each other too.
func fold(s string) string { return strings.ToLower(s) }

func compareTimes(v, value string) (int, bool) {
	at, _, ok := Span(v)
	if !ok {
		return 0, false
	}
	from, to, ok := Span(value)
	switch {
	case !ok:
		return 0, false
	case at.Before(from):
		return -1, true
	case at.Before(to):
		return 0, true
	}
	return 1, true
}

// like reports whether pattern, in which * stands for any run of characters, is
// all of s. It goes back to the last * only, so it takes no more than the product
// of the lengths.
func like(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			p = star + 1
			mark++
			i = mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
