package column

import (
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
)

// Replays returns the columns of replay jobs.
func Replays() []Column[apiclient.Replay] {
	type replay = apiclient.Replay
	return []Column[replay]{
		number("id", "ID", "number of the replay", func(r replay) apiclient.ReplayID { return r.ID }).shown().wide(4, 0),
		when("at", "AT", "when it was started", func(r replay) time.Time { return r.At }).shown().after(3),
		maybe("by", "BY", "login of who started it", func(r replay) string { return r.By }).shown().wide(8, 1).after(6),
		text("state", "STATE", "running, stopped or done", func(r replay) string { return string(r.State) }).shown().fixed(7).
			marked(func(t *theme.Theme, r replay) theme.Mark { return t.Replay(string(r.State)) }).oneOf("running", "stopped", "done"),
		maybe("filter", "FILTER", "which deliveries it sends again; nothing: all", func(r replay) string { return r.Filter }).shown().wide(12, 2).after(2),
		count("subscription", "TO", "subscription that all goes to; nothing: each to its own", 0, func(r replay) apiclient.SubscriptionID { return r.Subscription }).shown().after(5),
		number("total", "TOTAL", "deliveries that it is to make", func(r replay) int { return r.Total }).shown().wide(5, 0),
		number("made", "MADE", "of them are made", func(r replay) int { return r.Made }).shown().wide(5, 0).after(1),
		number("done", "DONE", "of those made were accepted", func(r replay) int { return r.Done }).shown().wide(5, 0),
		number("dead", "DEAD", "of those made were given up", func(r replay) int { return r.Dead }).shown().wide(4, 0),
		number("gone", "GONE", "of those made ended with their subscription or with the replay", func(r replay) int { return r.Gone }).shown().wide(4, 0).after(4),
		number("skipped", "SKIPPED", "deliveries that it met and that cannot be sent again", func(r replay) int { return r.Skipped }).after(7),
		when("ended", "ENDED", "when it was done or stopped", func(r replay) time.Time { return r.Ended }).after(8),
		maybe("key", "KEY", "name by which it is started once", func(r replay) string { return r.Key }).wide(8, 1).after(9),
	}
}
