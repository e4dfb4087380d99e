package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"umdeck/apiclient"
)

// replayBatch is how many deliveries a transaction of a job looks at or sweeps up at most.
const replayBatch = 500

// A ReplayBatch is what a job looks at next.
type ReplayBatch struct {
	job   replayJob
	found []replayCandidate
}

// A replayCandidate is a delivery that the filter of a job chooses.
type replayCandidate struct {
	apiclient.Delivery
	why string // why it cannot be sent again; empty: it can
}

// NextReplays reads what a job looks at next. It changes nothing, so that a filter that
// finds little does not hold the writer up.
func (tx *Tx) NextReplays(ctx context.Context, id apiclient.ReplayID) (b ReplayBatch, err error) {
	if b.job, err = tx.replay(ctx, id); err != nil {
		return b, err
	}
	to, zap := b.job.Subscription, apiclient.ZapID(0)
	if to != 0 {
		s, err := tx.Subscription(ctx, to)
		if err != nil {
			return b, err
		}
		zap = s.Zap // one that is gone by now is seen when the deliveries are made
	}
	where, err := tx.where(ctx, deliveryNoun, b.job.filter, "")
	if err != nil {
		return b, err
	}
	c := all(where, clause{sql: "d.id > ? AND d.id <= ?", args: []any{b.job.looked, b.job.until}})
	b.found, err = collect(ctx, tx, scanReplayCandidate, `SELECT d.id, coalesce(d.event_id, 0), d.trigger, d.zap_id, d.zap_name, d.subscription_id, d.user_id, d.login, `+replayWhy+`
		FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id WHERE `+c.sql+` ORDER BY d.id LIMIT ?`,
		slices.Concat(replayArgs(to, zap), c.args, []any{replayBatch})...)
	return b, err
}

func scanReplayCandidate(s scanner) (c replayCandidate, err error) {
	err = s.Scan(&c.ID, &c.EventID, &c.Event, &c.Zap, &c.ZapName, &c.Subscription, &c.User, &c.Login, &c.why)
	return c, err
}

// MakeReplays makes the deliveries of a batch, with webhook ids from newID. When the job
// has been stopped since, or another engine has made them, nothing happens.
func (tx *Tx) MakeReplays(ctx context.Context, b ReplayBatch, newID func() string) error {
	looked, more := b.job.until, 0
	if len(b.found) == replayBatch {
		looked, more = b.found[len(b.found)-1].ID, 1
	}
	n, err := tx.exec(ctx, `UPDATE replays SET looked_at = ?, making = ? WHERE id = ? AND making = 1 AND looked_at = ?`, looked, more, b.job.ID, b.job.looked)
	if err != nil || n == 0 {
		return err
	}
	lanes, err := tx.replayLanes(ctx, b)
	if err != nil {
		return err
	}
	var made []apiclient.LogEntry
	for _, c := range b.found {
		d, ok, err := tx.makeReplay(ctx, b.job, c, lanes, newID)
		if err != nil {
			return fmt.Errorf("send delivery %d again: %w", c.ID, err)
		}
		if ok {
			made = append(made, apiclient.LogEntry{Kind: apiclient.LogQueued, Delivery: &d})
		}
	}
	if err := tx.logRows(ctx, made); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE replays SET made = made + ?, skipped = skipped + ?, total = CASE WHEN making = 1 THEN total ELSE made + ? END WHERE id = ?`,
		len(made), len(b.found)-len(made), len(made), b.job.ID)
	if err != nil || more == 1 {
		return err
	}
	return tx.closeReplay(ctx, b.job.ID)
}

// A replayLane is a subscription that a job makes deliveries for, as it is now.
type replayLane struct {
	lane
	url string
}

// target returns the subscription that a candidate goes to.
func (r replayJob) target(c replayCandidate) apiclient.SubscriptionID {
	if r.Subscription != 0 {
		return r.Subscription
	}
	return c.Subscription
}

func (tx *Tx) replayLanes(ctx context.Context, b ReplayBatch) (map[apiclient.SubscriptionID]replayLane, error) {
	ids := make([]apiclient.SubscriptionID, 0, len(b.found))
	for _, c := range b.found {
		ids = append(ids, b.job.target(c))
	}
	slices.Sort(ids)
	list, err := collect(ctx, tx, func(s scanner) (l replayLane, err error) {
		return l, s.Scan(&l.id, &l.wants, &l.url)
	}, `SELECT s.id, `+laneState+`, s.url FROM subscriptions s JOIN zaps z ON z.id = s.zap_id WHERE s.id IN `+listedIDs, jsonOf(slices.Compact(ids)))
	lanes := make(map[apiclient.SubscriptionID]replayLane, len(list))
	for _, l := range list {
		lanes[l.id] = l
	}
	return lanes, err
}

// makeReplay makes one delivery, unless it cannot be sent again or its event is in the job
// already.
func (tx *Tx) makeReplay(ctx context.Context, job replayJob, c replayCandidate, lanes map[apiclient.SubscriptionID]replayLane, newID func() string) (d apiclient.Delivery, ok bool, err error) {
	l := lanes[job.target(c)]
	if c.why != "" || l.wants == apiclient.DeliveryGone {
		return d, false, nil
	}
	d = c.Delivery
	d.WebhookID, d.ReplayOf, d.Replay, d.Subscription, d.URL, d.State, d.At = newID(), c.ID, job.ID, l.id, l.url, l.wants, tx.Now()
	ids, err := collect(ctx, tx, scanInt, `INSERT INTO deliveries (webhook_id, event_id, trigger, zap_id, zap_name, subscription_id, user_id, login, login_key,
		payload, state, at, next_at, test, replay_of, bulk, replay_job)
		SELECT ?, event_id, trigger, zap_id, zap_name, CAST(? AS BIGINT), user_id, login, login_key, payload, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), 0, id, 1, CAST(? AS BIGINT) FROM deliveries WHERE id = ?
		ON CONFLICT DO NOTHING RETURNING id`, d.WebhookID, d.Subscription, d.State, stamp(d.At), stamp(d.At), job.ID, c.ID)
	if err != nil || len(ids) == 0 {
		return d, false, err
	}
	d.ID = apiclient.DeliveryID(ids[0])
	tx.moved(d.Subscription, 1, "", d.State)
	d.NextAt = time.Time{}
	if d.State == apiclient.DeliveryDue {
		d.NextAt, tx.queued = d.At, true
	}
	return d, true, nil
}

// SweepReplay ends up to a batch of the deliveries of a stopped job that are not sent yet.
func (tx *Tx) SweepReplay(ctx context.Context, id apiclient.ReplayID) error {
	swept := 0
	for _, state := range []apiclient.DeliveryState{apiclient.DeliveryDue, apiclient.DeliveryHeld} {
		n, err := tx.sweepState(ctx, id, state, replayBatch-swept)
		if err != nil {
			return err
		}
		swept += n
	}
	if swept == replayBatch {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE replays SET sweeping = 0 WHERE id = ?`, id)
	return err
}

func whyStopped(id apiclient.ReplayID) string { return fmt.Sprintf("the replay %d was stopped", id) }

// sweepState ends up to most deliveries of a job that wait in that state. The state stands
// in the query as such, for the sake of its index.
func (tx *Tx) sweepState(ctx context.Context, id apiclient.ReplayID, state apiclient.DeliveryState, most int) (int, error) {
	type row struct {
		id apiclient.DeliveryID
		s  apiclient.SubscriptionID
	}
	waits, ended := `state = '`+string(state)+`'`, tx.ended(apiclient.DeliveryGone)
	rows, err := collect(ctx, tx, func(s scanner) (r row, err error) { return r, s.Scan(&r.id, &r.s) }, `UPDATE deliveries SET state = 'gone', error = ?, ended = ? WHERE `+waits+` AND id IN (
			SELECT id FROM deliveries WHERE replay_job = ? AND replay_job > 0 AND `+waits+` ORDER BY id LIMIT ?
		) RETURNING id, subscription_id`, whyStopped(id), ended, id, most)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	ids := make([]apiclient.DeliveryID, len(rows))
	for i, r := range rows {
		ids[i] = r.id
		tx.movedAt(ended, r.s, 1, state, apiclient.DeliveryGone)
	}
	tx.replayed(id, len(rows), apiclient.DeliveryGone)
	return len(rows), tx.logStates(ctx, apiclient.DeliveryGone, `id IN `+listedIDs, jsonOf(ids))
}

// replaysEnd notes of the chosen deliveries, which are about to be gone, those that jobs made.
func (tx *Tx) replaysEnd(ctx context.Context, chosen string, args ...any) error {
	_, err := collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		var id apiclient.ReplayID
		var n int
		if err := s.Scan(&id, &n); err != nil {
			return none, err
		}
		tx.replayed(id, n, apiclient.DeliveryGone)
		return none, nil
	}, `SELECT replay_job, count(*) FROM deliveries WHERE `+chosen+` AND replay_job > 0 GROUP BY replay_job`, args...)
	return err
}
