package tail

import (
	"fmt"
	"strings"

	"umdeck/theme"
	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/table"
)

// Heading returns what a title says about the log: following, rate, records, matches, marks.
func (m *Model[T]) Heading() []string {
	pieces := []string{"follow OFF"}
	if m.follow {
		pieces[0] = "following"
	}
	if m.paused {
		pieces = append(pieces, "PAUSED")
	}
	if r := m.Rate(); r > 0 {
		pieces = append(pieces, fmt.Sprintf("%.1f/s", r))
	}
	if every, _ := m.Sampling(); every > 1 {
		pieces = append(pieces, fmt.Sprintf("SAMPLED, 1 of %d", every))
	}
	kept := theme.Count(len(m.index))
	if total := m.Total(); total > int64(len(m.index)) {
		kept += " of " + theme.Count(total)
	}
	if n := m.sampler.leftOut; n > 0 {
		kept += ", " + theme.Count(n) + " left out"
	}
	pieces = append(pieces, kept)
	switch {
	case m.filter != nil && m.only:
		pieces = append(pieces, theme.Count(m.matches)+" match")
	case m.filter != nil:
		pieces = append(pieces, theme.Count(m.matches)+" match, x hides the rest")
	}
	if n := len(m.marks); n > 0 {
		pieces = append(pieces, theme.Count(n)+" marked")
	}
	return pieces
}

// Total returns how many records there were: those that are kept, those that had to go
// because there is room for so many alone, and those that sampling has left out.
func (m *Model[T]) Total() int64 {
	held := 0
	for id := range m.heldAt {
		if _, have := m.index[id]; !have {
			held++
		}
	}
	return int64(len(m.index)+held) + m.dropped + m.sampler.leftOut
}

// Unseen returns how many visible records have come since the newest one was on the screen,
// those that are held included.
func (m *Model[T]) Unseen() int {
	return len(m.vis) - max(m.visAt(m.seen+1), m.win.End()) + len(m.held)
}

// View returns the log in h lines of w cells: the titles, the records, and on the last
// line what is not on the screen.
func (m *Model[T]) View(th *theme.Theme, w, h int) string {
	return strings.Join(m.Lines(th, w, h), "\n")
}

// Lines is View, line by line.
func (m *Model[T]) Lines(th *theme.Theme, w, h int) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	m.grid.Resize(w)
	m.fit(h - 1)
	note, tok := m.notice(th)
	if note != "" && len(m.vis) > 0 && h > 3 {
		m.fit(h - 2)
		note, tok = m.notice(th) // fewer lines may have put more out of sight
	}
	if end := m.win.End(); end > 0 {
		m.seen = max(m.seen, m.vis[end-1])
	}
	lines := append(make([]string, 0, h), m.grid.Header(th))
	if len(m.vis) == 0 {
		return append(lines, table.Sentence(th, tok, note, w, h-1)...)
	}
	lines = m.body(lines, th, w)
	for len(lines) < m.win.Height+1 {
		lines = append(lines, theme.Spaces(w))
	}
	if len(lines) < h {
		lines = append(lines, th.Paint(tok, th.FitRight(note+" ", w)))
	}
	return lines[:h]
}

// fit gives the window a height.
func (m *Model[T]) fit(height int) {
	if height != m.win.Height {
		m.win.Height = max(height, 0)
		if m.follow {
			m.jump(m.win.Height) // whatever came before, there is room for so much now
		} else {
			m.win.Clamp()
		}
	}
}

func (m *Model[T]) body(lines []string, th *theme.Theme, w int) []string {
	var b strings.Builder
	for i := m.win.Top; i < m.win.End(); i++ {
		it := m.item(i)
		if it.id == "" {
			lines = append(lines, m.gapLine(th, it.gap, i == m.win.At, w))
			continue
		}
		b.Reset()
		b.Grow(2 * w)
		m.grid.Line(&b, th, it.row, table.Look{
			Cursor: i == m.win.At, Idle: m.idle, Marked: m.marks[it.id], Match: it.match && !m.only,
		})
		lines = append(lines, b.String())
	}
	return lines
}

func (m *Model[T]) gapLine(th *theme.Theme, text string, cursor bool, w int) string {
	lead := th.Glyph.H
	if cursor {
		lead = th.Glyph.Cursor
	}
	text = th.Cut(lead+th.Glyph.H+" "+theme.Clean(text)+" ", w)
	text += strings.Repeat(th.Glyph.H, max(w-theme.Width(text), 0))
	return frame.Exact(th.Paint(theme.Warning, text), w)
}

// notice returns the sentence of the last line, or of a log without records.
func (m *Model[T]) notice(th *theme.Theme) (string, theme.Token) {
	text := theme.Clean(m.text)
	unseen := m.Unseen()
	switch {
	case m.paused && len(m.vis) > 0:
		return fmt.Sprintf("paused, %s held (p goes on)", theme.Count(len(m.held))), theme.Warning
	case m.state == table.Failed:
		return th.Glyph.Fail + " " + text, theme.Bad
	case m.state == table.Stale:
		return th.Glyph.Warn + " " + text, theme.Warning
	case len(m.vis) == 0 && len(m.items) > 0:
		return fmt.Sprintf("None of %s records matches; x shows them.", theme.Count(len(m.items))), theme.Muted
	case len(m.vis) == 0 && m.state == table.Loading:
		return "Loading" + th.Glyph.Ellipsis, theme.Muted
	case len(m.vis) == 0:
		return m.cfg.Empty, theme.Muted
	case unseen > 0:
		return th.Glyph.Up + " " + theme.Count(unseen) + " new below (G follows again)", theme.Accent
	case m.win.End() < len(m.vis):
		return th.Glyph.Down + " " + theme.Count(len(m.vis)-m.win.End()) + " below (G follows again)", theme.Muted
	}
	return "", theme.Text
}
