package triggerlog

import (
	"math"
	"math/bits"
	"time"
)

const (
	exact   = 64  // durations below so many milliseconds have a place of their own
	steps   = 32  // places for each doubling above it, so that none is wider than 1/32 of its value
	buckets = 512 // up to hours; what took longer counts as that
)

// A histogram counts durations by milliseconds, in places that grow with them. The zero
// value is empty.
type histogram struct {
	count []uint32 // by place; nil: none
	total int
}

// place returns the place of a number of milliseconds.
func place(ms int64) int {
	if ms < exact {
		return int(max(ms, 0))
	}
	doublings := bits.Len64(uint64(ms)) - bits.Len64(exact) //nolint:gosec // it is positive
	within := int(ms>>(doublings+1)) - steps
	return min(exact+doublings*steps+within, buckets-1)
}

// bound returns the most milliseconds that a place holds.
func bound(place int) int64 {
	if place < exact {
		return int64(place)
	}
	doublings, within := (place-exact)/steps, (place-exact)%steps
	return int64(within+steps+1)<<(doublings+1) - 1
}

func (h *histogram) add(d time.Duration) {
	if h.count == nil {
		h.count = make([]uint32, buckets)
	}
	h.count[place(d.Milliseconds())]++
	h.total++
}

func (h *histogram) join(other *histogram) {
	if other.total == 0 {
		return
	}
	if h.count == nil {
		h.count = make([]uint32, buckets)
	}
	for i, n := range other.count {
		h.count[i] += n
	}
	h.total += other.total
}

// quantile returns the duration that the share q of all did not exceed, at most 3 % too
// long; 0 for none.
func (h *histogram) quantile(q float64) time.Duration {
	left := int(math.Ceil(q * float64(h.total)))
	for i, n := range h.count {
		if left -= int(n); left <= 0 && n > 0 {
			return time.Duration(bound(i)) * time.Millisecond
		}
	}
	return 0
}
