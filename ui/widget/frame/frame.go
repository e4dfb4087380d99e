// Package frame draws the lines round the panes of a screen, and puts boxes over
// them. It knows nothing of what is inside.
package frame

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"umdeck/theme"
)

// A Pane is what a frame goes round.
type Pane struct {
	Title []string // pieces of its title, the name first; cleaned and cut when drawn
	Lines []string // as wide as the pane inside; missing ones are blank
	Focus bool     // it has the keys
}

// Box returns p in a frame of w by h cells. Inside there are w-2 by h-2.
func Box(th *theme.Theme, p Pane, w, h int) []string {
	if w < 2 || h < 2 {
		return blank(w, h)
	}
	g, edge := th.Glyph, border(p.Focus)
	lines := make([]string, 0, h)
	lines = append(lines, th.Paint(edge, g.TL)+rule(th, p, w-2)+th.Paint(edge, g.TR))
	side := th.Paint(edge, g.V)
	for i := range h - 2 {
		lines = append(lines, side+inside(p, i, w-2)+side)
	}
	return append(lines, th.Paint(edge, g.BL+strings.Repeat(g.H, w-2)+g.BR))
}

// Beside returns two panes in one frame of w by h cells; a has left cells inside, b has
// w-left-3.
func Beside(th *theme.Theme, a, b Pane, left, w, h int) []string {
	right := w - left - 3
	if right < 1 || left < 1 || h < 2 {
		return Box(th, a, w, h)
	}
	g, ea, eb := th.Glyph, border(a.Focus), border(b.Focus)
	mid := border(a.Focus || b.Focus)
	lines := make([]string, 0, h)
	lines = append(lines, th.Paint(ea, g.TL)+rule(th, a, left)+th.Paint(mid, g.TDown)+rule(th, b, right)+th.Paint(eb, g.TR))
	l, m, r := th.Paint(ea, g.V), th.Paint(mid, g.V), th.Paint(eb, g.V)
	for i := range h - 2 {
		lines = append(lines, l+inside(a, i, left)+m+inside(b, i, right)+r)
	}
	return append(lines, th.Paint(ea, g.BL+strings.Repeat(g.H, left))+th.Paint(mid, g.TUp)+th.Paint(eb, strings.Repeat(g.H, right)+g.BR))
}

// Above returns two panes in one frame of w by h cells, one over the other; a has top
// lines inside, b has h-top-3.
func Above(th *theme.Theme, a, b Pane, top, w, h int) []string {
	if top < 1 || h-top-3 < 1 || w < 2 {
		return Box(th, a, w, h)
	}
	g, mid := th.Glyph, border(a.Focus || b.Focus)
	lines := Box(th, a, w, top+2)
	lines[top+1] = th.Paint(mid, g.TRight) + rule(th, b, w-2) + th.Paint(mid, g.TLeft)
	return append(lines, Box(th, b, w, h-top-1)[1:]...)
}

func border(focus bool) theme.Token {
	if focus {
		return theme.BorderFocus
	}
	return theme.Border
}

// rule returns a horizontal line of w cells with the title in it.
func rule(th *theme.Theme, p Pane, w int) string {
	g, edge := th.Glyph, border(p.Focus)
	title, used := Title(th, p.Title, max(w-4, 0))
	if used == 0 {
		return th.Paint(edge, strings.Repeat(g.H, w))
	}
	return th.Paint(edge, g.H+" ") + title + th.Paint(edge, " "+strings.Repeat(g.H, w-used-3))
}

// Title returns the pieces of a title on one line and how many cells that takes, w at
// most; empty pieces are left out.
func Title(th *theme.Theme, pieces []string, w int) (line string, used int) {
	var b strings.Builder
	sep := " " + th.Glyph.Sep + " "
	for _, p := range pieces {
		p = theme.Clean(p)
		tok := theme.Muted
		if used == 0 {
			tok = theme.Title
		}
		if p == "" {
			continue
		}
		if used > 0 {
			if w-used < theme.Width(sep)+2 {
				break
			}
			th.Style(theme.Border).Write(&b, sep)
			used += theme.Width(sep)
		}
		p = th.Cut(p, w-used)
		th.Style(tok).Write(&b, p)
		used += theme.Width(p)
	}
	return b.String(), used
}

func inside(p Pane, i, w int) string {
	if i >= len(p.Lines) {
		return theme.Spaces(w)
	}
	return Exact(p.Lines[i], w)
}

// Exact returns line with exactly w cells.
func Exact(line string, w int) string {
	n := theme.Width(line)
	switch {
	case n > w:
		return theme.Pad(theme.Clip(line, w), w)
	case n < w:
		return line + theme.Spaces(w-n)
	}
	return line
}

func blank(w, h int) []string {
	lines := make([]string, max(h, 0))
	for i := range lines {
		lines[i] = theme.Spaces(w)
	}
	return lines
}

// Overlay puts box over base, its first line on line y and its first cell on cell x. What
// sticks out is left off. It changes base.
func Overlay(base, box []string, x, y int) []string {
	for i, line := range box {
		if y+i < 0 || y+i >= len(base) {
			continue
		}
		under := base[y+i]
		w := theme.Width(under)
		line = theme.Clip(line, w-x)
		left := theme.Pad(ansi.Truncate(under, x, ""), x)
		end := x + theme.Width(line)
		base[y+i] = left + reset(left) + line + theme.PadLeft(tail(under, end), w-end)
	}
	return base
}

// reset ends whatever look a cut line is still in.
func reset(s string) string {
	if strings.Contains(s, "\x1b") {
		return "\x1b[0m"
	}
	return ""
}

// tail returns what stands after the first n cells. A wide character that is cut
// in two goes, and the caller fills its other half with a space.
func tail(s string, n int) string {
	room := theme.Width(s) - n
	rest := ansi.TruncateLeft(s, n, "")
	for theme.Width(rest) > room && n < theme.Width(s) {
		n++
		rest = ansi.TruncateLeft(s, n, "")
	}
	if room <= 0 {
		return ""
	}
	return rest
}
