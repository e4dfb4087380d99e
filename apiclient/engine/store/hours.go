package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// failed is the column of an hour for attempts that were not answered by 2xx, beside those
// of the states that deliveries end in.
const failed = apiclient.DeliveryState("failed")

const hourLong = int64(time.Hour / time.Millisecond)

// hourOf is the counter of the hour in which a time is.
func hourOf(id apiclient.SubscriptionID, at int64) counter {
	return counter{ofHour, int64(id), at - at%hourLong}
}

// attempted notes an attempt at a delivery of a subscription.
func (tx *Tx) attempted(id apiclient.SubscriptionID, a apiclient.Attempt) {
	if a.Code < 200 || a.Code > 299 {
		tx.tallied(hourOf(id, attemptEnd(a)), 1, failed)
	}
}

// hourRow returns what writeHours adds to an hour.
func hourRow(c counter, n map[apiclient.DeliveryState]int) []int64 {
	return []int64{c.id, c.hour, int64(n[apiclient.DeliveryDone]), int64(n[failed]), int64(n[apiclient.DeliveryDead]), int64(n[apiclient.DeliveryGone])}
}

// writeHours adds to the hours, all in one statement.
func (tx *Tx) writeHours(ctx context.Context, rows [][]int64) error {
	if len(rows) == 0 {
		return nil
	}
	return tx.post(ctx, `INSERT INTO subscription_hours AS h (subscription_id, hour, done, failed, dead, gone)
		SELECT CAST(j.value ->> 0 AS BIGINT), CAST(j.value ->> 1 AS BIGINT), CAST(j.value ->> 2 AS BIGINT), CAST(j.value ->> 3 AS BIGINT), CAST(j.value ->> 4 AS BIGINT), CAST(j.value ->> 5 AS BIGINT)
			FROM `+listedRows+` WHERE TRUE
		ON CONFLICT (subscription_id, hour) DO UPDATE SET done = h.done + excluded.done, failed = h.failed + excluded.failed, dead = h.dead + excluded.dead, gone = h.gone + excluded.gone`,
		jsonOf(rows))
}

// SubscriptionHours returns the hours of a subscription from that in which since is, oldest
// first, without those in which nothing happened.
func (tx *Tx) SubscriptionHours(ctx context.Context, id apiclient.SubscriptionID, since time.Time) ([]apiclient.SubscriptionHour, error) {
	if _, err := tx.Subscription(ctx, id); err != nil { // which writes the tally
		return nil, err
	}
	return collect(ctx, tx, func(s scanner) (h apiclient.SubscriptionHour, err error) {
		var at int64
		err = s.Scan(&at, &h.Done, &h.Failed, &h.Dead, &h.Gone)
		h.At = unstamp(at)
		return h, err
	}, `SELECT hour, done, failed, dead, gone FROM subscription_hours WHERE subscription_id = ? AND hour > ? ORDER BY hour`, id, stamp(since)-hourLong)
}

// hourWalk takes old hours, by their subscriptions.
var hourWalk = walk{
	look: func(k Keep) (string, []any) {
		return `SELECT s.id, 0, EXISTS (SELECT 1 FROM subscription_hours h WHERE h.subscription_id = s.id AND h.hour <= ?) FROM subscriptions s WHERE s.id > ? ORDER BY s.id LIMIT ?`, []any{stamp(k.Hours) - hourLong}
	},
	young: func(Keep) time.Time { return unstamp(1) }, // none is: it walks over all of them
	remove: func(tx *Tx, ctx context.Context, k Keep, ids []int64, p Pruned) error {
		n, err := tx.exec(ctx, `DELETE FROM subscription_hours WHERE subscription_id IN `+listedIDs+` AND hour <= ?`, jsonList(ids), stamp(k.Hours)-hourLong)
		p.add("subscription_hours", n)
		return err
	},
}
