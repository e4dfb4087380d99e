package triggerlog

import (
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/table"
	"umdeck/views/list"
)

// maxTries is how many tries the engine's schedule gives a delivery: one at once and
// twelve more within three days and a bit. Waits that a target asked for with
// Retry-After do not count, so that a delivery may have made more.
const maxTries = 13

// A row is a line of the log. It is never changed, only replaced.
type row struct {
	// Delivery is without body and attempts. Of an event that made none it has what
	// the event tells: EventID, Event, User, Login and At.
	apiclient.Delivery
	event *apiclient.Event // nil: the row is a delivery
	made  bool             // its making was heard of, not a change alone
	class string           // what went wrong in the last attempt without an answer; empty: not known
}

func eventRow(e apiclient.Event) *row {
	return &row{event: &e, made: true, Delivery: apiclient.Delivery{EventID: e.ID, Event: e.Trigger, User: e.User, Login: e.Login, At: e.At}}
}

// id is the row's name in routes: the number of the delivery, or e and that of the event.
func (r *row) id() string {
	if r.event != nil {
		return eventID(r.event.ID)
	}
	return list.Number(r.ID)
}

// size is about how much memory the row takes.
func (r *row) size() int {
	n := rowBytes + len(r.WebhookID) + len(r.Event) + len(r.ZapName) + len(r.URL) + len(r.Login) + len(r.Error) + len(r.class)
	if r.event != nil {
		n += len(r.event.Skipped) + len(r.event.Actor)
	}
	return n
}

func eventID(id apiclient.EventID) string { return "e" + list.Number(id) }

// failed reports whether the last attempt failed, or nothing more will be tried in vain.
func (r *row) failed() bool {
	if r.event != nil {
		return false
	}
	switch r.State {
	case apiclient.DeliveryDone:
		return false
	case apiclient.DeliveryDead:
		return true
	default:
		return r.Attempts > 0 && (r.Error != "" || r.Code >= 300)
	}
}

// waits reports whether the row tells when it is tried next.
func (r *row) waits() bool {
	return r.event == nil && r.State == apiclient.DeliveryDue && !r.NextAt.IsZero()
}

// outcome is the row's state in a glyph and a word: the status of the last answer, what
// went wrong instead, or what the delivery waits for.
func (r *row) outcome(th *theme.Theme) (theme.Mark, string) {
	if r.event != nil {
		return theme.Mark{Glyph: th.Glyph.Dash, Token: theme.Warning}, "none"
	}
	mark := th.Delivery(string(r.State))
	switch r.State {
	case apiclient.DeliveryHeld:
		return mark, "held"
	case apiclient.DeliveryClaimed:
		return mark, "sending"
	case apiclient.DeliveryDue:
		if r.failed() {
			mark.Token = theme.Warning
		}
		return mark, r.answer()
	default:
		return mark, r.answer()
	}
}

// answer is what came back last, in a word.
func (r *row) answer() string {
	switch {
	case r.Code != 0:
		return strconv.Itoa(r.Code)
	case r.class != "":
		return r.class
	case r.Error != "" && r.Attempts > 0:
		return "ERR"
	}
	return string(r.State)
}

// tries says how many tries were made of how many.
func (r *row) tries() string {
	switch {
	case r.event != nil || r.Attempts == 0:
		return ""
	case r.Test:
		return strconv.Itoa(r.Attempts) + "/1"
	case r.Attempts > maxTries:
		return strconv.Itoa(r.Attempts)
	}
	return strconv.Itoa(r.Attempts) + "/" + strconv.Itoa(maxTries)
}

// what names the event, and marks a test and a redelivery.
func (r *row) what() string {
	switch {
	case r.Test:
		return "test " + string(r.Event)
	case r.ReplayOf != 0:
		return "again " + string(r.Event)
	}
	return string(r.Event)
}

func (r *row) user() string {
	switch {
	case r.User == 0:
		return r.Login
	case r.Login == "":
		return "#" + list.Number(r.User)
	}
	return "#" + list.Number(r.User) + " " + r.Login
}

// target is where the delivery goes; of an event that made none, why. In a narrow
// column the end of the address comes first, because it tells targets of a host apart.
func (r *row) target(narrow bool) string {
	if r.event != nil {
		return r.event.Skipped
	}
	to := apiclient.HideURL(r.URL)
	if host, end, ok := strings.Cut(to, "/"); ok && narrow {
		return end + " " + host
	}
	return to
}

// trouble is what there is to say of the row in a sentence; empty: nothing.
func (r *row) trouble() string {
	if r.event != nil {
		return r.event.Skipped
	}
	return r.Error
}

// clock writes a moment as the log does: the time of day in UTC, and of another day
// that day instead of the seconds.
func clock(now, at time.Time) string {
	at, now = at.UTC(), now.UTC()
	if at.YearDay() != now.YearDay() || at.Year() != now.Year() {
		return at.Format("01-02 15:04")
	}
	return at.Format("15:04:05.000")
}

// next says when a delivery is tried next.
func (s *Screen) next(r *row) string {
	now := s.Env.Now()
	if l, ok := s.heldUp(r); ok {
		return wait(now, l.until)
	}
	if !r.waits() || r.Attempts == 0 && r.NextAt.Sub(now) < time.Second { // a new one goes at once
		return ""
	}
	return wait(now, r.NextAt)
}

// wait says how long it is until then.
func wait(now, then time.Time) string {
	if d := then.Sub(now); d >= time.Second {
		return theme.Age(d)
	}
	return "now"
}

// The widths of a screen below which columns say less.
const (
	narrow  = 160
	smaller = 100
)

// clock is the moment as there is room for it.
func (s *Screen) clock(at time.Time) string {
	text := clock(s.Env.Now(), at)
	switch {
	case s.width >= smaller:
		return text
	case strings.Contains(text, "."):
		return text[:8] // the time of day
	}
	return text[3:] // the day of the month and the time of day
}

// columns are those of the log. They look at the theme and the width when they are drawn.
func (s *Screen) columns() []table.Column[*row] {
	env := s.Env
	at := 12
	if s.width < smaller {
		at = len("15:04:05") // without the fraction, so that what happened can be read
	}
	look := func(r *row) theme.Token { mark, _ := r.outcome(env.Theme); return mark.Token }
	return []table.Column[*row]{
		{Key: "at", Title: "TIME", Min: at, Value: func(r *row) string { return s.clock(r.At) }},
		{
			Key: "state", Title: "STATE", Min: 9, Style: look,
			Value: func(r *row) string { mark, word := r.outcome(env.Theme); return mark.With(word) },
		},
		{Key: "event", Title: "EVENT", Min: 11, Max: 26, Flex: 6, Value: (*row).what},
		{Key: "user", Title: "USER", Min: 9, Max: 22, Flex: 3, Priority: 1, Value: (*row).user},
		{Key: "zap", Title: "ZAP", Min: 10, Max: 20, Flex: 1, Priority: 6, Value: func(r *row) string { return r.ZapName }},
		{
			Key: "target", Title: "TARGET", Min: 11, Flex: 4, Priority: 2,
			Value: func(r *row) string { return r.target(s.width < narrow) },
			Style: func(r *row) theme.Token {
				if r.event != nil {
					return theme.Muted
				}
				return theme.Text
			},
		},
		{Key: "ms", Title: "MS", Min: 5, Align: table.Right, Priority: 4, Value: func(r *row) string {
			if r.Attempts == 0 {
				return ""
			}
			return strconv.FormatInt(r.Duration.Milliseconds(), 10)
		}},
		{Key: "tries", Title: "TRY", Min: 5, Priority: 3, Value: (*row).tries},
		{Key: "next", Title: "NEXT", Min: 4, Align: table.Right, Priority: 5, Value: func(r *row) string { return s.next(r) }},
		{Key: "error", Title: "ERROR", Min: 24, Max: 48, Flex: 3, Priority: 7, Value: func(r *row) string { return r.Error }, Style: look},
	}
}
