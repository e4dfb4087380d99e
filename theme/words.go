package theme

import (
	"strconv"
	"time"
)

// Age returns a duration in one unit, as a list shows it: "4s", "2m", "3h", "12d", "2y".
// Below a second it is "0s"; what is ahead is "in 4s".
func Age(d time.Duration) string {
	if d <= -time.Second {
		return "in " + Age(-d)
	}
	const day = 24 * time.Hour
	switch {
	case d < time.Second:
		return "0s"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d < day:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d < 2*365*day:
		return strconv.Itoa(int(d/day)) + "d"
	}
	return strconv.Itoa(int(d/(365*day))) + "y"
}

// Since returns the age of at, seen from now; a dash for the zero time.
func (t *Theme) Since(now, at time.Time) string {
	if at.IsZero() {
		return t.Glyph.Dash
	}
	return Age(now.Sub(at))
}

// Count returns n with a space between its thousands: "12 480".
func Count[N ~int | ~int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
