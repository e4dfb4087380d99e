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
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if s, err = livingSubscription(ctx, tx, id); err != nil {
			return err
		}
		s, err = e.setSubscription(ctx, tx, s, updated(s, u))
		return err
	})
	if err == nil && u.State != nil && s.State == apiclient.SubscriptionActive {
		e.outbox.Resume(laneOf(id)) // what its target has asked for before does not count any more
	}
	return s, err
}

// updated returns the subscription as u wants it.
func updated(s apiclient.Subscription, u apiclient.SubscriptionUpdate) apiclient.Subscription {
	if u.State != nil {
		s.State = *u.State
	}
	if u.Strict != nil {
		s.Strict = *u.Strict
	}
	if u.Rate != nil {
		s.Rate = *u.Rate
	}
	if u.Schedule != nil {
		s.Schedule = nil
		for _, wait := range *u.Schedule {
			s.Schedule = append(s.Schedule, wait.Truncate(time.Millisecond))
		}
	}
	return s
}

// livingSubscription returns a subscription that has not ended.
func livingSubscription(ctx context.Context, tx *store.Tx, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	s, err := tx.Subscription(ctx, id)
	if err == nil && s.State == apiclient.SubscriptionGone {
		err = apiclient.Errorf(apiclient.Conflict, "The subscription %d is gone; subscribe the target anew.", id)
	}
	return s, err
}

// setSubscription stores the state and the settings of a subscription, also of one that
// is gone.
func (e *Engine) setSubscription(ctx context.Context, tx *store.Tx, was, is apiclient.Subscription) (apiclient.Subscription, error) {
	before, after := diff(subscriptionParts(was), subscriptionParts(is))
	if len(after) == 0 {
		return was, nil
	}
	action := "subscriptions.update"
	if was.State != is.State {
		why := ""
		switch is.State {
		case apiclient.SubscriptionPaused:
			why = "paused by an operator"
		case apiclient.SubscriptionSuspended:
			why = store.WhySuspended
		default:
		}
		if err := tx.SetSubscription(ctx, was.ID, is.State, why); err != nil {
			return was, err
		}
	}
	switch {
	case was.State == is.State || len(after) > 1:
		if err := tx.UpdateSubscription(ctx, is); err != nil {
			return was, err
		}
	case is.State == apiclient.SubscriptionActive:
		action = "subscriptions.resume"
	default:
		action = "subscriptions.pause"
	}
	is, err := tx.Subscription(ctx, was.ID)
	if err != nil {
		return was, err
	}
	return is, e.audit(ctx, tx, action, subjectSubscription(is), before, after)
}

// subscriptionParts are what UpdateSubscription changes.
func subscriptionParts(s apiclient.Subscription) parts {
	schedule := make([]string, len(s.Schedule))
	for i, wait := range s.Schedule {
		schedule[i] = wait.String()
	}
	return parts{"state": s.State, "strict": s.Strict, "rate": s.Rate, "schedule": schedule}
}
