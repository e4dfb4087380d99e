package triggerlog

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/table"
	"umdeck/ui/widget/tail"
)

// A tape is a log on screen with the history that it is read from: the whole one, or
// that of what matches a filter.
type tape struct {
	*tail.Model[*row]
	number  int // which tape the answer to a question is for
	history history
	busy    bool // a page is on its way
	lost    bool // the last one could not be read; going up asks again
	begun   bool // the first one was read
}

const (
	sampleFrom = 50      // rows a second from which on some are left out
	rowBytes   = 2 << 10 // of a row, without its texts
)

// newTape returns an empty log of what matches f.
func (s *Screen) newTape(f apiclient.Filter) *tape {
	s.tapes++
	t := &tape{number: s.tapes, history: newHistory(f)}
	cfg := tail.Config[*row]{
		Columns: s.columns(), ID: (*row).id, Failed: (*row).failed,
		Size: (*row).size, Sample: sampleFrom, Now: s.Env.Now,
		Empty: "Nothing has happened yet. What is delivered from now on appears here.",
	}
	if since := s.Env.Now(); f.IsZero() { // of a filter's rows, any change may be the first that matches
		cfg.New = func(r *row) bool { return r.made || r.At.Before(since) }
	}
	t.Model = tail.New(cfg)
	t.SetState(table.Loading, "")
	return t
}

// loadedMsg brings a page of a tape's history.
type loadedMsg struct {
	tape    int
	rows    []*row // the oldest first
	history history
	err     error
}

// older asks for the page before the first row.
func (s *Screen) older(t *tape) tea.Cmd {
	if t.busy || t.begun && t.history.ended() {
		return nil
	}
	t.busy, t.lost = true, false
	ctx, api, h, number := s.Env.Ctx, s.API, t.history, t.number
	return ui.To(ID, func() tea.Msg {
		rows, h, err := h.load(ctx, api)
		if ctx.Err() != nil {
			return nil
		}
		return loadedMsg{number, rows, h, err}
	})
}

func (s *Screen) loaded(m loadedMsg) tea.Cmd {
	t := s.tape(m.tape)
	if t == nil {
		return nil // another filter was set meanwhile
	}
	t.busy = false
	if m.err != nil {
		t.lost = true
		s.settle()
		return ui.Fail(m.err)
	}
	t.history = m.history
	if paused, _ := t.Paused(); t.begun || paused {
		t.Prepend(m.rows)
	} else {
		t.begin(m.rows)
	}
	t.begun = true
	s.settle()
	return tea.Batch(s.more(), s.wake())
}

// begin puts the first page before what has come meanwhile, in the order of time: among
// that may be attempts at old deliveries. The cursor stays on its row, or on the newest.
func (t *tape) begin(rows []*row) {
	have := t.Rows()
	known := make(map[string]*row, len(have))
	for _, r := range have {
		known[r.id()] = r
	}
	all := have
	for _, r := range rows {
		if old := known[r.id()]; old == nil {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b *row) int { return newestFirst(b, a) })
	following := t.Following()
	at, ok := t.Selected()
	t.Clear()
	t.SetFollow(true)
	t.Fill(all...)
	t.SetFollow(following)
	if ok && !following {
		t.Select(at.id())
	}
}

// tape returns the tape with that number, as long as it is shown or may be.
func (s *Screen) tape(number int) *tape {
	switch {
	case s.whole.number == number:
		return s.whole
	case s.found != nil && s.found.number == number:
		return s.found
	}
	return nil
}

// more asks for older rows when one has come to the oldest.
func (s *Screen) more() tea.Cmd {
	t := s.log()
	if !t.begun || t.lost || !t.NeedOlder() {
		return nil
	}
	return s.older(t)
}

// refreshedMsg brings the newest page again.
type refreshedMsg struct {
	tape int
	rows []*row
	err  error
}

// refresh reads the newest rows again, after a time when some may have been missed.
func (s *Screen) refresh(t *tape, f apiclient.Filter) tea.Cmd {
	ctx, api, number := s.Env.Ctx, s.API, t.number
	return ui.To(ID, func() tea.Msg {
		rows, _, err := newHistory(f).load(ctx, api)
		if ctx.Err() != nil {
			return nil
		}
		return refreshedMsg{number, rows, err}
	})
}

func (s *Screen) refreshAll() tea.Cmd {
	cmd := s.refresh(s.whole, apiclient.Filter{})
	if s.found == nil {
		return cmd
	}
	return tea.Batch(cmd, s.refresh(s.found, s.match))
}

func (s *Screen) refreshed(m refreshedMsg) tea.Cmd {
	t := s.tape(m.tape)
	if t == nil {
		return nil
	}
	switch {
	case m.err != nil && !s.lostAt.IsZero():
		return nil // lost again; the connection that comes back asks anew
	case m.err != nil:
		return ui.Fail(m.err)
	}
	t.Fill(t.news(m.rows)...)
	s.settle()
	if !t.begun {
		return s.older(t)
	}
	return s.wake()
}

// news returns which of the rows say more than the tape does. What is older than all
// of it is left to its history; and with rows that sampling has left out, so is what is
// not newer than all of it, because its place is not at the end.
func (t *tape) news(rows []*row) []*row {
	var oldest time.Time
	_, leftOut := t.Sampling()
	for _, r := range t.Rows() {
		if oldest.IsZero() || r.At.Before(oldest) == (leftOut == 0) {
			oldest = r.At
		}
	}
	var fresh []*row
	for _, r := range rows {
		old, have := t.Get(r.id())
		switch {
		case have && !further(r, old), !have && r.At.Before(oldest):
		default:
			fresh = append(fresh, r)
		}
	}
	return fresh
}

// further reports whether a has got further than b: while a page was on its way, what
// came live may have overtaken it.
func further(a, b *row) bool {
	if a.State.Final() != b.State.Final() {
		return a.State.Final()
	}
	return a.Attempts > b.Attempts
}
