package theme

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks one character may carry. More than the
// neediest scripts use, and few enough that nobody paints over the lines above.
const maxMarks = 6

// tabStop is the width of a tab in CleanLines.
const tabStop = 8

// Clean returns s fit for one line of the screen. Line breaks and tabs become a space;
// complete escape sequences, bidirectional controls and characters without a width go; other control characters and
// bytes that are not UTF-8 become U+FFFD. A zero-width joiner stays inside an emoji.
func Clean(s string) string {
	if plain(s) || allOrdinary(s) {
		return s
	}
	c := cleaner{}
	c.b.Grow(len(s))
	c.run(s)
	return settle(c.b.String())
}

// CleanLines is Clean for text of several lines: line breaks stay, as "\n", and tabs become the
// spaces up to the next eighth cell.
func CleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
	for i, line := range lines {
		lines[i] = expandTabs(line)
	}
	return strings.Join(lines, "\n")
}

func expandTabs(line string) string {
	if !strings.Contains(line, "\t") {
		return Clean(line)
	}
	var b strings.Builder
	col := 0
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			n := tabStop - col%tabStop
			b.WriteString(Spaces(n))
			col += n
		}
		part = Clean(part)
		b.WriteString(part)
		col += Width(part)
	}
	return b.String()
}

type cleaner struct {
	b       strings.Builder
	last    rune // the last one written; 0: none
	marks   int  // how many combining marks in a row were written
	emoji   bool // the last base character is an emoji
	joining bool // a zero-width joiner waits for the emoji that follows
}

func (c *cleaner) run(s string) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == 0x1b || r == 0x9b || r == 0x9d || r == 0x90 {
			if n := sequence(s[i:]); n > 0 {
				i += n
				continue
			}
		}
		i += size
		if r == '\r' && strings.HasPrefix(s[i:], "\n") {
			continue
		}
		c.add(r)
	}
}

func (c *cleaner) add(r rune) {
	if r == zwj {
		c.joining = c.emoji
		return
	}
	joins := c.joining
	c.joining = false
	switch {
	case breaks(r):
		c.put(' ')
	case r == 0x1b: // what follows it is shown
	case control(r):
		c.put(utf8.RuneError)
	case invisible(r):
	case modifies(r):
		c.mark(r)
	default:
		if joins && pictographic(r) {
			c.b.WriteRune(zwj)
		}
		c.put(r)
	}
}

// breaks reports whether r ends a line or a column of it.
func breaks(r rune) bool {
	switch r {
	case '\t', '\n', '\r', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// control reports whether r is a control character, or a code point that is none.
func control(r rune) bool {
	return r < 0x20 || (r >= 0x7f && r <= 0x9f) || r&0xfffe == 0xfffe || (r >= 0xfdd0 && r <= 0xfdef)
}

// modifies reports whether r changes the character before it instead of taking a cell.
func modifies(r rune) bool { return unicode.In(r, unicode.M) || r == 0xfe0f || skinTone(r) }

func skinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

func (c *cleaner) put(r rune) {
	c.b.WriteRune(r)
	c.last, c.marks, c.emoji = r, 0, pictographic(r)
}

// mark adds what changes the character before it. Without one it would change
// the border or the space that the text is put after, so it gets a base of its own.
func (c *cleaner) mark(r rune) {
	if c.last == 0 || c.last == ' ' {
		if skinTone(r) {
			c.put(r)
			return
		}
		c.put(utf8.RuneError)
		return
	}
	if c.marks++; c.marks <= maxMarks {
		c.b.WriteRune(r)
	}
}

const zwj = 0x200d

// invisible reports whether r takes no cell of its own and changes how others are
// drawn: format characters (bidirectional controls among them), tags, fillers and
// the variation selectors beyond the one of emoji.
func invisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Cf, r):
		return true
	case r >= 0xfe00 && r <= 0xfe0e, r >= 0xe0000 && r <= 0xe0fff, r >= 0x180b && r <= 0x180f:
		return true
	case r == 0x034f, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x17b4, r == 0x17b5:
		return true
	}
	return false
}

// pictographic reports whether r can be a part of a joined emoji.
func pictographic(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff || r == 0x00a9 || r == 0x00ae || r == 0x3030 || r == 0x303d
}

// settle makes sure that s takes the same cells wherever it is put: a first or last character
// that would melt into its neighbour is replaced.
func settle(s string) string {
	if first, n := utf8.DecodeRuneInString(s); n > 0 && !ordinary(first) {
		if Width(" "+s) != Width(s)+1 {
			s = string(utf8.RuneError) + s[n:]
		}
	}
	if last, n := utf8.DecodeLastRuneInString(s); n > 0 && !ordinary(last) {
		if Width(s+" ") != Width(s)+1 {
			s = s[:len(s)-n] + string(utf8.RuneError)
		}
	}
	return s
}

// ordinary reports whether r is one of the many that are drawn as they are and never join a
// neighbour, so that most texts need not be taken apart. It may say no to others.
func ordinary(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= 0x20
	case r < 0x300:
		return r >= 0xa0 && r != 0xad
	case within(r, 0x2028, 0x202f), within(r, 0x2060, 0x206f), r == 0x3164:
		return false
	}
	return within(r, 0x370, 0x482) || within(r, 0x48a, 0x590) || within(r, 0x2010, 0x27bf) ||
		within(r, 0x3041, 0x3096) || within(r, 0x30a1, 0x9fff) || within(r, 0xac00, 0xd7a3)
}

func within(r, first, last rune) bool { return r >= first && r <= last }

func allOrdinary(s string) bool {
	for _, r := range s {
		if !ordinary(r) {
			return false
		}
	}
	return true
}

// sequence returns the length of the complete escape sequence that s begins with; 0
// when it is not complete, so that an unclosed one cannot hide what follows it.
func sequence(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	kind := r
	if r == 0x1b {
		if len(s) < 2 {
			return 0
		}
		n = 2
		switch s[1] {
		case '[':
			kind = 0x9b
		case ']', 'P', '_', '^', 'X':
			kind = 0x9d
		default:
			return 0
		}
	}
	if kind == 0x9b {
		return controlSequence(s, n)
	}
	return stringSequence(s, n)
}

func controlSequence(s string, i int) int {
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x20 && c <= 0x3f:
		case c >= 0x40 && c <= 0x7e:
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

func stringSequence(s string, i int) int {
	for ; i < len(s); i++ {
		switch {
		case s[i] == 0x07:
			return i + 1
		case s[i] == 0x1b && strings.HasPrefix(s[i:], "\x1b\\"):
			return i + 2
		case strings.HasPrefix(s[i:], "\u009c"):
			return i + len("\u009c")
		case s[i] == '\n':
			return 0
		}
	}
	return 0
}
