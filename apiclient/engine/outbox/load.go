package outbox

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// largestClaim bounds what one claim takes, so that its transaction stays short.
const largestClaim = 256

// loaded is what a load found.
type loaded struct {
	items []Item
	full  []Lane    // lanes with more that is due than there was room for
	next  time.Time // when the earliest item is due that may not be sent yet; zero: there is none
	last  Lane      // the last lane that was taken from; empty: none was
	err   error
}

// room is what a load may know of the lanes.
type room struct {
	now    time.Time
	after  Lane
	ahead  int
	queued map[Lane]int       // items in a queue
	shut   map[Lane]time.Time // lanes that get nothing until then; zero: until further notice
}

// load looks for what is due, in a goroutine of its own so that sending goes on
// during the commit. The room it sees can only grow meanwhile.
func (s *scheduler) load() {
	if !s.dirty || s.loading || s.stuck > 0 {
		return
	}
	now := s.cfg.Now()
	if wait := s.calm.Sub(now); wait > 0 && wait <= again {
		s.arm(s.calm)
		return
	}
	s.dirty, s.loading = false, true
	s.timer.Stop()
	s.next = time.Time{} // what is armed during the load is kept, the rest is found again
	r := room{now: now, after: s.last, ahead: s.cfg.Ahead, queued: map[Lane]int{}, shut: map[Lane]time.Time{}}
	for _, l := range s.lanes {
		if l.idle(now) {
			delete(s.lanes, l.name)
			continue
		}
		if len(l.queue) > 0 {
			r.queued[l.name] = len(l.queue)
		}
		if l.ending {
			r.shut[l.name] = time.Time{}
		} else if l.pause(r.now) > 0 {
			r.shut[l.name] = l.until
		}
	}
	go s.hands.find(r)
}

// find claims what there is room for.
func find(ctx context.Context, store Store, r room) loaded {
	waiting, err := store.Waiting(ctx)
	if err != nil {
		return loaded{err: err}
	}
	l, take := r.choose(waiting)
	if len(take) == 0 {
		return l
	}
	l.last = take[len(take)-1].Lane
	l.items, l.err = store.Claim(ctx, r.now, take)
	return l
}

// choose divides the room among the lanes that have something due, beginning
// after the lane that the last load ended with.
func (r room) choose(waiting []Waiting) (l loaded, take []Take) {
	slices.SortFunc(waiting, func(a, b Waiting) int { return cmp.Compare(a.Lane, b.Lane) })
	first, found := slices.BinarySearchFunc(waiting, r.after, func(w Waiting, n Lane) int { return cmp.Compare(w.Lane, n) })
	if found {
		first++
	}
	left := largestClaim
	for i := range waiting {
		w := waiting[(first+i)%len(waiting)]
		due := w.Due
		until, shut := r.shut[w.Lane]
		if shut && until.IsZero() {
			continue
		}
		if until.After(due) {
			due = until
		}
		if due.After(r.now) {
			if l.next.IsZero() || due.Before(l.next) {
				l.next = due
			}
			continue
		}
		n := min(r.ahead-r.queued[w.Lane], left)
		if r.queued[w.Lane] > r.ahead/2 || n <= 0 {
			l.full = append(l.full, w.Lane)
			continue
		}
		left -= n
		take = append(take, Take{Lane: w.Lane, Max: n})
	}
	return l, take
}

// take queues what a load found.
func (s *scheduler) take(l loaded) {
	s.loading = false
	s.watch(l.err)
	if l.err != nil {
		s.dirty = true
		return
	}
	s.arm(l.next)
	for _, i := range l.items {
		s.queue(i)
	}
	switch {
	case len(l.items) > 0:
		s.dirty = true // there may be more; a look that finds nothing ends it
	case l.last != "":
		s.arm(s.cfg.Now().Add(again)) // another engine was faster
	}
	s.last = cmp.Or(l.last, s.last)
	for _, name := range l.full {
		if q := s.lanes[name]; q != nil {
			q.more = true
			s.refill(q)
		} else {
			s.dirty = true // its queue was sent during the load
		}
	}
}

// watch notes whether the store gives out what is due.
func (s *scheduler) watch(err error) {
	switch {
	case err != nil:
		s.calm = s.cfg.Now().Add(again)
		if !s.failing {
			s.cfg.Logger.Error("cannot claim what is due; trying again every second", "err", err)
		}
		s.failing = true
		s.setTrouble(err)
	case s.failing:
		s.failing = false
		s.cfg.Logger.Info("the store gives out what is due again")
		if s.stuck == 0 {
			s.setTrouble(nil)
		}
	}
}

// queue puts a claimed item into its lane; one whose lane has closed meanwhile goes back.
func (s *scheduler) queue(i Item) {
	l := s.lanes[i.Lane]
	if l == nil {
		l = &lane{name: i.Lane}
		s.lanes[i.Lane] = l
	}
	if l.ending || l.pause(s.cfg.Now()) > 0 {
		s.release([]Item{i})
		return
	}
	l.queue = append(l.queue, i)
	s.enter(l)
}
