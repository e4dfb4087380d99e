package outbox

import (
	"cmp"
	"container/heap"
	"time"
)

// A limiter is where lanes wait whose sends have limits in common: those of a host,
// or a lane's own rate. It has room for a send when each of its windows has.
type limiter struct {
	windows []window
	waiting []*lane       // those that found no room, in the order in which they came
	turns   int           // lanes that stand in the ring because it is their turn here
	queued  int           // claimed items that are to pass here
	more    bool          // there was no room for the items of some lane
	at      time.Duration // tick at which somebody looks again; 0: nobody waits
}

func newLimiter(limits []Limit, share int) *limiter {
	l := &limiter{windows: make([]window, len(limits))}
	l.set(limits, share)
	return l
}

// set changes the limits.
func (l *limiter) set(limits []Limit, share int) {
	for i, limit := range limits {
		l.windows[i].set(limit.share(share))
	}
}

func (l *limiter) wait(tick time.Duration) (d time.Duration) {
	for i := range l.windows {
		d = max(d, l.windows[i].wait(tick))
	}
	return d
}

func (l *limiter) room(tick time.Duration) int {
	n := l.windows[0].room(tick)
	for i := range l.windows[1:] {
		n = min(n, l.windows[1+i].room(tick))
	}
	return n
}

func (l *limiter) take(tick time.Duration) {
	for i := range l.windows {
		l.windows[i].take(tick)
	}
}

func (l *limiter) empty(tick time.Duration) bool {
	for i := range l.windows {
		if !l.windows[i].empty(tick) {
			return false
		}
	}
	return true
}

// glance is how often a limiter is looked at at most.
const glance = 10 * time.Millisecond

// A hall has the limiters at which lanes wait, the next to have room first.
type hall struct {
	list    []*limiter
	waiting int // lanes
}

func (h *hall) Len() int           { return len(h.list) }
func (h *hall) Less(i, j int) bool { return cmp.Less(h.list[i].at, h.list[j].at) }
func (h *hall) Swap(i, j int)      { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *hall) Push(x any)         { h.list = append(h.list, x.(*limiter)) }
func (h *hall) Pop() any {
	last := len(h.list) - 1
	l := h.list[last]
	h.list[last] = nil
	h.list = h.list[:last]
	return l
}

// pass lets a lane through a limiter, or has it wait there.
func (h *hall) pass(l *limiter, who *lane, turn bool, tick time.Duration) bool {
	wait := l.wait(tick)
	if wait <= 0 && (turn || len(l.waiting) == 0) {
		return true
	}
	who.place = atLimiter
	l.waiting = append(l.waiting, who)
	h.waiting++
	h.watch(l, tick+wait)
	return false
}

// watch has a limiter looked at at a tick, or a little later when it is near.
func (h *hall) watch(l *limiter, at time.Duration) {
	if l.at == 0 {
		l.at = at
		heap.Push(h, l)
	}
}

// next returns the lanes whose turn it is, and has the others wait on.
func (h *hall) next(tick time.Duration) (lanes []*lane) {
	for len(h.list) > 0 && h.list[0].at <= tick {
		l := heap.Pop(h).(*limiter)
		l.at = 0
		n := min(max(0, l.room(tick)-l.turns), len(l.waiting))
		for _, who := range l.waiting[:n] {
			who.place, who.turn = nowhere, l
			l.turns++
		}
		lanes = append(lanes, l.waiting[:n]...)
		l.waiting = append(l.waiting[:0:0], l.waiting[n:]...)
		h.waiting -= n
		if len(l.waiting) > 0 {
			h.watch(l, tick+max(l.wait(tick), glance))
		}
	}
	return lanes
}
