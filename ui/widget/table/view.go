package table

import (
	"strings"

	"umdeck/theme"
)

// View returns the table in h lines of w cells: the titles, the rows, and on the last line
// a sentence when the state asks for one.
func (m *Model[T]) View(th *theme.Theme, w, h int) string {
	return strings.Join(m.Lines(th, w, h), "\n")
}

// Lines is View, line by line.
func (m *Model[T]) Lines(th *theme.Theme, w, h int) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	notice, tok := m.notice(th)
	body := h - 1
	if notice != "" && len(m.rows) > 0 && body > 1 {
		body--
	}
	m.grid.Resize(w)
	m.win.Resize(body)
	lines := make([]string, 0, h)
	lines = append(lines, m.grid.Header(th))
	if len(m.rows) == 0 {
		return append(lines, Sentence(th, tok, notice, w, body)...)
	}
	lines = m.body(lines, th)
	for len(lines) < body+1 {
		lines = append(lines, theme.Spaces(w))
	}
	if len(lines) < h {
		lines = append(lines, th.Paint(tok, th.Fit(" "+notice, w)))
	}
	return lines[:h]
}

func (m *Model[T]) body(lines []string, th *theme.Theme) []string {
	var b strings.Builder
	anchor := -1
	if m.ranged {
		anchor = m.find(m.anchor)
	}
	for i := m.win.Top; i < m.win.End(); i++ {
		b.Reset()
		b.Grow(2 * m.grid.lay.width)
		row := m.rows[i]
		m.grid.Line(&b, th, row, m.look(i, anchor))
		lines = append(lines, b.String())
	}
	return lines
}

// Sentence returns text in the middle of h lines of w cells, for what has nothing else to show.
func Sentence(th *theme.Theme, tok theme.Token, text string, w, h int) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	room := max(min(w-4, 72), 1)
	var wrapped []string
	for _, line := range theme.Wrap(text, room) {
		wrapped = append(wrapped, theme.Clip(line, w))
	}
	wrapped = wrapped[:min(len(wrapped), h)]
	lines := make([]string, h)
	top := (h - len(wrapped)) / 3
	for i := range lines {
		lines[i] = theme.Spaces(w)
		if n := i - top; n >= 0 && n < len(wrapped) {
			text := theme.Center(wrapped[n], w)
			lines[i] = th.Paint(tok, text)
		}
	}
	return lines
}
