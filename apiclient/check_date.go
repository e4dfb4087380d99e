package apiclient

import (
	"slices"
	"strings"
	"time"
)

// Span returns the first and the last day that a date field offers, as YYYY-MM-DD;
// empty: no such limit. Years count from now, as Ultimate Member's picker counts them
// (includes/core/class-fields.php): "equal" is half of them before and half after.
func (r DateRules) Span(now time.Time) (first, last string) {
	switch {
	case r.Range == "date_range":
		return r.Start, r.End
	case r.Years == 0:
		return "", ""
	}
	today := now.Format(time.DateOnly)
	switch r.YearsX {
	case "future":
		return today, now.AddDate(r.Years, 0, 0).Format(time.DateOnly)
	case "equal":
		half := r.Years / 2
		return now.AddDate(-half, 0, 0).Format(time.DateOnly), now.AddDate(half, 0, 0).Format(time.DateOnly)
	}
	return now.AddDate(-r.Years, 0, 0).Format(time.DateOnly), today
}

// checkWhen checks the day of a date, which Ultimate Member leaves to the browser, and
// that a time is one.
func (in Intake) checkWhen(f Field, s string, add func(string, ...any)) {
	if s == "" {
		return
	}
	switch f.CoreType() {
	case CoreTime:
		if _, ok := parseTime(s); !ok {
			add("Please enter a valid time")
		}
	case CoreDate:
		day, ok := parseDate(s)
		if !ok {
			add("Please enter a valid date")
			return
		}
		first, last := f.Dates.Span(in.Now)
		if first != "" && day < first {
			add("Please choose a date from %s on", first)
		}
		if last != "" && day > last {
			add("Please choose a date up to %s", last)
		}
		if d, err := time.Parse(time.DateOnly, day); err == nil && slices.Contains(f.Dates.Disabled, d.Weekday()) {
			add("A %s cannot be chosen here", d.Weekday())
		}
	default:
	}
}

// checkDates is CheckNew for the days of a date.
func (f Field) checkDates() error {
	if r := f.Dates; r.Range == "date_range" && r.Start != "" && r.End != "" && r.Start > r.End {
		return FieldErrorf("range_start", "The first day of %s, %s, is after the last, %s; exchange them.", f.Key, r.Start, r.End)
	}
	if strings.TrimSpace(f.Dates.YearsX) != "" && f.Dates.Years == 0 && f.Dates.Range != "date_range" {
		return FieldErrorf("years", "The field %s says which years, and not how many; give years.", f.Key)
	}
	return nil
}
