package browser

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/filterbar"
	"umdeck/ui/widget/table"
)

// A Query is what a page is asked for with.
type Query struct {
	Filter string // as the person wrote it; empty: all rows
	Sort   string // a Column's Sort; empty: the source's own order
	Desc   bool
	After  string // Next of the page before; empty: the first page
	Limit  int    // how many rows at most
}

// A Page is a part of the rows that a Query asks for.
type Page[T any] struct {
	Rows  []T
	Next  string // what After has to be for the page after this one; empty: there is none
	Note  string // said beside the counts, such as "filtered here"; may be empty
	Stale string // why the rows may be out of date, as a sentence; empty: they are not
}

// Suggestion is a completion of the filter.
type Suggestion = filterbar.Suggestion

// Config is what a list needs. Screen, Env, Title, Columns, ID and Load are required.
type Config[T any] struct {
	Screen  string // id of the screen that messages come back to
	Env     *ui.Env
	Title   string
	Columns []table.Column[T]
	ID      func(T) string // stable and unique

	// Load returns a page. It runs outside the event loop, and ctx ends when the answer is no
	// longer wanted.
	Load func(ctx context.Context, q Query) (Page[T], error)
	// Count returns what the title says about the number of rows, such as "12 480
	// total"; nil: the title says how many are loaded.
	Count func(ctx context.Context, filter string) (string, error)
	// Detail returns what the preview and the page of a row show; nil: there are none. It
	// is called while drawing, so it must be quick.
	Detail func(row T) []detail.Section
	// DetailTitle names the row above its detail; nil: its id.
	DetailTitle func(row T) string
	// DetailLoad fetches what Load leaves out of a row, for its detail. It runs when the
	// cursor has rested; nil: rows are whole.
	DetailLoad func(ctx context.Context, row T) (T, error)
	// Get fetches a row that Open names and no loaded page has; nil: such a row is not
	// found.
	Get func(ctx context.Context, id string) (T, error)
	// Enter runs instead of the page of the row's detail.
	Enter func(row T) tea.Cmd

	Complete func(text string, pos int) []Suggestion // of the filter at byte pos
	Check    func(filter string) error               // nil: every text is a filter
	Explain  func(err error) string                  // the sentence for a person; nil: that of err.Sentence, else err.Error
	Hint     string                                  // shown in the empty filter bar
	NoFilter bool                                    // rows cannot be filtered

	Empty       string // the sentence when there are no rows at all
	EmptyFilter string // the sentence when the filter matches none; empty: a general one
	DefaultSort string // a Column's Sort
	DefaultDesc bool
	Filter      string        // the first filter
	Limit       int           // rows a page; 0: 100
	Rest        time.Duration // how long the cursor has to rest before DetailLoad; 0: 120 ms, on a far terminal 350 ms
}

// maxRefresh is how many rows a reload asks for at most; those after them are asked for
// again when the cursor comes near. maxMarked is how many rows are loaded to mark them all.
const (
	maxRefresh = 1000
	maxMarked  = 10_000
)

// A Model is a list screen. Use [New].
type Model[T any] struct {
	cfg  Config[T]
	self *byte // tells this list's messages from those of another one on the same screen
	tab  *table.Model[T]
	bar  *filterbar.Model
	det  detail.Model
	menu *menu

	filter, sort string
	desc         bool
	next         string // cursor of the next page
	note         string
	count        string
	stale        bool

	seq     int // number of the newest question
	busy    phase
	again   bool               // a reload was asked for while another question was under way
	cancel  context.CancelFunc // ends the newest question; nil: none is open
	counter context.CancelFunc // ends the newest count
	rev     int                // of the rows, so that the detail knows when to be made anew

	want   string // id that Select is waiting for
	open   string // id whose page is open; empty: none
	hidden bool   // the preview was switched off
	w, h   int    // of the rectangle

	full       map[string]T // rows as DetailLoad has returned them
	lastID     string       // the row that the detail was last asked for
	lost       string       // the row whose detail could not be loaded
	old        string       // the row whose detail is from before the last reload
	restSeq    int
	restCancel context.CancelFunc
	shown      shown
	kept       T // the row that the detail is about
}

// shown is what the detail was last made from.
type shown struct {
	id  string
	rev int
}

// phase says what the newest question is for.
type phase uint8

const (
	idle    phase = iota
	fresh         // another filter, another order, the first time
	refresh       // the same again
	further       // the next page
	rest          // all pages that are left, to mark them
)

// New returns a list that is not loaded yet.
func New[T any](cfg Config[T]) *Model[T] {
	if cfg.Limit <= 0 {
		cfg.Limit = 100
	}
	switch {
	case cfg.Rest > 0:
	case cfg.Env.Slow: // the preview is most of a screen
		cfg.Rest = 350 * time.Millisecond
	default:
		cfg.Rest = 120 * time.Millisecond
	}
	if cfg.Explain == nil {
		cfg.Explain = explain
	}
	m := &Model[T]{
		cfg: cfg, self: new(byte), filter: cfg.Filter, sort: cfg.DefaultSort, desc: cfg.DefaultDesc, full: map[string]T{},
		tab: table.New(table.Config[T]{Columns: cfg.Columns, ID: cfg.ID, Empty: cfg.Empty}),
		bar: filterbar.New(filterbar.Config{Hint: cfg.Hint, Complete: cfg.Complete, Check: cfg.Check, Explain: cfg.Explain}),
	}
	m.bar.SetValue(cfg.Filter)
	m.tab.SetSort(m.sort, m.desc)
	return m
}

// explain returns an error's own sentence where it has one, as the shell does.
func explain(err error) string {
	var own interface{ Sentence() string }
	if errors.As(err, &own) {
		return own.Sentence()
	}
	return err.Error()
}

// ID returns the id of the screen.
func (m *Model[T]) ID() string { return m.cfg.Screen }

// Title returns the title of the list.
func (m *Model[T]) Title() string { return m.cfg.Title }

// Table returns the table, for what this package does not say itself.
func (m *Model[T]) Table() *table.Model[T] { return m.tab }

// Selected returns the row under the cursor, or the one whose page is open.
func (m *Model[T]) Selected() (row T, ok bool) {
	if m.open != "" {
		if row, ok = m.tab.Find(m.open); ok {
			return row, true
		}
		row, ok = m.full[m.open]
		return row, ok
	}
	return m.tab.Selected()
}

// Targets returns what an action is to work on: the row whose page is open; else the marked rows;
// else the one under the cursor.
func (m *Model[T]) Targets() []T {
	if m.open != "" {
		if row, ok := m.Selected(); ok {
			return []T{row}
		}
		return nil
	}
	return m.tab.Targets()
}

// Marks returns how many rows are marked.
func (m *Model[T]) Marks() int { return m.tab.Marks() }

// ClearMarks takes all marks away, as one does after an action on them.
func (m *Model[T]) ClearMarks() { m.tab.ClearMarks() }

// Full returns a row as DetailLoad has returned it, when it has.
func (m *Model[T]) Full(id string) (row T, ok bool) {
	row, ok = m.full[id]
	return row, ok
}

// Filter returns the filter that the rows are asked for with.
func (m *Model[T]) Filter() string { return m.filter }

// FilterHistory returns the filters that were applied, the oldest first, for whoever keeps them.
func (m *Model[T]) FilterHistory() []string { return m.bar.History() }

// SetFilterHistory replaces the history, the oldest first.
func (m *Model[T]) SetFilterHistory(h []string) { m.bar.SetHistory(h) }

// Sort returns the order that the rows are asked for in.
func (m *Model[T]) Sort() (column string, desc bool) { return m.sort, m.desc }

// Replace puts a row that has changed in its place, such as after an action, and
// reports whether it was there.
func (m *Model[T]) Replace(row T) bool {
	id := m.cfg.ID(row)
	if _, ok := m.full[id]; ok {
		m.full[id] = row
	}
	m.rev++
	return m.tab.Replace(row)
}

// Remove takes a row away that is no more, and reports whether it was there.
func (m *Model[T]) Remove(id string) bool {
	delete(m.full, id)
	if m.open == id {
		m.open = ""
	}
	m.rev++
	return m.tab.Remove(id)
}

// Capturing reports whether the filter bar or a menu has the focus: every key is theirs then.
func (m *Model[T]) Capturing() bool { return m.bar.Capturing() || m.menu != nil }

// Status returns what the header says about the list.
func (m *Model[T]) Status() ui.Status {
	return ui.Status{Crumb: m.filter, Stale: m.stale}
}
