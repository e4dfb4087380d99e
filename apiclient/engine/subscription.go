package engine

import (
	"context"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// maxTargets is how many subscriptions a zap may have that are not gone.
const maxTargets = 100

// Subscriptions returns the subscriptions of a zap, or of all zaps for 0, by id.
func (e *Engine) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Subscription, error) {
		return tx.Subscriptions(ctx, zap)
	})
}

// Subscription returns one subscription.
func (e *Engine) Subscription(ctx context.Context, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Subscription, error) {
		return tx.Subscription(ctx, id)
	})
}

// SubscriptionHours returns what happened in the hours of a subscription.
func (e *Engine) SubscriptionHours(ctx context.Context, id apiclient.SubscriptionID, since time.Time) ([]apiclient.SubscriptionHour, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.SubscriptionHour, error) {
		return tx.SubscriptionHours(ctx, id, since)
	})
}

// AddSubscription subscribes the URL to the trigger zap.
func (e *Engine) AddSubscription(ctx context.Context, n apiclient.NewSubscription) (s apiclient.Subscription, added bool, err error) {
	if err := n.Validate(); err != nil {
		return s, false, err
	}
	if err := e.guard.CheckURL(n.URL); err != nil {
		return s, false, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		z, err := tx.Zap(ctx, n.Zap)
		if err != nil {
			return err
		}
		if z.Kind != apiclient.ZapTrigger {
			return apiclient.Errorf(apiclient.Conflict, "The zap %d (%s) is an action and tells nobody of events; choose a trigger.", z.ID, z.Name)
		}
		s, added, err = e.subscribe(ctx, tx, n)
		if err != nil || !added && s.State != apiclient.SubscriptionGone {
			return err
		}
		if !added {
			if err := tx.SetSubscription(ctx, s.ID, apiclient.SubscriptionActive, ""); err != nil {
				return err
			}
			s.State, s.Why = apiclient.SubscriptionActive, ""
		}
		return e.audit(ctx, tx, "subscriptions.add", subjectSubscription(s), nil, parts{"zap": s.Zap, "target": s.Target(), "state": s.State})
	})
	return s, added, err
}

// subscribe returns the subscription to that URL, and makes it when there is none.
func (e *Engine) subscribe(ctx context.Context, tx *store.Tx, n apiclient.NewSubscription) (apiclient.Subscription, bool, error) {
	s, there, err := tx.SubscriptionTo(ctx, n.Zap, n.URL)
	if err != nil || there && s.State != apiclient.SubscriptionGone {
		return s, false, err
	}
	targets, err := tx.Targets(ctx, n.Zap)
	if err != nil {
		return s, false, err
	}
	if len(targets) >= maxTargets {
		return s, false, apiclient.Errorf(apiclient.Conflict, "The zap %d has %d subscriptions, which is the most; remove one first.", n.Zap, len(targets))
	}
	if there {
		return s, false, nil
	}
	secret := apiclient.NewSecret(e.signingSecret())
	id, err := tx.InsertSubscription(ctx, apiclient.Subscription{
		Zap: n.Zap, URL: n.URL, State: apiclient.SubscriptionActive, By: apiclient.ActorOf(ctx).Login, Created: tx.Now(),
		Signing: secret,
	})
	if err != nil {
		return s, false, err
	}
	if s, err = tx.Subscription(ctx, id); err == nil {
		s.Signing = secret
	}
	return s, true, err
}

// TestSubscription sends the zap's sample to the target once, also while the
// subscription is paused or its zap is off.
func (e *Engine) TestSubscription(ctx context.Context, id apiclient.SubscriptionID) (d apiclient.Delivery, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.Subscription(ctx, id)
		if err != nil {
			return err
		}
		if s.State == apiclient.SubscriptionGone {
			return apiclient.Errorf(apiclient.Conflict, "The subscription %d is gone; subscribe the target anew.", id)
		}
		z, err := tx.Zap(ctx, s.Zap)
		if err != nil {
			return err
		}
		c, err := e.catalogue(ctx, tx)
		if err != nil {
			return err
		}
		info, err := e.info(ctx, tx)
		if err != nil {
			return err
		}
		body, err := encode(apiclient.NewPayload(int64(z.ID), z, groupOf(z, c).Fields, nil, info))
		if err != nil {
			return err
		}
		d, err = tx.InsertDelivery(ctx, apiclient.Delivery{
			WebhookID: e.webhookID(), Event: z.Event, Zap: z.ID, ZapName: z.Name, Subscription: s.ID, Test: true, Body: body,
		})
		if err != nil {
			return err
		}
		return e.audit(ctx, tx, "subscriptions.test", subjectSubscription(s), nil, parts{"delivery": d.ID})
	})
	if err == nil {
		e.outbox.Resume(laneOf(id)) // who tests wants to know now, and not when the next probe of a broken target is due
	}
	return d, err
}

// subjectSubscription names a subscription without its URL, which is the
// subscriber's secret.
func subjectSubscription(s apiclient.Subscription) string {
	return fmt.Sprintf("subscription %d (%s)", s.ID, s.Target())
}

func subjectDelivery(d apiclient.Delivery) string {
	return fmt.Sprintf("delivery %d (%s)", d.ID, d.WebhookID)
}
