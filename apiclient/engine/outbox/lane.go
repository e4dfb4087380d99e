package outbox

import "time"

// A lane is what the scheduler knows of a Lane that it has to do with.
type lane struct {
	name    Lane
	queue   []Item    // claimed and not started, in order
	sending int       // sends that were started and not answered
	busy    int       // the same and those whose result is not recorded
	inRing  bool      // stands in scheduler.ring
	more    bool      // the store had more that is due than the queue had room for
	slow    bool      // one send at a time until one is Done
	ending  bool      // a send said End, which is not recorded yet
	until   time.Time // nothing starts before, because the far side asked for a pause
}

// pause returns how long the lane still waits; 0 or less: it does not. The bound
// is for a wall clock that was set back.
func (l *lane) pause(now time.Time) time.Duration {
	if l.until.IsZero() {
		return 0
	}
	if d := l.until.Sub(now); d <= MaxWait {
		return d
	}
	return 0
}

// idle reports whether the scheduler may forget the lane.
func (l *lane) idle(now time.Time) bool {
	return len(l.queue) == 0 && l.busy == 0 && !l.inRing && !l.slow && !l.ending && l.pause(now) <= 0
}

// pop takes the first item off the queue.
func (l *lane) pop() Item {
	i := l.queue[0]
	l.queue = l.queue[1:]
	if len(l.queue) == 0 {
		l.queue = nil // lets go of the array
	}
	return i
}

// clear empties the queue and returns what it held.
func (l *lane) clear() []Item {
	q := l.queue
	l.queue, l.more = nil, false
	return q
}
