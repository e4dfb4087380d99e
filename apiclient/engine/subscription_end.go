package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// RemoveSubscription ends a subscription. Ending one that is gone changes nothing; its
// target is told all the same where that is asked for.
func (e *Engine) RemoveSubscription(ctx context.Context, id apiclient.SubscriptionID, tell bool) (*apiclient.Attempt, error) {
	var s apiclient.Subscription
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if s, err = tx.Subscription(ctx, id); err != nil {
			return err
		}
		return e.removeSubscription(ctx, tx, s)
	})
	if err != nil || !tell {
		return nil, err
	}
	return e.tell(ctx, s)
}

func (e *Engine) removeSubscription(ctx context.Context, tx *store.Tx, s apiclient.Subscription) error {
	if s.State == apiclient.SubscriptionGone {
		return nil
	}
	if err := tx.SetSubscription(ctx, s.ID, apiclient.SubscriptionGone, "unsubscribed"); err != nil {
		return err
	}
	return e.audit(ctx, tx, "subscriptions.remove", subjectSubscription(s), parts{"state": s.State}, parts{"state": apiclient.SubscriptionGone})
}

// tell sends the reverse unsubscribe of a subscription that has ended, once, and records
// what came of it.
func (e *Engine) tell(ctx context.Context, s apiclient.Subscription) (*apiclient.Attempt, error) {
	a := e.sender.Unsubscribe(ctx, s.URL)
	// It was sent, so it is recorded although nobody may wait for it any more.
	err := e.change(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		return e.audit(ctx, tx, "subscriptions.tell", subjectSubscription(s), nil, parts{"code": a.Code, "class": a.Class, "error": a.Error, "ms": a.Duration.Milliseconds()})
	})
	return &a, err
}
