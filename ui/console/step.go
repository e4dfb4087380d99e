package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// patience is how long keys wait for the commands of the key before them.
const patience = 30 * time.Millisecond

// An owner is who has returned a command, and gets its messages.
type owner struct {
	tab    *tab
	dialog ui.Dialog
}

// stepMsg is what a command has returned.
type stepMsg struct {
	own   owner
	hold  int
	cause int
	late  bool
	msg   tea.Msg
}

// workMsg is what work has returned.
type workMsg struct {
	own   owner
	cause int
	msg   tea.Msg
}

// A hold keeps the next key waiting for the commands of the last one.
type hold struct {
	id    int
	left  int // commands that have not returned
	timed bool
}

type patienceMsg struct{ id int }

// do runs a command that own has returned.
func (m *Model) do(own owner, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	held, cause, late := m.held, m.cause, m.late
	if held != 0 && held == m.hold.id {
		m.hold.left++
	}
	m.cmds = append(m.cmds, m.guard(func() tea.Msg { return stepMsg{own, held, cause, late, cmd()} }))
}

// step handles what a command has returned, and lets the next key come when it was the
// last one.
func (m *Model) step(s stepMsg) {
	m.held, m.cause, m.late = s.hold, s.cause, s.late
	m.handle(s.own, s.msg)
	m.held, m.late = 0, false
	if s.hold == m.hold.id && m.hold.left > 0 {
		m.hold.left--
	}
	m.drain()
}

// work runs fn in a goroutine of its own.
func (m *Model) work(own owner, fn func() tea.Msg) {
	cause := m.cause
	m.cmds = append(m.cmds, m.guard(func() tea.Msg {
		if msg := fn(); msg != nil {
			return workMsg{own, cause, msg}
		}
		return nil
	}))
}

func (m *Model) worked(w workMsg) {
	m.cause, m.late = w.cause, true
	m.handle(w.own, w.msg)
	m.late = false
}

func (m *Model) outOfPatience(p patienceMsg) {
	if p.id == m.hold.id {
		m.hold.left = 0
		m.drain()
	}
}

// handle carries out a message of package ui, and gives any other to its owner.
func (m *Model) handle(own owner, msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			m.do(own, c)
		}
	case ui.WorkMsg:
		if t := m.tab(msg.Screen); t != nil {
			own = owner{tab: t}
		}
		m.work(own, msg.Run)
	case ui.ToMsg:
		if t := m.tab(msg.Screen); t != nil {
			m.handle(owner{tab: t}, msg.Msg)
		}
	case ui.GoMsg:
		m.open(msg.Route)
	case ui.OpenMsg:
		m.push(msg.Dialog)
	case ui.CloseMsg:
		m.drop(msg.Dialog)
	case ui.RunMsg:
		m.run(msg.Action)
	default:
		m.handleRest(own, msg)
	}
}

func (m *Model) handleRest(own owner, msg tea.Msg) {
	switch msg := msg.(type) {
	case ui.ToastMsg:
		m.say(msg)
	case ui.ErrMsg:
		m.fail(msg.Err)
	case ui.CopyMsg:
		m.copy(msg)
	case ui.StartMsg:
		m.start(msg.Job)
	case ui.QuitMsg, tea.QuitMsg:
		m.askQuit()
	case ownMsg:
		msg.apply(m)
	default:
		if internal(msg) {
			m.cmds = append(m.cmds, func() tea.Msg { return msg })
			return
		}
		m.deliver(own, msg)
	}
}

// An ownMsg is a message of the shell to itself.
type ownMsg interface{ apply(m *Model) }

// internal reports whether a message is one of Bubble Tea's own, such as that of
// tea.ClearScreen: those have no exported type, and only Bubble Tea can use them.
func internal(msg tea.Msg) bool {
	name, ok := strings.CutPrefix(fmt.Sprintf("%T", msg), "tea.")
	return ok && name != "" && unicode.IsLower(rune(name[0]))
}

// deliver gives a message to its owner; one without an owner goes to the dialog on
// top, or else to the screen that is shown.
func (m *Model) deliver(own owner, msg tea.Msg) {
	if own == (owner{}) {
		if l := m.top(); l != nil {
			own.dialog = l.Dialog
		} else {
			own.tab = m.current()
		}
	}
	if own.dialog != nil {
		if l := m.layerOf(own.dialog); l != nil {
			m.ask(l, msg)
		}
		return
	}
	m.tell(own.tab, msg)
}

// tab returns the screen with an id; nil when there is none.
func (m *Model) tab(id string) *tab {
	for _, t := range m.tabs {
		if t.ID() == id {
			return t
		}
	}
	return nil
}

// fail says what an error means, once in a toast and in full in the log. What ended
// because the program or a person ended it is no error.
func (m *Model) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	m.work(owner{}, func() tea.Msg {
		m.log.Error("failed", "err", err)
		return nil
	})
	m.say(ui.ToastMsg{Level: ui.Bad, Text: m.env.Say(err)})
}
