package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// A queue is the engine's deliveries as an outbox sees them: a lane for each
// subscription.
type queue struct{ e *Engine }

var _ outbox.Store = queue{}

const lanePrefix = "subscription/"

func laneOf(s apiclient.SubscriptionID) outbox.Lane {
	return outbox.Lane(lanePrefix + strconv.FormatInt(int64(s), 10))
}

func subscriptionOf(l outbox.Lane) (apiclient.SubscriptionID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(string(l), lanePrefix), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("lane %q is none of the engine's: %w", l, err)
	}
	return apiclient.SubscriptionID(n), nil
}

// Waiting returns each lane that has an item in state due.
func (q queue) Waiting(ctx context.Context) ([]outbox.Waiting, error) {
	list, err := view(ctx, q.e, func(ctx context.Context, tx *store.Tx) ([]store.Waiting, error) { return tx.Waiting(ctx) })
	if err != nil {
		return nil, err
	}
	lanes := make([]outbox.Waiting, len(list))
	for i, w := range list {
		lanes[i] = outbox.Waiting{Lane: laneOf(apiclient.SubscriptionID(w.Lane)), Due: w.Due}
	}
	return lanes, nil
}

// Claim marks deliveries as claimed and returns them.
func (q queue) Claim(ctx context.Context, now time.Time, take []outbox.Take) (items []outbox.Item, err error) {
	err = q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		items = nil
		for _, t := range take {
			s, err := subscriptionOf(t.Lane)
			if err != nil {
				return err
			}
			list, err := tx.Claim(ctx, q.e.boot, s, now, t.Max)
			if err != nil {
				return err
			}
			for _, d := range list {
				items = append(items, outbox.Item{ID: outbox.ID(d.ID), Lane: t.Lane, Tries: d.Tries, Waits: d.Waits, Due: d.Due, Single: d.Single})
			}
		}
		return nil
	})
	return items, err
}

// Finish records what became of a delivery.
func (q queue) Finish(ctx context.Context, o outbox.Outcome) error {
	r := store.Result{
		Delivery: apiclient.DeliveryID(o.Item.ID), State: apiclient.DeliveryState(o.State), Tries: o.Item.Tries, Waits: o.Item.Waits,
		Due: o.Item.Due, Error: o.Error, EndLane: o.EndLane,
	}
	if a, ok := o.Report.(apiclient.Attempt); ok {
		r.Attempt = &a
	}
	return q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Finish(ctx, q.e.boot, r) })
}

// Release undoes the claim of deliveries that were not sent.
func (q queue) Release(ctx context.Context, items []outbox.Item) error {
	return q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, i := range items {
			if err := tx.Release(ctx, q.e.boot, apiclient.DeliveryID(i.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}
