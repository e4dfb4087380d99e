package form

import (
	"strings"

	"umdeck/theme"
	"umdeck/ui/dialog"
)

// View implements ui.Dialog.
func (d *Dialog) View(maxW, maxH int) string {
	t := d.o.Env.Theme
	w := max(min(maxW-dialog.Frame, 76), 1)
	var lines []string
	for _, l := range d.o.Intro {
		lines = append(lines, theme.Wrap(theme.Clean(l), w)...)
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	from, to := 0, 0
	for i, e := range d.entries {
		if i == d.at {
			from = len(lines)
		}
		lines = append(lines, d.entry(t, e, i == d.at, w)...)
		if i == d.at {
			to = len(lines)
		}
	}
	foot := d.foot(t, w)
	h := max(maxH-2-len(foot), 1)
	return dialog.Box{Title: theme.Clean(d.o.Title), Lines: append(d.window(lines, from, to, h), foot...), Width: w}.Draw(t, maxW, maxH)
}

// window returns the h lines that show the field with the focus.
func (d *Dialog) window(lines []string, from, to, h int) []string {
	d.top = max(min(d.top, from, len(lines)-h), 0)
	if to > d.top+h {
		d.top = min(to-h, from)
	}
	return lines[d.top:min(d.top+h, len(lines))]
}

// entry draws one field: a line when it has no focus, else its widget.
func (d *Dialog) entry(t *theme.Theme, e *entry, on bool, w int) []string {
	label := max(min(w/3, 22), 8)
	left := "  " + t.Fit(e.Label+map[bool]string{true: " *"}[e.Required], label) + " "
	room := max(w-label-3, 4)
	var lines []string
	switch {
	case !on:
		lines = []string{left + t.Cut(e.shown(t), room)}
	case e.Kind == Toggle:
		left = t.Paint(theme.Accent, t.Glyph.Cursor) + " " + t.Paint(theme.Strong, left[2:])
		lines = []string{left + t.Paint(theme.Selected, "["+e.shown(t)+"]") + t.Paint(theme.Muted, t.Cut("  space switches", max(room-5, 0)))}
	case e.oneLine() || e.Kind == Lines:
		e.widget = e.widget.WithWidth(room)
		if e.Kind == Lines {
			e.widget = e.widget.WithHeight(4)
		}
		left = t.Paint(theme.Accent, t.Glyph.Cursor) + " " + t.Paint(theme.Strong, left[2:])
		for i, l := range strings.Split(e.widget.View(), "\n") {
			if i > 0 {
				left = theme.Spaces(label + 3)
			}
			lines = append(lines, left+theme.Clip(l, room))
		}
	default:
		e.widget = e.widget.WithWidth(max(w-4, 4))
		lines = []string{t.Paint(theme.Accent, t.Glyph.Cursor) + " " + t.Paint(theme.Strong, left[2:]) + t.Cut(e.shown(t), room)}
		for l := range strings.SplitSeq(e.widget.View(), "\n") {
			lines = append(lines, "    "+theme.Clip(l, w-4))
		}
	}
	if on && e.Help != "" {
		lines = append(lines, "  "+t.Paint(theme.Muted, t.Cut(e.Help, w-2)))
	}
	if e.err != "" {
		for _, l := range theme.Wrap(t.Glyph.Fail+" "+e.err, max(w-2, 2)) {
			lines = append(lines, "  "+t.Paint(theme.Bad, l))
		}
	}
	return lines
}

// foot draws the error of the whole form, and the keys.
func (d *Dialog) foot(t *theme.Theme, w int) []string {
	save := d.o.Button
	if save == "" {
		save = "save"
	}
	var lines []string
	if d.err != "" {
		for _, l := range theme.Wrap(t.Glyph.Fail+" "+d.err, w) {
			lines = append(lines, t.Paint(theme.Bad, l))
		}
	}
	switch {
	case d.saving:
		return append(lines, t.Paint(theme.Muted, "one moment"+t.Glyph.Ellipsis))
	case d.leaving:
		return append(lines, t.Paint(theme.Warning, "Drop what was changed?")+"  "+dialog.Hint(t, "y", "drop it", "n", "stay"))
	}
	return append(lines, dialog.Hint(t, "ctrl+o", save, "tab", "next", "esc", "close"))
}
