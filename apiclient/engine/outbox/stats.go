package outbox

import (
	"context"
	"slices"
	"time"
)

// An Observation is one send that has ended.
type Observation struct {
	Item    Item // as it was sent
	Verdict Verdict
	Took    time.Duration
	Class   string // [Result.Class]
}

// Stats is how an [Outbox] is at the moment.
type Stats struct {
	Sending    int // sends under way
	Unrecorded int // sends that have ended and whose result the store does not have yet
	Refused    int // results and releases that the store has refused, and is told again
	Claimed    int // items that are claimed and wait for a sender
	Lanes      int // lanes with something to do
	Open       int // lanes that wait with an open breaker
	Limited    int // lanes that wait until a limit lets them send

	// Blocked are the lanes, by name, that have something due and a reason of their own to
	// wait: a pause that was asked for, an open breaker, a limit, as many sends under way
	// as they may have. That all workers are busy is no such reason.
	Blocked []Lane

	// Oldest is how long the earliest item has been due of those that may be sent by
	// now: what waits for a breaker's probe, for the end of a pause or as held is none.
	// What was never sent counts from its Due, if the store gives one. 0: there is none.
	Oldest time.Duration

	Ended map[Verdict]int64 // sends by what came of them, since New; every Verdict is there
}

// Stats returns how the outbox is. It never waits for the store or a send.
func (o *Outbox) Stats() Stats {
	o.mu.Lock()
	over := o.over
	o.mu.Unlock()
	var st Stats
	reply := make(chan Stats, 1)
	select {
	case o.asks <- reply:
		st = <-reply
	case <-over:
	}
	st.Ended = map[Verdict]int64{}
	for v := range o.ended {
		st.Ended[Verdict(v)] = o.ended[v].Load()
	}
	return st
}

// open makes Stats wait for the scheduler until the returned function is called.
func (o *Outbox) open() (end context.CancelFunc) {
	ctx, end := context.WithCancel(context.Background())
	o.mu.Lock()
	defer o.mu.Unlock()
	o.over = ctx.Done()
	return end
}

func (s *scheduler) stats() Stats {
	st := Stats{Sending: s.sending, Unrecorded: s.busy - s.sending, Lanes: len(s.lanes), Open: s.broken, Limited: s.hall.waiting, Refused: len(s.books.aside)}
	if s.books.failing && len(s.books.aside) == 0 {
		st.Refused = len(s.books.list)
	}
	oldest := s.oldest
	st.Blocked = slices.Clone(s.blocked)
	for _, l := range s.lanes {
		if l.queued() > 0 && (l.place == atLimiter || l.load() >= l.limit(&s.cfg)) {
			st.Blocked = append(st.Blocked, l.name)
		}
		st.Claimed += l.queued()
		for _, q := range [][]Item{l.live, l.bulk} {
			if len(q) > 0 && !q[0].Due.IsZero() && (oldest.IsZero() || q[0].Due.Before(oldest)) {
				oldest = q[0].Due
			}
		}
	}
	slices.Sort(st.Blocked)
	st.Blocked = slices.Compact(st.Blocked)
	if !oldest.IsZero() {
		st.Oldest = max(0, s.wall().Sub(oldest))
	}
	return st
}
