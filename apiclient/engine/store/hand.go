package store

import (
	"context"

	"umdeck/apiclient"
)

// mostHanded is how many deliveries of a subscription may be claimed and not recorded
// while new ones are handed over too: who has more looks for them in the table.
const mostHanded = 256

// A Handed is a delivery that was claimed by the change that made it, as [Tx.Claim] would
// have done next.
type Handed struct {
	Queued
	Hook Hook
}

// A hand knows the subscriptions of which nothing waits that was never sent: what is made
// for them is claimed at once. So it is written once less, and nobody has to look for it.
// It belongs to a writer, whose changes come one after the other. To forget a subscription
// is always right: its deliveries are due then, and the next claim that finds no more of
// them than it may have knows the subscription again.
type hand struct {
	boot    int64                            // of the engine that claims
	claimed map[apiclient.SubscriptionID]int // by those that are known: how many it has

	// With PostgreSQL others write too, and whatever makes a delivery due is logged: the
	// log's sequence tells whether somebody did.
	seen, added int64 // where it was, and how many numbers this writer has taken since
}

// clear forgets all subscriptions.
func (h *hand) clear() {
	if h != nil {
		clear(h.claimed)
	}
}

// forget forgets a subscription.
func (h *hand) forget(id apiclient.SubscriptionID) {
	if h != nil {
		delete(h.claimed, id)
	}
}

// moved follows deliveries from a state to another.
func (h *hand) moved(id apiclient.SubscriptionID, n int, from, to apiclient.DeliveryState) {
	if h == nil {
		return
	}
	had, ok := h.claimed[id]
	switch {
	case !ok:
	case to == apiclient.DeliveryDue:
		delete(h.claimed, id)
	case from == apiclient.DeliveryClaimed:
		h.claimed[id] = max(0, had-n)
	case to == apiclient.DeliveryClaimed:
		h.claimed[id] = had + n
	}
}

// opened takes in what a claim has found of a subscription.
func (h *hand) opened(boot int64, t Take, found int) {
	if h.boot != boot {
		h.clear()
		h.boot = boot
	}
	if t.Onward && !t.strict && found < t.Max && len(t.Skip) == 0 {
		if h.claimed == nil {
			h.claimed = map[apiclient.SubscriptionID]int{}
		}
		h.claimed[t.Subscription] = max(found, h.claimed[t.Subscription])
	} else {
		h.forget(t.Subscription)
	}
}

// takes returns the number of the engine by which a new delivery of the subscription is
// claimed; 0: it is due.
func (h *hand) takes(id apiclient.SubscriptionID) int64 {
	if n, ok := h.claimed[id]; !ok || n >= mostHanded {
		return 0
	}
	return h.boot
}

// logged notes that the writer has taken so many numbers of the log's sequence.
func (h *hand) logged(n int) {
	if h != nil {
		h.added += int64(n)
	}
}

// compare takes in where the log's sequence is. If somebody else has taken numbers,
// something may be due by now.
func (h *hand) compare(last int64) {
	if last != h.seen+h.added {
		h.clear()
	}
	h.seen, h.added = last, 0
}

// KeepBack ends the handing over of new deliveries, until a claim asks for it again.
func (tx *Tx) KeepBack() { tx.hand.clear() }

// lastLogged is a query for where the log's sequence is, see hand.compare.
func (d dialect) lastLogged() string {
	if d.postgres {
		return `(SELECT last_value FROM log_seq_seq)`
	}
	return `0`
}

// touchLog takes a number of the log, by which other engines see that something has
// changed of which the log says nothing.
func (tx *Tx) touchLog(ctx context.Context) error {
	tx.hand.logged(1)
	return tx.post(ctx, `SELECT nextval('log_seq_seq')`)
}
