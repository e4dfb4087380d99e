package outboxtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"umdeck/apiclient/engine/outbox"
)

// A model is what a store must be, in the plainest words: every item and every lane
// with its state, and one method for each thing that can happen to them.
type model struct {
	now   time.Time
	lanes []*modelLane
	items []*modelItem
}

type modelLane struct {
	name     outbox.Lane
	state    laneState
	settings outbox.LaneSettings
	breaker  outbox.Breaker
}

type modelItem struct {
	id    outbox.ID
	lane  *modelLane
	user  int64
	bulk  bool
	state outbox.State
	tries int
	waits int
	due   time.Time
}

func (i *modelItem) fresh() bool { return i.tries+i.waits == 0 }

// isDue reports whether the item may be claimed as far as time is concerned.
func (m *model) isDue(i *modelItem) bool { return i.fresh() || !i.due.After(m.now) }

// wants returns the state in which what is not sent waits in the lane.
func (l *modelLane) wants() outbox.State {
	switch l.state {
	case ended:
		return outbox.StateGone
	case paused:
		return StateHeld
	case active:
	}
	return outbox.StateDue
}

// in returns the items of a lane that have a state, in the order of their IDs.
func (m *model) in(l *modelLane, s outbox.State) (list []*modelItem) {
	for _, i := range m.items {
		if (l == nil || i.lane == l) && i.state == s {
			list = append(list, i)
		}
	}
	return list
}

// turn puts a lane into a state, and what waits in it.
func (m *model) turn(l *modelLane, s laneState) {
	if l.state == ended {
		return
	}
	l.state = s
	for _, i := range append(m.in(l, outbox.StateDue), m.in(l, StateHeld)...) {
		i.state = l.wants()
	}
}

// head returns the item that holds a strict lane, or nil.
func (m *model) head(l *modelLane) *modelItem {
	if !l.settings.Strict {
		return nil
	}
	sent := slices.DeleteFunc(m.in(l, outbox.StateDue), func(i *modelItem) bool { return i.fresh() })
	if len(sent) == 0 {
		return nil
	}
	return slices.MinFunc(sent, func(a, b *modelItem) int { return cmp.Or(compareBool(a.bulk, b.bulk), cmp.Compare(a.id, b.id)) })
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// claimable returns what a take may be given.
func (m *model) claimable(l *modelLane, t outbox.Take) []*modelItem {
	list := m.in(l, outbox.StateDue)
	if h := m.head(l); h != nil {
		list = []*modelItem{h}
	}
	return slices.DeleteFunc(list, func(i *modelItem) bool {
		return !m.isDue(i) || t.Live && i.bulk || i.fresh() && slices.Contains(t.Skip, i.user)
	})
}

// claim checks what a take was given, and notes that it is claimed.
func (m *model) claim(l *modelLane, t outbox.Take, got []outbox.Item) error {
	may := m.claimable(l, t)
	if want := min(t.Max, len(may)); len(got) != want {
		return fmt.Errorf("%d items, want %d of the %d that are due", len(got), want, len(may))
	}
	var last outbox.Item
	for n, i := range got {
		at := slices.IndexFunc(may, func(d *modelItem) bool { return d.id == i.ID })
		if at < 0 {
			return fmt.Errorf("item %d, which may not be claimed", i.ID)
		}
		d := may[at]
		if i.Lane != l.name || i.User != d.user || i.Bulk != d.bulk || i.Tries != d.tries || i.Waits != d.waits {
			return fmt.Errorf("item %+v, want %+v", i, *d)
		}
		if n > 0 && last.Bulk && !i.Bulk {
			return fmt.Errorf("item %d, which is live, behind %d, which is not", i.ID, last.ID)
		}
		last, may = i, slices.Delete(may, at, at+1)
		d.state = StateClaimed
	}
	return inOrder(got, may)
}

// inOrder checks that nothing that was left comes before what was claimed, and that
// what was never sent comes by ID.
func inOrder(got []outbox.Item, left []*modelItem) error {
	for _, left := range left {
		for _, i := range got {
			if i.Bulk && !left.bulk {
				return fmt.Errorf("item %d before the live one %d", i.ID, left.id)
			}
			if i.Bulk == left.bulk && i.Fresh() && left.fresh() && left.id < i.ID {
				return fmt.Errorf("item %d before %d, which is older", i.ID, left.id)
			}
		}
	}
	last := map[bool]outbox.ID{}
	for _, i := range got {
		if !i.Fresh() {
			continue
		}
		if i.ID < last[i.Bulk] {
			return fmt.Errorf("item %d behind %d", i.ID, last[i.Bulk])
		}
		last[i.Bulk] = i.ID
	}
	return nil
}

// finish notes a result.
func (m *model) finish(i *modelItem, o outbox.Outcome) {
	l := i.lane
	if o.Breaker != nil {
		l.breaker = *o.Breaker
	}
	if o.EndLane {
		m.turn(l, ended)
	} else if o.Suspend && l.state == active {
		m.turn(l, paused)
	}
	i.state, i.tries, i.waits, i.due = o.State, o.Item.Tries, o.Item.Waits, o.Item.Due
	if o.State == outbox.StateDue {
		i.state = l.wants()
	}
}

// shift notes that the clock was set back.
func (m *model) shift(by time.Duration) {
	m.now = m.now.Add(-by)
	for _, i := range m.items {
		i.due = i.due.Add(-by)
	}
	for _, l := range m.lanes {
		for _, t := range []*time.Time{&l.breaker.Open, &l.breaker.Probe, &l.breaker.Success} {
			if !t.IsZero() {
				*t = t.Add(-by)
			}
		}
	}
}

// waiting returns when the lane has something due, and whether it has.
func (m *model) waiting(l *modelLane) (due time.Time, ok bool) {
	list := m.in(l, outbox.StateDue)
	if len(list) == 0 {
		return due, false
	}
	if h := m.head(l); h != nil {
		return m.notPast(h.due), true
	}
	first := slices.MinFunc(list, func(a, b *modelItem) int { return m.dueOf(a).Compare(m.dueOf(b)) })
	return m.dueOf(first), true
}

// dueOf returns when an item is due; all that is due by now is due now.
func (m *model) dueOf(i *modelItem) time.Time {
	if i.fresh() {
		return m.now
	}
	return m.notPast(i.due)
}

func (m *model) notPast(t time.Time) time.Time {
	if t.Before(m.now) {
		return m.now
	}
	return t
}
