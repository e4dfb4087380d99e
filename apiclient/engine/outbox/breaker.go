package outbox

import "time"

const (
	// breaksAfter is how many failures in a row open a breaker.
	breaksAfter = 5
	// patience is how long a lane may go without one success while its breaker is open.
	patience = 5 * 24 * time.Hour
	// successAge is how old a noted success may get before a new one is noted.
	successAge = time.Minute
)

// after returns the breaker as it is after a send, and whether the lane has had its
// patience. probe says that the send began while the breaker was open: what was
// under way when it opened, and fails as well, tells nothing new. pause is how long
// the far side has asked to wait; pace how long it is until the probe after n.
func (b Breaker) after(r Result, now time.Time, probe bool, pause time.Duration, pace func(n int) time.Duration) (_ Breaker, suspend bool) {
	open := !b.Open.IsZero()
	switch r.Verdict {
	case Done:
		if open || b.Failures > 0 || !b.Probe.IsZero() || now.Sub(b.Success) >= successAge {
			return Breaker{Success: now}, false
		}
		return b, false
	case End, Skip, Stall:
		return b, false
	case Wait, Retry, GiveUp:
	}
	if pause > 0 {
		if until := now.Add(pause); until.After(b.Probe) {
			b.Probe = until
		}
		return b, false
	}
	switch {
	case open && !probe:
		return b, false
	case open:
		b.Failures++
		b.Probe = now.Add(pace(b.Failures - breaksAfter))
		return b, now.Sub(b.Open) >= patience
	case !r.Down || r.Verdict == GiveUp: // somebody answers, if only to refuse
		b.Failures = 0
		return b, false
	}
	b.Failures++
	if b.Failures >= breaksAfter {
		b.Open, b.Probe = now, now.Add(pace(0))
	}
	return b, false
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
