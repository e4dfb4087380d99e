// Package prompt asks for one line of text.
package prompt

import (
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
	"umdeck/ui/input"
)

// Options say what is asked. Env, Title and Enter are needed.
type Options struct {
	Env         *ui.Env
	Title       string
	Lines       []string // what one should know, above the input
	Value       string   // what is there to begin with
	Placeholder string
	Secret      bool                    // what is typed is not shown
	Check       func(text string) error // nil: everything will do; its error is shown and the dialog stays
	Enter       func(text string) tea.Cmd
}

// Dialog is the prompt. It implements ui.Dialog.
type Dialog struct {
	o   Options
	in  textinput.Model
	err error
}

var (
	_ ui.Dialog   = (*Dialog)(nil)
	_ ui.Capturer = (*Dialog)(nil)
)

// New returns the prompt.
func New(o Options) *Dialog {
	d := &Dialog{o: o, in: dialog.NewInput(o.Env.Theme, theme.Clean(o.Value), o.Secret)}
	d.in.Placeholder = o.Placeholder
	return d
}

// Init implements ui.Dialog.
func (d *Dialog) Init() tea.Cmd { return nil }

// Capturing implements ui.Capturer.
func (d *Dialog) Capturing() bool { return true }

// Update implements ui.Dialog.
func (d *Dialog) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.ThemeMsg:
		dialog.StyleInput(d.o.Env.Theme, &d.in)
	case tea.KeyMsg:
		switch msg.String() {
		case "esc":
			return true, nil
		case "enter":
			return d.enter()
		}
		d.err = nil
		var cmd tea.Cmd
		d.in, cmd = d.in.Update(input.OneLine(msg))
		return false, cmd
	}
	return false, nil
}

func (d *Dialog) enter() (bool, tea.Cmd) {
	text := d.in.Value()
	if d.o.Check != nil {
		if d.err = d.o.Check(text); d.err != nil {
			return false, nil
		}
	}
	return true, d.o.Enter(text)
}

// View implements ui.Dialog.
func (d *Dialog) View(maxW, maxH int) string {
	t := d.o.Env.Theme
	w := min(max(maxW-dialog.Frame, 1), 64)
	var lines []string
	for _, l := range d.o.Lines {
		lines = append(lines, theme.Wrap(theme.Clean(l), w)...)
	}
	lines = append(lines, dialog.DrawInput(t, &d.in, w))
	if d.err != nil {
		for _, l := range theme.Wrap(t.Glyph.Fail+" "+theme.Clean(d.err.Error()), w) {
			lines = append(lines, t.Paint(theme.Bad, l))
		}
	}
	return dialog.Box{Title: theme.Clean(d.o.Title), Lines: lines, Foot: dialog.Hint(t, "enter", "take it", "esc", "cancel"), Width: w}.Draw(t, maxW, maxH)
}
