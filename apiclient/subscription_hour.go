package apiclient

import "time"

// KeptHours is for how long the hours of a subscription are kept.
const KeptHours = 90 * 24 * time.Hour

// A SubscriptionHour is what happened to the deliveries of a subscription in one hour. A
// delivery is in the hour in which it ended, and an attempt in that in which it did.
type SubscriptionHour struct {
	At     time.Time // when it begins
	Done   int       // deliveries that were answered 2xx
	Failed int       // attempts that were not, also those after which a delivery was dead or gone
	Dead   int       // deliveries that were out of tries, or refused for good
	Gone   int       // deliveries that the subscription's end, or that of their replay, came before
}

// Attempts returns how many attempts there were.
func (h SubscriptionHour) Attempts() int { return h.Done + h.Failed }

// EachHour returns every hour from that in which since is, but at most KeptHours before
// until, to that in which until is; oldest first: those of the list, and for the others ones
// in which nothing happened. The hour after until is among them where the list has it, as
// the site's clock may be ahead.
func EachHour(list []SubscriptionHour, since, until time.Time) []SubscriptionHour {
	if kept := until.Add(-KeptHours); since.Before(kept) {
		since = kept
	}
	end := until.UTC().Truncate(time.Hour)
	found := make(map[int64]SubscriptionHour, len(list))
	for _, h := range list {
		found[h.At.UnixMilli()] = h
		if h.At.Sub(until) > 0 && h.At.Sub(until) <= time.Hour {
			end = h.At.UTC()
		}
	}
	var all []SubscriptionHour
	for at := since.UTC().Truncate(time.Hour); !at.After(end); at = at.Add(time.Hour) {
		h := found[at.UnixMilli()]
		h.At = at
		all = append(all, h)
	}
	return all
}
