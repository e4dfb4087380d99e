package tail

import (
	"umdeck/ui/widget/scroll"
	"umdeck/ui/widget/table"
)

// Help returns the log's keys with what they do.
func Help() [][2]string {
	return append(scroll.Keys(), [][2]string{
		{"f G", "follow the newest"},
		{"p", "pause: hold what arrives"},
		{"e E", "next, previous failure"},
		{"n N", "next, previous match"},
		{"x", "show matches alone"},
		{"h l ← →", "scroll the columns"},
		{"space U", "mark the record, no record"},
	}...)
}

// Press takes a key, spelled as Bubble Tea does, and reports whether it was one of [Help].
func (m *Model[T]) Press(key string) bool {
	switch key {
	case "f":
		m.SetFollow(!m.follow)
	case "G", "end":
		m.SetFollow(true)
	case "p":
		m.SetPaused(!m.paused)
	case "e":
		m.seek(1, m.failed)
	case "E":
		m.seek(-1, m.failed)
	case "n":
		m.seek(1, func(it item[T]) bool { return it.match })
	case "N":
		m.seek(-1, func(it item[T]) bool { return it.match })
	case "x":
		m.SetOnly(!m.only)
	case "h", "left":
		m.grid.Scroll(-1)
	case "l", "right":
		m.grid.Scroll(1)
	case " ", "space":
		m.toggle()
	case "U":
		clear(m.marks)
	default:
		return m.move(key)
	}
	return true
}

func (m *Model[T]) failed(it item[T]) bool { return m.cfg.Failed(it.row) }

// move moves the cursor. Moving away from the newest record ends following.
func (m *Model[T]) move(key string) bool {
	at := m.win.At
	if !m.win.Press(key) {
		return false
	}
	if m.win.At != at {
		m.follow = false
	}
	return true
}

func (m *Model[T]) toggle() {
	if m.win.At >= len(m.vis) {
		return
	}
	if id := m.item(m.win.At).id; id != "" {
		m.marks[id] = !m.marks[id]
		if !m.marks[id] {
			delete(m.marks, id)
		}
	}
	m.move("j")
}

// SetFollow keeps the cursor on the newest record from now on, or no longer.
func (m *Model[T]) SetFollow(on bool) {
	m.follow = on
	m.stick()
}

// Following reports whether the cursor stays on the newest record.
func (m *Model[T]) Following() bool { return m.follow }

// SetPaused holds what arrives from now on, or shows what was held and goes on.
func (m *Model[T]) SetPaused(on bool) {
	if m.paused = on; on {
		return
	}
	held := m.held
	m.held, m.heldBytes = nil, 0
	clear(m.heldAt)
	for _, o := range held {
		if o.id == "" {
			m.add(item[T]{gap: o.gap})
			continue
		}
		m.release(o)
	}
	m.stick()
}

// release puts a held record where it belongs. Its arrival was counted when it came.
func (m *Model[T]) release(o op[T]) {
	if _, have := m.index[o.id]; have {
		m.put(o.row, o.id)
		return
	}
	m.add(item[T]{row: o.row, id: o.id, match: m.matching(o.row), size: o.size})
}

// Paused reports whether what arrives is held, and how much is.
func (m *Model[T]) Paused() (paused bool, held int) { return m.paused, len(m.held) }

// Selected returns the record under the cursor; a gap is none.
func (m *Model[T]) Selected() (row T, ok bool) {
	if m.win.At >= len(m.vis) {
		return row, false
	}
	it := m.item(m.win.At)
	return it.row, it.id != ""
}

// Select puts the cursor on the record with that id, and reports whether it is visible.
func (m *Model[T]) Select(id string) bool {
	n, have := m.index[id]
	if !have {
		return false
	}
	i := m.visAt(n)
	if i >= len(m.vis) || m.vis[i] != n {
		return false
	}
	m.follow = false
	m.win.To(i)
	return true
}

// Get returns the record with that id.
func (m *Model[T]) Get(id string) (row T, ok bool) {
	n, ok := m.index[id]
	if !ok {
		return row, false
	}
	return m.items[n-m.base].row, true
}

// Targets returns what an action is to work on: the marked records, the oldest first, or the one
// under the cursor when none is marked.
func (m *Model[T]) Targets() []T {
	if len(m.marks) > 0 {
		return m.collect(func(it item[T]) bool { return m.marks[it.id] })
	}
	if row, ok := m.Selected(); ok {
		return []T{row}
	}
	return nil
}

// Marks returns how many records are marked.
func (m *Model[T]) Marks() int { return len(m.marks) }

// ClearMarks takes all marks away.
func (m *Model[T]) ClearMarks() { clear(m.marks) }

// FailedRows returns the visible records that have failed, the oldest first.
func (m *Model[T]) FailedRows() []T {
	return m.collect(func(it item[T]) bool { return m.shows(it) && m.failed(it) })
}

// Rows returns the visible records, the oldest first, for an export.
func (m *Model[T]) Rows() []T { return m.collect(m.shows) }

func (m *Model[T]) collect(is func(item[T]) bool) []T {
	var rows []T
	for _, it := range m.items {
		if it.id != "" && is(it) {
			rows = append(rows, it.row)
		}
	}
	return rows
}

// Clear drops everything that is shown and held.
func (m *Model[T]) Clear() {
	m.base += int64(len(m.items))
	m.items, m.vis, m.held, m.matches, m.bytes, m.heldBytes = nil, nil, nil, 0, 0, 0
	clear(m.index)
	clear(m.marks)
	clear(m.heldAt)
	m.stick()
}

// SetIdle says whether the keys go elsewhere; the cursor row is drawn paler then.
func (m *Model[T]) SetIdle(idle bool) { m.idle = idle }

// SetState says how the records are to be taken, with a sentence for Failed and Stale.
func (m *Model[T]) SetState(s table.State, text string) { m.state, m.text = s, text }

// NeedOlder reports whether the window has come to the oldest record while there is room for
// older ones.
func (m *Model[T]) NeedOlder() bool {
	return m.win.Top == 0 && !m.follow && len(m.items) < m.cfg.Cap && m.bytes < m.cfg.Bytes
}
