package column

import (
	"encoding/json"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// Hours returns the columns of the hours of a subscription.
func Hours() []Column[apiclient.SubscriptionHour] {
	type hour = apiclient.SubscriptionHour
	return []Column[hour]{
		when("at", "HOUR", "when the hour begins", func(h hour) time.Time { return h.At }).shown(),
		number("attempts", "ATTEMPTS", "attempts that ended in it", hour.Attempts).shown(),
		number("failed", "FAILED", "of them were not answered by 2xx", func(h hour) int { return h.Failed }).shown().wide(6, 0),
		{
			Key: "share", Title: "SHARE", Help: "percent of the attempts that failed; nothing: there were none", Default: true, Right: true, Kind: filter.Number, Min: 5,
			Text: failedShare,
			Value: func(h hour) any {
				if h.Attempts() == 0 {
					return nil
				}
				return json.Number(failedShare(h))
			},
		},
		number("done", "DONE", "deliveries that were accepted", func(h hour) int { return h.Done }).shown().wide(5, 0),
		number("dead", "DEAD", "deliveries that were given up", func(h hour) int { return h.Dead }).shown().wide(4, 0),
		number("gone", "GONE", "deliveries that ended with their subscription", func(h hour) int { return h.Gone }).shown().wide(4, 0),
	}
}

// failedShare is in percent; empty: there were no attempts.
func failedShare(h apiclient.SubscriptionHour) string {
	if h.Attempts() == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(h.Failed)/float64(h.Attempts()), 'f', 1, 64)
}
