package filter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
)

// A span is what a value stands for: from low to high in the canonical forms, both
// included. Most values are one point.
type span struct {
	low, high string
	since     bool // alone it means from low until now
}

func point(s string) span { return span{low: s, high: s} }

// span reads a value of a column.
func (p *parser) span(col Column, a atom) (span, error) {
	var s span
	ok, want := true, ""
	switch col.Kind {
	case Status:
		return p.status(a)
	case Choice:
		s, ok = choice(col.Values, a.text)
		want = "one of " + strings.Join(col.Values, ", ")
	case Bool:
		s, ok = boolean(a.text)
		want = "true or false"
	case Number, Account:
		s, ok = number(a.text)
		want = "a number"
	case Code:
		s, ok = code(a.text)
		want = "an HTTP status such as 404, or a class such as 5xx"
	case Millis:
		s, ok = millis(a.text)
		want = "milliseconds, or a duration such as 2s"
	case Since:
		s, ok = when(a.text, p.o.Now())
		want = "a time ago such as 1h or 2d, a day such as 2026-01-31 or a moment such as 2026-01-31T15:04Z"
	case Time:
		s, ok = when(a.text, p.o.Now())
		want = "a day such as 2026-01-31, a moment such as 2026-01-31T15:04Z, or a time ago such as 7d"
	case Date:
		s, ok = day(a.text, p.o.Now())
		want = "a day such as 2026-01-31"
	default:
		s = point(a.text)
	}
	if !ok {
		return s, p.errorf(a.at, "says %s, and %s takes %s", show(a.text), col.Name, want)
	}
	return s, nil
}

// status reads an account status. "pending" is the queue that administrators
// work through, as in "Put as pending" and in the settings of roles.
func (p *parser) status(a atom) (span, error) {
	switch strings.ToLower(a.text) {
	case "pending", "review":
		return point(string(apiclient.StatusAwaitingReview)), nil
	}
	s, err := apiclient.ParseStatus(a.text, p.o.Statuses...)
	if err != nil && p.o.Statuses == nil && fieldKey.MatchString(a.text) {
		return point(a.text), nil
	}
	if err != nil {
		return span{}, p.errorf(a.at, "says %s, which is no account status; use one of %s", show(a.text), strings.Join(statuses(p.o.Statuses), ", "))
	}
	return point(string(s)), nil
}

// statuses returns the slugs of Ultimate Member's statuses and of those known besides.
func statuses(known []apiclient.AccountStatus) []string {
	var list []string
	for _, s := range append(apiclient.DefaultStatuses(), known...) {
		if !slices.Contains(list, string(s.Slug)) {
			list = append(list, string(s.Slug))
		}
	}
	return list
}

func choice(values []string, s string) (span, bool) {
	for _, v := range values {
		if strings.EqualFold(v, s) {
			return point(v), true
		}
	}
	return span{}, false
}

func boolean(s string) (span, bool) {
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return point("true"), true
	case "false", "no", "0":
		return point("false"), true
	}
	return span{}, false
}

var decimal = regexp.MustCompile(`^[+-]?(?:[0-9]{1,18}|[0-9]{1,15}\.[0-9]{1,9})$`)

func number(s string) (span, bool) {
	if !decimal.MatchString(s) {
		return span{}, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return point(strconv.FormatInt(n, 10)), true
	}
	x, err := strconv.ParseFloat(s, 64)
	if x == 0 {
		x = 0 // not minus zero
	}
	return point(strconv.FormatFloat(x, 'f', -1, 64)), err == nil
}

func code(s string) (span, bool) {
	if len(s) == 3 && s[0] >= '1' && s[0] <= '5' && strings.EqualFold(s[1:], "xx") {
		return span{low: s[:1] + "00", high: s[:1] + "99"}, true
	}
	n, err := strconv.Atoi(s)
	return point(strconv.Itoa(n)), err == nil && n >= 0 && n <= 999
}

func millis(s string) (span, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return point(strconv.FormatInt(n, 10)), n >= 0
	}
	d, err := time.ParseDuration(s)
	return point(strconv.FormatInt(d.Milliseconds(), 10)), err == nil && d >= 0
}

// show quotes a text from outside for a message, cut where it is long.
func show(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
