package outbox_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// killable is a store whose process can die: from then on nothing reaches it.
type killable struct {
	*outboxtest.Memory
	mu   sync.Mutex // guards dead
	dead bool
}

var errKilled = errors.New("killed")

func (k *killable) kill() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dead = true
}

func (k *killable) alive() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return errKilled
	}
	return nil
}

func (k *killable) Waiting(ctx context.Context) ([]outbox.Waiting, error) {
	if err := k.alive(); err != nil {
		return nil, err
	}
	return k.Memory.Waiting(ctx)
}

func (k *killable) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	if err := k.alive(); err != nil {
		return nil, err
	}
	return k.Memory.Claim(ctx, now, take)
}

func (k *killable) Finish(ctx context.Context, list []outbox.Outcome) error {
	if err := k.alive(); err != nil {
		return err
	}
	return k.Memory.Finish(ctx, list)
}

func (k *killable) Release(ctx context.Context, items []outbox.Item) error {
	if err := k.alive(); err != nil {
		return err
	}
	return k.Memory.Release(ctx, items)
}

const (
	ledgerItems   = 2000
	ledgerWorkers = 16
	ledgerKills   = 30
)

// A farSide fails and stalls at random, and writes down what arrives.
type farSide struct {
	mu      sync.Mutex // guards all below
	dice    *rand.Rand
	arrived map[outbox.ID]int
}

func (f *farSide) roll(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dice.IntN(n)
}

func (f *farSide) Send(ctx context.Context, i outbox.Item) outbox.Result {
	select {
	case <-ctx.Done():
		return outbox.Result{}
	case <-time.After(time.Duration(f.roll(2000)) * time.Millisecond):
	}
	switch n := f.roll(100); {
	case n < 5:
		return outbox.Result{Slow: true}
	case n < 10:
		return outbox.Result{}
	case n < 13:
		return outbox.Result{Verdict: outbox.Wait, After: 3 * time.Second}
	case n < 15:
		return outbox.Result{Verdict: outbox.Skip}
	case n < 16:
		panic("a defect")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arrived[i.ID]++
	return outbox.Result{Verdict: outbox.Done}
}

// live is a process: an outbox whose disk is full for a while, until it is killed,
// or stopped when it is the last one.
func live(t *testing.T, m *outboxtest.Memory, sender outbox.Sender, life time.Duration, last bool) {
	t.Helper()
	k := &killable{Memory: m}
	_, stop := start(t, outbox.Config{Store: k, Sender: sender, Workers: ledgerWorkers, Grace: time.Millisecond})
	<-time.After(life / 2)
	m.Break(errors.New("disk is full"))
	<-time.After(life / 10)
	m.Break(nil)
	<-time.After(life / 2)
	if last {
		mustStop(t, stop)
		return
	}
	k.kill()
	_ = stop() // results that a dead process had in hand are lost
	m.Restart()
}

// TestLedger kills the outbox over and over, and compares what was stored with
// what arrived.
func TestLedger(t *testing.T) {
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 1))
			far := &farSide{dice: rand.New(rand.NewPCG(seed, 2)), arrived: map[outbox.ID]int{}}
			m := outboxtest.NewMemory()
			for n := range outbox.ID(ledgerItems) {
				m.Put(outbox.Item{ID: n, Lane: outbox.Lane(rune('a' + dice.IntN(5)))})
			}
			for range ledgerKills {
				live(t, m, far, time.Duration(1+dice.IntN(8))*time.Second, false)
			}
			live(t, m, far, 30*24*time.Hour, true)

			if s := m.States(); s["done"] != ledgerItems || len(s) != 1 {
				t.Errorf("seed %d: states %v, want all done", seed, s)
			}
			repeats := 0
			for id := range outbox.ID(ledgerItems) {
				if far.arrived[id] == 0 {
					t.Errorf("seed %d: item %d never arrived", seed, id)
				}
				repeats += max(0, far.arrived[id]-1)
			}
			if repeats > ledgerWorkers*ledgerKills {
				t.Errorf("seed %d: %d repeats by %d kills of %d senders", seed, repeats, ledgerKills, ledgerWorkers)
			}
		})
	}
}
