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
)

// killable is a store whose process can die: from then on nothing reaches it.
type killable struct {
	*memory
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
	return k.memory.Waiting(ctx)
}

func (k *killable) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	if err := k.alive(); err != nil {
		return nil, err
	}
	return k.memory.Claim(ctx, now, take)
}

func (k *killable) Finish(ctx context.Context, o outbox.Outcome) error {
	if err := k.alive(); err != nil {
		return err
	}
	return k.memory.Finish(ctx, o)
}

func (k *killable) Release(ctx context.Context, items []outbox.Item) error {
	if err := k.alive(); err != nil {
		return err
	}
	return k.memory.Release(ctx, items)
}

// reopen does what a store does when it is opened: what an earlier process left
// claimed is due again.
func (m *memory) reopen() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, i := range m.claimed {
		delete(m.claimed, id)
		m.put(i)
	}
}

// TestLedger kills the outbox over and over, and breaks its disk now and then,
// while a far side that fails and stalls at random writes down what arrives.
func TestLedger(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			const (
				total   = 2000
				workers = 16
				kills   = 30
			)
			dice := rand.New(rand.NewPCG(seed, 1))
			m := newMemory()
			var mu sync.Mutex
			arrived := map[outbox.ID]int{}
			sender := senderFunc(func(ctx context.Context, i outbox.Item) outbox.Result {
				mu.Lock()
				n, stall := dice.IntN(100), time.Duration(dice.IntN(2000))*time.Millisecond
				mu.Unlock()
				select {
				case <-ctx.Done():
					return outbox.Result{}
				case <-time.After(stall):
				}
				switch {
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
				mu.Lock()
				defer mu.Unlock()
				arrived[i.ID]++
				return outbox.Result{Verdict: outbox.Done}
			})
			// A process: an outbox until it is killed, or stopped when it is the last one.
			process := func(life time.Duration, last bool) {
				k := &killable{memory: m}
				_, stop := start(t, outbox.Config{Store: k, Sender: sender, Workers: workers, Grace: time.Millisecond})
				<-time.After(life / 2)
				m.breakWith(errors.New("disk is full"))
				<-time.After(life / 10)
				m.breakWith(nil)
				<-time.After(life / 2)
				if last {
					mustStop(t, stop)
					return
				}
				k.kill()
				_ = stop() // results that a dead process had in hand are lost
				m.reopen()
			}
			lanes := []outbox.Lane{"a", "b", "c", "d", "e"}
			for n := range outbox.ID(total) {
				m.add(outbox.Item{ID: n, Lane: lanes[dice.IntN(len(lanes))]})
			}
			for range kills {
				process(time.Duration(1+dice.IntN(8))*time.Second, false)
			}
			process(30*24*time.Hour, true)

			if s := m.states(); s["done"] != total || len(s) != 1 {
				t.Errorf("seed %d: states %v, want all done", seed, s)
			}
			repeats := 0
			for id := range outbox.ID(total) {
				if arrived[id] == 0 {
					t.Errorf("seed %d: item %d never arrived", seed, id)
				}
				repeats += max(0, arrived[id]-1)
			}
			if repeats > workers*kills {
				t.Errorf("seed %d: %d repeats by %d kills of %d senders", seed, repeats, kills, workers)
			}
		})
	}
}
