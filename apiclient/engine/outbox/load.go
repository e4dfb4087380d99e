package outbox

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

const (
	// again is how long the store is left alone after it failed.
	again = time.Second
	// largestClaim bounds what one claim takes, so that its transaction stays short.
	largestClaim = 256
	// hostAhead is how many items may be claimed ahead for a host that has limits:
	// they wait for it, and need not wait as claimed.
	hostAhead = 128
	// longestRest bounds for how long the store is left alone after a load.
	longestRest = 10 * time.Millisecond
	// jamPause is how long nothing is claimed from behind a user's many when there was
	// nothing about others: the store looks at many items to find that out.
	jamPause = time.Second
)

// seen is what a look has found: the lanes that wait, by name.
type seen struct {
	waiting []Waiting
	err     error
}

// claimed is what a claim has brought.
type claimed struct {
	now   time.Time
	take  []Take
	lanes []Waiting // those of take
	items []Item
	err   error
}

// load looks for what is due and claims what there is room for. Both are done in
// goroutines, one at a time, so that sending goes on during the commit.
func (s *scheduler) load() {
	if !s.dirty || s.loading || s.books.failing {
		return
	}
	if s.calm > s.tick {
		return // sleep wakes us
	}
	s.dirty, s.loading = false, true
	s.loads++
	s.began = s.tick
	s.due = 0 // what is armed during the load is kept, the rest is found again
	for _, l := range s.lanes {
		s.forget(l)
	}
	s.hands.look <- struct{}{}
}

func look(ctx context.Context, store Store) seen {
	waiting, err := store.Waiting(ctx)
	slices.SortFunc(waiting, func(a, b Waiting) int { return cmp.Compare(a.Lane, b.Lane) })
	return seen{waiting, err}
}

// choose goes on with a load after its look.
func (s *scheduler) choose(found seen) {
	s.watch(found.err)
	if found.err != nil {
		s.loading, s.dirty = false, true
		return
	}
	c := s.divide(found.waiting)
	maps.DeleteFunc(s.resumed, func(_ Lane, at int) bool { return at < s.loads })
	for _, l := range s.lanes {
		if l.behind && l.listed != s.loads { // nothing of it waits
			l.behind = false
			s.enter(l)
		}
	}
	if len(c.take) == 0 {
		s.loading = false
		s.rest(0)
		return
	}
	s.last = c.take[len(c.take)-1].Lane
	c.now = s.now
	s.hands.claim <- c
}

// divide gives the lanes that have something due their part of a claim, beginning
// after the lane that the last one ended with.
func (s *scheduler) divide(waiting []Waiting) (c claimed) {
	first, found := slices.BinarySearchFunc(waiting, s.last, func(w Waiting, n Lane) int { return cmp.Compare(w.Lane, n) })
	if found {
		first++
	}
	s.share()
	s.oldest, s.broken, s.blocked = time.Time{}, 0, s.blocked[:0]
	hosts := map[string]int{}
	left := largestClaim
	for n := range waiting {
		w := waiting[(first+n)%len(waiting)]
		l := s.lanes[w.Lane]
		if l != nil {
			l.listed = s.loads
			s.adopt(l, w)
			w.Breaker = l.breaker
		}
		if at, ok := s.resumed[w.Lane]; ok && at < s.loads && l == nil {
			w.Breaker.Probe = time.Time{} // a known lane has forgotten it
		}
		if !w.Breaker.Open.IsZero() {
			s.broken++
		}
		if due := s.dueOf(l, w); due.After(s.now) {
			if !w.Due.After(s.now) {
				s.blocked = append(s.blocked, w.Lane)
			}
			s.arm(due)
			continue
		}
		if s.oldest.IsZero() || !w.Due.IsZero() && w.Due.Before(s.oldest) {
			s.oldest = w.Due
		}
		t := s.takeOf(l, w)
		room := s.hostRoom(w.Settings.Host, hosts)
		if t.Max = min(t.Max, left, room); t.Max <= 0 {
			if room <= 0 {
				s.blocked = append(s.blocked, w.Lane)
			}
			continue
		}
		t.Onward = s.plain(l, w)
		left -= t.Max
		hosts[w.Settings.Host] += t.Max
		c.take, c.lanes = append(c.take, t), append(c.lanes, w)
	}
	return c
}

// dueOf returns when a lane may be claimed from, as far as time is concerned.
func (s *scheduler) dueOf(l *lane, w Waiting) time.Time {
	due := w.Due
	wait := pause(w.Breaker.Probe, s.now, w.Settings)
	if l != nil {
		wait = max(wait, pause(l.until, s.now, w.Settings))
	}
	if until := s.now.Add(wait); wait > 0 && until.After(due) {
		return until
	}
	return due
}

// takeOf returns what a lane gets that has something due. A Max of 0 is nothing for
// now: the lane comes back when it has room, or when a record is done.
func (s *scheduler) takeOf(l *lane, w Waiting) Take {
	t := Take{Lane: w.Lane, Max: s.least()}
	open := !w.Breaker.Open.IsZero()
	switch {
	case l == nil && open:
		t.Max = 1
	case l == nil:
	case l.shut > 0:
		t.Max = 0
	case open:
		// The probe, and nothing while anything is under way.
		t.Max = max(0, 1-l.queued()-l.busy)
	case l.jammed && len(l.live) > 0:
		l.jammed, l.more = false, true
		t.Live, t.Skip, t.Max = true, l.waiters(), l.ahead
	case len(l.live) > l.ahead/2, l.host != nil && len(l.live) > 0:
		l.more, t.Max = true, 0
	case len(l.bulk) >= l.ahead:
		l.moreBulk, t.Live, t.Max = true, true, l.ahead-len(l.live)
	default:
		t.Max = l.ahead - len(l.live)
	}
	return t
}

// hostRoom returns how many more items may be claimed for a host, of which taken
// are claimed already by this load. Who finds none comes back when there is some.
func (s *scheduler) hostRoom(host string, taken map[string]int) int {
	h := s.hosts[host]
	if h == nil {
		return largestClaim
	}
	n := hostAhead - h.queued - taken[host]
	if n <= 0 {
		h.more = true
	}
	return n
}

// queue ends a load: it puts what was claimed into the lanes.
func (s *scheduler) queue(c claimed) {
	s.loading = false
	s.watch(c.err)
	if c.err != nil {
		s.dirty = true
		return
	}
	s.rest(len(c.items))
	switch {
	case len(c.items) > 0:
		s.dirty = true // there may be more; a look that finds nothing ends it
	case slices.ContainsFunc(c.take, func(t Take) bool { return !t.Live }):
		s.arm(s.now.Add(again)) // another engine was faster
	}
	got := byLane(c.items)
	all := s.join(got)
	for n, t := range c.take {
		list := got[t.Lane]
		if t.Onward && len(list) < t.Max {
			s.laneOf(c.lanes[n]).onward = s.tick + keptOnward
		}
		if len(list) > 0 {
			l := s.laneOf(c.lanes[n])
			if s.deal(l, all[t.Lane]) && len(list) == t.Max {
				l.grow(s.tick, s.least(), s.cfg.Ahead)
			}
		}
		l := s.lanes[t.Lane]
		switch {
		case l == nil:
		case len(t.Skip) > 0: // what was skipped is in the store still
			if len(list) == 0 {
				l.jams = s.tick + jamPause
			}
			s.enter(l)
		default:
			l.behind = len(list) == t.Max && !list[t.Max-1].Bulk // what is live comes first
			s.enter(l)
		}
	}
}

// rest leaves the store alone for as long as a load took that has found little: while many
// commits come, each of which says that something is due, it would be asked without end.
func (s *scheduler) rest(found int) {
	if found < largestClaim/2 {
		s.calm = max(s.calm, s.tick+min(s.tick-s.began, longestRest))
	}
}

// deal queues what was claimed for a lane. It goes back where the lane has closed
// since the load began: it may not be what is to be sent next any more.
func (s *scheduler) deal(l *lane, list []Item) bool {
	if l.closed == s.loads || l.shut > 0 || l.pause(s.now) > 0 || l.open() && l.queued()+l.busy > 0 {
		s.giveBack(l, list)
		return false
	}
	for _, i := range list {
		l.push(i)
	}
	s.enter(l)
	return true
}

// least returns how many items a lane may have claimed ahead at first.
func (s *scheduler) least() int { return min(2*s.cfg.PerLane, s.cfg.Ahead) }

// watch notes whether the store gives out what is due.
func (s *scheduler) watch(err error) {
	switch {
	case err != nil:
		s.calm = s.tick + again
		if !s.failing {
			s.cfg.Logger.Error("cannot claim what is due; trying again every second", "err", err)
		}
		s.failing = true
		s.setTrouble(err)
	case s.failing:
		s.failing = false
		s.cfg.Logger.Info("the store gives out what is due again")
		if !s.books.failing {
			s.setTrouble(nil)
		}
	}
}
