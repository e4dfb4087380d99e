package apiclient

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// dateLayouts are the ways of writing a calendar date that say which number is the
// day. 12/08/1996 and 12-08-1996 are not among them: they mean two days.
var dateLayouts = []string{
	"2006-1-2", "2006/1/2", "20060102", "2.1.2006",
	"January 2 2006", "Jan 2 2006", "2 January 2006", "2 Jan 2006", "2-Jan-2006", "2006 January 2", "2006 Jan 2",
}

var (
	weekday  = regexp.MustCompile(`(?i)^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.? `)
	ordinal  = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)\b`)
	datetime = regexp.MustCompile(`(?i)^(\d{4}[-/]\d{1,2}[-/]\d{1,2})[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?$`)
	unixTime = regexp.MustCompile(`^(?:\d{9,11}|-\d{5,11})$`)
)

// parseDate reads a calendar date in any form that a site stores or a person
// writes, and returns it as YYYY-MM-DD. A time of day is dropped and a time zone
// never applied: the date is the one that is written. Digits alone are YYYYMMDD
// when there are eight, and seconds since 1970 when there are nine to eleven. A
// day that does not exist is refused, not moved.
func parseDate(s string) (string, bool) {
	s = foldSpace(s)
	if unixTime.MatchString(s) {
		sec, err := strconv.ParseInt(s, 10, 64)
		t := time.Unix(sec, 0).UTC()
		return t.Format(time.DateOnly), err == nil && t.Year() > 0
	}
	if m := datetime.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = foldSpace(strings.ReplaceAll(s, ",", " "))
	s = weekday.ReplaceAllString(s, "")
	s = ordinal.ReplaceAllString(s, "$1")
	s = foldSpace(strings.ReplaceAll(s, ". ", " ")) // "Dec. 8 1996", "8. Dec 1996"
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

var (
	clock24 = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::[0-5]\d)?$`)
	clock12 = regexp.MustCompile(`(?i)^(0?[1-9]|1[0-2])(?::(\d{2})(?::[0-5]\d)?)? ?([ap])\.?m\.?$`)
)

// parseTime reads a time of day in the 24 or the 12 hour form, such as 15:30 or
// 3:30 pm, and returns it as HH:MM. Seconds are dropped.
func parseTime(s string) (string, bool) {
	s = foldSpace(s)
	layout, text := "15:04", ""
	if m := clock24.FindStringSubmatch(s); m != nil {
		text = m[1] + ":" + m[2]
	} else if m := clock12.FindStringSubmatch(s); m != nil {
		layout, text = "3:04PM", m[1]+":"+orZero(m[2])+strings.ToUpper(m[3])+"M"
	} else {
		return "", false
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return "", false
	}
	return t.Format("15:04"), true
}

func orZero(minutes string) string {
	if minutes == "" {
		return "00"
	}
	return minutes
}

// foldSpace trims s and makes one space of each run of white space: formatters
// put narrow no-break spaces before "pm".
func foldSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}
