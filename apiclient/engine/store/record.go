package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"umdeck/apiclient"
)

// records are what is written of results, by table, so that each table is written to once.
type records struct {
	attempts   [][]any
	deliveries map[apiclient.DeliveryID]claim
	log        []apiclient.LogEntry
	last       map[apiclient.SubscriptionID]apiclient.Attempt
	success    map[apiclient.SubscriptionID]time.Time // when the last one arrived
}

func (w *records) add(c claim, r Result) {
	if w.deliveries == nil {
		w.deliveries = map[apiclient.DeliveryID]claim{}
	}
	w.deliveries[c.ID] = c
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
	for _, row := range w.attempts {
		if err := tx.add(attemptSheet, row...); err != nil {
			return err
		}
	}
	if err := tx.recordStates(ctx, w.deliveries); err != nil {
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

// recordStates writes the states of deliveries; PostgreSQL gets them in one statement.
func (tx *Tx) recordStates(ctx context.Context, list map[apiclient.DeliveryID]claim) error {
	rows := make([][]any, 0, len(list))
	for _, id := range slices.Sorted(maps.Keys(list)) {
		c := list[id]
		rows = append(rows, []any{c.State, c.boot, c.Attempts, c.tries, c.waits, stamp(c.next), c.Code, c.Error, c.Duration.Milliseconds(), c.ended, c.ID})
		if err := sound(rows[len(rows)-1]); err != nil {
			return err
		}
	}
	if !tx.postgres {
		for _, row := range rows {
			if _, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, boot = ?, attempts = ?, tries = ?, waits = ?, next_at = ?, code = ?, error = ?, ms = ?, ended = ? WHERE id = ?`, row...); err != nil {
				return err
			}
		}
		return nil
	}
	if len(rows) == 0 {
		return nil
	}
	lists := make([]any, len(rows[0]))
	for i := range lists {
		lists[i], _ = listOf(rows, i)
	}
	return tx.post(ctx, `UPDATE deliveries d SET state = n.state, boot = n.boot, attempts = n.attempts, tries = n.tries, waits = n.waits, next_at = n.next_at, code = n.code, error = n.error, ms = n.ms, ended = n.ended
		FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]))
			AS n (state, boot, attempts, tries, waits, next_at, code, error, ms, ended, id) WHERE d.id = n.id AND d.id = ANY (CAST(? AS BIGINT[]))`, append(lists, lists[len(lists)-1])...)
}
