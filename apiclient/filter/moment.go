package filter

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span returns the time that a value of a [Time] column stands for, from from up
// to but not including to: a day in UTC for 2026-01-31, a second for
// 2026-01-31T15:04:05Z, a millisecond for 2026-01-31T15:04:05.678Z. ok is false
// for anything else.
//
// A column is less than a value when it is before from, at most the value when it
// is before to, greater from to on and at least the value from from on.
func Span(value string) (from, to time.Time, ok bool) {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return t, t.AddDate(0, 0, 1), true
	}
	t, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return time.Time{}, time.Time{}, false
	}
	t = t.UTC()
	if strings.Contains(value, ".") {
		t = t.Truncate(time.Millisecond)
		return t, t.Add(time.Millisecond), true
	}
	return t, t.Add(time.Second), true
}

// Moment reads what a [Since] column takes: an age such as 1h or 2d, a day or a moment. It
// returns when that was, or began; ok is false for anything else.
func Moment(text string, now time.Time) (at time.Time, ok bool) {
	s, ok := when(text, now)
	if !ok {
		return time.Time{}, false
	}
	at, _, ok = Span(s.low)
	return at, ok
}

// stamp returns a moment in the form that Span reads.
func stamp(t time.Time) string {
	t = t.UTC()
	if t.Nanosecond()/int(time.Millisecond) != 0 {
		return t.Format("2006-01-02T15:04:05.000Z")
	}
	return t.Format("2006-01-02T15:04:05Z")
}

var (
	// Go's own layouts would take one digit for two in places.
	monthShape  = regexp.MustCompile(`^\d{4}-\d{2}$`)
	yearShape   = regexp.MustCompile(`^\d{4}$`)
	minuteShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(Z|z|[+-]\d{2}:\d{2})?$`)
	secondShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|z|[+-]\d{2}:\d{2})?$`)
	agoShape    = regexp.MustCompile(`^-?(\d{1,4})(s|m|h|d|w|mo|y)$`)
)

// when reads a value of a Time column. Without a zone a time is UTC.
func when(s string, now time.Time) (span, bool) {
	if d, ok := days(s, now); ok {
		return d, true
	}
	if strings.EqualFold(s, "now") {
		return point(stamp(now.Truncate(time.Second))), true
	}
	if t, ok := ago(s, now); ok {
		return span{low: stamp(t), high: stamp(t), since: true}, true
	}
	text := strings.Replace(strings.ToUpper(s), " ", "T", 1)
	if m := minuteShape.FindStringSubmatch(text); m != nil {
		text = text[:len("2006-01-02T15:04")] + ":00" + text[len("2006-01-02T15:04"):]
	} else if !secondShape.MatchString(text) {
		return span{}, false
	}
	if last := text[len("2006-01-02T15:04:05"):]; !strings.ContainsAny(last, "Z+-") {
		text += "Z"
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return span{}, false
	}
	if minuteShape.MatchString(strings.Replace(strings.ToUpper(s), " ", "T", 1)) {
		return span{low: stamp(t), high: stamp(t.Add(59 * time.Second))}, true
	}
	return point(stamp(t)), true
}

// day reads a value of a Date column.
func day(s string, now time.Time) (span, bool) {
	if d, ok := days(s, now); ok {
		return d, true
	}
	if t, ok := ago(s, now); ok {
		d := t.Format(time.DateOnly)
		return span{low: d, high: d, since: true}, true
	}
	return span{}, false
}

// days reads a day, a month or a year, in UTC.
func days(s string, now time.Time) (span, bool) {
	switch strings.ToLower(s) {
	case "today":
		return point(now.UTC().Format(time.DateOnly)), true
	case "yesterday":
		return point(now.UTC().AddDate(0, 0, -1).Format(time.DateOnly)), true
	}
	layout, years, months := time.DateOnly, 0, 0
	switch {
	case yearShape.MatchString(s):
		layout, years = "2006", 1
	case monthShape.MatchString(s):
		layout, months = "2006-01", 1
	}
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() == 0 {
		return span{}, false
	}
	last := t
	if layout != time.DateOnly {
		last = t.AddDate(years, months, -1)
	}
	return span{low: t.Format(time.DateOnly), high: last.Format(time.DateOnly)}, true
}

// ago reads a time before now, such as 7d, in whole seconds.
func ago(s string, now time.Time) (time.Time, bool) {
	m := agoShape.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return time.Time{}, false
	}
	t := now.UTC().Truncate(time.Second)
	switch m[2] {
	case "s":
		t = t.Add(-time.Duration(n) * time.Second)
	case "m":
		t = t.Add(-time.Duration(n) * time.Minute)
	case "h":
		t = t.Add(-time.Duration(n) * time.Hour)
	case "d":
		t = t.AddDate(0, 0, -n)
	case "w":
		t = t.AddDate(0, 0, -7*n)
	case "mo":
		t = t.AddDate(0, -n, 0)
	case "y":
		t = t.AddDate(-n, 0, 0)
	}
	return t, t.Year() > 0
}
