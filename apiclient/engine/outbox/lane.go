package outbox

import (
	"slices"
	"time"
)

// A place is where a lane stands that has something to start.
type place int

const (
	nowhere   place = iota // nothing to start, or something that must happen first brings it back
	inRing                 // in scheduler.ring
	atLimiter              // in the queue of a limiter
)

// A lane is what the scheduler knows of a Lane that it has to do with.
type lane struct {
	name     Lane
	settings LaneSettings
	breaker  Breaker
	stored   Breaker // as the store gave it last

	live, bulk []Item        // claimed and not started, in order
	ahead      int           // how many of each may be
	filled     time.Duration // tick of the last claim that filled it; 0: none has
	begun      int           // sends begun since
	more       bool          // the store had more that is due than there was room for
	moreBulk   bool          // the same, all of it Bulk
	behind     bool          // there may be live items in the store: nothing of bulk starts
	jammed     bool          // it may send more, but all it has is about users who wait for their turn
	jams       time.Duration // tick before which nothing is claimed for that reason

	sending int     // sends that were started and not answered
	busy    int     // the same and those whose result is not recorded
	users   []int64 // whose first send is under way

	onward time.Duration // until that tick at least the store may hand over items

	place place
	turn  *limiter // in the ring because it is its turn there; nil: anyhow
	rate  *limiter // its own; nil: none
	host  *limiter // of its host; nil: none

	slow    bool      // one send at a time until one is Done
	until   time.Time // nothing starts before
	resumes int       // how often somebody ended its pause
	shut    int       // records under way that must be done before it is claimed from

	// Loads go on beside all else, and what one brings may be out of date.
	listed  int // the last load that found something of it waiting
	touched int // the load that was the last one when a send ended or was recorded
	closed  int // the load that was the last one when nothing more was to be sent
}

// open reports whether its breaker is.
func (l *lane) open() bool { return !l.breaker.Open.IsZero() }

// limit returns how many sends the lane may have at once.
func (l *lane) limit(cfg *Config) int {
	switch {
	case l.slow || l.settings.Strict || l.open():
		return 1
	case l.settings.PerLane > 0:
		return min(l.settings.PerLane, cfg.Workers)
	}
	return cfg.PerLane
}

// load returns how many sends count against that. Of a strict lane a result must be
// recorded before the next send, so that after a crash none is repeated behind it.
func (l *lane) load() int {
	if l.settings.Strict {
		return l.busy
	}
	return l.sending
}

// pause returns how long the lane still waits; 0 or less: it does not.
func (l *lane) pause(now time.Time) time.Duration {
	return max(pause(l.until, now, l.settings), pause(l.breaker.Probe, now, l.settings))
}

// pause returns how long it is until t, of a lane with those settings. A time that
// is further off than anything can be comes from a clock that was wrong.
func pause(t, now time.Time, s LaneSettings) time.Duration {
	if t.IsZero() {
		return 0
	}
	if d := t.Sub(now); d <= s.longest() {
		return d
	}
	return 0
}

// queued returns how many items are claimed and not started.
func (l *lane) queued() int { return len(l.live) + len(l.bulk) }

// push queues a claimed item.
func (l *lane) push(i Item) {
	if i.Bulk && (i.Fresh() || !l.settings.Strict) {
		l.bulk = append(l.bulk, i)
	} else {
		l.live = append(l.live, i)
	}
	l.count(1)
}

// peek returns the queue and the place in it of the item that is to start next: the
// first whose user has no first send under way. What was sent before waits for nobody.
func (l *lane) peek() (queue *[]Item, at int, ok bool) {
	for _, q := range []*[]Item{&l.live, &l.bulk} {
		if q == &l.bulk && l.behind {
			break
		}
		for n := range *q {
			if i := &(*q)[n]; !i.Fresh() || i.User == 0 || !slices.Contains(l.users, i.User) {
				return q, n, true
			}
		}
	}
	return nil, 0, false
}

// begin takes the item out that is to start next.
func (l *lane) begin(q *[]Item, at int) Item {
	i := (*q)[at]
	if at == 0 {
		(*q)[0] = Item{}
		*q = (*q)[1:]
	} else {
		*q = slices.Delete(*q, at, at+1)
	}
	if len(*q) == 0 {
		*q = nil // lets go of the array
	}
	l.count(-1)
	l.sending++
	l.busy++
	l.begun++
	if i.Fresh() && i.User != 0 {
		l.users = append(l.users, i.User)
	}
	return i
}

// end notes that the send of an item has ended.
func (l *lane) end(i Item) {
	l.sending--
	if at := slices.Index(l.users, i.User); i.Fresh() && at >= 0 {
		l.users = slices.Delete(l.users, at, at+1)
	}
}

// clear empties the queues and returns what they held.
func (l *lane) clear() []Item {
	list := slices.Concat(l.live, l.bulk)
	l.count(-len(list))
	l.live, l.bulk, l.more, l.moreBulk = nil, nil, false, false
	return list
}

func (l *lane) count(n int) {
	if l.host != nil {
		l.host.queued += n
	}
}

// waiters returns the users whom the live items in the queue are about.
func (l *lane) waiters() (list []int64) {
	for _, i := range l.live {
		if i.User != 0 && !slices.Contains(list, i.User) {
			list = append(list, i.User)
		}
	}
	return list
}

// hungry reports whether the queues have room for what the store has more.
func (l *lane) hungry() bool {
	low := l.ahead / 2
	if l.host != nil {
		low = 0 // who still has something lets the others of the host be first
	}
	return l.more && len(l.live) <= low || l.moreBulk && len(l.bulk) <= low
}

// grow lets a lane that sends fast have more claimed ahead, and one that has become
// slow less: what is claimed ahead is there to hide how long a claim takes. A lane that
// hangs is filled often too, while others have the store looked at.
func (l *lane) grow(tick time.Duration, least, most int) {
	switch since := tick - l.filled; {
	case l.filled == 0, l.host != nil:
	case since < again/2 && l.begun >= l.ahead/2:
		l.ahead = min(2*l.ahead, most)
	case since > 5*again:
		l.ahead = max(l.ahead/2, least)
	}
	l.filled, l.begun = tick, 0
}
