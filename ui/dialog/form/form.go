package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/input"
)

// Options say what is asked. Env, Title, Fields and Save are needed.
type Options struct {
	Env    *ui.Env
	Title  string
	Intro  []string // what one should know, above the fields
	Fields []Field
	// Save does it, outside the event loop, and may take its time. When it returns no
	// error the form closes and done runs; it may be nil.
	Save func(v Values) (done tea.Cmd, err error)
	// FieldErrors returns the texts of err by field key, when it has any; nil: every
	// error stands at the foot.
	FieldErrors func(err error) map[string]string
	Button      string // what saving is called in the foot; empty: "save"
}

// Dialog is the form. It implements ui.Dialog.
type Dialog struct {
	o       Options
	entries []*entry
	at      int
	top     int
	was     map[string][]string
	saving  bool
	leaving bool // asks whether to drop what was changed
	err     string
}

var (
	_ ui.Dialog   = (*Dialog)(nil)
	_ ui.Capturer = (*Dialog)(nil)
)

// New returns the form with the cursor on its first field.
func New(o Options) *Dialog {
	d := &Dialog{o: o, was: map[string][]string{}}
	for _, f := range o.Fields {
		e := newEntry(f)
		e.build(o.Env.Theme)
		d.entries = append(d.entries, e)
		d.was[f.Key] = append([]string(nil), e.values()...)
	}
	d.focus(0)
	return d
}

// savedMsg is what Save has returned.
type savedMsg struct {
	done tea.Cmd
	err  error
}

// Init implements ui.Dialog.
func (d *Dialog) Init() tea.Cmd { return nil }

// Capturing implements ui.Capturer.
func (d *Dialog) Capturing() bool {
	return len(d.entries) > 0 && !d.leaving && !d.saving && d.entries[d.at].typing()
}

// Update implements ui.Dialog.
func (d *Dialog) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.ThemeMsg:
		for _, e := range d.entries {
			e.build(d.o.Env.Theme)
		}
		d.focus(d.at)
	case savedMsg:
		return d.saved(msg)
	case tea.KeyMsg:
		switch {
		case d.saving: // what is typed meanwhile means nothing
		case d.leaving:
			return d.answer(msg.String())
		default:
			return d.press(input.Word(msg))
		}
	}
	return false, nil
}

func (d *Dialog) press(msg tea.KeyMsg) (bool, tea.Cmd) {
	if len(d.entries) == 0 {
		return msg.Type == tea.KeyEsc, nil
	}
	e := d.entries[d.at]
	key := msg.String()
	searching := e.filtering()
	switch {
	case key == "ctrl+o":
		return false, d.save()
	case key == "tab", key == "enter" && e.Kind != Lines && !searching:
		return false, d.next(key == "enter")
	case key == "shift+tab", key == "up" && e.oneLine():
		d.move(-1)
	case key == "down" && e.oneLine():
		d.move(1)
	case key == "esc" && !searching:
		return d.leave()
	default:
		d.give(e, msg)
	}
	return false, nil
}

// oneLine reports whether up and down mean nothing inside the field.
func (e *entry) oneLine() bool { return e.Kind == Text || e.Kind == Secret || e.Kind == Toggle }

// give passes a key to the field's widget. Its commands start blinking cursors and
// programs of others, and are dropped.
func (d *Dialog) give(e *entry, msg tea.KeyMsg) {
	if e.Kind != Lines {
		msg = input.OneLine(msg)
	}
	if e.Kind == Toggle && msg.String() == " " {
		e.on = !e.on
		return
	}
	key, searching := msg.String(), e.filtering()
	if searching && (key == "enter" || key == "esc") {
		msg = tea.KeyMsg{Type: tea.KeyEsc} // huh's key that ends a search and keeps its result
	}
	_, _ = e.widget.Update(msg)
	if searching && key == "enter" {
		e.take()
	}
	e.err, d.err = "", ""
}

// take chooses what a search has put under the cursor: huh does that only when the
// cursor moves.
func (e *entry) take() {
	w, ok := e.widget.(interface{ Hovered() (string, bool) })
	if !ok || e.Kind != Select {
		return
	}
	if value, ok := w.Hovered(); ok {
		e.text = value
	}
}

// next goes to the next field when this one is right; from the last one enter saves.
func (d *Dialog) next(enter bool) tea.Cmd {
	e := d.entries[d.at]
	_ = e.widget.Blur()
	e.err = e.check()
	if e.err != "" {
		d.focus(d.at)
		return nil
	}
	if d.at == len(d.entries)-1 {
		if enter {
			return d.save()
		}
		d.focus(0)
		return nil
	}
	d.focus(d.at + 1)
	return nil
}

func (d *Dialog) move(by int) {
	_ = d.entries[d.at].widget.Blur()
	d.entries[d.at].err = d.entries[d.at].check()
	d.focus((d.at + by + len(d.entries)) % len(d.entries))
}

// focus puts the cursor on a field.
func (d *Dialog) focus(at int) {
	if len(d.entries) == 0 {
		return
	}
	d.at = at
	_ = d.entries[at].widget.Focus() // its command only starts a blinking cursor
}

// save checks everything and starts to save; the first field that is wrong gets the
// cursor.
func (d *Dialog) save() tea.Cmd {
	_ = d.entries[d.at].widget.Blur()
	wrong := -1
	for i, e := range d.entries {
		if e.err = e.check(); e.err != "" && wrong < 0 {
			wrong = i
		}
	}
	if wrong >= 0 {
		d.focus(wrong)
		return nil
	}
	d.focus(d.at)
	d.saving, d.err = true, ""
	values, save := d.values(), d.o.Save
	return ui.Work(func() tea.Msg {
		done, err := save(values)
		return savedMsg{done, err}
	})
}

// values returns a copy of what the form holds.
func (d *Dialog) values() Values {
	v := Values{now: map[string][]string{}, was: d.was}
	for _, e := range d.entries {
		v.now[e.Key] = append([]string(nil), e.values()...)
	}
	return v
}

// saved closes the form, or shows what was refused.
func (d *Dialog) saved(msg savedMsg) (bool, tea.Cmd) {
	d.saving = false
	if msg.err == nil {
		return true, msg.done
	}
	var texts map[string]string
	if d.o.FieldErrors != nil {
		texts = d.o.FieldErrors(msg.err)
	}
	first := -1
	for i, e := range d.entries {
		if e.err = theme.Clean(texts[e.Key]); e.err != "" && first < 0 {
			first = i
		}
	}
	if first < 0 {
		d.err = theme.Clean(d.o.Env.Say(msg.err))
		return false, nil
	}
	d.focus(first)
	return false, nil
}

// leave closes the form, but asks first when something was changed.
func (d *Dialog) leave() (bool, tea.Cmd) {
	_ = d.entries[d.at].widget.Blur()
	d.focus(d.at)
	v := d.values()
	for _, e := range d.entries {
		if v.Changed(e.Key) {
			d.leaving = true
			return false, nil
		}
	}
	return true, nil
}

func (d *Dialog) answer(key string) (bool, tea.Cmd) {
	switch strings.ToLower(key) {
	case "y":
		return true, nil
	case "n", "esc":
		d.leaving = false
	}
	return false, nil
}
