package engine

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// UpdateSubscription changes what u names.
func (e *Engine) UpdateSubscription(ctx context.Context, id apiclient.SubscriptionID, u apiclient.SubscriptionUpdate) (s apiclient.Subscription, err error) {
	if err := u.Validate(); err != nil {
		return s, err
	}
	if u.Strict != nil || u.Rate != nil || u.Schedule != nil {
		return s, errNoSettings
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if s, err = livingSubscription(ctx, tx, id); err != nil || u.State == nil {
			return err
		}
		s, err = e.putSubscription(ctx, tx, s, *u.State)
		return err
	})
	return s, err
}

// errNoSettings is what a database without columns for them answers.
var errNoSettings = apiclient.Errorf(apiclient.Unsupported, "This instance keeps no settings of subscriptions; pause or resume them alone.")

// RotateSubscription makes a new signing secret.
func (e *Engine) RotateSubscription(ctx context.Context, id apiclient.SubscriptionID, overlap time.Duration) (s apiclient.Subscription, err error) {
	if _, err = apiclient.CheckOverlap(overlap); err != nil {
		return s, err
	}
	s, err = view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Subscription, error) {
		return livingSubscription(ctx, tx, id)
	})
	if err != nil {
		return s, err
	}
	return s, errNoSettings
}

// livingSubscription returns a subscription that has not ended.
func livingSubscription(ctx context.Context, tx *store.Tx, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	s, err := tx.Subscription(ctx, id)
	if err == nil && s.State == apiclient.SubscriptionGone {
		err = apiclient.Errorf(apiclient.Conflict, "The subscription %d is gone; subscribe the target anew.", id)
	}
	return s, err
}

// putSubscription makes a subscription active or paused, also one that is gone.
func (e *Engine) putSubscription(ctx context.Context, tx *store.Tx, was apiclient.Subscription, state apiclient.SubscriptionState) (apiclient.Subscription, error) {
	if was.State == state {
		return was, nil
	}
	action, why := "subscriptions.resume", ""
	if state == apiclient.SubscriptionPaused {
		action, why = "subscriptions.pause", "paused by an operator"
	}
	if err := tx.SetSubscription(ctx, was.ID, state, why); err != nil {
		return was, err
	}
	is, err := tx.Subscription(ctx, was.ID)
	if err != nil {
		return was, err
	}
	return is, e.audit(ctx, tx, action, subjectSubscription(is), parts{"state": was.State}, parts{"state": is.State})
}
