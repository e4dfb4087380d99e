package console

import (
	"slices"
	"time"

	"umdeck/theme"
	"umdeck/ui"
)

const (
	shortly   = 4 * time.Second  // how long good news stays
	longer    = 8 * time.Second  // how long a warning stays
	undoFor   = 10 * time.Second // how long something can be undone
	maxFailed = 200              // how many errors are remembered
)

// A toast is one line that was said.
type toast struct {
	ui.ToastMsg
	until time.Time // zero: until it is read
}

// toasts are the lines that may be seen, the newest last.
type toasts []toast

// A failure is an entry of the list of errors.
type failure struct {
	at   time.Time
	text string
}

// say shows one line.
func (m *Model) say(msg ui.ToastMsg) {
	msg.Text, msg.Label = theme.Clean(msg.Text), theme.Clean(msg.Label)
	now := m.now()
	t := toast{ToastMsg: msg}
	switch {
	case msg.Undo != nil:
		t.until = now.Add(undoFor)
	case msg.Level == ui.Warn:
		t.until = now.Add(longer)
	case msg.Level != ui.Bad:
		t.until = now.Add(shortly)
	}
	if msg.Level == ui.Bad {
		m.failed = append(m.failed, failure{m.env.Now(), msg.Text})
		m.failed = m.failed[max(len(m.failed)-maxFailed, 0):]
	}
	m.toasts.expire(now)
	for i, old := range m.toasts { // the same again does not pile up
		if old.Text == msg.Text && old.Level == msg.Level {
			m.toasts = append(m.toasts[:i], m.toasts[i+1:]...)
			break
		}
	}
	m.toasts = append(m.toasts, t)
	if !t.until.IsZero() {
		m.wait(t.until.Sub(now), expireMsg{})
	}
}

// expireMsg says that a toast may be over.
type expireMsg struct{}

func (expireMsg) apply(m *Model) { m.toasts.expire(m.now()) }

// wait brings msg after d.
func (m *Model) wait(d time.Duration, msg ownMsg) {
	m.do(owner{}, ui.After(m.env.Ctx, d, msg))
}

func (ts *toasts) expire(now time.Time) {
	var left toasts
	for _, t := range *ts {
		if t.until.IsZero() || now.Before(t.until) {
			left = append(left, t)
		}
	}
	*ts = left
}

// read takes away the errors, because they were seen.
func (ts *toasts) read() {
	var left toasts
	for _, t := range *ts {
		if !t.until.IsZero() {
			left = append(left, t)
		}
	}
	*ts = left
}

// last returns the line to show.
func (ts toasts) last() (toast, bool) {
	if len(ts) == 0 {
		return toast{}, false
	}
	return ts[len(ts)-1], true
}

// undo takes back what the newest toast that can be undone says.
func (m *Model) undo() {
	now := m.now()
	m.toasts.expire(now)
	for i, t := range slices.Backward(m.toasts) {

		if t.Undo == nil {
			continue
		}
		if m.readOnly {
			m.say(ui.ToastMsg{Level: ui.Warn, Text: "Undo: the console is read-only; :rw lifts it"})
			return
		}
		m.toasts = append(m.toasts[:i], m.toasts[i+1:]...)
		m.do(owner{tab: m.current()}, t.Undo())
		return
	}
	m.say(ui.ToastMsg{Level: ui.Info, Text: "there is nothing to undo"})
}

// tick redraws the clock when the minute changes.
func (m *Model) tick() {
	now := m.env.Now()
	next := now.Truncate(time.Minute).Add(time.Minute)
	m.wait(max(next.Sub(now), time.Second), minuteMsg{})
}

type minuteMsg struct{}

func (minuteMsg) apply(m *Model) { m.tick() }
