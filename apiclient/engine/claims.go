package engine

import (
	"context"
	"slices"
	"sync"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// claims are what the queue has given out and not got back. A claim may be committed
// although the database's answer was lost with its connection: then nobody sends what it
// has marked, and nobody else may. So after a claim that has failed, what is marked with
// the engine's number and is not among these is given back.
type claims struct {
	mu      sync.Mutex                   // guards what follows
	hooks   map[apiclient.DeliveryID]int // how often: a result whose answer was lost may wait to be told again
	mails   map[apiclient.MailID]int
	doubts  int // claims that have failed, those of commits that hand over included
	settled int // how many of these were looked after
}

// out notes what a claim has given, or that it has failed.
func (c *claims) out(items []outbox.Item, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.doubts++
		return
	}
	if c.hooks == nil {
		c.hooks, c.mails = map[apiclient.DeliveryID]int{}, map[apiclient.MailID]int{}
	}
	for _, i := range items {
		if i.Lane == mailLane {
			c.mails[apiclient.MailID(i.ID)]++
		} else {
			c.hooks[apiclient.DeliveryID(i.ID)]++
		}
	}
}

// back forgets an item whose result or release is committed.
func (c *claims) back(i outbox.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i.Lane == mailLane {
		less(c.mails, apiclient.MailID(i.ID))
	} else {
		less(c.hooks, apiclient.DeliveryID(i.ID))
	}
}

// less takes one from a count, which is there while it is above 0.
func less[K comparable](count map[K]int, key K) {
	if count[key]--; count[key] <= 0 {
		delete(count, key)
	}
}

// held returns what is given out, and how many claims have failed; 0: none that was not
// looked after.
func (c *claims) held() (hooks []apiclient.DeliveryID, mails []apiclient.MailID, doubts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doubts == c.settled {
		return nil, nil, 0
	}
	for id := range c.hooks {
		hooks = append(hooks, id)
	}
	for id := range c.mails {
		mails = append(mails, id)
	}
	slices.Sort(hooks)
	slices.Sort(mails)
	return hooks, mails, c.doubts
}

// settle notes that so many failed claims were looked after.
func (c *claims) settle(doubts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settled = max(c.settled, doubts)
}

// inDoubt reports whether a claim has failed that was not looked after.
func (c *claims) inDoubt() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.doubts > c.settled
}

// disown gives back what claims that have failed may have marked.
func (q queue) disown(ctx context.Context) error {
	if !q.e.claims.inDoubt() {
		return nil
	}
	var doubts int
	err := q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		doubts, err = q.disownIn(ctx, tx)
		return err
	})
	if err == nil {
		q.e.claims.settle(doubts)
	}
	return err
}

// disownIn is disown in a transaction, and returns how many claims are looked after when it
// is committed. A claim begins with it: what was made later may not go out before what is
// in doubt. The outbox claims and looks one after the other, and what commits hand over is
// noted before the next change, so that nothing is on its way meanwhile.
func (q queue) disownIn(ctx context.Context, tx *store.Tx) (doubts int, err error) {
	hooks, mails, doubts := q.e.claims.held()
	if doubts == 0 {
		return 0, nil
	}
	return doubts, tx.Disown(ctx, q.e.tenure.number(), hooks, mails)
}
