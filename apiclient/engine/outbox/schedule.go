package outbox

import (
	"slices"
	"time"
)

// The bounds of what a far side may ask for by [Wait].
const (
	MinWait  = time.Second // shorter pauses are this long, so that asking for none is no endless loop
	MaxWait  = time.Hour   // longer ones are cut
	MaxWaits = 20          // so many sends of an item do not count; further ones do, and follow the schedule
)

// MaxTries is how many tries the schedule has.
const MaxTries = len(waits) + 1

// waits is how long after the try before it each further try is due: three days and
// a bit together, as Zapier and the Standard Webhooks recommend.
var waits = [...]time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// jitterShare is the part of a wait that jitter moves it by, to both sides.
const jitterShare = 0.2

// spread moves a wait by jitter, from 0 up to but not including 1; 0.5 leaves it.
func spread(wait time.Duration, jitter float64) time.Duration {
	return time.Duration(float64(wait) * (1 - jitterShare + 2*jitterShare*jitter))
}

// Schedule returns how long after made tries the next one is due, and false when
// those were all. jitter, from 0 up to but not including 1, spreads the waits by
// ±20 %: 0.5 is the wait of the table itself.
func Schedule(made int, jitter float64) (time.Duration, bool) {
	return LaneSettings{}.next(made, jitter)
}

// waits returns the waits between the lane's tries.
func (s LaneSettings) waits() []time.Duration {
	if len(s.Schedule) > 0 {
		return s.Schedule
	}
	return waits[:]
}

// next is [Schedule] for the lane.
func (s LaneSettings) next(made int, jitter float64) (time.Duration, bool) {
	list := s.waits()
	switch {
	case made == 0:
		return 0, true
	case made < 0 || made > len(list):
		return 0, false
	}
	return spread(list[made-1], jitter), true
}

// longest returns the longest time that anything of the lane can have to wait.
func (s LaneSettings) longest() time.Duration {
	return spread(max(slices.Max(s.waits()), MaxWait), 1)
}

// same reports whether nothing has changed.
func (s LaneSettings) same(t LaneSettings) bool {
	return s.Strict == t.Strict && s.PerLane == t.PerLane && s.Rate == t.Rate && s.Host == t.Host && slices.Equal(s.Schedule, t.Schedule)
}
