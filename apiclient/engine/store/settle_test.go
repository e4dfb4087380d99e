package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// A settled is a subscription whose state is changed with batches of four.
type settled struct {
	*handedTo
	t *testing.T
}

// settling returns a subscription with so many deliveries; the first two were sent and are
// to be sent again.
func settling(t *testing.T, n int) (s settled, ids []apiclient.DeliveryID) {
	s = settled{handing(t), t}
	for range n {
		ids = append(ids, deliver(t, s.DB, s.sub).ID)
	}
	claimNext(t, s.DB, 1, s.sub, 2)
	change(t, s.DB, func(ctx context.Context, tx *Tx) error {
		again := func(id apiclient.DeliveryID) Result {
			return Result{Delivery: id, State: apiclient.DeliveryDue, Tries: 1, Due: tx.Now().Add(-time.Second)}
		}
		return tx.Finish(ctx, 1, again(ids[0]), again(ids[1]))
	})
	return s, ids
}

// in runs fn with the small batches.
func (s settled) in(fn func(context.Context, *Tx) error) (unsettled bool) {
	s.t.Helper()
	change(s.t, s.DB, func(ctx context.Context, tx *Tx) error {
		tx.batch = 4
		err := fn(ctx, tx)
		unsettled = tx.Unsettled()
		return err
	})
	return unsettled
}

func (s settled) turn(state apiclient.SubscriptionState) (unsettled bool) {
	s.t.Helper()
	return s.in(func(ctx context.Context, tx *Tx) error { return tx.SetSubscription(ctx, s.sub, state, "test") })
}

// on settles once more, and reports whether something may be left.
func (s settled) on() bool {
	s.t.Helper()
	return s.in(func(ctx context.Context, tx *Tx) error { return tx.SettleOn(ctx, s.sub) })
}

// closed fails unless nothing of the subscription is given out, and what is made is held.
func (s settled) closed() (made apiclient.DeliveryID) {
	s.t.Helper()
	if list := claimNext(s.t, s.DB, 1, s.sub, 100); len(list) > 0 {
		s.t.Errorf("%d are claimed while it settles", len(list))
	}
	waiting := read(s.t, s.DB, func(ctx context.Context, tx *Tx) ([]Lane, error) { return tx.Waiting(ctx, 1) })
	if len(waiting) > 0 {
		s.t.Errorf("it waits to be sent while it settles: %+v", waiting)
	}
	s.in(func(ctx context.Context, tx *Tx) error {
		d, err := s.makeIn(ctx, tx)
		if err == nil && d.State != apiclient.DeliveryHeld {
			s.t.Errorf("what is made while it settles is %s", d.State)
		}
		made = d.ID
		return err
	})
	return made
}

func (s settled) states() map[apiclient.DeliveryState]int {
	s.t.Helper()
	return read(s.t, s.DB, func(ctx context.Context, tx *Tx) (map[apiclient.DeliveryState]int, error) {
		found := map[apiclient.DeliveryState]int{}
		_, err := collect(ctx, tx, func(c scanner) (none struct{}, err error) {
			var state apiclient.DeliveryState
			var n int
			err = c.Scan(&state, &n)
			found[state] = n
			return none, err
		}, `SELECT state, count(*) FROM deliveries WHERE subscription_id = ? AND state <> 'done' GROUP BY state`, s.sub)
		return found, err
	})
}

// TestSettleInBatches pauses and resumes a subscription for which more waits than one
// transaction moves: nothing of it is sent before all is moved, and then in its order.
func TestSettleInBatches(t *testing.T) {
	s, ids := settling(t, 10)
	if !s.turn(apiclient.SubscriptionPaused) {
		t.Fatal("nothing is left")
	}
	if diff := cmp.Diff(map[apiclient.DeliveryState]int{"due": 6, "held": 4}, s.states()); diff != "" {
		t.Errorf("after a batch (-want +got):\n%s", diff)
	}
	if got := counters(t, s.DB, s.sub); got != "done 1 dead 0 waiting 10" {
		t.Error(got)
	}
	ids = append(ids, s.closed())
	if !s.on() || s.on() {
		t.Error("two more batches should do")
	}
	if left := read(t, s.DB, func(ctx context.Context, tx *Tx) ([]apiclient.SubscriptionID, error) { return tx.Settling(ctx) }); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	if diff := cmp.Diff(map[apiclient.DeliveryState]int{"held": 11}, s.states()); diff != "" {
		t.Errorf("paused (-want +got):\n%s", diff)
	}

	s.turn(apiclient.SubscriptionActive)
	ids = append(ids, s.closed())
	s.on()
	s.turn(apiclient.SubscriptionPaused) // and back, on the way
	ids = append(ids, s.closed())
	s.on()
	s.turn(apiclient.SubscriptionActive)
	for s.on() {
		ids = append(ids, s.closed())
	}
	if diff := cmp.Diff(map[apiclient.DeliveryState]int{"due": len(ids)}, s.states()); diff != "" {
		t.Errorf("resumed (-want +got):\n%s", diff)
	}
	var got []apiclient.DeliveryID
	for _, q := range claimNext(t, s.DB, 1, s.sub, 100) {
		got = append(got, apiclient.DeliveryID(q.ID))
	}
	if diff := cmp.Diff(ids, got); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	if got := counters(t, s.DB, s.sub); got != fmt.Sprintf("done 1 dead 0 waiting %d", len(ids)) {
		t.Error(got)
	}
}

// TestSettleEnd ends a subscription for which much waits, and takes it up again before all
// of that is gone: it does not come back.
func TestSettleEnd(t *testing.T) {
	s, _ := settling(t, 10)
	s.turn(apiclient.SubscriptionPaused)
	s.turn(apiclient.SubscriptionGone)
	if diff := cmp.Diff(map[apiclient.DeliveryState]int{"due": 2, "held": 4, "gone": 4}, s.states()); diff != "" {
		t.Errorf("after a batch (-want +got):\n%s", diff)
	}
	if list := claimNext(t, s.DB, 1, s.sub, 100); len(list) > 0 {
		t.Errorf("%d are claimed of what has ended", len(list))
	}
	s.turn(apiclient.SubscriptionActive)
	if diff := cmp.Diff(map[apiclient.DeliveryState]int{"gone": 10}, s.states()); diff != "" {
		t.Errorf("taken up again (-want +got):\n%s", diff)
	}
	s.ask(t)
	if _, handed := s.make(t); !handed {
		t.Error("what is new is not handed over")
	}
}

// TestSettleZap stops a zap with several subscriptions: all of them together move no more
// than a batch at once.
func TestSettleZap(t *testing.T) {
	s, _ := settling(t, 3)
	var z apiclient.Zap
	s.in(func(ctx context.Context, tx *Tx) (err error) {
		sub, err := tx.Subscription(ctx, s.sub)
		if err != nil {
			return err
		}
		z, err = tx.Zap(ctx, sub.Zap)
		return err
	})
	var others []apiclient.SubscriptionID
	for n := range 3 {
		s.in(func(ctx context.Context, tx *Tx) error {
			id, err := tx.InsertSubscription(ctx, apiclient.Subscription{Zap: z.ID, URL: fmt.Sprint("https://other.example/", n), State: apiclient.SubscriptionActive, Signing: apiclient.NewSecret("whsec_x")})
			others = append(others, id)
			return err
		})
		for range 3 {
			deliver(t, s.DB, others[n])
		}
	}
	counted := func() (due, held int) {
		for _, id := range append(others, s.sub) {
			states := settled{&handedTo{DB: s.DB, sub: id}, t}.states()
			due, held = due+states["due"], held+states["held"]
		}
		return due, held
	}
	is := z
	is.Status = apiclient.ZapStopped
	s.in(func(ctx context.Context, tx *Tx) error { return tx.UpdateZap(ctx, z, is) })
	if due, held := counted(); due != 8 || held != 4 {
		t.Errorf("%d due, %d held after the stop", due, held)
	}
	rounds := 0
	for ; rounds < 10; rounds++ {
		left := read(t, s.DB, func(ctx context.Context, tx *Tx) ([]apiclient.SubscriptionID, error) { return tx.Settling(ctx) })
		if len(left) == 0 {
			break
		}
		for _, id := range left {
			s.in(func(ctx context.Context, tx *Tx) error { return tx.SettleOn(ctx, id) })
		}
	}
	if due, held := counted(); due != 0 || held != 12 || rounds > 2 {
		t.Errorf("%d due, %d held after %d rounds", due, held, rounds)
	}
}
