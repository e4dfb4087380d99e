package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

const blanks = "                                                                                                                                "

// Spaces returns n spaces; none for n below 1.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blanks):
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Width returns how many cells s takes. Escape sequences take none.
func Width(s string) int {
	w := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 0x20 && c < 0x7f && (i+1 == len(s) || s[i+1] < 0x80):
			// Nothing in ASCII joins a neighbour in ASCII: the common case, and a
			// tenth of the price of looking for the cluster.
			w++
			i++
		case c >= 0x20 && c < 0x7f || c >= 0xc2 && c <= 0xf4:
			cluster, n := ansi.FirstGraphemeCluster(s[i:], ansi.GraphemeWidth)
			w += n
			i += len(cluster)
		default:
			n := lookLen(s[i:])
			if n == 0 {
				return w + ansi.StringWidth(s[i:])
			}
			i += n
		}
	}
	return w
}

// lookLen returns the length of the sequence for a look that s begins with; 0: it is
// something else.
func lookLen(s string) int {
	if len(s) < 3 || s[0] != 0x1b || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// plain reports whether s is printable ASCII alone: a byte a cell.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Clip returns what of s fits into w cells, without saying that there was more. A
// character of two cells that would stick out is left off.
func Clip(s string, w int) string { return cut(s, w, "") }

// Cut returns s, or as much of it as fits into w cells with an ellipsis after it.
func (t *Theme) Cut(s string, w int) string { return cut(s, w, t.Glyph.Ellipsis) }

// CutLeft returns s, or as much of its end as fits into w cells after an ellipsis.
func (t *Theme) CutLeft(s string, w int) string {
	over := Width(s) - w
	if over <= 0 {
		return s
	}
	if w <= 0 {
		return ""
	}
	rest := ansi.TruncateLeft(s, over+1, "")
	for over++; Width(rest) > w-1 && over <= Width(s); over++ {
		rest = ansi.TruncateLeft(s, over+1, "")
	}
	return t.Glyph.Ellipsis + rest
}

// Fit returns s cut or padded to exactly w cells.
func (t *Theme) Fit(s string, w int) string { return Pad(t.Cut(s, w), w) }

// FitRight returns s cut to w cells, or padded to them on its left.
func (t *Theme) FitRight(s string, w int) string { return PadLeft(t.Cut(s, w), w) }

func cut(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if plain(s) {
		switch {
		case len(s) <= w:
			return s
		case Width(tail) > w:
			return ""
		}
		return s[:w-Width(tail)] + tail
	}
	if Width(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, tail)
}

// Pad returns s with spaces after it, w cells wide; a wider s stays as it is.
func Pad(s string, w int) string { return s + Spaces(w-Width(s)) }

// PadLeft returns s with spaces before it, w cells wide; a wider s stays as it is.
func PadLeft(s string, w int) string { return Spaces(w-Width(s)) + s }

// Center returns s between spaces, w cells wide; a wider s stays as it is.
func Center(s string, w int) string {
	left := (w - Width(s)) / 2
	return Pad(Spaces(left)+s, w)
}

// Wrap breaks s into lines of at most w cells, at spaces and hyphens where it can, but
// within no date. Line breaks of s are kept. A w below 2 counts as 2, because a character may take two cells.
func Wrap(s string, w int) []string {
	w = max(w, 2)
	if plain(s) && len(s) <= w {
		return []string{s}
	}
	wrapped := ansi.Wrap(tight(s), w, "")
	if !strings.Contains(s, hard) {
		wrapped = strings.ReplaceAll(wrapped, hard, "-")
	}
	lines := strings.Split(wrapped, "\n")
	for _, line := range lines {
		// Some lines with runs of spaces come out too wide.
		if Width(line) > w {
			return strings.Split(ansi.Hardwrap(strings.Join(lines, "\n"), w, true), "\n")
		}
	}
	return lines
}

// hard is a hyphen that no line is broken at.
const hard = "\u2011"

// tight makes the hyphens between digits hard, unless the text has such hyphens already.
func tight(s string) string {
	if !strings.Contains(s, "-") || strings.Contains(s, hard) {
		return s
	}
	digit := func(i int) bool { return i >= 0 && i < len(s) && '0' <= s[i] && s[i] <= '9' }
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '-' && digit(i-1) && digit(i+1) {
			b.WriteString(hard)
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
