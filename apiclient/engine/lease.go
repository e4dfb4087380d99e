package engine

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"sync"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// A tenure is an engine's place among those that work on its database. It goes by the
// system's clock, whatever the engine's is: the database counts by its own.
type tenure struct {
	mu      sync.Mutex // guards what follows
	boot    int64      // number with which claims are marked
	renewed time.Time  // when the lease was last taken or extended, begun before the database did so
	engines []int64    // the numbers of all that live
	leaving map[apiclient.SubscriptionID]int64
	behind  time.Duration // by how much the clock is behind those of engines that seem to live, see catchUp
}

// number returns the boot number of the moment.
func (t *tenure) number() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.boot
}

// live returns how many engines work on the database, this one included.
func (t *tenure) live() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(1, len(t.engines))
}

// over reports whether the lease may have passed to others by now: this process was
// stopped, or the database did not answer. Both clocks are asked, since the
// monotonic one stands still while a machine sleeps.
func (t *tenure) over(now time.Time, lease time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	safe := lease - lease/6 // what a send takes may be more: its record has its token
	return now.Sub(t.renewed) > safe || now.Round(0).Sub(t.renewed.Round(0)) > safe
}

// late returns by how much the clock is behind others'.
func (t *tenure) late() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.behind
}

// leaves reports whether a lane is to go to another engine.
func (t *tenure) leaves(s apiclient.SubscriptionID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, yes := t.leaving[s]
	return yes
}

// settleIn takes a new boot number, and moves what waits with a clock that was set back
// while nothing ran.
func (e *Engine) settleIn(ctx context.Context, tx *store.Tx) error {
	begun := time.Now()
	behind, err := tx.Behind(ctx) // before anything is logged
	if err != nil {
		return err
	}
	boot, err := tx.Boot(ctx)
	if err != nil {
		return err
	}
	engines, _, err := tx.Renew(ctx, boot)
	if err != nil {
		return err
	}
	if behind, err = e.catchUp(ctx, tx, boot, engines, behind); err != nil {
		return err
	}
	e.tenure.mu.Lock()
	defer e.tenure.mu.Unlock()
	e.tenure.boot, e.tenure.renewed, e.tenure.engines, e.tenure.leaving, e.tenure.behind = boot, begun, engines, nil, behind
	return nil
}

// catchUp moves what waits in the lanes of that engine and in nobody's, because the clock
// is behind the one by which that was planned; it returns by how much it is afterwards.
// While other engines live nothing is moved: their clocks go on as they were, and it may
// be this one's that is wrong. One that was killed seems to live until its lease is over:
// then is the time for what it had.
func (e *Engine) catchUp(ctx context.Context, tx *store.Tx, boot int64, engines []int64, behind time.Duration) (time.Duration, error) {
	if behind == 0 || len(engines) > 1 {
		return behind, nil
	}
	e.cfg.Logger.Warn("the clock was set back while nothing ran; what waits is moved with it", "by", behind)
	return 0, tx.Shift(ctx, boot, behind)
}

// keepLease extends the lease until ctx ends. It returns false as soon as the lease is
// lost: what was claimed is others' then.
func (e *Engine) keepLease(ctx context.Context) bool {
	ticks := time.NewTicker(e.cfg.Lease / 4) // so that it may miss some
	defer ticks.Stop()
	for {
		kept, err := e.renew(ctx)
		switch {
		case ctx.Err() != nil:
			return true
		case err != nil:
			e.cfg.Logger.Error("cannot extend the lease of this engine", "err", err)
		case !kept:
			e.cfg.Logger.Warn("this engine was silent for too long: others have taken over what it had claimed")
			return false
		}
		e.outbox.Wake() // lanes may have lost their engine
		select {
		case <-ctx.Done():
			return true
		case <-ticks.C:
		}
	}
}

// renew extends the lease once, and gives away lanes that are to be others'.
func (e *Engine) renew(ctx context.Context) (kept bool, err error) {
	boot, begun := e.tenure.number(), time.Now()
	var engines []int64
	var behind time.Duration
	leaving := map[apiclient.SubscriptionID]int64{}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		clear(leaving)
		if engines, kept, err = tx.Renew(ctx, boot); err != nil || !kept {
			return err
		}
		if behind, err = e.catchUp(ctx, tx, 0, engines, e.tenure.late()); err != nil {
			return err
		}
		owned, err := tx.Owned(ctx, boot)
		if err != nil {
			return err
		}
		for _, s := range owned {
			if to := heir(s, engines); to != boot {
				leaving[s] = to
			}
		}
		return tx.HandOver(ctx, boot, leaving)
	})
	if err != nil || !kept {
		return kept, err
	}
	e.tenure.mu.Lock()
	defer e.tenure.mu.Unlock()
	e.tenure.renewed, e.tenure.engines, e.tenure.leaving, e.tenure.behind = begun, engines, leaving, behind
	return true, nil
}

// heir returns the engine that is to send to a subscription: the one with the highest
// hash, so that another engine takes its share of the lanes from each, and no more.
func heir(s apiclient.SubscriptionID, engines []int64) int64 {
	var best int64
	var most uint64
	for _, e := range engines {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], uint64(s)) //nolint:gosec // any bits do
		binary.BigEndian.PutUint64(b[8:], uint64(e)) //nolint:gosec // any bits do
		h := fnv.New64a()
		_, _ = h.Write(b[:]) // a hash never fails
		if sum := mix(h.Sum64()); best == 0 || sum > most {
			best, most = e, sum
		}
	}
	return best
}

// mix spreads small differences over all bits, which FNV does not for short input: the
// end of SplitMix64.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// deliver runs the outbox until ctx ends. When the lease is lost it is begun anew, under
// another number, so that nothing that the engine still holds is recorded as its own.
func (e *Engine) deliver(ctx context.Context) error {
	if e.cfg.Database == "" { // nobody else could have the folder
		return e.outbox.Run(ctx)
	}
	for {
		sending, stop := context.WithCancel(ctx)
		lost := make(chan bool, 1)
		go func() {
			lost <- !e.keepLease(sending)
			stop()
		}()
		err := e.outbox.Run(sending)
		stop()
		if again := <-lost; !again || err != nil || ctx.Err() != nil {
			return err
		}
		if err := e.db.Change(ctx, e.settleIn); err != nil {
			return err
		}
	}
}

// leased sends only while the lease holds: an engine that was stopped wakes with what
// others have sent meanwhile.
type leased struct {
	e *Engine
	outbox.Sender
}

// Send makes one attempt at an item.
func (l leased) Send(ctx context.Context, i outbox.Item) outbox.Result {
	if l.e.cfg.Database != "" && l.e.tenure.over(time.Now(), l.e.cfg.Lease) {
		return outbox.Result{Verdict: outbox.Skip}
	}
	return l.Sender.Send(ctx, i)
}
