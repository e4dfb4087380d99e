package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// records are what is written of results, by table, so that each table is written to once.
type records struct {
	attempts, deliveries [][]any
	log                  []apiclient.LogEntry
	last                 map[apiclient.SubscriptionID]apiclient.Attempt
	success              map[apiclient.SubscriptionID]time.Time // when the last one arrived
}

func (w *records) add(c claim, r Result) {
	w.deliveries = append(w.deliveries, []any{c.State, c.boot, c.Attempts, c.tries, c.waits, stamp(c.next), c.Code, c.Error, c.Duration.Milliseconds(), c.ended, c.ID})
	c.NextAt = time.Time{}
	if c.State == apiclient.DeliveryDue {
		c.NextAt = unstamp(stamp(c.next))
	}
	if r.Attempt == nil {
		w.log = append(w.log, apiclient.LogEntry{Kind: apiclient.LogState, Delivery: &c.Delivery})
		return
	}
	w.attempts = append(w.attempts, attemptRow(c.ID, *r.Attempt))
	if w.last == nil {
		w.last = map[apiclient.SubscriptionID]apiclient.Attempt{}
		w.success = map[apiclient.SubscriptionID]time.Time{}
	}
	if r.State == apiclient.DeliveryDone {
		w.success[c.Subscription] = r.Attempt.At.Add(r.Attempt.Duration)
	}
	w.last[c.Subscription] = *r.Attempt
	a := *r.Attempt
	a.Request, a.Response, a.Body = nil, nil, nil
	a.At, a.Duration = unstamp(stamp(a.At)), a.Duration.Truncate(time.Millisecond)
	w.log = append(w.log, apiclient.LogEntry{Kind: apiclient.LogAttempt, Delivery: &c.Delivery, Attempt: &a})
}

func (w *records) write(ctx context.Context, tx *Tx) error {
	if err := tx.execEach(ctx, attemptInsert, w.attempts); err != nil {
		return err
	}
	err := tx.execEach(ctx, `UPDATE deliveries SET state = ?, boot = ?, attempts = ?, tries = ?, waits = ?, next_at = ?, code = ?, error = ?, ms = ?, ended = ? WHERE id = ?`, w.deliveries)
	if err != nil {
		return err
	}
	for s, a := range w.last {
		success := stamp(w.success[s])
		err := tx.post(ctx, `UPDATE subscriptions SET last_code = ?, last_error = ?, last_at = ?, success_at = CASE WHEN success_at < ? THEN ? ELSE success_at END WHERE id = ?`,
			a.Code, a.Error, stamp(a.At), success, success, s)
		if err != nil {
			return err
		}
	}
	return tx.logRows(ctx, w.log)
}
