package browser

import (
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/ui/widget/filterbar"
)

// Update takes one message: those of the shell for a screen, and those that the list's own
// commands have returned. Others are left alone.
func (m *Model[T]) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.ToMsg:
		if msg.Screen == m.cfg.Screen {
			return m.Update(msg.Msg)
		}
	case ui.SizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return tea.Batch(m.settle(), m.more())
	case ui.ThemeMsg:
		m.rev++
	case loadedMsg[T]:
		return m.loaded(msg)
	case countedMsg:
		m.counted(msg)
	case restedMsg:
		return m.rested(msg)
	case detailedMsg[T]:
		return m.detailed(msg)
	case gotMsg[T]:
		return m.got(msg)
	case tea.KeyMsg:
		return m.press(msg)
	}
	return nil
}

func (m *Model[T]) press(msg tea.KeyMsg) tea.Cmd {
	key := msg.String()
	switch {
	case m.menu != nil:
		done, cmd := m.menu.press(key)
		if done {
			m.menu = nil
		}
		return cmd
	case m.bar.Capturing():
		return m.filtering(msg)
	case m.global(key):
		return m.run(key)
	case m.open != "":
		m.det.Press(key)
		return nil
	case key == "V":
		return m.MarkAll()
	}
	m.tab.Press(key)
	return tea.Batch(m.settle(), m.more())
}

func (m *Model[T]) filtering(msg tea.KeyMsg) tea.Cmd {
	ev, cmd := m.bar.Update(msg)
	if ev == filterbar.Applied {
		m.filter = m.bar.Value()
		return m.load(fresh)
	}
	return cmd
}

// global reports whether a key means the same wherever the keys go.
func (m *Model[T]) global(key string) bool {
	switch key {
	case "/", "s", "c", "ctrl+r", "p", "enter", "esc", "J", "K":
		return true
	}
	return false
}

func (m *Model[T]) run(key string) tea.Cmd {
	switch key {
	case "/":
		m.startFilter()
	case "s":
		m.sortMenu()
	case "c":
		m.columnMenu()
	case "ctrl+r":
		return m.reload()
	case "p":
		return m.togglePreview()
	case "enter":
		return m.enter()
	case "esc":
		return m.Unwind()
	case "V":
		return m.MarkAll()
	case "J":
		return m.step(1)
	case "K":
		return m.step(-1)
	}
	return nil
}

func (m *Model[T]) startFilter() {
	if !m.cfg.NoFilter {
		m.closePage()
		m.bar.Open()
	}
}

func (m *Model[T]) togglePreview() tea.Cmd {
	m.hidden = !m.hidden
	return m.settle()
}

func (m *Model[T]) enter() tea.Cmd {
	row, ok := m.Selected()
	switch {
	case !ok || m.open != "":
		return nil
	case m.cfg.Enter != nil:
		return m.cfg.Enter(row)
	case m.cfg.Detail == nil:
		return nil
	}
	m.open = m.cfg.ID(row)
	m.det.Top()
	return m.settle()
}

// step goes to the next row on the page of one, and scrolls the preview beside the table.
func (m *Model[T]) step(n int) tea.Cmd {
	if m.open == "" {
		m.det.Scroll(n)
		return nil
	}
	key := "j"
	if n < 0 {
		key = "k"
	}
	m.tab.Press(key)
	if id, ok := m.tab.SelectedID(); ok {
		m.open = id
	}
	return tea.Batch(m.settle(), m.more())
}

// Unwind takes one layer away: the page, a range, the filter, the marks.
func (m *Model[T]) Unwind() tea.Cmd {
	switch {
	case m.open != "":
		m.closePage()
	case m.tab.Cancel():
	case m.filter != "" || m.bar.Err() != "":
		return m.SetFilter("")
	case m.tab.Marks() > 0:
		m.tab.ClearMarks()
	}
	return nil
}

// Wound reports whether Unwind has something to take away.
func (m *Model[T]) Wound() bool {
	return m.open != "" || m.tab.Ranging() || m.filter != "" || m.tab.Marks() > 0
}

func (m *Model[T]) closePage() { m.open = "" }

// OpenID opens the page of the row with that id, fetching it when no loaded page has it.
func (m *Model[T]) OpenID(id string) tea.Cmd {
	if m.Select(id) {
		m.open = id
		return m.settle()
	}
	if m.cfg.Get == nil {
		return nil // Select remembers it for the load under way
	}
	return m.fetch(id, false)
}

// refetch fetches the row again whose page is open, where no loaded page has it.
func (m *Model[T]) refetch() tea.Cmd {
	if _, ok := m.tab.Find(m.open); ok || m.open == "" || m.cfg.Get == nil {
		return nil
	}
	return m.fetch(m.open, true)
}

func (m *Model[T]) fetch(id string, again bool) tea.Cmd {
	get, self, ctx := m.cfg.Get, m.self, m.cfg.Env.Ctx
	return ui.To(m.cfg.Screen, func() tea.Msg {
		row, err := get(ctx, id)
		if ctx.Err() != nil {
			return nil
		}
		return gotMsg[T]{self, id, row, err, again}
	})
}

func (m *Model[T]) got(msg gotMsg[T]) tea.Cmd {
	if msg.self != m.self || msg.again && m.open != msg.id {
		return nil // whoever has left the page is not taken back to it
	}
	if msg.err != nil {
		told := msg.again && m.lost == msg.id
		m.lost = msg.id
		if told {
			return nil
		}
		return ui.Fail(msg.err)
	}
	m.full[msg.id] = msg.row
	m.open, m.want = msg.id, ""
	m.lastID, m.lost, m.old = "", "", msg.id // the whole of it comes anew
	m.rev++
	return m.settle()
}
