package store

import (
	"cmp"
	"context"
	"slices"

	"umdeck/apiclient"
)

// replayWhy is why a delivery d of the subscription s cannot be sent again; empty: it can.
// Its parameters are those of replayArgs.
const replayWhy = `CASE
	WHEN d.test = 1 THEN 'it is a test, which has no event'
	WHEN CAST(? AS BIGINT) > 0 AND d.zap_id <> ? THEN 'it is of another zap'
	WHEN CAST(? AS BIGINT) = 0 AND s.state = 'gone' THEN 'its subscription is gone; name another one of its zap'
	WHEN d.state IN ('due', 'claimed', 'held') AND CAST(? AS BIGINT) IN (0, d.subscription_id) THEN 'it still waits to be sent'
	ELSE '' END`

func replayArgs(to apiclient.SubscriptionID, zap apiclient.ZapID) []any {
	return []any{to, zap, to, to}
}

// whyTwice is why a delivery is left out whose event another one stands for.
const whyTwice = "its event is sent again by another delivery already"

// replayZap returns the zap of the subscription that all is to go to; 0: each goes to its
// own. One that is gone is Conflict.
func (tx *Tx) replayZap(ctx context.Context, to apiclient.SubscriptionID) (apiclient.ZapID, error) {
	if to == 0 {
		return 0, nil
	}
	s, err := tx.Subscription(ctx, to)
	if err != nil {
		return 0, err
	}
	if s.State == apiclient.SubscriptionGone {
		return 0, apiclient.Errorf(apiclient.Conflict, "The subscription %d is gone, so nothing can be sent to it; choose another one of its zap.", to)
	}
	return s.Zap, nil
}

// PlanReplay counts what a job would make, and returns the delivery up to which it looked.
func (tx *Tx) PlanReplay(ctx context.Context, q apiclient.ReplayQuery) (p apiclient.ReplayPlan, until apiclient.DeliveryID, err error) {
	zap, err := tx.replayZap(ctx, q.Subscription)
	if err != nil {
		return p, 0, err
	}
	where, err := tx.where(ctx, deliveryNoun, q.Filter, "")
	if err != nil {
		return p, 0, err
	}
	newest, err := tx.count(ctx, `SELECT coalesce(max(id), 0) FROM deliveries`)
	if err != nil {
		return p, 0, err
	}
	c := all(where, clause{sql: "d.id <= ?", args: []any{newest}})
	parts, err := collect(ctx, tx, scanReplayPart, `SELECT target, why, count(*), count(DISTINCT event_id) FROM (
			SELECT CASE WHEN CAST(? AS BIGINT) = 0 THEN d.subscription_id ELSE CAST(? AS BIGINT) END AS target, `+replayWhy+` AS why, d.event_id
			FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id WHERE `+c.sql+`
		) x GROUP BY target, why ORDER BY target, why`,
		slices.Concat([]any{q.Subscription, q.Subscription}, replayArgs(q.Subscription, zap), c.args)...)
	if err != nil {
		return p, 0, err
	}
	return planOf(ctx, tx, parts, apiclient.DeliveryID(newest))
}

// A replayPart is how many of the chosen deliveries share a target and a reason.
type replayPart struct {
	target       apiclient.SubscriptionID
	why          string // empty: they can be sent again
	rows, events int
}

func scanReplayPart(s scanner) (p replayPart, err error) {
	err = s.Scan(&p.target, &p.why, &p.rows, &p.events)
	return p, err
}

func planOf(ctx context.Context, tx *Tx, parts []replayPart, until apiclient.DeliveryID) (p apiclient.ReplayPlan, _ apiclient.DeliveryID, err error) {
	why := map[string]int{}
	for _, part := range parts {
		if part.why != "" {
			why[part.why] += part.rows
			continue
		}
		s, err := tx.Subscription(ctx, part.target)
		if err != nil {
			return p, 0, err
		}
		p.Count += part.events
		p.Targets = append(p.Targets, apiclient.ReplayTarget{Subscription: s.ID, ZapName: s.ZapName, URL: s.URL, State: s.State, Count: part.events})
		why[whyTwice] += part.rows - part.events
	}
	for text, n := range why {
		if n > 0 {
			p.Skipped += n
			p.Why = append(p.Why, apiclient.ReplaySkip{Why: text, Count: n})
		}
	}
	slices.SortFunc(p.Why, func(a, b apiclient.ReplaySkip) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Why, b.Why))
	})
	return p, until, nil
}
