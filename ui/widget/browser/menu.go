package browser

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/scroll"
)

// A menu is a small list over the table: the orders, the columns.
type menu struct {
	title string
	items []item
	win   scroll.Window
	pick  func(i int) tea.Cmd
	stays bool // picking does not close it
}

type item struct {
	label, mark string
}

func (m *menu) press(key string) (done bool, cmd tea.Cmd) {
	switch key {
	case "esc", "q", "ctrl+c":
		return true, nil
	case "enter", " ", "space":
		if len(m.items) == 0 {
			return true, nil
		}
		cmd = m.pick(m.win.At)
		return !m.stays || key == "enter", cmd
	}
	m.win.Press(key)
	return false, nil
}

func (m *menu) box(th *theme.Theme, maxW, maxH int) []string {
	wide, marks := theme.Width(m.title)+4, 0
	for _, it := range m.items {
		wide = max(wide, theme.Width(it.label))
		marks = max(marks, theme.Width(it.mark))
	}
	w := min(wide+marks+7, maxW)
	h := min(len(m.items)+2, maxH)
	m.win.Len = len(m.items)
	m.win.Resize(h - 2)
	var lines []string
	for i := m.win.Top; i < m.win.End(); i++ {
		it, cur, tok := m.items[i], " ", theme.Text
		if i == m.win.At {
			cur, tok = th.Glyph.Cursor, theme.Selected
		}
		line := " " + cur + " " + theme.Pad(it.mark, marks) + " " + it.label
		lines = append(lines, th.Paint(tok, th.Fit(line, w-2)))
	}
	return frame.Box(th, frame.Pane{Title: []string{m.title}, Lines: lines, Focus: true}, w, h)
}

// sortMenu offers the columns that can be sorted by. Choosing the one in use turns the
// order round.
func (m *Model[T]) sortMenu() {
	th := m.cfg.Env.Theme
	var by []string
	mn := &menu{title: "Sort by"}
	for _, c := range m.tab.Columns() {
		if c.Sort == "" {
			continue
		}
		it := item{label: strings.ToLower(c.Title)}
		if c.Sort == m.sort {
			it.mark = th.Glyph.Asc
			if m.desc {
				it.mark = th.Glyph.Desc
			}
			mn.win.At = len(by)
		}
		by = append(by, c.Sort)
		mn.items = append(mn.items, it)
	}
	mn.win.Len = len(by)
	mn.pick = func(i int) tea.Cmd { return m.SetSort(by[i], by[i] == m.sort && !m.desc) }
	m.menu = mn
}

// columnMenu switches columns on and off. The first one stays.
func (m *Model[T]) columnMenu() {
	mn := &menu{title: "Columns", stays: true}
	fill := func() {
		mn.items = mn.items[:0]
		for _, c := range m.tab.Columns() {
			mark := m.cfg.Env.Theme.Glyph.OK
			if c.Hidden {
				mark = " "
			}
			mn.items = append(mn.items, item{label: strings.ToLower(c.Title), mark: mark})
		}
	}
	fill()
	mn.win.Len = len(mn.items)
	mn.pick = func(i int) tea.Cmd {
		cols := m.tab.Columns()
		cols[i].Hidden = !cols[i].Hidden && i > 0
		m.tab.SetColumns(cols)
		fill()
		return nil
	}
	m.menu = mn
}
