package browser

import (
	"fmt"
	"strings"

	"umdeck/theme"
	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/table"
)

// where says where the preview stands.
type where uint8

const (
	none where = iota
	right
	below
)

// The least sizes of what stands where.
const (
	rightFrom    = 120 // cells for a preview beside the table
	tableAtLeast = 70  // cells that the table keeps beside it
	belowFrom    = 100 // cells for one below
	portrait     = 80  // cells for one below on a high terminal
	lowest       = 18  // lines for one below
	high         = 36  // lines of a high terminal
	frameWidth   = 60
	frameHeight  = 10
)

// preview returns where the preview stands in the rectangle.
func (m *Model[T]) preview() where {
	switch {
	case m.cfg.Detail == nil || m.hidden || m.open != "":
		return none
	case m.w >= rightFrom && m.h >= frameHeight:
		return right
	case m.w >= belowFrom && m.h >= lowest, m.w >= portrait && m.h >= high:
		return below
	}
	return none
}

// detailShown reports whether the detail of the selected row is on the screen.
func (m *Model[T]) detailShown() bool {
	return m.cfg.Detail != nil && (m.open != "" || m.preview() != none)
}

// View draws the list: exactly h lines of exactly w cells each.
func (m *Model[T]) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	m.w, m.h = w, h
	th := m.cfg.Env.Theme
	var lines []string
	if h > 1 {
		lines = m.body(th, w, h-1)
	}
	lines = m.over(th, lines, w)
	return strings.Join(append(lines, m.foot(th, w)), "\n")
}

// body draws everything but the last line.
func (m *Model[T]) body(th *theme.Theme, w, h int) []string {
	if m.detailShown() {
		m.sections()
	}
	switch {
	case w < frameWidth || h < frameHeight-1:
		return m.bare(th, w, h)
	case m.open != "":
		return frame.Box(th, m.detailPane(th, w-2, h-2, true), w, h)
	}
	switch m.preview() {
	case right:
		left := max(tableAtLeast, (w-3)*3/5)
		a := m.tablePane(th, left, h-2)
		b := m.detailPane(th, w-left-3, h-2, false)
		return frame.Beside(th, a, b, left, w, h)
	case below:
		top := (h - 3) * 3 / 5
		a := m.tablePane(th, w-2, top)
		b := m.detailPane(th, w-2, h-top-3, false)
		return frame.Above(th, a, b, top, w, h)
	default:
		return frame.Box(th, m.tablePane(th, w-2, h-2), w, h)
	}
}

// bare draws without a frame, for want of room.
func (m *Model[T]) bare(th *theme.Theme, w, h int) []string {
	p := m.tablePane(th, w, h-1)
	if m.open != "" {
		p = m.detailPane(th, w, h-1, true)
	}
	line, _ := frame.Title(th, p.Title, max(w-1, 0))
	return append([]string{frame.Exact(" "+line, w)}, p.Lines...)
}

func (m *Model[T]) tablePane(th *theme.Theme, w, h int) frame.Pane {
	return frame.Pane{Title: m.heading(), Lines: m.tab.Lines(th, w, h), Focus: true}
}

func (m *Model[T]) detailPane(th *theme.Theme, w, h int, focus bool) frame.Pane {
	row, ok := m.Selected()
	if !ok {
		return frame.Pane{Lines: table.Sentence(th, theme.Muted, "Nothing is selected.", w, h)}
	}
	if m.waits(m.cfg.ID(row)) {
		row = m.kept
	}
	title := "#" + m.cfg.ID(row)
	if m.cfg.DetailTitle != nil {
		title = m.cfg.DetailTitle(row)
	}
	pieces := []string{title}
	id := m.cfg.ID(row)
	switch _, whole := m.full[id]; {
	case m.cfg.DetailLoad == nil || whole:
	case m.lost == id:
		pieces = append(pieces, "in part")
	default:
		pieces = append(pieces, "loading")
	}
	return frame.Pane{Title: pieces, Lines: m.det.Lines(th, w, h), Focus: focus}
}

// heading returns the pieces of the list's title.
func (m *Model[T]) heading() []string {
	pieces := []string{m.cfg.Title}
	_, _, total := m.tab.Span()
	state, _ := m.tab.State()
	switch {
	case m.count != "":
		pieces = append(pieces, m.count)
	case total > 0 && m.next == "":
		pieces = append(pieces, theme.Count(total))
	case total > 0:
		pieces = append(pieces, theme.Count(total)+" loaded")
	}
	if n := m.tab.Marks(); n > 0 {
		pieces = append(pieces, theme.Count(n)+" marked")
	}
	if m.tab.Ranging() {
		pieces = append(pieces, "range: v ends it")
	}
	if (state == table.Loading || m.busy == rest) && total > 0 {
		pieces = append(pieces, "loading")
	}
	return append(pieces, m.note)
}

// foot returns the last line: the filter bar while it has the keys, else what the list shows.
func (m *Model[T]) foot(th *theme.Theme, w int) string {
	if m.bar.Capturing() {
		return m.bar.View(th, w)
	}
	var pieces []string
	if m.filter != "" {
		pieces = append(pieces, "filter "+m.filter)
	}
	if m.sort != "" {
		arrow := th.Glyph.Asc
		if m.desc {
			arrow = th.Glyph.Desc
		}
		pieces = append(pieces, "sort "+m.sort+arrow)
	}
	if first, last, total := m.tab.Span(); total > 0 {
		more := ""
		if m.next != "" {
			more = "+"
		}
		pieces = append(pieces, fmt.Sprintf("rows %s-%s of %s%s", theme.Count(first), theme.Count(last), theme.Count(total), more))
	}
	text := strings.Join(pieces, " "+th.Glyph.V+" ")
	return th.Paint(theme.Muted, th.Fit(" "+theme.Clean(text), w))
}

// over puts completions or a menu over the lines.
func (m *Model[T]) over(th *theme.Theme, lines []string, w int) []string {
	if m.menu != nil && len(lines) > 3 {
		box := m.menu.box(th, w, len(lines)-1)
		return frame.Overlay(lines, box, min(4, max(w-theme.Width(box[0]), 0)), 1)
	}
	if s := m.bar.Suggestions(th, min(w, 72), min(8, len(lines))); s != nil {
		return frame.Overlay(lines, s, 0, len(lines)-len(s))
	}
	return lines
}
