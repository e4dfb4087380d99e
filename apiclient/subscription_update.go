package apiclient

import (
	"math"
	"net/url"
	"strings"
	"time"
)

// Limits of what a subscription can be set to.
const (
	MaxRate      = 1000               // hooks a second
	MinRate      = 0.001              // hooks a second: one in 1,000 seconds
	MaxWaits     = 30                 // in a schedule
	MinWait      = time.Second        // of a schedule
	MaxWait      = 48 * time.Hour     // of a schedule
	MaxOverlap   = 7 * 24 * time.Hour // of two signing secrets
	UsualOverlap = 24 * time.Hour
)

// ZapierHost is the host of Zapier's hooks, the only one known to take a reverse
// unsubscribe.
const ZapierHost = "hooks.zapier.com"

// TakesDelete reports whether the target is one that listens for the HTTP DELETE that
// ends a subscription from this side.
func (s Subscription) TakesDelete() bool {
	u, err := url.Parse(s.URL)
	return err == nil && strings.EqualFold(u.Hostname(), ZapierHost)
}

// A SubscriptionUpdate says what to change of a subscription; what is nil stays as it is.
type SubscriptionUpdate struct {
	State    *SubscriptionState // active or paused
	Strict   *bool
	Rate     *float64         // MinRate to MaxRate; 0: no limit of its own
	Schedule *[]time.Duration // 1 to MaxWaits waits in whole milliseconds; none: the site's own
}

// SetSubscription returns the update that sets the state alone.
func SetSubscription(to SubscriptionState) SubscriptionUpdate { return SubscriptionUpdate{State: &to} }

// Validate returns an Error of kind Invalid for what no subscription can be set to.
func (u SubscriptionUpdate) Validate() error {
	if s := u.State; s != nil && *s != SubscriptionActive && *s != SubscriptionPaused {
		return FieldErrorf("state", "%q is no state that a subscription can be put into; use active or paused.", string(*s))
	}
	if r := u.Rate; r != nil && *r != 0 && (math.IsNaN(*r) || *r < MinRate || *r > MaxRate) {
		return FieldErrorf("rate", "%v hooks a second is no rate; use %v to 1,000, or 0 for no limit.", *r, MinRate)
	}
	if u.Schedule == nil {
		return nil
	}
	return CheckSchedule(*u.Schedule)
}

// CheckSchedule returns an Error of kind Invalid for waits that are no schedule.
func CheckSchedule(waits []time.Duration) error {
	if len(waits) > MaxWaits {
		return FieldErrorf("schedule", "The schedule has %d waits; use at most %d.", len(waits), MaxWaits)
	}
	for i, w := range waits {
		if w < MinWait || w > MaxWait {
			return FieldErrorf("schedule", "Wait %d of the schedule is %v; use %v to %d hours.", i+1, w, MinWait, MaxWait/time.Hour)
		}
	}
	return nil
}

// CheckOverlap returns for how long two secrets sign, or an Error of kind Invalid.
func CheckOverlap(d time.Duration) (time.Duration, error) {
	switch {
	case d < 0 || d > MaxOverlap:
		return 0, FieldErrorf("overlap", "The overlap of the two secrets is %v; use at most %d days.", d, MaxOverlap/(24*time.Hour))
	case d == 0:
		return UsualOverlap, nil
	}
	return d, nil
}
