// Package confirm asks before something is done that cannot simply be taken back.
//
// There are three tiers. What one person can reverse with one key is done at once and
// asks nothing: tier 0 is no dialog. [Once] asks with Cancel under the cursor; y, or
// enter on the other button, goes on. [Typed] wants a phrase to be typed. The key that
// has opened the dialog never confirms it, so that a key held down does no harm.
package confirm

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/charmbracelet/bubbles/textinput"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
	"umdeck/ui/input"
)

// A Tier says how much is asked.
type Tier int

// The tiers that have a dialog.
const (
	Once  Tier = 1 // y, or enter on the button
	Typed Tier = 2 // the phrase, then enter
)

// Options say what is asked. Env, Title and Yes are needed.
type Options struct {
	Env    *ui.Env
	Title  string   // what will be done, to how many, where: "Reject 3 users on shop.example.com"
	Lines  []string // what follows from it, one sentence each; longer ones are wrapped
	Tier   Tier     // 0 counts as Once
	Phrase string   // what has to be typed, such as "reject 3"; empty with Typed: "yes"
	Go     string   // the name of the button that goes on, such as "Reject"; empty: "Yes"
	Cancel string   // the name of the other one; empty: "Cancel"
	Yes    func() tea.Cmd
	No     func() tea.Cmd // nil: nothing is done
}

// Dialog is the question. It implements ui.Dialog.
type Dialog struct {
	o      Options
	onYes  bool
	opener string
	in     textinput.Model
	wrong  bool
}

var (
	_ ui.Dialog   = (*Dialog)(nil)
	_ ui.Capturer = (*Dialog)(nil)
	_ ui.Opened   = (*Dialog)(nil)
)

// New returns the question. What Title and Lines say is cleaned.
func New(o Options) *Dialog {
	if o.Go == "" {
		o.Go = "Yes"
	}
	if o.Cancel == "" {
		o.Cancel = "Cancel"
	}
	if o.Tier == 0 {
		o.Tier = Once
	}
	if o.Phrase == "" {
		o.Phrase = "yes"
	}
	o.Title = theme.Clean(o.Title)
	return &Dialog{o: o, in: dialog.NewInput(o.Env.Theme, "", false)}
}

// Init implements ui.Dialog.
func (d *Dialog) Init() tea.Cmd { return nil }

// Capturing implements ui.Capturer.
func (d *Dialog) Capturing() bool { return d.o.Tier == Typed }

// OpenedBy implements ui.Opened.
func (d *Dialog) OpenedBy(key string) { d.opener = key }

// Update implements ui.Dialog.
func (d *Dialog) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.ThemeMsg:
		dialog.StyleInput(d.o.Env.Theme, &d.in)
	case tea.KeyMsg:
		if msg.Type == tea.KeyEsc {
			return true, call(d.o.No)
		}
		if d.o.Tier == Typed {
			return d.typed(msg)
		}
		return d.press(msg.String())
	}
	return false, nil
}

func (d *Dialog) press(key string) (bool, tea.Cmd) {
	switch key {
	case "left", "right", "tab", "shift+tab", "h", "l":
		d.onYes = !d.onYes
		return false, nil
	case "y", "Y":
		if key != d.opener {
			return true, call(d.o.Yes)
		}
	case "n", "N", "q":
		if key != d.opener {
			return true, call(d.o.No)
		}
	case "enter":
		switch {
		case !d.onYes:
			return true, call(d.o.No)
		case key != d.opener:
			return true, call(d.o.Yes)
		}
	}
	return false, nil
}

func (d *Dialog) typed(msg tea.KeyMsg) (bool, tea.Cmd) {
	if msg.Type == tea.KeyEnter {
		if d.in.Value() == d.o.Phrase {
			return true, call(d.o.Yes)
		}
		d.wrong = d.in.Value() != ""
		return false, nil
	}
	d.wrong = false
	var cmd tea.Cmd
	d.in, cmd = d.in.Update(input.OneLine(msg))
	return false, cmd
}

func call(f func() tea.Cmd) tea.Cmd {
	if f == nil {
		return nil
	}
	return f()
}

// View implements ui.Dialog.
func (d *Dialog) View(maxW, maxH int) string {
	t := d.o.Env.Theme
	w := min(max(maxW-dialog.Frame, 1), 72)
	var lines []string
	for _, l := range d.o.Lines {
		lines = append(lines, theme.Wrap(theme.Clean(l), w)...)
	}
	tail := d.tail(t, w)
	if room := max(maxH-3-len(tail), 0); len(lines) > room {
		lines = append(lines[:max(room-1, 0)], t.Paint(theme.Muted, t.Glyph.Ellipsis))
	}
	return dialog.Box{Title: d.o.Title, Lines: append(lines, tail...), Foot: d.foot(t), Bad: d.o.Tier == Typed}.Draw(t, maxW, maxH)
}

// tail draws the buttons, or the input.
func (d *Dialog) tail(t *theme.Theme, w int) []string {
	if d.o.Tier == Typed {
		ask := "Type  " + t.Paint(theme.Strong, d.o.Phrase) + "  to go on: "
		field := max(min(w-theme.Width(ask), len(d.o.Phrase)+6), 4)
		line := ask + dialog.DrawInput(t, &d.in, field)
		if d.wrong {
			return []string{"", line, t.Paint(theme.Bad, t.Glyph.Fail+" that is not the phrase")}
		}
		return []string{"", line}
	}
	no, yes := button(t, d.o.Cancel, !d.onYes), button(t, d.o.Go, d.onYes)
	return []string{"", no + "   " + yes}
}

func (d *Dialog) foot(t *theme.Theme) string {
	if d.o.Tier == Typed {
		return dialog.Hint(t, "enter", "go on", "esc", "cancel")
	}
	if d.opener == "y" {
		return dialog.Hint(t, "tab", "choose", "enter", "take it", "esc", "cancel")
	}
	return dialog.Hint(t, "y", d.o.Go, "tab", "choose", "enter", "take it", "esc", "cancel")
}

func button(t *theme.Theme, name string, on bool) string {
	name = theme.Clean(name)
	if on {
		return t.Paint(theme.Selected, t.Glyph.Cursor+"["+name+"]")
	}
	return " [" + name + "]"
}
