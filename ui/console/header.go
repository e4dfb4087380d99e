package console

import (
	"fmt"
	"strings"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
)

// about returns what the header says, cleaned.
func (m *Model) about() Header {
	if m.cfg.Header == nil {
		return Header{}
	}
	h := m.cfg.Header()
	h.Site, h.URL, h.User, h.Versions = theme.Clean(h.Site), theme.Clean(h.URL), theme.Clean(h.User), theme.Clean(h.Versions)
	warnings := make([]string, len(h.Warnings))
	for i, w := range h.Warnings {
		warnings[i] = theme.Clean(w)
	}
	h.Warnings = warnings
	return h
}

func (m *Model) mode() piece {
	if m.readOnly {
		return piece{text: "RO", look: theme.Alert}
	}
	return piece{text: "RW", look: theme.Strong}
}

// live returns what the screen says about its connection. That what is shown may be out
// of date is said on any terminal.
func (m *Model) live() piece {
	t, st := m.env.Theme, m.current().Status()
	text := theme.Clean(st.Live)
	switch {
	case st.Stale && text != "":
		return piece{text: t.Glyph.Ring + " " + text + ", out of date", look: theme.Warning, least: 5}
	case st.Stale:
		return piece{text: t.Glyph.Ring + " out of date", look: theme.Warning, least: 5}
	case text == "":
		return piece{}
	}
	glyph, look := t.Glyph.Half, theme.Muted // not yet
	if strings.HasPrefix(text, "live") {
		glyph, look = t.Glyph.Dot, theme.Accent
	}
	return piece{text: glyph + " " + text, look: look, rank: 1}
}

// warnings returns what must not be overlooked as one piece; the help has all of it.
func (m *Model) warnings(h Header, least int) piece {
	n := len(h.Warnings)
	if n == 0 {
		return piece{}
	}
	glyph := m.env.Theme.Glyph.Warn
	if n > 1 {
		glyph += fmt.Sprint(n)
	}
	return piece{text: glyph + " " + strings.Join(h.Warnings, "; "), look: theme.Alert, least: least}
}

func (m *Model) jobsPiece() piece {
	left := m.running()
	if len(left) == 0 {
		return piece{}
	}
	return piece{text: fmt.Sprintf("jobs %d %s %s", len(left), m.env.Theme.Glyph.Cursor, left[len(left)-1].count()), look: theme.Accent, rank: 2}
}

// header draws the first line of a wide terminal.
func (m *Model) header() string {
	t, h := m.env.Theme, m.about()
	sep := " " + t.Glyph.V + " "
	left := []piece{
		{text: "umdeck", look: theme.Title, rank: 5},
		{text: h.Site, look: theme.Strong, least: 8},
		{text: h.URL, look: theme.Text, rank: 3, least: 12},
		{text: h.Versions, look: theme.Muted, rank: 6},
		{text: h.User, look: theme.Text, rank: 4, least: 6},
		m.mode(),
		m.warnings(h, 16),
	}
	right := []piece{m.jobsPiece(), m.live(), {text: m.env.Now().Format("15:04"), look: theme.Muted, rank: 6}}
	r, rw := fit(t, right, "  ", m.width/3)
	l, _ := fit(t, left, sep, m.width-rw-4)
	return sides(t, " "+l, r+" ", m.width)
}

// tabLine draws the tabs, and on its right where one is.
func (m *Model) tabLine() string {
	t := m.env.Theme
	crumb := m.crumb()
	line := ""
	for level := range 3 {
		line = m.tabsAt(level)
		if theme.Width(line) <= m.width {
			break
		}
	}
	room := m.width - theme.Width(line) - 2
	if room < 6 {
		crumb = ""
	}
	return sides(t, line, t.Paint(theme.Muted, t.Cut(crumb, room))+" ", m.width)
}

func (m *Model) crumb() string {
	st := m.current().Status()
	if st.Crumb == "" {
		return ""
	}
	return m.current().Title() + " " + m.env.Theme.Glyph.Right + " " + theme.Clean(st.Crumb)
}

// tabsAt draws the tabs: 0 with their titles, 1 with the first letter of those that are
// not shown, 2 with their keys alone and a short title of the one that is.
func (m *Model) tabsAt(level int) string {
	t := m.env.Theme
	var b strings.Builder
	for i, tb := range m.tabs {
		on := i == m.page
		if tb.key == "" && !on {
			continue // the palette has it
		}
		name := strings.TrimSpace(tb.key + " " + tb.Title())
		switch {
		case on && level == 2:
			name = t.Cut(name, 9)
		case on:
		case level == 1:
			name = tb.key + theme.Clip(tb.Title(), 1)
		case level == 2:
			name = tb.key
		}
		badge := theme.Clean(tb.Status().Badge)
		if badge != "" && level < 2 {
			badge = "·" + badge
			if t.Options().Glyphs == theme.ASCII {
				badge = "." + badge[len("·"):]
			}
		} else {
			badge = ""
		}
		if on {
			t.Style(theme.TabOn).Write(&b, "["+name+badge+"]")
			continue
		}
		t.Style(theme.Tab).Write(&b, " "+name)
		t.Style(theme.Badge).Write(&b, badge)
		b.WriteString(" ")
	}
	return " " + b.String()
}

// shortHeader draws tabs and header as one line, with the beginning of the warnings.
func (m *Model) shortHeader() string {
	t, h := m.env.Theme, m.about()
	right := []piece{{text: h.Site, look: theme.Strong, rank: 1, least: 6}, m.mode(), m.jobsPiece(), m.live(), m.warnings(h, 3)}
	tabs := m.tabsAt(1)
	if theme.Width(tabs) > m.width*2/3 {
		tabs = m.tabsAt(2)
	}
	tabs = t.Cut(tabs, max(m.width-4, 1))
	r, _ := fit(t, right, " ", m.width-theme.Width(tabs)-1)
	return sides(t, tabs, r, m.width)
}

// footer draws the keys that do something now: help and the palette always, the rest as
// far as it fits.
func (m *Model) footer() string {
	t := m.env.Theme
	var pairs []string
	switch {
	case m.top() != nil:
		pairs = []string{"esc", "close", "ctrl+c", "twice quits"}
	case m.current().Capturing():
		pairs = []string{"enter", "take it", "esc", "cancel", "ctrl+c", "twice quits"}
	default:
		pairs = m.hints()
	}
	line := ""
	for n := 2; n <= len(pairs); n += 2 {
		next := " " + dialog.Hint(t, pairs[:n]...)
		if theme.Width(next) > m.width {
			break
		}
		line = next
	}
	return t.Fit(line, m.width)
}

// hints returns the keys and labels of the actions that can be done now.
func (m *Model) hints() []string {
	pairs := []string{"?", "help", ":", "command"}
	add := func(actions []ui.Action) {
		for _, a := range actions {
			if a.Key != "" && a.Short != "-" && m.refusal(a) == "" && a.ID != "help" && a.ID != "palette" {
				pairs = append(pairs, a.Key, a.Label())
			}
		}
	}
	add(m.current().Actions())
	add(m.cfg.Actions)
	add(m.globals())
	return pairs
}
