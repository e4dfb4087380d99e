// Package detail shows one thing in full: sections of keys and values, wrapped text
// and JSON, in a window that scrolls. The preview beside a list and the page of a
// single row are both made of it.
//
// Everything that a [Section] holds may come from outside; it is cleaned when it is
// drawn. The lines of [Section.Lines] are the exception: whoever makes them has to.
package detail

import (
	"strings"

	"umdeck/theme"
	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/scroll"
)

// A Field is a key with its value.
type Field struct {
	Key, Value string      // an empty value is shown as a dash
	Token      theme.Token // of the value; zero: theme.Text
	Secret     bool        // masked until it is revealed
}

// A Section is a part of a detail. What it has is shown in the order of its fields.
type Section struct {
	Title  string
	Fields []Field
	Text   string   // wrapped; its line breaks stay
	JSON   string   // shown indented in its own order of keys; what is not JSON is shown as it is
	Mask   []string // keys of JSON objects whose values are masked until they are revealed
	// Lines returns lines that are made for a width, such as a table of attempts; nil: none.
	// What comes from outside has to be cleaned by it.
	Lines func(th *theme.Theme, width int) []string
}

// A Model is a detail in a window. The zero value is empty.
type Model struct {
	sections []Section
	win      scroll.Window
	reveal   bool
	whole    bool
	lines    []string // of th and width; nil: to be made
	th       *theme.Theme
	width    int
}

// Set replaces the sections. The window stays where it is as far as it can.
func (m *Model) Set(sections []Section) { m.sections, m.lines = sections, nil }

// Top puts the window at the beginning.
func (m *Model) Top() { m.win.Top = 0 }

// Reveal shows the masked values, or masks them again.
func (m *Model) Reveal(on bool) { m.reveal, m.lines = on, nil }

// Revealed reports whether the masked values are shown.
func (m *Model) Revealed() bool { return m.reveal }

// Whole shows long strings of JSON in full, or folds them again.
func (m *Model) Whole(on bool) { m.whole, m.lines = on, nil }

// Help returns the keys with what they do.
func Help() [][2]string {
	return append(scroll.Keys(), [2]string{"m", "reveal masked values"}, [2]string{"w", "unfold long texts"})
}

// Press takes a key, spelled as Bubble Tea does, and reports whether it was one of [Help].
func (m *Model) Press(key string) bool {
	m.win.Pager = true
	switch key {
	case "m":
		m.Reveal(!m.reveal)
	case "w":
		m.Whole(!m.whole)
	default:
		return m.win.Press(key)
	}
	return true
}

// Scroll moves the window by n lines.
func (m *Model) Scroll(n int) {
	m.win.Pager = true
	m.win.Move(n)
}

// Lines returns h lines of w cells. The last ones say how much there is above and below.
func (m *Model) Lines(th *theme.Theme, w, h int) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	if m.lines == nil || m.th != th || m.width != w {
		m.lines = Render(th, m.sections, Options{Width: w, Reveal: m.reveal, Whole: m.whole})
		m.th, m.width = th, w
	}
	m.win.Pager, m.win.Len = true, len(m.lines)
	body := h
	if len(m.lines) > h && h > 2 {
		body-- // for the line that says that there is more
	}
	m.win.Resize(body)
	lines := make([]string, 0, h)
	for _, l := range m.lines[m.win.Top:m.win.End()] {
		lines = append(lines, frame.Exact(l, w))
	}
	for len(lines) < body {
		lines = append(lines, theme.Spaces(w))
	}
	if body < h {
		lines = append(lines, th.Paint(theme.Muted, th.FitRight(m.where(th), w)))
	}
	return lines
}

// View is Lines as one string.
func (m *Model) View(th *theme.Theme, w, h int) string { return strings.Join(m.Lines(th, w, h), "\n") }

func (m *Model) where(th *theme.Theme) string {
	if below := m.win.Len - m.win.End(); below > 0 {
		return th.Glyph.Down + " " + theme.Count(below) + " more "
	}
	return th.Glyph.Up + " " + theme.Count(m.win.Top) + " above "
}
