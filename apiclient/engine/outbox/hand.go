package outbox

import (
	"cmp"
	"slices"
	"time"
)

// keptOnward is for how long a lane without anything to do is known, because the store may
// hand over what is made for it.
const keptOnward = 10 * time.Minute

// Hand gives the outbox items that the store has claimed in the commit that made them, see
// [Take.Onward]. It is called in the order of the commits, and never blocks. While Run
// does not run they are remembered.
func (o *Outbox) Hand(items []Item) {
	o.mu.Lock()
	o.handed = append(o.handed, items...)
	o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default: // who was told already takes these too
	}
}

// take takes over what was handed over.
func (s *scheduler) take() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = append(s.fresh, s.handed...)
	s.handed = nil
}

// receive queues what was handed over. During a load it waits for its end: what that
// brings may belong before it.
func (s *scheduler) receive() {
	s.take()
	if s.loading || len(s.fresh) == 0 {
		return
	}
	for lane, list := range byLane(s.fresh) {
		s.welcome(lane, list)
	}
	s.fresh = nil
}

// welcome queues what was handed over for a lane. Where that is not to send now, or may
// not be as it was when the store was told to hand over, it goes back.
func (s *scheduler) welcome(name Lane, list []Item) {
	l := s.lanes[name]
	switch {
	case l == nil:
		s.giveBack(s.laneOf(Waiting{Lane: name}), list)
	case l.open(), l.settings.Strict:
		s.giveBack(l, list)
	default:
		l.onward = s.tick + keptOnward
		s.deal(l, list)
	}
}

// giveBackFresh gives back what was handed over, at the end.
func (s *scheduler) giveBackFresh() {
	s.take()
	for lane, list := range byLane(s.fresh) {
		s.giveBack(s.laneOf(Waiting{Lane: lane}), list)
	}
	s.fresh = nil
}

// keepBack gives back what was handed over, and asks for an end of that unless it was kept
// back already: not during a load, whose claim could ask for more.
func (s *scheduler) keepBack(kept bool) bool {
	s.giveBackFresh()
	if !kept && !s.loading {
		s.books.add(entry{keep: true})
		return true
	}
	return kept
}

// join returns what a claim has brought, by lane, with what was handed over for these lanes
// in its place: what was never sent goes by ID, between what was and what is bulk.
func (s *scheduler) join(got map[Lane][]Item) map[Lane][]Item {
	s.take()
	handed := byLane(s.fresh)
	all := make(map[Lane][]Item, len(got))
	for lane, list := range got {
		all[lane] = list
		if len(handed[lane]) == 0 {
			continue
		}
		all[lane] = slices.Concat(list, handed[lane])
		slices.SortStableFunc(all[lane], func(a, b Item) int {
			if c := cmp.Compare(rank(a), rank(b)); c != 0 || rank(a) != 1 {
				return c
			}
			return cmp.Compare(a.ID, b.ID)
		})
	}
	s.fresh = slices.DeleteFunc(s.fresh, func(i Item) bool { return len(got[i.Lane]) > 0 })
	return all
}

// rank orders the kinds of items in which a claim gives them.
func rank(i Item) int {
	switch {
	case i.Bulk:
		return 2
	case i.Fresh():
		return 1
	}
	return 0
}

func byLane(list []Item) map[Lane][]Item {
	lanes := map[Lane][]Item{}
	for _, i := range list {
		lanes[i.Lane] = append(lanes[i.Lane], i)
	}
	return lanes
}

// plain reports whether the store may hand over what is made for a lane: nothing but the
// order of its items stands between them and a send.
func (s *scheduler) plain(l *lane, w Waiting) bool {
	switch {
	case w.Settings.Strict || w.Settings.Rate > 0 || s.hosts[w.Settings.Host] != nil || !w.Breaker.Open.IsZero():
		return false
	case l == nil:
		return true
	}
	return !l.slow && l.shut == 0 && l.pause(s.now) <= 0
}
