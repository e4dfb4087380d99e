package wire

import (
	"time"

	"umdeck/apiclient"
)

// A SubscriptionHoursRequest asks for the hours of a subscription.
type SubscriptionHoursRequest struct {
	ID    apiclient.SubscriptionID `json:"-" path:"id"`
	Since string                   `json:"-" query:"since"` // a moment as RFC 3339 writes it; empty: the beginning
}

// SubscriptionHoursRequestOf returns the request for a subscription from a moment on; the
// zero time is the beginning.
func SubscriptionHoursRequestOf(id apiclient.SubscriptionID, since time.Time) SubscriptionHoursRequest {
	return SubscriptionHoursRequest{id, writeMoment(since)}
}

// Moment returns the moment that is asked for; the zero time is the beginning.
func (r SubscriptionHoursRequest) Moment() (time.Time, error) { return readMoment(r.Since) }

// A SubscriptionHour is what happened to the deliveries of a subscription in one hour.
type SubscriptionHour struct {
	At     time.Time `json:"at"` // when it begins
	Done   int       `json:"done"`
	Failed int       `json:"failed"` // attempts
	Dead   int       `json:"dead"`
	Gone   int       `json:"gone"`
}

// SubscriptionHourOf returns the twin of h.
func SubscriptionHourOf(h apiclient.SubscriptionHour) SubscriptionHour {
	w := SubscriptionHour(h)
	w.At = h.At.UTC()
	return w
}

// Domain returns the hour.
func (h SubscriptionHour) Domain() apiclient.SubscriptionHour {
	d := apiclient.SubscriptionHour(h)
	d.At = h.At.UTC()
	return d
}
