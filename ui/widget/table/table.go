package table

import (
	"slices"

	"umdeck/theme"
	"umdeck/ui/widget/scroll"
)

// Config is what a table needs. Columns and ID are required.
type Config[T any] struct {
	Columns []Column[T]
	ID      func(T) string // stable and unique among the rows
	Empty   string         // the sentence for a table without rows; empty: "Nothing here."
}

// A State says how the rows are to be taken.
type State uint8

// The states.
const (
	Ready   State = iota // as they are
	Loading              // others are on their way
	Failed               // they could not be loaded: the text says why
	Stale                // they may be out of date: the text says since when
)

// A Model is a table. Use [New].
type Model[T any] struct {
	cfg    Config[T]
	grid   *Grid[T]
	win    scroll.Window
	rows   []T
	more   bool // there are rows after the last one
	marks  map[string]T
	anchor string // id of the row where a range began
	ranged bool   // a range is being drawn
	idle   bool
	state  State
	text   string // of state
}

// New returns a table without rows, in the state Loading.
func New[T any](cfg Config[T]) *Model[T] {
	if cfg.Empty == "" {
		cfg.Empty = "Nothing here."
	}
	return &Model[T]{cfg: cfg, grid: NewGrid(cfg.Columns), marks: map[string]T{}, state: Loading}
}

// SetRows replaces the rows; more says that there are others after them. The cursor stays
// on the row it was on, on the same line of the screen if it can; when that row is
// gone, on the one in its place. Marks of rows that are gone go too.
func (m *Model[T]) SetRows(rows []T, more bool) {
	id, had := m.SelectedID()
	line := m.win.At - m.win.Top
	m.rows, m.more = rows, more
	m.win.Len = len(rows)
	m.keepMarks()
	if had {
		if i := m.find(id); i >= 0 {
			m.win.At = i
			m.win.Top = i - line
		}
	}
	m.win.Clamp()
}

// Append adds rows after the last one. Rows that are there already, because something
// was inserted between two pages, are replaced where they are.
func (m *Model[T]) Append(rows []T, more bool) {
	have := make(map[string]int, len(m.rows))
	for i := range m.rows {
		have[m.cfg.ID(m.rows[i])] = i
	}
	m.rows = slices.Clip(m.rows)
	for _, r := range rows {
		if i, ok := have[m.cfg.ID(r)]; ok {
			m.rows[i] = r
			continue
		}
		m.rows = append(m.rows, r)
	}
	m.more = more
	m.win.Len = len(m.rows)
	m.win.Clamp()
}

// Replace puts row in the place of the one with its id and reports whether there is one.
func (m *Model[T]) Replace(row T) bool {
	id := m.cfg.ID(row)
	i := m.find(id)
	if i < 0 {
		return false
	}
	m.rows[i] = row
	if _, ok := m.marks[id]; ok {
		m.marks[id] = row
	}
	return true
}

// Remove takes the row with that id away and reports whether there was one.
func (m *Model[T]) Remove(id string) bool {
	i := m.find(id)
	if i < 0 {
		return false
	}
	m.rows = slices.Delete(slices.Clone(m.rows), i, i+1)
	delete(m.marks, id)
	if m.win.At > i {
		m.win.At--
	}
	m.win.Len = len(m.rows)
	m.win.Clamp()
	return true
}

// Rows returns the rows in their order. They are the table's own.
func (m *Model[T]) Rows() []T { return m.rows }

// More reports whether there are rows after the last one.
func (m *Model[T]) More() bool { return m.more }

// SetState says how the rows are to be taken, with a sentence for Failed and Stale.
func (m *Model[T]) SetState(s State, text string) { m.state, m.text = s, text }

// State returns what SetState has set.
func (m *Model[T]) State() (State, string) { return m.state, m.text }

// SetEmpty replaces the sentence for a table without rows.
func (m *Model[T]) SetEmpty(sentence string) { m.cfg.Empty = sentence }

// SetIdle says whether the keys go elsewhere; the cursor row is drawn paler then.
func (m *Model[T]) SetIdle(idle bool) { m.idle = idle }

// SetSort says by which column (its Sort) the rows are sorted. It sorts nothing.
func (m *Model[T]) SetSort(by string, desc bool) { m.grid.SetSort(by, desc) }

// Columns returns the columns, hidden ones included.
func (m *Model[T]) Columns() []Column[T] { return m.grid.Columns() }

// SetColumns replaces the columns.
func (m *Model[T]) SetColumns(cols []Column[T]) { m.grid.SetColumns(cols) }

// Selected returns the row under the cursor.
func (m *Model[T]) Selected() (row T, ok bool) {
	if m.win.At < 0 || m.win.At >= len(m.rows) {
		return row, false
	}
	return m.rows[m.win.At], true
}

// SelectedID returns the id of the row under the cursor.
func (m *Model[T]) SelectedID() (id string, ok bool) {
	row, ok := m.Selected()
	if !ok {
		return "", false
	}
	return m.cfg.ID(row), true
}

// Select puts the cursor on the row with that id and reports whether there is one.
func (m *Model[T]) Select(id string) bool {
	i := m.find(id)
	if i < 0 {
		return false
	}
	m.win.To(i)
	return true
}

// Find returns the row with that id.
func (m *Model[T]) Find(id string) (row T, ok bool) {
	i := m.find(id)
	if i < 0 {
		return row, false
	}
	return m.rows[i], true
}

func (m *Model[T]) find(id string) int {
	return slices.IndexFunc(m.rows, func(r T) bool { return m.cfg.ID(r) == id })
}

// NeedMore reports whether the window has come so near to the last row that the next page
// should be asked for.
func (m *Model[T]) NeedMore() bool {
	return m.more && m.win.End()+max(m.win.Height, 1) >= len(m.rows)
}

// Span returns which rows are in sight, counted from 1, and how many there are; zeros
// when there are none.
func (m *Model[T]) Span() (first, last, total int) {
	if len(m.rows) == 0 {
		return 0, 0, 0
	}
	return m.win.Top + 1, m.win.End(), len(m.rows)
}

// Help returns the table's keys with what they do.
func Help() [][2]string {
	return append(scroll.Keys(), [][2]string{
		{"h l ← →", "scroll the columns"},
		{"space", "mark the row"},
		{"v", "begin and end a range"},
		{"V U", "mark all, no row"},
	}...)
}

// Press takes a key, spelled as Bubble Tea does, and reports whether it was one of [Help].
func (m *Model[T]) Press(key string) bool {
	if m.win.Press(key) {
		return true
	}
	switch key {
	case "h", "left":
		m.grid.Scroll(-1)
	case "l", "right":
		m.grid.Scroll(1)
	case " ", "space":
		m.Toggle()
	case "v":
		m.Range()
	case "V":
		m.MarkAll()
	case "U":
		m.ClearMarks()
	default:
		return false
	}
	return true
}

// look returns what is special about row i, with the range going from row a; -1: there is none.
func (m *Model[T]) look(i, a int) Look {
	_, marked := m.marks[m.cfg.ID(m.rows[i])]
	marked = marked || a >= 0 && i >= min(a, m.win.At) && i <= max(a, m.win.At)
	return Look{Cursor: i == m.win.At, Idle: m.idle, Marked: marked}
}

// notice returns the sentence that the state asks for, and how it is meant.
func (m *Model[T]) notice(th *theme.Theme) (string, theme.Token) {
	text := theme.Clean(m.text)
	switch m.state {
	case Failed:
		return th.Glyph.Fail + " " + text, theme.Bad
	case Stale:
		return th.Glyph.Warn + " " + text, theme.Warning
	case Loading:
		if len(m.rows) > 0 {
			return "", theme.Text
		}
		if text == "" {
			text = "Loading" + th.Glyph.Ellipsis
		}
		return text, theme.Muted
	default:
		if len(m.rows) > 0 {
			return "", theme.Text
		}
		return m.cfg.Empty, theme.Muted
	}
}
