package column

import (
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
)

// Deliveries returns the columns of deliveries.
func Deliveries() []Column[apiclient.Delivery] {
	type delivery = apiclient.Delivery
	return []Column[delivery]{
		number("id", "ID", "number of the delivery", func(d delivery) apiclient.DeliveryID { return d.ID }).shown().wide(5, 0).after(5),
		text("webhook_id", "WEBHOOK-ID", "header webhook-id, the same on every attempt", func(d delivery) string { return d.WebhookID }).wide(12, 1).after(12),
		text("event", "EVENT", "trigger that it tells of", func(d delivery) string { return string(d.Event) }).shown().wide(14, 2).after(2).oneOf(slugs(apiclient.Triggers())...),
		number("zap", "ZAP", "number of the zap", func(d delivery) apiclient.ZapID { return d.Zap }).after(10),
		number("subscription", "SUB", "number of the subscription", func(d delivery) apiclient.SubscriptionID { return d.Subscription }).after(10),
		count("user", "UID", "number of the user", 0, func(d delivery) apiclient.UserID { return d.User }).after(10),
		text("state", "STATE", "due, claimed, held, done, dead or gone", func(d delivery) string { return string(d.State) }).shown().fixed(7).
			marked(func(t *theme.Theme, d delivery) theme.Mark { return t.Delivery(string(d.State)) }).oneOf("due", "claimed", "held", "done", "dead", "gone"),
		number("attempts", "TRY", "how often it was tried", func(d delivery) int { return d.Attempts }).shown().wide(3, 0).after(6),
		count("code", "CODE", "HTTP status of the last answer", 0, func(d delivery) int { return d.Code }).shown().wide(4, 0).after(1).of(filter.Code),
		millis("ms", "MS", "how long the last attempt took", func(d delivery) (time.Duration, bool) { return d.Duration, d.Attempts > 0 }).shown().after(6),
		when("at", "AT", "when it was made", func(d delivery) time.Time { return d.At }).shown().after(4),
		maybe("login", "USER", "login of the user, as it was then", func(d delivery) string { return d.Login }).shown().wide(8, 1).after(3),
		text("zap_name", "ZAP NAME", "name of the zap", func(d delivery) string { return d.ZapName }).wide(10, 1).after(8),
		text("target", "TARGET", "host and last characters of the address", func(d delivery) string { return apiclient.HideURL(d.URL) }).shown().wide(14, 1).after(7),
		maybe("error", "ERROR", "what went wrong last", func(d delivery) string { return d.Error }).shown().wide(8, 2).after(9),
		when("next_at", "NEXT", "when it is tried next", func(d delivery) time.Time { return d.NextAt }).after(9),
		count("event_id", "EVENT ID", "number of the event", 0, func(d delivery) apiclient.EventID { return d.EventID }).after(11),
		flag("test", "TEST", "whether it is a test", func(d delivery) bool { return d.Test }).after(11),
		count("replay_of", "REPLAY OF", "delivery that it sends again", 0, func(d delivery) apiclient.DeliveryID { return d.ReplayOf }).after(11),
		count("replay", "REPLAY", "number of the replay that made it", 0, func(d delivery) apiclient.ReplayID { return d.Replay }).after(11),
	}
}

// millis makes a column of durations in milliseconds; ok is false for none.
func millis[T any](key, title, help string, get func(T) (d time.Duration, ok bool)) Column[T] {
	return Column[T]{
		Key: key, Title: title, Help: help, Right: true, Kind: filter.Millis, Min: 5,
		Text: func(v T) string {
			if d, ok := get(v); ok {
				return strconv.FormatInt(d.Milliseconds(), 10)
			}
			return ""
		},
		Value: func(v T) any {
			if d, ok := get(v); ok {
				return d.Milliseconds()
			}
			return nil
		},
	}
}

// Attempts returns the columns of a delivery's attempts.
func Attempts() []Column[apiclient.Attempt] {
	type attempt = apiclient.Attempt
	return []Column[attempt]{
		number("number", "TRY", "number of the attempt, from 1 on", func(a attempt) int { return a.Number }).shown().wide(3, 0),
		when("at", "AT", "when it began", func(a attempt) time.Time { return a.At }).shown().after(2),
		millis("ms", "MS", "how long it took", func(a attempt) (time.Duration, bool) { return a.Duration, true }).shown().after(3),
		count("code", "CODE", "HTTP status of the answer", 0, func(a attempt) int { return a.Code }).shown().wide(4, 0).of(filter.Code),
		maybe("class", "CLASS", "what went wrong without an answer", func(a attempt) string { return a.Class }).shown().wide(7, 0).after(4),
		maybe("error", "ERROR", "the same in words", func(a attempt) string { return a.Error }).shown().wide(12, 1).after(1),
	}
}

// LogEntries returns the columns of the log that is followed live: those of the
// delivery, as it was then, under the same keys, with the entry's own number and kind.
// An entry about an event alone fills what the event has.
func LogEntries() []Column[apiclient.LogEntry] {
	var columns []Column[apiclient.LogEntry]
	for _, c := range Deliveries() {
		columns = append(columns, inEntry(c))
	}
	type entry = apiclient.LogEntry
	return append(columns,
		number("seq", "SEQ", "number of the log entry, to go on after", func(e entry) int64 { return e.Seq }).after(12),
		text("kind", "WHAT", "event, queued, attempt, state or change", func(e entry) string { return string(e.Kind) }).after(12).oneOf("event", "queued", "attempt", "state", "change"),
		when("logged", "LOGGED", "when the entry was written", func(e entry) time.Time { return e.At }).after(12),
		maybe("skipped", "SKIPPED", "why an event made no delivery", func(e entry) string {
			if e.Event == nil {
				return ""
			}
			return e.Event.Skipped
		}).after(12),
	)
}

// LogFilters returns what a filter of log entries can name: what one of deliveries can,
// with the same meaning, and the other columns of [LogEntries].
func LogFilters() []filter.Column {
	list := filter.Deliveries()
	named := map[string]bool{}
	for _, c := range list {
		named[c.Name] = true
	}
	for _, c := range Filters(LogEntries()) {
		if !named[c.Name] {
			list = append(list, c)
		}
	}
	return list
}

// LogRow returns a log entry as a filter reads it: its delivery as it was then, and the
// other columns of [LogEntries]. Of an entry about an event alone there is what the event
// has; the reason for which it made no delivery is a part of the free text.
func LogRow(e apiclient.LogEntry) filter.Row {
	of, columns := filter.DeliveryRow(deliveryOf(e)), LogEntries()
	return func(name string) ([]string, bool) {
		values, ok := of(name)
		switch {
		case !ok:
			return Row(columns, e)(name)
		case name == "" && e.Event != nil:
			return append(values, e.Event.Skipped), true
		case name == "" || tells(name, e):
			return values, true
		}
		return nil, true
	}
}

// inEntry makes a column of deliveries one of log entries.
func inEntry(c Column[apiclient.Delivery]) Column[apiclient.LogEntry] {
	e := Column[apiclient.LogEntry]{
		Key: c.Key, Title: c.Title, Help: c.Help, Kind: c.Kind, Values: c.Values, Default: c.Default,
		Min: c.Min, Max: c.Max, Flex: c.Flex, Priority: c.Priority, Right: c.Right,
		Text: func(e apiclient.LogEntry) string {
			if !tells(c.Key, e) {
				return ""
			}
			return c.Text(deliveryOf(e))
		},
		Value: func(e apiclient.LogEntry) any {
			if !tells(c.Key, e) {
				return nil
			}
			return c.Value(deliveryOf(e))
		},
	}
	if c.Time != nil {
		e.Time = func(e apiclient.LogEntry) time.Time { return c.Time(deliveryOf(e)) }
	}
	if c.Mark != nil {
		e.Mark = func(t *theme.Theme, e apiclient.LogEntry) theme.Mark {
			if !tells(c.Key, e) {
				return theme.Mark{Glyph: t.Glyph.Bullet, Token: theme.Muted}
			}
			return c.Mark(t, deliveryOf(e))
		}
	}
	return e
}

// tells reports whether the entry has something for the column of that key.
func tells(key string, e apiclient.LogEntry) bool {
	if e.Delivery != nil {
		return true
	}
	switch key {
	case "event", "user", "login", "at", "event_id":
		return e.Event != nil
	}
	return false
}

// deliveryOf returns what the entry says of its delivery. The attempt's result is
// that of the entry, whatever the delivery's own columns held by then.
func deliveryOf(e apiclient.LogEntry) apiclient.Delivery {
	var d apiclient.Delivery
	switch {
	case e.Delivery != nil:
		d = *e.Delivery
	case e.Event != nil:
		return apiclient.Delivery{EventID: e.Event.ID, Event: e.Event.Trigger, User: e.Event.User, Login: e.Event.Login, At: e.Event.At}
	}
	if a := e.Attempt; a != nil {
		d.Attempts, d.Code, d.Error, d.Duration = max(d.Attempts, a.Number), a.Code, a.Error, a.Duration
	}
	return d
}
