package browser

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// restedMsg says that the cursor has been on a row long enough to load the whole of it.
type restedMsg struct {
	self *byte
	seq  int
}

type detailedMsg[T any] struct {
	self *byte
	seq  int
	id   string
	row  T
	err  error
}

// settle waits until the cursor rests, and then loads the whole row.
func (m *Model[T]) settle() tea.Cmd {
	row, ok := m.Selected()
	if !ok || m.cfg.DetailLoad == nil || !m.detailShown() {
		return nil
	}
	id := m.cfg.ID(row)
	if id == m.lastID {
		return nil
	}
	m.lastID = id
	if m.restCancel != nil {
		m.restCancel()
	}
	ctx, cancel := context.WithCancel(m.cfg.Env.Ctx)
	m.restCancel = cancel
	m.restSeq++
	if _, have := m.full[id]; have && m.old != id {
		return nil
	}
	screen, self, seq := m.cfg.Screen, m.self, m.restSeq
	wait := ui.After(ctx, m.cfg.Rest, restedMsg{self, seq})
	return to(screen, wait)
}

// to names the screen of a command that ui.After has made.
func to(screen string, cmd tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		msg := cmd()
		if w, ok := msg.(ui.WorkMsg); ok {
			w.Screen = screen
			return w
		}
		return msg
	}
}

// forget drops the details that were loaded before the rows were. The one in sight
// stays until it is there anew, so that it does not flicker.
func (m *Model[T]) forget() {
	row, ok := m.Selected()
	id := ""
	if ok {
		id = m.cfg.ID(row)
	}
	whole, have := m.full[id]
	clear(m.full)
	m.lastID, m.old = "", ""
	if have {
		m.full[id], m.old = whole, id
	}
}

func (m *Model[T]) rested(msg restedMsg) tea.Cmd {
	row, ok := m.Selected()
	if msg.self != m.self || msg.seq != m.restSeq || !ok {
		return nil
	}
	if m.restCancel != nil {
		m.restCancel()
	}
	ctx, cancel := context.WithCancel(m.cfg.Env.Ctx)
	m.restCancel = cancel
	load, self, seq, id := m.cfg.DetailLoad, m.self, m.restSeq, m.cfg.ID(row)
	return ui.To(m.cfg.Screen, func() tea.Msg {
		whole, err := load(ctx, row)
		if ctx.Err() != nil {
			return nil
		}
		return detailedMsg[T]{self, seq, id, whole, err}
	})
}

func (m *Model[T]) detailed(msg detailedMsg[T]) tea.Cmd {
	if msg.self != m.self || msg.seq != m.restSeq {
		return nil
	}
	if msg.err != nil {
		told := m.lost == msg.id
		m.lastID, m.lost = "", msg.id // the next visit tries again
		if told {
			return nil
		}
		return ui.Fail(msg.err)
	}
	m.full[msg.id], m.lost, m.old = msg.row, "", ""
	m.rev++
	return nil
}

// sections returns the detail of the selected row, whole where it has been loaded.
func (m *Model[T]) sections() {
	row, ok := m.Selected()
	if !ok {
		m.det.Set(nil)
		m.shown = shown{}
		return
	}
	now := shown{m.cfg.ID(row), m.rev}
	if now == m.shown || m.waits(now.id) {
		return
	}
	if now.id != m.shown.id {
		m.det.Top()
		m.det.Reveal(false)
	}
	m.shown = now
	if whole, have := m.full[now.id]; have {
		row = whole
	}
	m.kept = row
	m.det.Set(m.cfg.Detail(row))
}

// waits reports whether the preview stays as it is, on the row before, until the one with
// that id is there in full: on a far terminal to draw it twice for every row that the cursor
// comes past would keep the keys waiting. Its title says whom it is about.
func (m *Model[T]) waits(id string) bool {
	if !m.cfg.Env.Slow || m.open != "" || m.cfg.DetailLoad == nil || m.shown.id == "" || m.shown.id == id {
		return false
	}
	_, have := m.full[id]
	return !have && m.lost != id
}
