// Package pager shows a page of text that can be scrolled, such as a body, a list of
// errors, or the help.
package pager

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
)

// Options say what is shown. Env, Title and one of Text and Lines are needed.
type Options struct {
	Env   *ui.Env
	Title string
	Text  string // plain text from anywhere: cleaned and wrapped
	// Lines returns the lines, styled, at most w cells wide each, instead of Text.
	Lines func(t *theme.Theme, w int) []string
	Copy  string // what y copies; empty: Text
	What  string // names it in the toast
	End   bool   // starts at the end
	// Keys are more things that can be done here. An action's command runs and the
	// pager stays; use ui.CloseMsg to close it.
	Keys []ui.Action
}

// Dialog is the page. It implements ui.Dialog.
type Dialog struct {
	o     Options
	top   int
	lines []string
	w, h  int // of the last drawing
	fresh bool
}

var _ ui.Dialog = (*Dialog)(nil)

// New returns the page.
func New(o Options) *Dialog {
	if o.Copy == "" {
		o.Copy = o.Text
	}
	d := &Dialog{o: o}
	if o.End {
		d.top = 1 << 30
	}
	return d
}

// Init implements ui.Dialog.
func (d *Dialog) Init() tea.Cmd { return nil }

// Refresh says that what Lines returns has changed.
func (d *Dialog) Refresh() { d.fresh = false }

// Update implements ui.Dialog.
func (d *Dialog) Update(msg tea.Msg) (bool, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		d.fresh = false
		return false, nil
	}
	key := k.String()
	for _, a := range d.o.Keys {
		if a.Key == key {
			return false, ui.Run(a)
		}
	}
	switch key {
	case "esc", "q", "enter":
		return true, nil
	case "y":
		if d.o.Copy != "" {
			return false, ui.Copy(d.o.Copy, d.o.What)
		}
	}
	d.scroll(key)
	return false, nil
}

func (d *Dialog) scroll(key string) {
	switch key {
	case "j", "down":
		d.top++
	case "k", "up":
		d.top--
	case "pgdown", " ", "ctrl+d":
		d.top += max(d.h-1, 1)
	case "pgup", "ctrl+u":
		d.top -= max(d.h-1, 1)
	case "g", "home":
		d.top = 0
	case "G", "end":
		d.top = 1 << 30
	}
	d.top = max(min(d.top, len(d.lines)-d.h), 0)
}

// View implements ui.Dialog.
func (d *Dialog) View(maxW, maxH int) string {
	t := d.o.Env.Theme
	w := max(min(maxW-dialog.Frame, 100), 1)
	if !d.fresh || w != d.w {
		d.lines, d.w, d.fresh = d.wrap(t, w), w, true
	}
	d.h = max(min(maxH-3, len(d.lines)), 1)
	d.top = max(min(d.top, len(d.lines)-d.h), 0)
	seen := d.lines[d.top:min(d.top+d.h, len(d.lines))]
	return dialog.Box{Title: theme.Clean(d.o.Title), Lines: seen, Foot: d.foot(t), Width: w}.Draw(t, maxW, maxH)
}

func (d *Dialog) wrap(t *theme.Theme, w int) []string {
	if d.o.Lines != nil {
		return d.o.Lines(t, w)
	}
	return theme.Wrap(strings.TrimRight(theme.CleanLines(d.o.Text), "\n"), w)
}

func (d *Dialog) foot(t *theme.Theme) string {
	pairs := []string{"esc", "close"}
	if d.o.Copy != "" {
		pairs = append(pairs, "y", "copy")
	}
	for _, a := range d.o.Keys {
		if a.Disabled == "" {
			pairs = append(pairs, a.Key, a.Label())
		}
	}
	s := dialog.Hint(t, pairs...)
	if len(d.lines) > d.h {
		s += t.Paint(theme.Muted, fmt.Sprintf("   %d to %d of %d", d.top+1, d.top+d.h, len(d.lines)))
	}
	return s
}
