package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Subscription is a target that a trigger zap's events are posted to.
type Subscription struct {
	ID        apiclient.SubscriptionID    `json:"id"`
	Zap       apiclient.ZapID             `json:"zap"`
	ZapName   string                      `json:"zap_name"`
	Event     apiclient.Trigger           `json:"event,omitempty"`
	URL       string                      `json:"url"`
	State     apiclient.SubscriptionState `json:"state"`
	Why       string                      `json:"why,omitempty"`
	By        string                      `json:"by,omitempty"`
	Created   time.Time                   `json:"created,omitzero"`
	Signing   string                      `json:"signing,omitempty"` // only from AddSubscription and RotateSubscription
	Strict    bool                        `json:"strict"`
	Rate      float64                     `json:"rate"`                  // hooks a second; 0: no limit of its own
	Schedule  []Millis                    `json:"schedule_ms,omitempty"` // absent: the site's own
	Rotated   time.Time                   `json:"rotated_until,omitzero"`
	Failures  int                         `json:"failures"`
	Broken    time.Time                   `json:"broken_since,omitzero"`
	ProbeAt   time.Time                   `json:"probe_at,omitzero"`
	SuccessAt time.Time                   `json:"success_at,omitzero"`
	Done      int                         `json:"done"`
	Dead      int                         `json:"dead"`
	Waiting   int                         `json:"waiting"`
	LastCode  int                         `json:"last_code,omitempty"`
	LastError string                      `json:"last_error,omitempty"`
	LastAt    time.Time                   `json:"last_at,omitzero"`
}

// SubscriptionOf returns the twin of s without its signing secret.
func SubscriptionOf(s apiclient.Subscription) Subscription {
	return Subscription{
		ID: s.ID, Zap: s.Zap, ZapName: s.ZapName, Event: s.Event, URL: s.URL, State: s.State, Why: s.Why, By: s.By,
		Created: s.Created.UTC(), Done: s.Done, Dead: s.Dead, Waiting: s.Waiting,
		LastCode: s.LastCode, LastError: s.LastError, LastAt: s.LastAt.UTC(),
		Strict: s.Strict, Rate: s.Rate, Schedule: back(s.Schedule, MillisOf), Rotated: s.RotatedUntil.UTC(),
		Failures: s.Failures, Broken: s.BrokenSince.UTC(), ProbeAt: s.ProbeAt.UTC(), SuccessAt: s.SuccessAt.UTC(),
	}
}

// SigningSubscriptionOf returns the twin of s with its signing secret in the open.
func SigningSubscriptionOf(s apiclient.Subscription) Subscription {
	w := SubscriptionOf(s)
	w.Signing = s.Signing.Reveal()
	return w
}

// Domain returns the subscription.
func (s Subscription) Domain() apiclient.Subscription {
	return apiclient.Subscription{
		ID: s.ID, Zap: s.Zap, ZapName: s.ZapName, Event: s.Event, URL: s.URL, State: s.State, Why: s.Why, By: s.By,
		Created: s.Created.UTC(), Signing: apiclient.NewSecret(s.Signing), Done: s.Done, Dead: s.Dead, Waiting: s.Waiting,
		LastCode: s.LastCode, LastError: s.LastError, LastAt: s.LastAt.UTC(),
		Strict: s.Strict, Rate: s.Rate, Schedule: back(s.Schedule, Millis.Duration), RotatedUntil: s.Rotated.UTC(),
		Failures: s.Failures, BrokenSince: s.Broken.UTC(), ProbeAt: s.ProbeAt.UTC(), SuccessAt: s.SuccessAt.UTC(),
	}
}

// A SubscriptionRef names a subscription.
type SubscriptionRef struct {
	ID apiclient.SubscriptionID `json:"-" path:"id"`
}

// A SubscriptionsRequest asks for the subscriptions of a zap.
type SubscriptionsRequest struct {
	Zap apiclient.ZapID `json:"-" query:"zap"` // 0: of all
}

// A NewSubscription is a target to be subscribed to a zap.
type NewSubscription struct {
	Zap apiclient.ZapID `json:"zap"`
	URL string          `json:"url"`
}

// Domain returns the new subscription.
func (n NewSubscription) Domain() apiclient.NewSubscription { return apiclient.NewSubscription(n) }

// SubscriptionAdded is the answer of AddSubscription.
type SubscriptionAdded struct {
	Subscription Subscription `json:"subscription"`
	Added        bool         `json:"added"` // false: it was there
}

// A SubscriptionUpdate says what to change of a subscription; what is absent stays as
// it is.
type SubscriptionUpdate struct {
	ID       apiclient.SubscriptionID     `json:"-" path:"id"`
	State    *apiclient.SubscriptionState `json:"state,omitempty"`
	Strict   *bool                        `json:"strict,omitempty"`
	Rate     *float64                     `json:"rate,omitempty"`       // 0: no limit of its own
	Schedule []Millis                     `json:"schedule_ms,omitzero"` // []: the site's own
}

// SubscriptionUpdateOf returns the twin of u.
func SubscriptionUpdateOf(id apiclient.SubscriptionID, u apiclient.SubscriptionUpdate) SubscriptionUpdate {
	w := SubscriptionUpdate{ID: id, State: u.State, Strict: u.Strict, Rate: u.Rate}
	if u.Schedule != nil {
		w.Schedule = each(*u.Schedule, MillisOf)
	}
	return w
}

// Domain returns the update.
func (u SubscriptionUpdate) Domain() apiclient.SubscriptionUpdate {
	d := apiclient.SubscriptionUpdate{State: u.State, Strict: u.Strict, Rate: u.Rate}
	if u.Schedule != nil {
		waits := back(u.Schedule, Millis.Duration)
		d.Schedule = &waits
	}
	return d
}

// A SubscriptionRotation asks for a new signing secret.
type SubscriptionRotation struct {
	ID      apiclient.SubscriptionID `json:"-" path:"id"`
	Overlap Millis                   `json:"overlap_ms"` // how long the one before signs too; 0: 24 hours
}

// A SubscriptionRemoval ends a subscription.
type SubscriptionRemoval struct {
	ID   apiclient.SubscriptionID `json:"-" path:"id"`
	Tell bool                     `json:"-" query:"tell"` // the target is told by HTTP DELETE
}

// SubscriptionRemoved is the answer of RemoveSubscription.
type SubscriptionRemoved struct {
	Told *Attempt `json:"told,omitempty"` // the DELETE; absent: none was asked for
}

// SubscriptionRemovedOf returns the answer with that attempt, which may be nil.
func SubscriptionRemovedOf(a *apiclient.Attempt) SubscriptionRemoved {
	if a == nil {
		return SubscriptionRemoved{}
	}
	w := AttemptOf(*a)
	return SubscriptionRemoved{Told: &w}
}

// Domain returns the attempt, or nil.
func (r SubscriptionRemoved) Domain() *apiclient.Attempt {
	if r.Told == nil {
		return nil
	}
	a := r.Told.Domain()
	return &a
}
