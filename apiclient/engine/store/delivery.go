package store

import (
	"context"
	"crypto/sha256"
	"time"

	"umdeck/apiclient"
)

const deliveryQuery = `SELECT d.id, d.webhook_id, coalesce(d.event_id, 0), d.trigger, d.zap_id, d.zap_name, d.subscription_id, s.url,
	d.user_id, d.login, d.state, d.attempts, d.at, d.next_at, d.test, coalesce(d.replay_of, 0), d.replay_job, d.code, d.error, d.ms
	FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id`

func scanDelivery(s scanner) (d apiclient.Delivery, err error) {
	var at, next, ms int64
	err = s.Scan(&d.ID, &d.WebhookID, &d.EventID, &d.Event, &d.Zap, &d.ZapName, &d.Subscription, &d.URL,
		&d.User, &d.Login, &d.State, &d.Attempts, &at, &next, &d.Test, &d.ReplayOf, &d.Replay, &d.Code, &d.Error, &ms)
	d.At, d.Duration = unstamp(at), time.Duration(ms)*time.Millisecond
	if d.State == apiclient.DeliveryDue {
		d.NextAt = unstamp(next)
	}
	return d, err
}

// InsertDelivery stores a delivery in the state that its subscription and zap
// want, tells watchers and returns it; a test is due although they are off, and one that
// is held already, with a NextAt, stays so until then. The webhook id, the event, the
// subscription, the user and the body are the caller's.
func (tx *Tx) InsertDelivery(ctx context.Context, d apiclient.Delivery) (apiclient.Delivery, error) {
	l, err := one(ctx, tx, func(s scanner) (l lane, err error) {
		return l, s.Scan(&l.id, &l.wants, &d.URL)
	}, `SELECT s.id, `+laneState+`, s.url FROM subscriptions s JOIN zaps z ON z.id = s.zap_id WHERE s.id = ?`, d.Subscription)
	if err != nil {
		return d, absent(err, "There is no subscription %d on this site.", d.Subscription)
	}
	p, err := tx.InsertPayload(d.Body)
	if err != nil {
		return d, err
	}
	return tx.insertDelivery(ctx, d, p, l.wants, 0)
}

// A Payload is bytes that are stored for deliveries.
type Payload struct{ sum [sha256.Size]byte }

// InsertPayload stores the bytes that deliveries post.
func (tx *Tx) InsertPayload(body []byte) (Payload, error) {
	p := Payload{sum: sha256.Sum256(body)}
	return p, tx.add(payloadSheet, p.sum[:], body)
}

// InsertDeliveryTo is InsertDelivery for a running zap's subscription that was read in
// this transaction, with a payload that is stored. Where nothing waits before it, it is
// handed over, see Config.Handed.
func (tx *Tx) InsertDeliveryTo(ctx context.Context, d apiclient.Delivery, p Payload, t Target) (apiclient.Delivery, error) {
	wants := apiclient.DeliveryHeld
	switch {
	case t.State == apiclient.SubscriptionActive && !t.settling:
		wants = apiclient.DeliveryDue
	case t.State == apiclient.SubscriptionGone:
		wants = apiclient.DeliveryGone
	}
	d.Subscription, d.URL = t.ID, t.URL
	boot := tx.hand.takes(t.ID)
	d, err := tx.insertDelivery(ctx, d, p, wants, boot)
	if err == nil && boot != 0 && d.State == apiclient.DeliveryDue {
		tx.handed = append(tx.handed, Handed{
			Queued{ID: int64(d.ID), Subscription: t.ID, User: d.User, At: d.At, Due: d.At},
			Hook{Delivery: d.ID, URL: t.URL, Body: d.Body, WebhookID: d.WebhookID, Signing: t.signing(d.At), Event: d.EventID, Wants: d.State},
		})
	}
	return d, err
}

// insertDelivery stores a delivery; one that is to be due is claimed by the engine of that
// boot number, if it is not 0, and called due all the same: nobody is told of claims.
func (tx *Tx) insertDelivery(ctx context.Context, d apiclient.Delivery, p Payload, wants apiclient.DeliveryState, boot int64) (apiclient.Delivery, error) {
	guarded := time.Time{}
	if d.State == apiclient.DeliveryHeld && wants != apiclient.DeliveryGone {
		guarded, wants = d.NextAt, apiclient.DeliveryHeld
	}
	d.State, d.At, d.NextAt = wants, tx.Now(), time.Time{}
	if d.Test && d.State == apiclient.DeliveryHeld {
		d.State = apiclient.DeliveryDue
	}
	state, ended := d.State, tx.ended(d.State)
	if state != apiclient.DeliveryDue {
		boot = 0
	} else if boot != 0 {
		state = apiclient.DeliveryClaimed
	}
	id, err := tx.addNew(ctx, deliverySheet,
		d.WebhookID, d.EventID, d.Event, d.Zap, d.ZapName, d.Subscription, d.User, d.Login, fold(d.Login),
		p.sum[:], state, boot, stamp(d.At), stamp(d.At), bit(d.Test), d.ReplayOf, stamp(guarded), d.Error, ended)
	if err != nil {
		return d, err
	}
	d.ID = apiclient.DeliveryID(id)
	tx.movedAt(ended, d.Subscription, 1, "", state)
	tx.queued = tx.queued || state == apiclient.DeliveryDue
	if d.State == apiclient.DeliveryDue {
		d.NextAt = d.At
	}
	return d, tx.logDelivery(ctx, apiclient.LogQueued, d)
}

// Delivery returns one delivery with its body and attempts.
func (tx *Tx) Delivery(ctx context.Context, id apiclient.DeliveryID) (apiclient.Delivery, error) {
	d, err := one(ctx, tx, scanDelivery, deliveryQuery+` WHERE d.id = ?`, id)
	if err != nil {
		return d, absent(err, "There is no delivery %d on this site.", id)
	}
	d.Body, err = one(ctx, tx, func(s scanner) (b []byte, err error) {
		return b, s.Scan(&b)
	}, `SELECT p.body FROM payloads p JOIN deliveries d ON d.payload = p.sha256 WHERE d.id = ?`, id)
	if err != nil {
		return d, err
	}
	d.Log, err = tx.attempts(ctx, id)
	return d, err
}

type deliveryRow apiclient.Delivery

func (r deliveryRow) place() (string, int64) { return "", int64(r.ID) }

// Deliveries returns one page of deliveries, newest first.
func (tx *Tx) Deliveries(ctx context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	where, err := tx.where(ctx, deliveryNoun, q.Filter, "")
	if err != nil {
		return apiclient.DeliveryPage{}, err
	}
	rows, next, err := page(ctx, tx, newestFirst(deliveryQuery, "d.id", where, q.After, q.Limit), func(s scanner) (deliveryRow, error) {
		d, err := scanDelivery(s)
		return deliveryRow(d), err
	})
	p := apiclient.DeliveryPage{Next: next, Deliveries: make([]apiclient.Delivery, len(rows))}
	for i, r := range rows {
		p.Deliveries[i] = apiclient.Delivery(r)
	}
	return p, err
}
