// Package tail is a log that grows while one looks at it. It keeps the newest
// records, follows them or stays where one reads, and can be paused, filtered and
// searched. It draws its records in the columns of [table.Column].
//
// # Following and pausing
//
// They are two things. While it follows, the cursor is on the newest record; moving
// away ends that, and G or f begins it again. While it is paused, nothing on the
// screen changes: what arrives is held, counted, and shown when the pause ends.
// Filters work on what is there, paused or not.
//
// # Jumps
//
// A window that moved by one line for every record would send the whole screen each
// time. So it does not move until it is full, and then by half its height: new records
// fill the free half.
package tail

import (
	"slices"
	"sort"
	"time"

	"umdeck/ui/widget/scroll"
	"umdeck/ui/widget/table"
)

// What a log keeps unless it is told otherwise.
const (
	DefaultCap   = 10_000   // records
	DefaultBytes = 32 << 20 // bytes of them
)

// Config is what a log needs. Columns and ID are required.
type Config[T any] struct {
	Columns []table.Column[T]
	ID      func(T) string   // stable and unique
	Failed  func(T) bool     // what e and E look for; nil: nothing has failed
	Cap     int              // how many records are kept; 0: DefaultCap
	Bytes   int              // and how many bytes they may have; 0: DefaultBytes
	Size    func(T) int      // the bytes of a record; nil: they are not counted
	Sample  int              // new records a second above which a part of them is left out; 0: never
	New     func(T) bool     // false when a record of an unknown id was there before; nil: none was
	Now     func() time.Time // for the rate; nil: time.Now
	Empty   string           // the sentence without records; empty: "Nothing has happened yet."
}

// item is a record, or a gap between records.
type item[T any] struct {
	row   T
	id    string // empty for a gap
	gap   string
	match bool
	size  int
}

// A Model is a log. Use [New].
type Model[T any] struct {
	cfg     Config[T]
	grid    *table.Grid[T]
	items   []item[T]        // the oldest first
	base    int64            // the number of items[0]; numbers never change
	index   map[string]int64 // id → number
	vis     []int64          // numbers of the items that are shown
	win     scroll.Window    // over vis
	filter  func(T) bool     // nil: none
	only    bool             // what does not match is hidden
	matches int
	marks   map[string]bool
	follow  bool
	paused  bool
	held    []op[T]
	heldAt  map[string]int // id → index in held
	seen    int64          // number of the newest item that was on the screen
	dropped int64          // records that had to go
	rate    rate
	sampler sampler
	bytes   int // of items

	heldBytes int // of held
	idle      bool
	state     table.State
	text      string
}

// op is something that arrived during a pause.
type op[T any] struct {
	row  T
	id   string
	gap  string
	size int
}

// New returns an empty log that follows.
func New[T any](cfg Config[T]) *Model[T] {
	if cfg.Cap <= 0 {
		cfg.Cap = DefaultCap
	}
	if cfg.Bytes <= 0 {
		cfg.Bytes = DefaultBytes
	}
	if cfg.Size == nil {
		cfg.Size = func(T) int { return 0 }
	}
	if cfg.New == nil {
		cfg.New = func(T) bool { return true }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Failed == nil {
		cfg.Failed = func(T) bool { return false }
	}
	if cfg.Empty == "" {
		cfg.Empty = "Nothing has happened yet."
	}
	return &Model[T]{
		cfg: cfg, grid: table.NewGrid(cfg.Columns), index: map[string]int64{}, marks: map[string]bool{},
		heldAt: map[string]int{}, follow: true, win: scroll.Window{Slack: true}, seen: -1,
		sampler: sampler{limit: cfg.Sample},
	}
}

// SetColumns replaces the columns, such as for another width.
func (m *Model[T]) SetColumns(columns []table.Column[T]) { m.grid.SetColumns(columns) }

// Put adds records, the oldest first. A record whose id is there already takes the
// place of the older one.
func (m *Model[T]) Put(rows ...T) {
	for _, row := range rows {
		if id := m.cfg.ID(row); m.takes(row, id) {
			m.store(row, id)
		}
	}
	m.stick()
}

// Fill is Put for records that have not arrived just now, such as those of a history:
// they count for no rate, and none is left out.
func (m *Model[T]) Fill(rows ...T) {
	for _, row := range rows {
		id := m.cfg.ID(row)
		if !m.known(id) && m.sampler.knows(id) {
			m.sampler.found(id)
		}
		m.store(row, id)
	}
	m.stick()
}

func (m *Model[T]) store(row T, id string) {
	if m.paused {
		m.hold(op[T]{row: row, id: id, size: m.cfg.Size(row)})
		return
	}
	m.put(row, id)
}

// takes counts a record that arrives, and reports whether it is to be shown.
func (m *Model[T]) takes(row T, id string) bool {
	if m.known(id) {
		return true
	}
	was := m.sampler.knows(id)
	fresh, failed := !was && m.cfg.New(row), m.cfg.Failed(row)
	if fresh {
		m.rate.add(m.cfg.Now())
	}
	if failed {
		m.sampler.fails.add(m.cfg.Now())
	}
	m.sample()
	out := m.sampler.leaves(id, failed)
	switch {
	case out && fresh:
		m.sampler.note(id)
	case !out && was:
		m.sampler.found(id)
	case !out && !fresh:
		m.dropped = max(m.dropped-1, 0) // one that has left the log comes back
	}
	return !out
}

// known reports whether the record is shown or held.
func (m *Model[T]) known(id string) bool {
	if _, have := m.index[id]; have {
		return true
	}
	_, have := m.heldAt[id]
	return have
}

// Gap adds a line that says that records are missing here, and why.
func (m *Model[T]) Gap(text string) { m.Note("gap: " + text) }

// Note adds a line that says what happened here, such as "connection lost 14:02:10 to
// 14:02:31, what happened meanwhile follows".
func (m *Model[T]) Note(text string) {
	if m.paused {
		m.hold(op[T]{gap: text})
		return
	}
	m.add(item[T]{gap: text})
	m.stick()
}

// Prepend adds older records before the first one, the oldest first, as far as there is room
// for them; the newest of them come first. Those that are there already are left alone.
// What is on the screen stays where it is, but for a log that follows with less than half
// of the window full: they fill it to there.
func (m *Model[T]) Prepend(rows []T) {
	older := m.unknown(rows)
	m.base -= int64(len(older))
	var vis []int64
	for i, it := range older {
		if m.sampler.knows(it.id) {
			m.sampler.found(it.id)
		}
		n := m.base + int64(i)
		m.index[it.id] = n
		m.count(it, 1)
		if m.shows(it) {
			vis = append(vis, n)
		}
	}
	m.items = append(older, m.items...)
	m.vis = append(vis, m.vis...)
	m.win.At += len(vis)
	m.win.Top += len(vis)
	m.stick()
}

// unknown returns the items of the newest rows that are not there yet and have room, the
// oldest first.
func (m *Model[T]) unknown(rows []T) []item[T] {
	items := make([]item[T], 0, len(rows)+len(m.items))[:len(rows)]
	first, room, space := len(rows), m.cfg.Cap-len(m.items), m.cfg.Bytes-m.bytes
	twice := make(map[string]bool, len(rows))
	for _, row := range slices.Backward(rows) {
		id := m.cfg.ID(row)
		size := m.cfg.Size(row)
		switch _, have := m.index[id]; {
		case have || twice[id] || len(rows)-first >= room:
			continue
		case size > space:
			space = -1 // nor is there room for what is older
			continue
		}
		space -= size
		twice[id] = true
		first--
		items[first] = item[T]{row: row, id: id, match: m.matching(row), size: size}
	}
	return items[first:]
}

func (m *Model[T]) hold(o op[T]) {
	if i, have := m.heldAt[o.id]; have && o.id != "" {
		m.heldBytes += o.size - m.held[i].size
		m.held[i] = o
		return
	}
	if o.id != "" {
		m.heldAt[o.id] = len(m.held)
	}
	m.held = append(m.held, o)
	m.heldBytes += o.size
	// Of so many, at least Cap are new, and push out whatever the oldest would change.
	switch {
	case len(m.held) > 3*m.cfg.Cap:
		m.letGo(len(m.held) - 2*m.cfg.Cap)
	case m.heldBytes > m.cfg.Bytes:
		m.letGo((len(m.held) + 1) / 2)
	}
}

// letGo forgets the oldest of what is held.
func (m *Model[T]) letGo(n int) {
	for _, o := range m.held[:n] {
		if _, have := m.index[o.id]; !have && o.id != "" {
			m.dropped++
		}
		m.heldBytes -= o.size
	}
	m.held = slices.Clone(m.held[n:])
	clear(m.heldAt)
	for i, o := range m.held {
		if o.id != "" {
			m.heldAt[o.id] = i
		}
	}
}

func (m *Model[T]) put(row T, id string) {
	n, have := m.index[id]
	if !have {
		m.add(item[T]{row: row, id: id, match: m.matching(row), size: m.cfg.Size(row)})
		return
	}
	it := &m.items[n-m.base]
	m.count(*it, -1)
	was := m.shows(*it)
	it.row, it.match, it.size = row, m.matching(row), m.cfg.Size(row)
	m.count(*it, 1)
	if now := m.shows(*it); now != was {
		m.show(n, now)
	}
}

func (m *Model[T]) add(it item[T]) {
	n := m.base + int64(len(m.items))
	m.items = append(m.items, it)
	if it.id != "" {
		m.index[it.id] = n
	}
	m.count(it, 1)
	if m.shows(it) {
		m.vis = append(m.vis, n)
	}
	for len(m.items) > m.cfg.Cap || m.bytes > m.cfg.Bytes && len(m.items) > 1 {
		m.evict()
	}
	m.win.Len = len(m.vis)
}

// evict drops the oldest item.
func (m *Model[T]) evict() {
	old := m.items[0]
	m.count(old, -1)
	delete(m.index, old.id)
	delete(m.marks, old.id)
	m.items[0] = item[T]{} // so that the record can go before the array does
	m.items = m.items[1:]
	if len(m.vis) > 0 && m.vis[0] == m.base {
		m.vis = m.vis[1:]
		m.win.At = max(m.win.At-1, 0)
		m.win.Top = max(m.win.Top-1, 0)
	}
	m.base++
	if old.id != "" {
		m.dropped++
	}
}

// count keeps the sums over the items.
func (m *Model[T]) count(it item[T], by int) {
	m.bytes += by * it.size
	if it.match {
		m.matches += by
	}
}

// show puts item n among the visible ones or takes it from there.
func (m *Model[T]) show(n int64, on bool) {
	i := m.visAt(n)
	shift := -1
	if on {
		m.vis = slices.Insert(m.vis, i, n)
		shift = 1
	} else {
		m.vis = slices.Delete(m.vis, i, i+1)
	}
	if i < m.win.At {
		m.win.At += shift
	}
	if i < m.win.Top {
		m.win.Top += shift
	}
	m.win.Len = len(m.vis)
	m.win.Clamp()
}

// visAt returns where item n is, or would be, among the visible ones.
func (m *Model[T]) visAt(n int64) int {
	return sort.Search(len(m.vis), func(i int) bool { return m.vis[i] >= n })
}

// stick keeps the cursor on the newest item while the log follows.
func (m *Model[T]) stick() {
	m.win.Len = len(m.vis)
	if !m.follow {
		m.win.Clamp()
		return
	}
	was := m.win.At
	m.win.At = max(len(m.vis)-1, 0)
	m.jump(m.win.At - was)
}

// jump moves a full window by half its height, so that the next records have room, but
// fills it where more than that half shows have come; and one of which less than half is
// used back to where it is half full.
func (m *Model[T]) jump(came int) {
	if h := m.win.Height; h > 0 {
		half := m.win.At - (h-1)/2
		switch {
		case m.win.At < m.win.Top+h:
		case came > (h-1)/2:
			m.win.Top = m.win.At - h + 1
		default:
			m.win.Top = half
		}
		m.win.Top = max(min(m.win.Top, half), 0)
	}
	m.win.Clamp()
}
