package engine

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// Deliveries returns one page of deliveries, newest first, without bodies and attempts.
func (e *Engine) Deliveries(ctx context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.DeliveryPage, error) { return tx.Deliveries(ctx, q) })
}

// Delivery returns one delivery with its body and attempts.
func (e *Engine) Delivery(ctx context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Delivery, error) { return tx.Delivery(ctx, id) })
}

// Redeliver sends a delivery's bytes once more, as a new delivery.
func (e *Engine) Redeliver(ctx context.Context, id apiclient.DeliveryID) (made apiclient.Delivery, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		s, err := tx.Subscription(ctx, d.Subscription)
		if err != nil {
			return err
		}
		if s.State == apiclient.SubscriptionGone {
			return apiclient.Errorf(apiclient.Conflict, "The subscription %d is gone, so delivery %d cannot be sent again; subscribe the target anew.", s.ID, d.ID)
		}
		made, err = tx.InsertDelivery(ctx, apiclient.Delivery{
			WebhookID: e.webhookID(), EventID: d.EventID, Event: d.Event, Zap: d.Zap, ZapName: d.ZapName, Subscription: d.Subscription,
			User: d.User, Login: d.Login, Test: d.Test, ReplayOf: d.ID, Body: d.Body,
		})
		if err != nil {
			return err
		}
		return e.audit(ctx, tx, "deliveries.redeliver", subjectDelivery(d), nil, parts{"delivery": made.ID})
	})
	if err == nil {
		e.outbox.Resume(laneOf(made.Subscription)) // a broken target is probed now
	}
	return made, err
}

// Watch follows the log.
func (e *Engine) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	if after < -1 {
		return apiclient.FieldErrorf("after", "There is no entry %d in the log; use the number of one, 0 for all, or -1 for what comes next.", after)
	}
	return e.db.Watch(ctx, after, fn)
}

// LogSpan tells which entries the log has, and where it was at a moment.
func (e *Engine) LogSpan(ctx context.Context, since time.Time) (apiclient.LogSpan, error) {
	return e.db.LogSpan(ctx, since)
}

// A load is what a claimed delivery posts, as it was at the claim.
type load struct {
	hook  store.Hook
	turns int64 // Engine.turns before it was read
}

// largestLoad bounds the body that is kept from the claim to the send.
const largestLoad = 64 << 10

// Hook returns what a claimed delivery posts: it makes the engine the source of
// its sender. What was read with the claim holds while nothing was changed since that
// deliveries go by.
func (e *Engine) Hook(ctx context.Context, i outbox.Item) (delivery.Hook, error) {
	if l, ok := i.Load.(load); ok && l.turns == e.turns.Load() {
		return hookOf(l.hook)
	}
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (delivery.Hook, error) {
		h, err := tx.Hook(ctx, apiclient.DeliveryID(i.ID))
		if err != nil {
			return delivery.Hook{}, err
		}
		return hookOf(h)
	})
}

func hookOf(h store.Hook) (delivery.Hook, error) {
	if h.Wants == apiclient.DeliveryGone || h.Wants == apiclient.DeliveryHeld && !h.Test {
		return delivery.Hook{}, delivery.ErrWithdrawn
	}
	return delivery.Hook{
		URL: h.URL, Body: h.Body, WebhookID: h.WebhookID, Secrets: h.Signing,
		Event: h.Event, Test: h.Test, ReplayOf: h.ReplayOf,
	}, nil
}
