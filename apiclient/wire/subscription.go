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
	Signing   string                      `json:"signing,omitempty"` // only from Subscription and AddSubscription
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

// A SubscriptionUpdate pauses or resumes a subscription.
type SubscriptionUpdate struct {
	ID    apiclient.SubscriptionID    `json:"-" path:"id"`
	State apiclient.SubscriptionState `json:"state"`
}
