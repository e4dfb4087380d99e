package console

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// align makes a line look the same on terminals that do not agree how wide some
// characters are. Thai vowels, Indic signs, flags and joined emoji take one or two cells,
// depending on whom one asks; everything after them would be shifted, and what was
// there before would show through. So a line with such a character is erased first,
// and after each of them the cursor is put where the rest belongs.
func align(line string) string {
	if !disputed(line) {
		return line
	}
	var b strings.Builder
	b.WriteString(ansi.EraseEntireLine)
	var state byte
	col := 0
	for line != "" {
		seq, width, n, next := ansi.DecodeSequence(line, state, nil)
		b.WriteString(seq)
		col += width
		if width > 0 && disputed(seq) {
			b.WriteString("\x1b[" + strconv.Itoa(col+1) + "G")
		}
		line, state = line[n:], next
	}
	return b.String()
}

// disputed reports whether s has a character that not all terminals draw equally wide.
func disputed(s string) bool {
	for _, r := range s {
		switch {
		case r == 0x3099, r == 0x309a, r >= 0x1100 && r <= 0x11ff: // Japanese and Korean in pieces
			return true
		case r < 0x370, r >= 0x2190 && r < 0xa66f, r >= 0xac00 && r < 0xd7a4: // letters, accents, lines, Chinese, Japanese, Korean
		case r >= 0x1f1e6 && r <= 0x1f1ff, r >= 0x1f3fb && r <= 0x1f3ff, r == 0x200d, r >= 0xfe00 && r <= 0xfe0f:
			return true // flags, skins, joiners, variants
		case unicode.Is(unicode.M, r):
			return true
		}
	}
	return false
}
