package outbox

import "time"

const (
	// drift is by how much a wall clock may differ from the time that has passed
	// before it counts as set.
	drift = 10 * time.Second
	// longestSleep bounds how late a set clock is noticed.
	longestSleep = time.Minute
)

// A clock reads two clocks together: that on the wall, by which items are due, and
// that which only counts, by which limits and the timer go. Between them it notices
// when the first one is set.
type clock struct {
	wall  func() time.Time
	start time.Time     // when the second one began to count
	now   time.Time     // by the first
	tick  time.Duration // by the second
}

func newClock(wall func() time.Time) clock {
	return clock{wall: wall, start: time.Now(), now: wall().Round(0)}
}

// read reads both clocks, and returns by how much the first was set since they
// were last read: 0 for not at all, below 0 when it was set back.
func (c *clock) read() (set time.Duration) {
	tick, now := time.Since(c.start), c.wall().Round(0) // without its own monotonic reading, which knows nothing of being set
	set = now.Sub(c.now) - (tick - c.tick)
	c.tick, c.now = tick, now
	if set.Abs() < drift {
		return 0
	}
	return set
}

// in returns the tick at which the wall clock will show t.
func (c *clock) in(t time.Time) time.Duration { return c.tick + max(t.Sub(c.now), 0) }

// An alarm is a timer that is set anew only when it would ring too late.
type alarm struct {
	timer *time.Timer
	at    time.Duration // tick at which it rings; 0: never
}

func newAlarm() alarm {
	a := alarm{timer: time.NewTimer(longestSleep)}
	a.timer.Stop()
	return a
}

// set lets the alarm ring at a tick or before. A ring too early does no harm, and
// costs less than being set at every turn.
func (a *alarm) set(now, at time.Duration) {
	if a.at != 0 && a.at <= at {
		return
	}
	a.at = max(at, now+1)
	a.timer.Reset(a.at - now)
}

// rang notes that the alarm has rung.
func (a *alarm) rang() { a.at = 0 }
