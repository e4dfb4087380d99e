package outbox

import "time"

const (
	// breaksAfter is how many failures in a row open a breaker.
	breaksAfter = 5
	// patience is how long a lane may go without one success before it is suspended,
	// if its breaker is open.
	patience = 5 * 24 * time.Hour
	// openAtLeast is how long the breaker must have been open for that: a lane in which
	// nothing has happened for longer than its patience may be down for a day as well.
	openAtLeast = 24 * time.Hour
	// successAge is how old a noted success may get before a new one is noted.
	successAge = time.Minute
)

// An ending is what a breaker is told of a send.
type ending struct {
	Result
	now   time.Time
	probe bool                      // it began while the breaker was open
	free  bool                      // it is no try: the far side has asked to come back later, and not too often
	pause time.Duration             // how long that has asked to wait; 0: it has not
	pace  func(n int) time.Duration // how long it is until the probe after n
}

// after returns the breaker as it is after a send, and whether the lane has had its
// patience: that is so when a probe fails, the last success is [patience] ago and the
// breaker has been open for [openAtLeast]. What was under way when the breaker opened, and
// fails as well, tells nothing new.
//
// Who asks to come back later is not down, until the sends that it may ask for are used
// up; but once the breaker is open, to ask does not make up for anything.
func (b Breaker) after(e ending) (_ Breaker, suspend bool) {
	open := !b.Open.IsZero()
	switch e.Verdict {
	case Done:
		if open || b.Failures > 0 || !b.Probe.IsZero() || e.now.Sub(b.Success) >= successAge {
			return Breaker{Success: e.now}, false
		}
		return b, false
	case End, Skip, Stall:
		return b, false
	case Wait, Retry, GiveUp:
	}
	switch {
	case open && e.probe:
		b.probed(e)
		suspend = e.now.Sub(b.Open) >= openAtLeast && e.now.Sub(b.succeeded()) >= patience
	case !open && !e.free:
		b.failed(e)
	}
	if until := e.now.Add(e.pause); e.pause > 0 && until.After(b.Probe) {
		b.Probe = until
	}
	return b, suspend
}

// probed notes that a probe was no success.
func (b *Breaker) probed(e ending) {
	if e.free && !e.Down { // the far side is there, and says when it is to be asked again
		return
	}
	b.Failures++
	b.Probe = e.now.Add(e.pace(b.Failures - breaksAfter))
}

// failed notes that a send failed while the breaker was closed.
func (b *Breaker) failed(e ending) {
	if !e.Down || e.Verdict == GiveUp { // somebody answers, if only to refuse
		b.Failures = 0
		return
	}
	if b.Failures++; b.Failures >= breaksAfter {
		b.Open, b.Probe = e.now, e.now.Add(e.pace(0))
	}
}

// succeeded returns the last success; of a store that knows of none, when the breaker
// opened.
func (b Breaker) succeeded() time.Time {
	if b.Success.IsZero() {
		return b.Open
	}
	return b.Success
}

// back returns the breaker by a clock that was set back.
func (b Breaker) back(by time.Duration) Breaker {
	return b.each(func(t time.Time) time.Time { return t.Add(-by) })
}

// stamped returns the breaker as a store keeps it: to the millisecond.
func (b Breaker) stamped() Breaker {
	return b.each(func(t time.Time) time.Time { return t.Truncate(time.Millisecond) })
}

// each changes the times that are set.
func (b Breaker) each(fn func(time.Time) time.Time) Breaker {
	for _, t := range []*time.Time{&b.Open, &b.Probe, &b.Success} {
		if !t.IsZero() {
			*t = fn(*t)
		}
	}
	return b
}

// same reports whether nothing has changed.
func (b Breaker) same(c Breaker) bool {
	return b.Failures == c.Failures && b.Open.Equal(c.Open) && b.Probe.Equal(c.Probe) && b.Success.Equal(c.Success)
}

// pace returns how long it is between the probe after n and the next.
func (s LaneSettings) pace(n int, jitter float64) time.Duration {
	list := s.waits()
	return max(spread(list[min(n, len(list)-1)], jitter), MinWait)
}
