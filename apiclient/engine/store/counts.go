package store

import (
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
)

// A tally is how many deliveries of each subscription have come into a state or have
// left it, since it was last written down.
type tally map[apiclient.SubscriptionID]map[apiclient.DeliveryState]int

func (t tally) clone() tally {
	c := make(tally, len(t))
	for id, states := range t {
		c[id] = maps.Clone(states)
	}
	return c
}

// countedStates are those that a subscription has a column for, by that name.
var countedStates = []apiclient.DeliveryState{
	apiclient.DeliveryDue, apiclient.DeliveryClaimed, apiclient.DeliveryHeld, apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryGone,
}

// moved notes that n deliveries of a subscription have gone from a state to another;
// empty: they are new, or no more.
func (tx *Tx) moved(id apiclient.SubscriptionID, n int, from, to apiclient.DeliveryState) {
	if from == to || n == 0 {
		return
	}
	if tx.tally == nil {
		tx.tally = tally{}
	}
	states := tx.tally[id]
	if states == nil {
		states = map[apiclient.DeliveryState]int{}
		tx.tally[id] = states
	}
	if from != "" {
		states[from] -= n
	}
	if to != "" {
		states[to] += n
	}
}

// writeTally writes the tally down. The writer does so before a commit, once for all changes
// in it; whoever reads the counters in a change does before.
func (tx *Tx) writeTally(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(tx.tally)) {
		query, args := `UPDATE subscriptions SET `, []any{}
		for _, state := range countedStates {
			if n := tx.tally[id][state]; n != 0 {
				column := string(state)
				if len(args) > 0 {
					query += ", "
				}
				query += column + ` = ` + column + ` + ?`
				args = append(args, n)
			}
		}
		if len(args) == 0 {
			continue
		}
		if _, err := tx.exec(ctx, query+` WHERE id = ?`, append(args, id)...); err != nil {
			return err
		}
	}
	clear(tx.tally)
	return nil
}
