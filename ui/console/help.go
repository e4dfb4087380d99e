package console

import (
	"slices"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
	"umdeck/ui/dialog/pager"
)

// moves are the keys that every list and page understands, for the help.
var moves = [][2]string{
	{"j k, arrows", "move"},
	{"g G, home end", "first, last"},
	{"ctrl+d ctrl+u", "half a page down, up"},
	{"enter", "open"},
	{"esc", "one layer back: dialog, input, filter, marks, page"},
	{"1 to 9, 0", "go to a place"},
	{"ctrl+c twice", "quit at once"},
}

// openHelp shows every key that means something here, and why some do nothing now.
func (m *Model) openHelp() {
	t := m.current()
	own, everywhere := t.Actions(), slices.Concat(m.cfg.Actions, m.globals())
	m.push(pager.New(pager.Options{
		Env: m.env, Title: "Help: " + t.Title(),
		Lines: func(th *theme.Theme, w int) []string {
			var lines []string
			for _, warning := range m.about().Warnings {
				for _, l := range theme.Wrap(th.Glyph.Warn+" "+warning, w) {
					lines = append(lines, th.Paint(theme.Alert, l))
				}
			}
			lines = append(lines, th.Paint(theme.Header, t.Title()))
			lines = append(lines, m.helpOf(th, own, w)...)
			lines = append(lines, "", th.Paint(theme.Header, "Everywhere"))
			lines = append(lines, m.helpOf(th, everywhere, w)...)
			for _, mv := range moves {
				lines = append(lines, helpLine(th, mv[0], mv[1], "", w)...)
			}
			return lines
		},
	}))
}

func (m *Model) helpOf(t *theme.Theme, actions []ui.Action, w int) []string {
	var lines []string
	for _, a := range actions {
		text := a.Help
		if text == "" {
			text = a.Title
		}
		key := dialog.KeyName(t, a.Key)
		if key == "" {
			key = ":" + a.ID
		}
		lines = append(lines, helpLine(t, key, text, m.refusal(a), w)...)
	}
	if len(lines) == 0 {
		lines = append(lines, t.Paint(theme.Muted, "  no keys of its own"))
	}
	return lines
}

func helpLine(t *theme.Theme, key, text, why string, w int) []string {
	const keyWidth = 16
	var lines []string
	left := "  " + t.Paint(theme.Key, theme.Pad(key, keyWidth)) + " "
	if theme.Width(key) > keyWidth { // the name of a command: its text goes below
		lines = append(lines, t.Cut("  "+t.Paint(theme.Key, key), w))
		left = theme.Spaces(keyWidth + 3)
	}
	for i, l := range theme.Wrap(theme.Clean(text), max(w-keyWidth-3, 10)) {
		if i > 0 {
			left = theme.Spaces(keyWidth + 3)
		}
		lines = append(lines, left+l)
	}
	if why != "" {
		for _, l := range theme.Wrap("not now: "+theme.Clean(why), max(w-keyWidth-3, 10)) {
			lines = append(lines, theme.Spaces(keyWidth+3)+t.Paint(theme.Muted, l))
		}
	}
	return lines
}
