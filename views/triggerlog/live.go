package triggerlog

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/table"
	"umdeck/views/list"
	"umdeck/views/live"
)

// happened takes a batch of the feed.
func (s *Screen) happened(b live.Batch) tea.Cmd {
	missed := s.connection(b)
	s.behind = b.Behind
	if b.Dropped > 0 {
		s.gap(leftOut(b.Dropped))
		missed = true
	}
	var cmds []tea.Cmd
	taken := 0
	for _, g := range b.Gaps {
		cmds = append(cmds, s.take(b.Entries[taken:g.At]))
		s.gap(g.Why)
		taken = g.At
	}
	cmds = append(cmds, s.take(b.Entries[taken:]))
	if missed {
		cmds = append(cmds, s.refreshAll())
	}
	s.settle()
	s.pulse.take(b.Entries, s.Env.Now(), b.Behind == 0 && !missed)
	if len(b.Entries) > 0 {
		cmds = append(cmds, s.recount(s.Slowly(recountAfter)))
	}
	return tea.Batch(append(cmds, s.wake())...)
}

func leftOut(n int) string {
	if n == 1 {
		return "1 entry left out, because they came too fast"
	}
	return theme.Count(n) + " entries left out, because they came too fast"
}

// connection takes the state of the connection, and reports whether rows may have been
// missed.
func (s *Screen) connection(b live.Batch) (missed bool) {
	s.heard = b.State
	switch {
	case b.State == live.Reconnecting:
		if s.lostAt.IsZero() {
			s.lostAt = s.Env.Now()
		}
		s.why = b.Why
	case b.State == live.Live && !s.lostAt.IsZero():
		s.mended()
		return true
	}
	return false
}

// mended says in the log that the connection was away, once it is back.
func (s *Screen) mended() {
	const layout = "15:04:05"
	text := fmt.Sprintf("connection lost %s to %s UTC; what happened meanwhile follows", s.lostAt.UTC().Format(layout), s.Env.Now().UTC().Format(layout))
	for _, t := range s.tapesOn() {
		t.Note(text)
	}
	s.lostAt, s.why = time.Time{}, ""
}

func (s *Screen) gap(text string) {
	for _, t := range s.tapesOn() {
		t.Gap(text)
	}
}

// state returns how the connection is, and what is wrong with it.
func (s *Screen) connected() (state live.State, why string) {
	switch {
	case s.absent() != "":
		return live.Off, s.absent()
	case !s.lostAt.IsZero():
		return live.Reconnecting, s.why
	}
	return s.heard, ""
}

// take puts what has happened on the screen.
func (s *Screen) take(entries []apiclient.LogEntry) tea.Cmd {
	if i := slices.IndexFunc(entries, func(e apiclient.LogEntry) bool { return alert(e) != "" }); i >= 0 {
		before := s.take(entries[:i])
		s.alarm(entries[i])
		return tea.Batch(before, s.take(entries[i+1:]))
	}
	changed := map[string]*row{}
	var order []string
	for _, e := range entries {
		id := entryID(e)
		if id == "" {
			continue
		}
		old, have := changed[id]
		if !have {
			order = append(order, id)
			old, _ = s.whole.Get(id)
		}
		changed[id] = entryRow(e, old)
	}
	rows := make([]*row, len(order))
	for i, id := range order {
		rows[i] = changed[id]
	}
	s.put(rows)
	return s.page.moved(s, changed)
}

// put adds rows to both logs, or changes them there.
func (s *Screen) put(rows []*row) {
	s.whole.Put(rows...)
	for _, r := range rows {
		if !s.shown && r.event == nil && r.State.Final() && r.failed() {
			s.unread++
		}
	}
	if s.found == nil {
		return
	}
	match := matches(s.match)
	var found []*row
	for _, r := range rows {
		if _, have := s.found.Get(r.id()); have || match(r) {
			found = append(found, r)
		}
	}
	s.found.Put(found...)
}

// entryID names the row that an entry is about; empty: none.
func entryID(e apiclient.LogEntry) string {
	switch {
	case e.Delivery != nil:
		return list.Number(e.Delivery.ID)
	case e.Event != nil && e.Event.Deliveries == 0:
		return eventID(e.Event.ID)
	}
	return ""
}

// entryRow makes a row of an entry; old is what was known of it, or nil.
func entryRow(e apiclient.LogEntry, old *row) *row {
	if e.Delivery == nil {
		return eventRow(*e.Event)
	}
	r := &row{Delivery: *e.Delivery, made: e.Kind == apiclient.LogQueued || old != nil && old.made}
	switch {
	case e.Attempt != nil:
		r.Attempts, r.Code, r.Error, r.Duration = max(r.Attempts, e.Attempt.Number), e.Attempt.Code, e.Attempt.Error, e.Attempt.Duration
		r.class = e.Attempt.Class
	case old != nil && old.Attempts == r.Attempts:
		r.class = old.class
	}
	return r
}

// settle says in both logs how their rows are to be taken.
func (s *Screen) settle() {
	for _, t := range s.tapesOn() {
		t.SetState(s.standing(t))
	}
}

// tapesOn returns the logs that there are.
func (s *Screen) tapesOn() []*tape {
	if s.found == nil {
		return []*tape{s.whole}
	}
	return []*tape{s.whole, s.found}
}

func (s *Screen) standing(t *tape) (table.State, string) {
	state, why := s.connected()
	switch {
	case t.lost && !t.begun:
		return table.Failed, "The log could not be read; ctrl+r asks again."
	case t.lost:
		return table.Failed, "Older rows could not be read; ctrl+r asks again."
	case state == live.Reconnecting:
		return table.Stale, "Reconnecting. " + why
	case s.behind > 0:
		return table.Stale, s.catchingUp()
	case !t.begun:
		return table.Loading, ""
	}
	return table.Ready, ""
}

// catchingUp says how far behind the site the log is.
func (s *Screen) catchingUp() string {
	return "catching up, " + theme.Count(s.behind) + " behind"
}

// tickMsg says that it is time to draw what depends on the clock anew.
type tickMsg struct{}

// wake returns a command that draws again when something on the screen tells the time:
// a rate that falls, a try that comes nearer. Nothing else needs a clock.
func (s *Screen) wake() tea.Cmd {
	if s.ticking || !s.shown {
		return nil
	}
	d := s.pace()
	if d == 0 {
		return nil
	}
	s.ticking = true
	return ui.After(s.Env.Ctx, d, tickMsg{})
}

// pace is how soon what is shown will look different; 0: it stays as it is.
func (s *Screen) pace() time.Duration {
	if s.log().Rate() > 0 || s.pulse.read(s.Env.Now()).attempts > 0 {
		return s.Slowly(2 * time.Second)
	}
	now, soonest := s.Env.Now(), time.Duration(0)
	for _, r := range s.log().Rows() {
		if d := r.NextAt.Sub(now); r.waits() && d > 0 && (soonest == 0 || d < soonest) {
			soonest = d
		}
	}
	for _, l := range s.lanes {
		if d := l.until.Sub(now); d > 0 && (soonest == 0 || d < soonest) {
			soonest = d
		}
	}
	switch {
	case soonest == 0:
		return 0
	case soonest < 2*time.Minute:
		return s.Slowly(5 * time.Second)
	case soonest < 2*time.Hour:
		return time.Minute
	}
	return 10 * time.Minute
}

// Status implements ui.Screen.
func (s *Screen) Status() ui.Status {
	state, _ := s.connected()
	status := ui.Status{Crumb: s.filter, Live: string(state), Stale: state == live.Reconnecting}
	if s.page != nil {
		status.Crumb = s.page.name()
	}
	switch {
	case state == live.Off:
		status.Live = ""
	case state == live.Live && s.behind > 0:
		status.Live = s.catchingUp()
	}
	if s.unread > 0 && !s.shown {
		status.Badge = theme.Count(s.unread) + "!"
	}
	return status
}
