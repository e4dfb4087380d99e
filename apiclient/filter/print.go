package filter

import (
	"strings"
	"unicode"

	"umdeck/apiclient"
)

// String returns the filter in the language of this package. What [Parse] gave is
// the same filter again when it is parsed with the same options; a filter that was
// built in another way means the same again.
func String(f apiclient.Filter) string {
	if f.IsZero() {
		return ""
	}
	var b strings.Builder
	write(&b, f)
	return b.String()
}

// nothing matches no row.
const nothing = "-()"

// write appends f as it stands alone.
func write(b *strings.Builder, f apiclient.Filter) {
	switch f.Op {
	case apiclient.Leaf:
		writeMatch(b, f.Match)
	case apiclient.Not:
		b.WriteByte('-')
		writeTerm(b, apiclient.Filter{Op: apiclient.And, Terms: f.Terms})
	case apiclient.And:
		writeTerms(b, f, " ")
	case apiclient.Or:
		if len(f.Terms) == 0 {
			b.WriteString(nothing)
		} else if !writeList(b, f.Terms) {
			writeTerms(b, f, " OR ")
		}
	default:
		b.WriteString(nothing)
	}
}

func writeTerms(b *strings.Builder, f apiclient.Filter, sep string) {
	for i, t := range f.Terms {
		if i > 0 {
			b.WriteString(sep)
		}
		writeTerm(b, t)
	}
}

// writeTerm appends f as it stands among others: in parentheses where it would else
// be read as another tree.
func writeTerm(b *strings.Builder, f apiclient.Filter) {
	for (f.Op == apiclient.And || f.Op == apiclient.Or) && len(f.Terms) == 1 {
		f = f.Terms[0]
	}
	many := f.Op == apiclient.Or && len(f.Terms) > 1
	if many && writeList(b, f.Terms) {
		return
	}
	if many || f.Op == apiclient.And {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	write(b, f)
}

// writeList writes alternatives as one column with values between commas, and
// reports whether they can be written so.
func writeList(b *strings.Builder, terms []apiclient.Filter) bool {
	m := terms[0].Match
	for _, t := range terms {
		if t.Op != apiclient.Leaf || t.Match.Field != m.Field || m.Field == "" {
			return false
		}
		switch t.Match.Op {
		case apiclient.Contains:
			if m.Op != apiclient.Contains {
				return false
			}
		case apiclient.Equals, apiclient.Like, apiclient.IsEmpty:
			if m.Op == apiclient.Contains {
				return false
			}
		default:
			return false
		}
	}
	writeMatch(b, m)
	for _, t := range terms[1:] {
		b.WriteByte(',')
		writeValue(b, t.Match)
	}
	return true
}

func writeMatch(b *strings.Builder, m apiclient.Match) {
	switch {
	case m.Field == "" && m.Value == "":
		b.WriteString("()")
		return
	case m.Field == "":
		b.WriteString(quoteWord(m.Value))
		return
	}
	b.WriteString(quoteName(m.Field))
	b.WriteByte(':')
	if m.Op == apiclient.Contains {
		b.WriteByte('~')
	}
	writeValue(b, m)
}

// writeValue writes what stands behind the colon, and behind the ~ of Contains.
func writeValue(b *strings.Builder, m apiclient.Match) {
	value := quoteValue(m.Value)
	switch m.Op {
	case apiclient.IsEmpty:
		value = "none"
	case apiclient.Like:
		if strings.Contains(m.Value, "*") {
			value = escapeValue(m.Value)
		}
		if value == "*" { // alone it asks for what is not empty
			value = "**"
		}
	case apiclient.Less:
		value = "<" + value
	case apiclient.AtMost:
		value = "<=" + value
	case apiclient.Greater:
		value = ">" + value
	case apiclient.AtLeast:
		value = ">=" + value
	case apiclient.Between:
		value += ".." + quoteValue(m.High)
	default: // Equals has no sign, and that of Contains stands before a whole list
	}
	b.WriteString(value)
}

func quoteName(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isNameRune(r) }) && s[0] != '-' {
		return s
	}
	return quote(s)
}

// quoteWord writes a text that is looked for in a row's free text.
func quoteWord(s string) string {
	switch {
	case s == "AND" || s == "OR" || s == "NOT", s[0] == '-', strings.ContainsFunc(s, special), strings.ContainsRune(s, ':'):
		return quote(s)
	}
	return s
}

// quoteValue writes a value of a column.
func quoteValue(s string) string {
	switch {
	case s == "", strings.EqualFold(s, "none"), strings.ContainsRune("<>=~", rune(s[0])), s[0] == '.', s[len(s)-1] == '.',
		strings.Contains(s, ".."), strings.ContainsRune(s, ','), strings.ContainsFunc(s, special):
		return quote(s)
	}
	return s
}

func special(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`()"\*`, r) }

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// escapeValue writes a value whose * are wildcards.
func escapeValue(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r != '*' && special(r) || r == '.' || r == ',' || i == 0 && strings.ContainsRune("<>=~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
