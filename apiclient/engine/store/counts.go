package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
)

// A counter is a row that counts what became of deliveries, in a column for each state.
type counter struct {
	table string
	id    int64
	hour  int64 // its beginning, of an hour alone
}

const (
	ofSubscription = "subscriptions"
	ofReplay       = "replays"
	ofHour         = "subscription_hours" // id is that of the subscription
)

// countedStates are those that a subscription has a column for, by that name, and
// replayedStates those that a replay job has.
var (
	countedStates = []apiclient.DeliveryState{
		apiclient.DeliveryDue, apiclient.DeliveryClaimed, apiclient.DeliveryHeld, apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryGone,
	}
	replayedStates = countedStates[3:]
)

// A tally is how many deliveries have come into a state or have left it, since it was last
// written down.
type tally map[counter]map[apiclient.DeliveryState]int

func (t tally) clone() tally {
	c := make(tally, len(t))
	for id, states := range t {
		c[id] = maps.Clone(states)
	}
	return c
}

func (tx *Tx) tallied(c counter, n int, state apiclient.DeliveryState) {
	if state == "" || n == 0 {
		return
	}
	if tx.tally == nil {
		tx.tally = tally{}
	}
	states := tx.tally[c]
	if states == nil {
		states = map[apiclient.DeliveryState]int{}
		tx.tally[c] = states
	}
	states[state] += n
}

// moved notes that n deliveries of a subscription have gone from a state to another now;
// empty: they are new, or no more.
func (tx *Tx) moved(id apiclient.SubscriptionID, n int, from, to apiclient.DeliveryState) {
	ended := int64(0)
	if from != to {
		ended = tx.ended(to)
	}
	tx.movedAt(ended, id, n, from, to)
}

// movedAt is moved for deliveries that ended at a time, if they did.
func (tx *Tx) movedAt(ended int64, id apiclient.SubscriptionID, n int, from, to apiclient.DeliveryState) {
	if from == to {
		return
	}
	tx.hand.moved(id, n, from, to)
	c := counter{table: ofSubscription, id: int64(id)}
	tx.tallied(c, -n, from)
	tx.tallied(c, n, to)
	if to.Final() {
		tx.tallied(hourOf(id, ended), n, to)
	}
}

// replayed notes that n deliveries of a replay job have come into a state; 0: of none.
func (tx *Tx) replayed(id apiclient.ReplayID, n int, to apiclient.DeliveryState) {
	if id != 0 && slices.Contains(replayedStates, to) {
		tx.tallied(counter{table: ofReplay, id: int64(id)}, n, to)
	}
}

// writeTally writes the tally down. The writer does so before a commit, once for all changes
// in it; whoever reads the counters in a change does before.
func (tx *Tx) writeTally(ctx context.Context) error {
	order := func(a, b counter) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.id, b.id), cmp.Compare(a.hour, b.hour))
	}
	var hours [][]int64
	for _, c := range slices.SortedFunc(maps.Keys(tx.tally), order) {
		if c.table == ofHour {
			hours = append(hours, hourRow(c, tx.tally[c]))
		} else if err := tx.writeCounter(ctx, c, tx.tally[c]); err != nil {
			return err
		}
	}
	clear(tx.tally)
	return tx.writeHours(ctx, hours)
}

func (tx *Tx) writeCounter(ctx context.Context, c counter, states map[apiclient.DeliveryState]int) error {
	counted := countedStates
	if c.table == ofReplay {
		counted = replayedStates
	}
	query, args := `UPDATE `+c.table+` SET `, []any{}
	for _, state := range counted {
		if n := states[state]; n != 0 {
			column := string(state)
			if len(args) > 0 {
				query += ", "
			}
			query += column + ` = ` + column + ` + ?`
			args = append(args, n)
		}
	}
	if len(args) == 0 {
		return nil
	}
	if err := tx.post(ctx, query+` WHERE id = ?`, append(args, c.id)...); err != nil || c.table != ofReplay {
		return err
	}
	return tx.closeReplay(ctx, apiclient.ReplayID(c.id))
}
