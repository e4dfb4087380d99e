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
	mu    sync.Mutex                   // guards what follows
	hooks map[apiclient.DeliveryID]int // how often: a result whose answer was lost may wait to be told again
	mails map[apiclient.MailID]int
	doubt bool // a claim has failed since the last look
}

// out notes what a claim has given, or that it has failed.
func (c *claims) out(items []outbox.Item, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.doubt = true
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

// held returns what is given out, and whether a claim has failed since the last look.
func (c *claims) held() (hooks []apiclient.DeliveryID, mails []apiclient.MailID, doubt bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.doubt {
		return nil, nil, false
	}
	for id := range c.hooks {
		hooks = append(hooks, id)
	}
	for id := range c.mails {
		mails = append(mails, id)
	}
	slices.Sort(hooks)
	slices.Sort(mails)
	return hooks, mails, true
}

// disown gives back what a claim that has failed may have marked. The outbox claims and
// looks one after the other, so that nothing is on its way meanwhile.
func (q queue) disown(ctx context.Context) error {
	hooks, mails, doubt := q.e.claims.held()
	if !doubt {
		return nil
	}
	err := q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Disown(ctx, q.e.tenure.number(), hooks, mails)
	})
	if err == nil {
		q.e.claims.mu.Lock()
		q.e.claims.doubt = false
		q.e.claims.mu.Unlock()
	}
	return err
}
