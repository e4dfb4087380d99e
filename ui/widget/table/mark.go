package table

// Toggle marks the row under the cursor or takes its mark away, ends a range that is being drawn, and moves on.
func (m *Model[T]) Toggle() {
	if m.ranged {
		m.Range()
		return
	}
	row, ok := m.Selected()
	if !ok {
		return
	}
	id := m.cfg.ID(row)
	if _, marked := m.marks[id]; marked {
		delete(m.marks, id)
	} else {
		m.marks[id] = row
	}
	m.win.Move(1)
}

// Range begins a range at the cursor, or marks the rows between there and the cursor.
func (m *Model[T]) Range() {
	if !m.ranged {
		m.anchor, m.ranged = m.SelectedID()
		return
	}
	m.ranged = false
	a := m.find(m.anchor)
	if a < 0 {
		return
	}
	for _, row := range m.rows[min(a, m.win.At) : max(a, m.win.At)+1] {
		m.marks[m.cfg.ID(row)] = row
	}
}

// Ranging reports whether a range is being drawn; [Model.Cancel] ends that without marks.
func (m *Model[T]) Ranging() bool { return m.ranged }

// Cancel ends a range without marking it and reports whether there was one.
func (m *Model[T]) Cancel() bool {
	was := m.ranged
	m.ranged = false
	return was
}

// MarkAll marks all rows that are there.
func (m *Model[T]) MarkAll() {
	m.ranged = false
	for _, row := range m.rows {
		m.marks[m.cfg.ID(row)] = row
	}
}

// ClearMarks takes all marks away, and a range that is being drawn.
func (m *Model[T]) ClearMarks() {
	m.ranged = false
	clear(m.marks)
}

// Marks returns how many rows are marked.
func (m *Model[T]) Marks() int { return len(m.marks) }

// Marked returns the marked rows in their order.
func (m *Model[T]) Marked() []T {
	if len(m.marks) == 0 {
		return nil
	}
	marked := make([]T, 0, len(m.marks))
	for _, row := range m.rows {
		if _, ok := m.marks[m.cfg.ID(row)]; ok {
			marked = append(marked, row)
		}
	}
	return marked
}

// Targets returns what an action is to work on: the marked rows, or the one under the
// cursor when none is marked.
func (m *Model[T]) Targets() []T {
	if m.ranged {
		m.Range() // an action in the middle of a range means the range
	}
	if marked := m.Marked(); marked != nil {
		return marked
	}
	if row, ok := m.Selected(); ok {
		return []T{row}
	}
	return nil
}

// keepMarks takes the marks of rows that are gone, and renews the others.
func (m *Model[T]) keepMarks() {
	if len(m.marks) == 0 {
		return
	}
	kept := make(map[string]T, len(m.marks))
	for _, row := range m.rows {
		id := m.cfg.ID(row)
		if _, ok := m.marks[id]; ok {
			kept[id] = row
		}
	}
	m.marks = kept
}
