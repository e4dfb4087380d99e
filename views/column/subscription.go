package column

import (
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
		maybe("by", "BY", "login of who subscribed", func(s sub) string { return s.By }).after(9),
		when("created", "CREATED", "when it was made", func(s sub) time.Time { return s.Created }).after(9),
	}
}
