package tail

// SetFilter says which records match. With only, the others are hidden; without, matching
// ones are marked, and n and N go from one to the next. A nil filter ends both.
func (m *Model[T]) SetFilter(match func(T) bool, only bool) {
	m.filter, m.only = match, only
	m.matches = 0
	for i := range m.items {
		it := &m.items[i]
		it.match = it.id != "" && m.matching(it.row)
		if it.match {
			m.matches++
		}
	}
	m.refill()
}

// SetOnly hides what does not match, or shows it again.
func (m *Model[T]) SetOnly(only bool) {
	m.only = only
	m.refill()
}

// Only reports whether what does not match is hidden.
func (m *Model[T]) Only() bool { return m.only && m.filter != nil }

// Matches returns how many records match the filter; 0 without one.
func (m *Model[T]) Matches() int { return m.matches }

func (m *Model[T]) matching(row T) bool { return m.filter != nil && m.filter(row) }

// shows reports whether an item is visible. Gaps always are: what is missing might
// have matched.
func (m *Model[T]) shows(it item[T]) bool {
	return it.id == "" || it.match || !m.only || m.filter == nil
}

// refill finds the visible items anew; the cursor stays on its item, or goes to the next
// one that is visible.
func (m *Model[T]) refill() {
	at := int64(-1 << 62)
	if m.win.At < len(m.vis) {
		at = m.vis[m.win.At]
	}
	line := m.win.At - m.win.Top
	m.vis = m.vis[:0:0]
	for i := range m.items {
		if m.shows(m.items[i]) {
			m.vis = append(m.vis, m.base+int64(i))
		}
	}
	m.win.Len = len(m.vis)
	m.win.At = min(m.visAt(at), max(len(m.vis)-1, 0))
	m.win.Top = max(m.win.At-line, 0)
	m.stick()
}

// seek moves the cursor to the next visible record for which is holds, forwards or
// backwards, and reports whether there is one.
func (m *Model[T]) seek(step int, is func(item[T]) bool) bool {
	for i := m.win.At + step; i >= 0 && i < len(m.vis); i += step {
		if it := m.item(i); it.id != "" && is(it) {
			m.follow = false
			m.win.To(i)
			return true
		}
	}
	return false
}

// item returns the visible item i.
func (m *Model[T]) item(i int) item[T] { return m.items[m.vis[i]-m.base] }
