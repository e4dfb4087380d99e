package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// Waiting returns each subscription that has a delivery in state due, at the cost
// of one look into an index for each.
func (tx *Tx) Waiting(ctx context.Context) ([]Waiting, error) { return tx.waiting(ctx, deliveryWork) }

// Claim marks up to n deliveries of a subscription that are due at now as claimed
// by the engine of that boot number, earliest first, and returns them.
func (tx *Tx) Claim(ctx context.Context, boot int64, s apiclient.SubscriptionID, now time.Time, n int) ([]Queued, error) {
	return tx.claim(ctx, deliveryWork, boot, int64(s), now, n)
}

// A Result is what became of a claimed delivery.
type Result struct {
	Delivery apiclient.DeliveryID
	State    apiclient.DeliveryState // due, done, dead or gone
	Tries    int
	Waits    int
	Due      time.Time // when it is tried again, of state due
	Error    string
	EndLane  bool               // its subscription has ended
	Attempt  *apiclient.Attempt // nil: nothing was sent
}

// Finish records what became of a delivery that the engine of that boot number
// had claimed. A delivery that is to be due is held or gone where its
// subscription says so by now. Of one that is not claimed any more, only the
// attempt is recorded.
func (tx *Tx) Finish(ctx context.Context, boot int64, r Result) error {
	d, err := tx.claimed(ctx, r.Delivery)
	if err != nil {
		return err
	}
	if r.Attempt != nil {
		r.Attempt.Number = d.Attempts + 1
		if err := tx.insertAttempt(ctx, r.Delivery, *r.Attempt); err != nil {
			return err
		}
		d.note(*r.Attempt)
	} else if r.Error != "" {
		d.Error = r.Error
	}
	if r.EndLane {
		if err := tx.endLane(ctx, d.Subscription); err != nil {
			return err
		}
	}
	if d.boot == boot && d.State == apiclient.DeliveryClaimed {
		d.State, d.tries, d.waits, d.next = r.State, r.Tries, r.Waits, r.Due
		if r.State == apiclient.DeliveryDue {
			d.State, err = tx.laneWants(ctx, d.Subscription)
			if err != nil {
				return err
			}
		}
		d.boot = 0
	}
	return tx.record(ctx, d, r.Attempt)
}

// A claim is a delivery with what only the queue looks at.
type claim struct {
	apiclient.Delivery
	boot         int64
	tries, waits int
	next         time.Time
}

func (c *claim) note(a apiclient.Attempt) {
	c.Attempts, c.Code, c.Error, c.Duration = a.Number, a.Code, a.Error, a.Duration
}

func (tx *Tx) claimed(ctx context.Context, id apiclient.DeliveryID) (claim, error) {
	d, err := one(ctx, tx, scanDelivery, deliveryQuery+` WHERE d.id = ?`, id)
	if err != nil {
		return claim{}, absent(err, "There is no delivery %d on this site.", id)
	}
	c, err := one(ctx, tx, func(s scanner) (c claim, err error) {
		var next int64
		err = s.Scan(&c.boot, &c.tries, &c.waits, &next)
		c.next = unstamp(next)
		return c, err
	}, `SELECT boot, tries, waits, next_at FROM deliveries WHERE id = ?`, id)
	c.Delivery = d
	return c, err
}

// record writes a delivery after an attempt, the last attempt of its subscription
// and the log.
func (tx *Tx) record(ctx context.Context, c claim, a *apiclient.Attempt) error {
	_, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, boot = ?, attempts = ?, tries = ?, waits = ?, next_at = ?, code = ?, error = ?, ms = ? WHERE id = ?`,
		c.State, c.boot, c.Attempts, c.tries, c.waits, stamp(c.next), c.Code, c.Error, c.Duration.Milliseconds(), c.ID)
	if err != nil {
		return err
	}
	c.NextAt = time.Time{}
	if c.State == apiclient.DeliveryDue {
		c.NextAt, tx.queued = unstamp(stamp(c.next)), true
	}
	if a == nil {
		return tx.logDelivery(ctx, apiclient.LogState, c.Delivery)
	}
	_, err = tx.exec(ctx, `UPDATE subscriptions SET last_code = ?, last_error = ?, last_at = ? WHERE id = ?`, a.Code, a.Error, stamp(a.At), c.Subscription)
	if err != nil {
		return err
	}
	return tx.logAttempt(ctx, c.Delivery, *a)
}

// endLane ends a subscription whose receiver says that nobody is there any more.
func (tx *Tx) endLane(ctx context.Context, s apiclient.SubscriptionID) error {
	_, err := tx.exec(ctx, `UPDATE subscriptions SET state = 'gone', why = 'the receiver answered 410 Gone' WHERE id = ? AND state <> 'gone'`, s)
	if err != nil {
		return err
	}
	return tx.settle(ctx, `s.id = ?`, s)
}

// laneWants returns the state in which a subscription's deliveries wait by now.
func (tx *Tx) laneWants(ctx context.Context, s apiclient.SubscriptionID) (apiclient.DeliveryState, error) {
	text, err := one(ctx, tx, scanText, `SELECT `+laneState+` FROM subscriptions s JOIN zaps z ON z.id = s.zap_id WHERE s.id = ?`, s)
	return apiclient.DeliveryState(text), err
}

// Release gives back a delivery that was claimed and not sent: it is due as
// before, or what its subscription wants by now.
func (tx *Tx) Release(ctx context.Context, boot int64, id apiclient.DeliveryID) error {
	c, err := tx.claimed(ctx, id)
	if err != nil || c.State != apiclient.DeliveryClaimed || c.boot != boot {
		return err
	}
	return tx.unclaimOne(ctx, c)
}

func (tx *Tx) unclaimOne(ctx context.Context, c claim) (err error) {
	if c.State, err = tx.laneWants(ctx, c.Subscription); err != nil {
		return err
	}
	if c.Test && c.State == apiclient.DeliveryHeld {
		c.State = apiclient.DeliveryDue
	}
	if _, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, boot = 0 WHERE id = ?`, c.State, c.ID); err != nil {
		return err
	}
	if c.State == apiclient.DeliveryDue {
		c.NextAt, tx.queued = unstamp(stamp(c.next)), true
		return nil // as before: nobody was told that it was claimed
	}
	return tx.logDelivery(ctx, apiclient.LogState, c.Delivery)
}

// unclaim gives back what engines of other boot numbers have left claimed.
func (tx *Tx) unclaim(ctx context.Context, boot int64) error {
	left, err := tx.abandoned(ctx, deliveryWork, boot)
	if err != nil {
		return err
	}
	for _, id := range left {
		c, err := tx.claimed(ctx, apiclient.DeliveryID(id))
		if err != nil {
			return err
		}
		if err := tx.unclaimOne(ctx, c); err != nil {
			return err
		}
	}
	return tx.unclaimMails(ctx, boot)
}

// A Hook is what a delivery posts, and whether it still may.
type Hook struct {
	URL       string
	Body      []byte
	WebhookID string
	Signing   apiclient.Secret
	Event     apiclient.EventID
	Test      bool
	ReplayOf  string                  // webhook id of the delivery that this one repeats; empty: none
	Wants     apiclient.DeliveryState // what its subscription and zap want of it: due, held or gone
}

// Hook returns what a delivery posts.
func (tx *Tx) Hook(ctx context.Context, id apiclient.DeliveryID) (Hook, error) {
	h, err := one(ctx, tx, func(s scanner) (h Hook, err error) {
		var signing string
		err = s.Scan(&h.URL, &h.Body, &h.WebhookID, &signing, &h.Event, &h.Test, &h.ReplayOf, &h.Wants)
		h.Signing = apiclient.NewSecret(signing)
		return h, err
	}, `SELECT s.url, p.body, d.webhook_id, s.signing, coalesce(d.event_id, 0), d.test, coalesce(r.webhook_id, ''), `+laneState+`
		FROM deliveries d
		JOIN payloads p ON p.sha256 = d.payload
		JOIN subscriptions s ON s.id = d.subscription_id
		JOIN zaps z ON z.id = s.zap_id
		LEFT JOIN deliveries r ON r.id = d.replay_of
		WHERE d.id = ?`, id)
	return h, absent(err, "There is no delivery %d on this site.", id)
}
