package store

import (
	"context"

	"umdeck/apiclient"
)

// settleBatch is how many deliveries a transaction moves at most when a subscription or
// its zap is turned on or off: a million would keep all other changes waiting for long.
const settleBatch = 500

// A lane's deliveries are due while its subscription and zap are on, held while
// one is off, and gone when the subscription is.
const laneAim = `CASE
	WHEN s.state = 'gone' THEN 'gone'
	WHEN s.state = 'active' AND z.status = 'running' AND z.deleted = 0 THEN 'due'
	ELSE 'held' END`

// laneState is laneAim as long as the lane is not settling: nothing of it is sent then, and
// what comes to it waits with the rest, so that it keeps its order.
const laneState = `CASE WHEN s.settling = 1 AND s.state <> 'gone' THEN 'held' ELSE ` + laneAim + ` END`

// deliveryWants is laneState for one delivery: what a replay made that was stopped is gone.
const deliveryWants = `CASE WHEN p.state = 'stopped' THEN 'gone' ELSE ` + laneState + ` END`

type lane struct {
	id    apiclient.SubscriptionID
	wants apiclient.DeliveryState
}

// settle moves what waits in the chosen subscriptions to where their state wants
// it, and logs each delivery that moves. Claimed ones are a sender's: their
// result settles them. Where much waits it moves a part, and the rest is left to
// [Tx.SettleOn].
func (tx *Tx) settle(ctx context.Context, chosen string, arg any) error {
	lanes, err := collect(ctx, tx, func(s scanner) (l lane, err error) {
		return l, s.Scan(&l.id, &l.wants)
	}, `SELECT s.id, `+laneAim+` FROM subscriptions s JOIN zaps z ON z.id = s.zap_id WHERE `+chosen, arg)
	if err != nil {
		return err
	}
	for _, l := range lanes {
		if err := tx.settleLane(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// Settling returns the subscriptions of which something is left to be moved, see SettleOn.
func (tx *Tx) Settling(ctx context.Context) ([]apiclient.SubscriptionID, error) {
	list, err := collect(ctx, tx, scanInt, `SELECT id FROM subscriptions WHERE settling = 1 ORDER BY id`)
	ids := make([]apiclient.SubscriptionID, len(list))
	for i, id := range list {
		ids[i] = apiclient.SubscriptionID(id)
	}
	return ids, err
}

// SettleOn goes on to move what waits in a subscription to where its state wants it, up to
// a batch. Nothing of it is sent until all of it is moved.
func (tx *Tx) SettleOn(ctx context.Context, id apiclient.SubscriptionID) error {
	return tx.settle(ctx, `s.settling = 1 AND s.id = ?`, id)
}

// Unsettled reports whether the transaction has left something to SettleOn.
func (tx *Tx) Unsettled() bool { return tx.unsettled }

// settleRest moves all that is left of a subscription that is gone, before it comes back.
func (tx *Tx) settleRest(ctx context.Context, id apiclient.SubscriptionID) error {
	for {
		left, err := tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM subscriptions WHERE id = ? AND settling = 1 AND state = 'gone')`, id)
		if err != nil || !left {
			return err
		}
		tx.batch = settleBatch
		if err := tx.SettleOn(ctx, id); err != nil {
			return err
		}
	}
}

// settleLane moves as much as the transaction still may, and notes whether that may have
// left something.
func (tx *Tx) settleLane(ctx context.Context, l lane) error {
	for _, p := range l.misplaced() {
		n, err := tx.settleSome(ctx, l, p, tx.batch)
		if err != nil {
			return err
		}
		tx.batch -= n
	}
	if l.wants == apiclient.DeliveryDue {
		tx.queued = true
	}
	open := tx.batch == 0
	tx.unsettled = tx.unsettled || open
	n, err := tx.exec(ctx, `UPDATE subscriptions SET settling = ? WHERE id = ? AND settling <> ?`, bit(open), l.id, bit(open))
	if err != nil || n == 0 {
		return err
	}
	return tx.newRulesVersion(ctx)
}

// A pile is those deliveries in a state that an index finds: only where the condition
// stands in the query as such are the few found that wait among all that ever were.
type pile struct {
	state apiclient.DeliveryState
	where string
}

// misplaced returns what is not where the lane wants it.
func (l lane) misplaced() []pile {
	due := []pile{{apiclient.DeliveryDue, dueFresh}, {apiclient.DeliveryDue, dueSent}}
	held := pile{apiclient.DeliveryHeld, `state = 'held'`}
	switch l.wants {
	case apiclient.DeliveryDue:
		held.where += ` AND guarded = 0` // what the loop guard holds waits for its minute
		return []pile{held}
	case apiclient.DeliveryHeld:
		return due
	default:
		return append(due, held)
	}
}

// settleSome moves up to most deliveries of a kind, and returns how many those were.
func (tx *Tx) settleSome(ctx context.Context, l lane, p pile, most int) (int, error) {
	ids, err := collect(ctx, tx, scanInt, `SELECT id FROM deliveries WHERE `+p.where+` AND subscription_id = ? LIMIT ?`, l.id, most)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	const chosen = `id IN ` + listedIDs
	list := jsonOf(ids)
	if err := tx.logStates(ctx, l.wants, chosen, list); err != nil {
		return 0, err
	}
	if l.wants == apiclient.DeliveryGone {
		if err := tx.replaysEnd(ctx, chosen, list); err != nil {
			return 0, err
		}
	}
	ended := tx.ended(l.wants)
	if _, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, ended = ? WHERE `+chosen, l.wants, ended, list); err != nil {
		return 0, err
	}
	tx.movedAt(ended, l.id, len(ids), p.state, l.wants)
	return len(ids), nil
}

// ended is when a delivery ended that comes into that state now, without an attempt; 0: it
// has not.
func (tx *Tx) ended(state apiclient.DeliveryState) int64 {
	if !state.Final() {
		return 0
	}
	return stamp(tx.Now())
}
