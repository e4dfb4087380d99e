package filter

import (
	"slices"
	"strings"
	"unicode"
)

// A Suggestion is a way to go on with a filter: Text instead of the characters
// from From up to To, counted from 0.
type Suggestion struct {
	Text     string
	From, To int
	Help     string // a clause; may be empty
}

// Complete returns how the word at the cursor, which stands before the character
// of that number counted from 0, can go on: names of columns, or what a column may
// be. All suggestions start with what is there, in any case, and stand in the order of
// the columns. There are none inside quotes and for a value that is complete.
func Complete(text string, cursor int, columns []Column) []Suggestion {
	in := []rune(text)
	cursor = max(0, min(cursor, len(in)))
	start, quoted := wordStart(in[:cursor])
	if quoted {
		return nil
	}
	end := cursor
	for end < len(in) && !unicode.IsSpace(in[end]) && in[end] != '(' && in[end] != ')' {
		end++
	}
	for start < cursor && in[start] == '-' {
		start++
	}
	word := string(in[start:cursor])
	name, value, isValue := strings.Cut(word, ":")
	if !isValue {
		if i := slices.Index(in[cursor:end], ':'); i >= 0 {
			end = cursor + i + 1
		}
		return names(word, start, end, columns)
	}
	col, ok := find(columns, name)
	if !ok {
		return nil
	}
	rest := value
	if i := strings.LastIndexByte(rest, ','); i >= 0 {
		rest = rest[i+1:]
	}
	if col.Kind.ordered() {
		rest = strings.TrimLeft(rest, "<>=")
	}
	if i := slices.Index(in[cursor:end], ','); i >= 0 {
		end = cursor + i
	}
	return values(rest, cursor-len([]rune(rest)), end, col)
}

// wordStart returns where the word starts that in ends with, and whether in ends
// inside quotes.
func wordStart(in []rune) (start int, quoted bool) {
	for i := 0; i < len(in); i++ {
		switch r := in[i]; {
		case r == '\\':
			i++
		case r == '"':
			quoted = !quoted
		case !quoted && (unicode.IsSpace(r) || r == '(' || r == ')'):
			start = i + 1
		}
	}
	return min(start, len(in)), quoted
}

func names(prefix string, from, to int, columns []Column) []Suggestion {
	var list []Suggestion
	for _, c := range columns {
		if hasPrefix(c.Name, prefix) || prefix != "" && slices.ContainsFunc(c.Aliases, func(a string) bool { return hasPrefix(a, prefix) }) {
			list = append(list, Suggestion{Text: c.Name + ":", From: from, To: to, Help: c.Help})
		}
	}
	return list
}

func values(prefix string, from, to int, col Column) []Suggestion {
	offered := col.Values
	if len(offered) == 0 {
		switch col.Kind {
		case Status:
			offered = append(statuses(nil), "pending", "none")
		case Bool:
			offered = []string{"true", "false"}
		case Time, Date:
			offered = []string{"today", "yesterday", "1h", "24h", "7d", "30d", "1y", "none"}
		default: // nothing is known of its values
		}
	}
	var list []Suggestion
	for _, v := range offered {
		if text := quoteValue(v); hasPrefix(v, prefix) && v != prefix {
			list = append(list, Suggestion{Text: text, From: from, To: to})
		}
	}
	return list
}

func hasPrefix(s, prefix string) bool {
	r, p := []rune(s), []rune(prefix)
	return len(r) >= len(p) && strings.EqualFold(string(r[:len(p)]), prefix)
}
