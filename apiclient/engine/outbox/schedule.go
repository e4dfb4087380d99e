package outbox

import "time"

// The bounds of what a far side may ask for by [Wait].
const (
	MinWait  = time.Second // shorter pauses are this long, so that asking for none is no endless loop
	MaxWait  = time.Hour   // longer ones are cut
	MaxWaits = 20          // so many sends of an item do not count; further ones do, and follow the schedule
)

// MaxTries is how many tries the schedule has.
const MaxTries = len(waits)

// waits is how long after the try before it each try is due: three days and a
// bit together, as Zapier and the Standard Webhooks recommend.
var waits = [...]time.Duration{
	0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// spread is the part of a wait that jitter moves it by, to both sides.
const spread = 0.2

// Schedule returns how long after made tries the next one is due, and false when
// those were all. jitter, from 0 up to but not including 1, spreads the waits by
// ±20 %: 0.5 is the wait of the table itself.
func Schedule(made int, jitter float64) (time.Duration, bool) {
	if made < 0 || made >= len(waits) {
		return 0, false
	}
	return time.Duration(float64(waits[made]) * (1 - spread + 2*spread*jitter)), true
}
