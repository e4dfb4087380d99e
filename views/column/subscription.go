package column

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
)

// Subscriptions returns the columns of subscriptions. The text of url is its host
// and last characters: the rest is a secret of the subscriber.
func Subscriptions() []Column[apiclient.Subscription] {
	type sub = apiclient.Subscription
	return []Column[sub]{
		number("id", "ID", "number of the subscription", func(s sub) apiclient.SubscriptionID { return s.ID }).shown().wide(4, 0),
		number("zap", "ZAP", "number of the zap", func(s sub) apiclient.ZapID { return s.Zap }).shown().after(5),
		text("zap_name", "NAME", "name of the zap", func(s sub) string { return s.ZapName }).shown().wide(12, 2).after(4),
		text("event", "EVENT", "what the zap waits for", func(s sub) string { return string(s.Event) }).shown().wide(14, 2).after(6).oneOf(slugs(apiclient.Triggers())...),
		{
			Key: "url", Title: "TARGET", Help: "address that is posted to", Default: true, Min: 16, Flex: 2, Priority: 2,
			Text:  sub.Target,
			Value: func(s sub) any { return s.URL },
		},
		text("state", "STATE", "active, paused, suspended or gone", func(s sub) string { return string(s.State) }).shown().fixed(9).after(1).
			marked(func(t *theme.Theme, s sub) theme.Mark { return t.Subscription(string(s.State)) }).oneOf("active", "paused", "suspended", "gone"),
		maybe("why", "WHY", "what put it into its state", func(s sub) string { return s.Why }).wide(12, 2).after(8),
		number("done", "DONE", "deliveries that were accepted", func(s sub) int { return s.Done }).shown().wide(5, 0).after(7),
		number("dead", "DEAD", "deliveries that were given up", func(s sub) int { return s.Dead }).shown().wide(4, 0).after(7),
		number("waiting", "WAITING", "deliveries that wait", func(s sub) int { return s.Waiting }).shown().wide(7, 0).after(7),
		count("last_code", "CODE", "HTTP status of the last answer", 0, func(s sub) int { return s.LastCode }).shown().wide(4, 0).after(3).of(filter.Code),
		maybe("last_error", "ERROR", "what went wrong last", func(s sub) string { return s.LastError }).wide(12, 2).after(9),
		when("last_at", "LAST", "when it was last tried", func(s sub) time.Time { return s.LastAt }).shown().after(8),
		flag("strict", "STRICT", "whether one delivery goes at a time, and a failure holds the later ones", func(s sub) bool { return s.Strict }).after(10),
		{
			Key: "rate", Title: "RATE", Help: "hooks a second at most; none: no limit of its own", Right: true, Kind: filter.Number, Min: 5, Priority: 10,
			Text:  func(s sub) string { return rate(s.Rate) },
			Value: func(s sub) any { return decimal(s.Rate) },
		},
		maybe("schedule", "SCHEDULE", "the waits between tries, where they are its own", func(s sub) string { return Schedule(s.Schedule) }).wide(10, 1).after(11),
		count("failures", "FAILURES", "attempts in a row that the target was down for", 0, func(s sub) int { return s.Failures }).after(10),
		when("broken_since", "BROKEN", "since when its breaker is open", func(s sub) time.Time { return s.BrokenSince }).after(10),
		when("probe_at", "PROBE", "when it is tried next while its breaker is open", func(s sub) time.Time { return s.ProbeAt }).after(11),
		when("success_at", "SUCCESS", "the last success, or when it was made or resumed", func(s sub) time.Time { return s.SuccessAt }).after(11),
		when("rotated_until", "OLD SECRET", "until when the secret before signs too", func(s sub) time.Time { return s.RotatedUntil }).after(11),
		maybe("by", "BY", "login of who subscribed", func(s sub) string { return s.By }).after(9),
		when("created", "CREATED", "when it was made", func(s sub) time.Time { return s.Created }).after(9),
	}
}

// rate writes hooks a second; 0, which is no limit, is nothing.
func rate(r float64) string {
	if r == 0 {
		return ""
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}

func decimal(r float64) any {
	if r == 0 {
		return nil
	}
	return json.Number(rate(r))
}

// Schedule writes waits as people do: 5s 30s 2m 1h; no waits are nothing.
func Schedule(waits []time.Duration) string {
	words := make([]string, len(waits))
	for i, w := range waits {
		text := w.String() // such as 2m0s
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		words[i] = text
	}
	return strings.Join(words, " ")
}
