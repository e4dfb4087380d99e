package console

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/ui/input"
)

// armedFor is how long a second ctrl+c quits.
const armedFor = 2 * time.Second

// drain takes keys from the queue until it is empty, or one has to be waited for.
func (m *Model) drain() {
	for len(m.queue) > 0 && m.hold.left == 0 && !m.quitting {
		keys := m.split(m.queue[0]) // against the focus that there is now
		m.queue = slices.Concat(keys, m.queue[1:])
		if len(keys) == 0 {
			continue // a paste that nobody takes
		}
		k := m.queue[0]
		m.queue = m.queue[1:]
		m.key(k)
	}
	if len(m.queue) > 0 && m.hold.left > 0 && !m.hold.timed {
		m.hold.timed = true
		id := m.hold.id
		m.cmds = append(m.cmds, m.guard(func() tea.Msg {
			t := time.NewTimer(patience)
			defer t.Stop()
			select {
			case <-t.C:
			case <-m.env.Ctx.Done():
			}
			return patienceMsg{id}
		}))
	}
}

// split returns the keys of a message; none for a paste when no input has the focus.
func (m *Model) split(k tea.KeyMsg) []tea.KeyMsg {
	if len(k.Runes) <= 1 && !k.Paste || m.focused() {
		return []tea.KeyMsg{k}
	}
	keys, typed := input.Split(k)
	if !typed {
		m.say(ui.ToastMsg{Level: ui.Warn, Text: fmt.Sprintf("%d characters at once: looks like a paste, ignored", len(k.Runes))})
		return nil
	}
	return keys
}

// focused reports whether a text input has the focus.
func (m *Model) focused() bool {
	if l := m.top(); l != nil {
		c, ok := l.Dialog.(ui.Capturer)
		return ok && c.Capturing()
	}
	return m.current().Capturing()
}

// key handles one key against the state that there is now.
func (m *Model) key(k tea.KeyMsg) {
	now := m.now()
	m.keys++
	m.pressed = k.String()
	m.cause = m.keys
	m.hold = hold{id: m.hold.id + 1}
	m.held = m.hold.id
	defer func() { m.held = 0; m.lastKey = now }()
	if k.Type == tea.KeyCtrlC {
		m.interrupt(now)
		return
	}
	m.armed = time.Time{}
	if l := m.top(); l != nil {
		if !l.swallows(now) {
			m.ask(l, k)
		}
		return
	}
	t := m.current()
	if t.Capturing() {
		m.tell(t, k)
		return
	}
	name := k.String()
	if a, ok := actionFor(t.Actions(), name); ok {
		m.run(a)
		return
	}
	if m.global(name) {
		return
	}
	if a, ok := actionFor(m.cfg.Actions, name); ok {
		m.run(a)
		return
	}
	if name == "esc" {
		m.toasts.read()
	}
	m.tell(t, k)
}

// interrupt quits at the second ctrl+c; the first one says so.
func (m *Model) interrupt(now time.Time) {
	if !m.armed.IsZero() && now.Sub(m.armed) < armedFor {
		m.quitting = true
		return
	}
	m.armed = now
	m.say(ui.ToastMsg{Level: ui.Info, Text: "ctrl+c again quits"})
}

// actionFor returns the action that a key runs. An action that can be done is preferred
// to one on the same key that cannot.
func actionFor(actions []ui.Action, key string) (found ui.Action, ok bool) {
	for _, a := range actions {
		if !sameKey(a.Key, key) {
			continue
		}
		if a.Disabled == "" {
			return a, true
		}
		if !ok {
			found, ok = a, true
		}
	}
	return found, ok
}

func sameKey(spelled, key string) bool {
	return spelled != "" && (spelled == key || spelled == "space" && key == " ")
}

// run runs an action, or says why not.
func (m *Model) run(a ui.Action) {
	switch why := m.refusal(a); {
	case why != "":
		m.say(ui.ToastMsg{Level: ui.Warn, Text: a.Title + ": " + why})
	case a.Run != nil:
		m.do(owner{tab: m.current()}, a.Run())
		m.past.note(m, m.current())
	}
}

// refusal returns why an action cannot be run now; empty when it can.
func (m *Model) refusal(a ui.Action) string {
	switch {
	case a.Disabled != "":
		return a.Disabled
	case a.Writes && m.readOnly:
		return "the console is read-only; :rw lifts it"
	}
	return ""
}

// global runs a key that means the same everywhere; false when it is none.
func (m *Model) global(key string) bool {
	for _, t := range m.tabs {
		if t.key == key && key != "" {
			m.visit(t)
			return true
		}
	}
	for _, a := range m.globals() {
		if sameKey(a.Key, key) {
			m.run(a)
			return true
		}
	}
	return false
}
