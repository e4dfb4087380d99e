package browser

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/table"
)

type loadedMsg[T any] struct {
	self *byte
	seq  int
	page Page[T]
	err  error
}

type countedMsg struct {
	self *byte
	seq  int
	text string
	err  error
}

type gotMsg[T any] struct {
	self  *byte
	id    string
	row   T
	err   error
	again bool // its page is open already
}

// Init starts the first load.
func (m *Model[T]) Init() tea.Cmd { return m.load(fresh) }

// Reload asks for the rows again without a word about it. The cursor, the marks and the window stay;
// nothing moves but what has changed. While another question is under way it waits for
// that to be answered, so it may be called as often as something happens.
func (m *Model[T]) Reload() tea.Cmd {
	if m.busy != idle {
		m.again = true
		return nil
	}
	return m.load(refresh)
}

// reload is Reload for a person who is waiting: it gives up the question under way.
func (m *Model[T]) reload() tea.Cmd {
	if m.busy == fresh {
		return m.load(fresh)
	}
	cmd := m.load(refresh)
	m.announce(refresh)
	return cmd
}

// announce shows that rows are being loaded.
func (m *Model[T]) announce(p phase) {
	if s, _ := m.tab.State(); s != table.Failed || p == fresh {
		m.tab.SetState(table.Loading, "")
	}
}

// SetFilter asks for the rows that match a filter.
func (m *Model[T]) SetFilter(filter string) tea.Cmd {
	m.filter = filter
	m.bar.SetValue(filter)
	return m.load(fresh)
}

// SetSort asks for the rows in an order; column is a Column's Sort.
func (m *Model[T]) SetSort(column string, desc bool) tea.Cmd {
	m.sort, m.desc = column, desc
	m.tab.SetSort(column, desc)
	return m.load(fresh)
}

func (m *Model[T]) load(p phase) tea.Cmd {
	m.stop()
	ctx, cancel := context.WithCancel(m.cfg.Env.Ctx)
	m.cancel, m.busy, m.again = cancel, p, false
	m.seq++
	q := Query{Filter: m.filter, Sort: m.sort, Desc: m.desc, Limit: m.cfg.Limit}
	rows := 0
	switch p {
	case refresh:
		rows = min(m.inUse(), maxRefresh)
	case further:
		q.After = m.next
	case rest:
		q.After, rows = m.next, maxMarked-len(m.tab.Rows())
	default: // the first page
	}
	if p == fresh {
		m.announce(p)
	}
	load, self, seq := m.cfg.Load, m.self, m.seq
	cmd := ui.To(m.cfg.Screen, func() tea.Msg {
		page, err := pages(ctx, load, q, rows)
		if ctx.Err() != nil {
			return nil
		}
		return loadedMsg[T]{self, seq, page, err}
	})
	if p == fresh || p == refresh {
		return tea.Batch(cmd, m.recount())
	}
	return cmd
}

// inUse returns how many rows a reload has to bring so that nobody misses one.
func (m *Model[T]) inUse() int {
	_, last, total := m.tab.Span()
	return min(total, last+m.cfg.Limit)
}

// pages loads pages until there are rows of them.
func pages[T any](ctx context.Context, load func(context.Context, Query) (Page[T], error), q Query, rows int) (Page[T], error) {
	page, err := load(ctx, q)
	for err == nil && page.Next != "" && len(page.Rows) < rows {
		q.After = page.Next
		var more Page[T]
		more, err = load(ctx, q)
		more.Rows = append(slices.Clip(page.Rows), more.Rows...)
		page = more
	}
	return page, err
}

// stop ends the newest question; its answer will be dropped.
func (m *Model[T]) stop() {
	if m.cancel != nil {
		m.cancel()
		m.cancel = nil
	}
	m.busy = idle
}

func (m *Model[T]) recount() tea.Cmd {
	if m.cfg.Count == nil {
		return nil
	}
	if m.counter != nil {
		m.counter()
	}
	ctx, cancel := context.WithCancel(m.cfg.Env.Ctx)
	m.counter = cancel
	count, self, seq, filter := m.cfg.Count, m.self, m.seq, m.filter
	return ui.To(m.cfg.Screen, func() tea.Msg {
		text, err := count(ctx, filter)
		if ctx.Err() != nil {
			return nil
		}
		return countedMsg{self, seq, text, err}
	})
}

func (m *Model[T]) loaded(msg loadedMsg[T]) tea.Cmd {
	if msg.self != m.self || msg.seq != m.seq || m.busy == idle {
		return nil
	}
	p, again := m.busy, m.again
	m.stop()
	if msg.err != nil {
		m.failed(p, msg.err)
		return nil
	}
	m.rev++
	m.next, m.note = msg.page.Next, msg.page.Note
	m.take(p, msg.page)
	var marked, page tea.Cmd
	switch p {
	case fresh, refresh:
		m.forget()
		page = m.refetch()
	case rest:
		marked = m.markAll()
	default: // further pages change nothing of the others
	}
	if again {
		return tea.Batch(m.seek(), marked, page, m.Reload())
	}
	return tea.Batch(m.seek(), marked, page, m.more())
}

// take puts a page into the table.
func (m *Model[T]) take(p phase, page Page[T]) {
	more := page.Next != ""
	if p == further || p == rest {
		m.tab.Append(page.Rows, more)
	} else {
		id, had := m.tab.SelectedID()
		m.tab.SetRows(page.Rows, more)
		if _, still := m.tab.Find(id); p == fresh && had && !still {
			m.tab.Press("home")
		}
		m.tab.SetEmpty(m.empty())
	}
	m.stale = page.Stale != ""
	if m.stale {
		m.tab.SetState(table.Stale, page.Stale)
		return
	}
	m.tab.SetState(table.Ready, "")
}

func (m *Model[T]) empty() string {
	switch {
	case m.filter != "" && m.cfg.EmptyFilter != "":
		return m.cfg.EmptyFilter
	case m.filter != "":
		return "Nothing matches this filter; esc shows everything."
	case m.cfg.Empty != "":
		return m.cfg.Empty
	}
	return "Nothing here."
}

func (m *Model[T]) failed(p phase, err error) {
	why := m.cfg.Explain(err)
	if p == fresh {
		// Rows of another question under this one's title would be a lie.
		m.tab.SetRows(nil, false)
		m.next, m.note, m.rev = "", "", m.rev+1
	}
	m.want = ""
	m.stale = p != fresh
	m.tab.SetState(table.Failed, why+" (ctrl+r tries again)")
	if m.filter != "" && p == fresh {
		m.bar.SetErr(why)
	}
}

// more asks for the next page when the window has come near the end of this one.
func (m *Model[T]) more() tea.Cmd {
	s, _ := m.tab.State()
	if m.busy != idle || s == table.Failed || m.next == "" || !m.tab.NeedMore() {
		return nil
	}
	return m.load(further)
}

// MarkAll marks all rows that match, after loading those that are not there yet. Beyond
// ten thousand it marks as many and says so.
func (m *Model[T]) MarkAll() tea.Cmd {
	if m.next != "" && len(m.tab.Rows()) < maxMarked && (m.busy == idle || m.busy == further) {
		return m.load(rest)
	}
	return m.markAll()
}

func (m *Model[T]) markAll() tea.Cmd {
	m.tab.MarkAll()
	if m.next == "" {
		return nil
	}
	return ui.Toast(ui.Warn, theme.Count(m.tab.Marks())+" rows are marked, and there are more; narrow the filter to reach the others.")
}

func (m *Model[T]) counted(msg countedMsg) {
	if msg.self != m.self || msg.seq > m.seq {
		return
	}
	m.count = msg.text
	if msg.err != nil {
		m.count = "" // the rows say what went wrong, if they could not be loaded either
	}
}

// Select puts the cursor on the row with that id, now or when the load under way brings it.
func (m *Model[T]) Select(id string) bool {
	if m.tab.Select(id) {
		m.want = ""
		return true
	}
	m.want = id
	return false
}

// seek puts the cursor where Select wanted it.
func (m *Model[T]) seek() tea.Cmd {
	if m.want != "" && m.tab.Select(m.want) {
		m.want = ""
	}
	return m.settle()
}
