package console

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

const (
	graceQuiet  = 425 * time.Millisecond  // how long no key may come before a dialog that opened by itself takes one
	graceLimit  = 1500 * time.Millisecond // when it takes keys in any case
	promptReply = 150 * time.Millisecond  // an answer within this is one that the person still waits for
)

// A layer is a dialog on the stack.
type layer struct {
	ui.Dialog
	opened time.Time
	quiet  time.Time // until when keys are swallowed; zero: they are not
}

// swallows reports whether a key that comes now is swallowed, and starts the wait for
// silence anew.
func (l *layer) swallows(now time.Time) bool {
	if l.quiet.IsZero() {
		return false
	}
	if now.After(l.quiet) || now.Sub(l.opened) >= graceLimit {
		l.quiet = time.Time{}
		return false
	}
	l.quiet = now.Add(graceQuiet)
	return true
}

// push puts a dialog on top.
func (m *Model) push(d ui.Dialog) {
	if d == nil || m.layerOf(d) != nil {
		return
	}
	now := m.now()
	l := &layer{Dialog: d, opened: now}
	if m.late && (m.cause != m.keys || now.Sub(m.lastKey) >= promptReply) {
		l.quiet = now.Add(graceQuiet)
	}
	if o, ok := d.(ui.Opened); ok && l.quiet.IsZero() {
		o.OpenedBy(m.pressed)
	}
	m.dialogs = append(m.dialogs, l)
	if m.width > 0 { // laid out before the next key, which may scroll
		d.View(m.bodySize())
	}
	m.do(owner{dialog: d}, d.Init())
}

// drop takes a dialog off the stack, wherever it is.
func (m *Model) drop(d ui.Dialog) {
	m.dialogs = slices.DeleteFunc(m.dialogs, func(l *layer) bool { return l.Dialog == d })
}

// top returns the dialog that has the keys; nil when there is none.
func (m *Model) top() *layer {
	if len(m.dialogs) == 0 {
		return nil
	}
	return m.dialogs[len(m.dialogs)-1]
}

func (m *Model) layerOf(d ui.Dialog) *layer {
	for _, l := range m.dialogs {
		if l.Dialog == d {
			return l
		}
	}
	return nil
}

// ask gives a message to a dialog, and takes it off when it is done. What its command
// returns then belongs to the screen.
func (m *Model) ask(l *layer, msg tea.Msg) {
	done, cmd := l.Update(msg)
	own := owner{dialog: l.Dialog}
	if done {
		m.drop(l.Dialog)
		own = owner{tab: m.current()}
	}
	m.do(own, cmd)
}
