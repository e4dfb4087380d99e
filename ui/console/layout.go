package console

import (
	"fmt"
	"strings"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/frame"
)

// The least that anything but the sizes themselves is drawn on.
const (
	minWidth  = 40
	minHeight = 10
)

// chrome is how many lines the shell takes: header, tabs, notice and footer; the
// header and the tabs share one where there is little room.
func (m *Model) chrome() int {
	if m.narrow() {
		return 3
	}
	return 4
}

// narrow reports whether header and tabs are one line.
func (m *Model) narrow() bool { return m.width < 80 || m.height < 16 }

func (m *Model) bodySize() (w, h int) {
	return m.width, max(m.height-m.chrome(), 1)
}

// draw returns the frame.
func (m *Model) draw() string { return m.env.Theme.Spell(m.lines()) }

func (m *Model) lines() string {
	if m.width == 0 || m.height == 0 {
		return ""
	}
	if m.width < minWidth || m.height < minHeight {
		text := fmt.Sprintf("need %d×%d, have %d×%d", minWidth, minHeight, m.width, m.height)
		return strings.Join(block(text, m.width, m.height), "\n")
	}
	lines := make([]string, 0, m.height)
	if m.narrow() {
		lines = append(lines, m.shortHeader())
	} else {
		lines = append(lines, m.header(), m.tabLine())
	}
	w, h := m.bodySize()
	body := block(m.current().View(w, h), w, h)
	for _, l := range m.dialogs {
		over(body, l.View(w, h), w)
	}
	lines = append(lines, body...)
	lines = append(lines, m.notice(), m.footer())
	for i, l := range lines {
		lines[i] = align(l)
	}
	return strings.Join(lines, "\n")
}

// block returns text as exactly h lines of exactly w cells.
func block(text string, w, h int) []string {
	lines := strings.Split(text, "\n")
	out := make([]string, h)
	for i := range out {
		switch {
		case i >= len(lines):
			out[i] = theme.Spaces(w)
		case theme.Width(lines[i]) == w:
			out[i] = lines[i]
		default:
			out[i] = theme.Pad(theme.Clip(lines[i], w), w)
		}
	}
	return out
}

// over puts a box in the middle of the lines, which are w cells wide.
func over(lines []string, box string, w int) {
	width := 0
	rows := strings.Split(box, "\n")
	for _, r := range rows {
		width = max(width, theme.Width(r))
	}
	width = min(width, w)
	frame.Overlay(lines, block(box, width, len(rows)), (w-width)/2, max((len(lines)-len(rows))/2, 0))
}

// sides puts left and right on one line of w cells; the right one is left off when
// both do not fit.
func sides(t *theme.Theme, left, right string, w int) string {
	gap := w - theme.Width(left) - theme.Width(right)
	if right == "" || gap < 1 {
		return t.Fit(left, w)
	}
	return left + theme.Spaces(gap) + right
}

// A piece is a part of the header that is shown when there is room. The first ones in
// rank are the last to go; those of rank 0 that can be cut leave room for the others.
type piece struct {
	text  string
	look  theme.Token
	rank  int
	least int // cells that it can be cut to where there is little room; 0: it is whole or left off
}

// cells returns how much of the room that there is a piece takes.
func (p piece) cells(room int) int {
	w := theme.Width(p.text)
	switch {
	case p.least == 0:
		return w
	case p.rank == 0:
		return min(p.least, w)
	}
	return min(max(p.least, room), w)
}

// fit returns the pieces that fit into w cells with sep between them, in their order, and
// how many cells they take. What room is left goes to those that were cut.
func fit(t *theme.Theme, pieces []piece, sep string, w int) (string, int) {
	cells := make([]int, len(pieces)) // of those that are shown
	gap, used := theme.Width(sep), -theme.Width(sep)
	for rank := range 10 {
		for i, p := range pieces {
			if n := p.cells(w - used - gap); p.rank == rank && n > 0 && used+gap+n <= w {
				cells[i] = n
				used += gap + n
			}
		}
	}
	var b strings.Builder
	for i, p := range pieces {
		if cells[i] == 0 {
			continue
		}
		more := min(theme.Width(p.text)-cells[i], w-used)
		used += more
		if b.Len() > 0 {
			t.Style(theme.Muted).Write(&b, sep)
		}
		t.Style(p.look).Write(&b, t.Cut(p.text, cells[i]+more))
	}
	return b.String(), max(used, 0)
}

// notice is the line above the footer: the newest toast, or the progress of a job.
func (m *Model) notice() string {
	t := m.env.Theme
	last, ok := m.toasts.last()
	if !ok {
		if left := m.running(); len(left) > 0 {
			return t.Fit(" "+m.progress(left[len(left)-1]), m.width)
		}
		return theme.Spaces(m.width)
	}
	glyph, look := t.Glyph.Bullet, theme.Info
	right := ""
	switch last.Level {
	case ui.Info:
	case ui.Done:
		glyph, look = t.Glyph.OK, theme.Good
	case ui.Warn:
		glyph, look = t.Glyph.Warn, theme.Warning
	case ui.Bad:
		glyph, look, right = t.Glyph.Fail, theme.Bad, "! errors "
	}
	if last.Undo != nil {
		right = "u undo"
		if last.Label != "" {
			right = "u undoes " + last.Label
		}
		right += " "
	}
	if room := m.width - theme.Width(right) - 4; theme.Width(last.Text) > room && room < 20 {
		right = ""
	}
	left := t.Cut(" "+glyph+" "+last.Text, max(m.width-theme.Width(right)-1, 1))
	return sides(t, t.Paint(look, left), t.Paint(theme.Key, right), m.width)
}

// progress draws how far a job is.
func (m *Model) progress(j *job) string {
	t := m.env.Theme
	text := j.spec.Title + " " + j.count()
	if j.spec.Total > 0 {
		const cells = 20
		full := min(len(j.seen)*cells/j.spec.Total, cells)
		text += " " + t.Paint(theme.Accent, strings.Repeat(t.Glyph.Full, full)) + strings.Repeat(t.Glyph.Empty, cells-full)
	}
	if failed := len(failedOf(j.seen)); failed > 0 {
		text += " " + t.Paint(theme.Bad, fmt.Sprintf("%s %d failed", t.Glyph.Fail, failed))
	}
	if j.asked {
		return text + "  stops after the part under way"
	}
	return text + "  " + t.Paint(theme.Key, "ctrl+x") + " stops"
}
