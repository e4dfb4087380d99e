package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// queued returns a database with a running zap and an active subscription.
func queued(t testing.TB) (*DB, apiclient.SubscriptionID) {
	t.Helper()
	db := openTest(t)
	return db, subscribe(t, db, "https://example.com/1")
}

func subscribe(t testing.TB, db *DB, url string) (sub apiclient.SubscriptionID) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) error {
		z, err := tx.InsertZap(ctx, apiclient.Zap{Name: "Zap", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapRunning, Fields: []string{"a"}})
		if err != nil {
			return err
		}
		sub, err = tx.InsertSubscription(ctx, apiclient.Subscription{Zap: z, URL: url, State: apiclient.SubscriptionActive, Signing: apiclient.NewSecret("whsec_x")})
		return err
	})
	return sub
}

// deliver stores an event with one delivery.
func deliver(t testing.TB, db *DB, sub apiclient.SubscriptionID) (d apiclient.Delivery) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) (err error) {
		d, err = deliverIn(ctx, tx, sub)
		return err
	})
	return d
}

func deliverIn(ctx context.Context, tx *Tx, sub apiclient.SubscriptionID) (d apiclient.Delivery, err error) {
	s, err := tx.Subscription(ctx, sub)
	if err != nil {
		return d, err
	}
	e, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "Ada", Origin: "form", At: tx.Now(), Deliveries: 1})
	if err != nil {
		return d, err
	}
	return tx.InsertDelivery(ctx, apiclient.Delivery{
		WebhookID: fmt.Sprint("msg_", e), EventID: e, Event: apiclient.TriggerLogin, Zap: s.Zap, ZapName: s.ZapName, Subscription: sub,
		User: 1, Login: "Ada", Body: []byte("{}"),
	})
}

func claimNext(t testing.TB, db *DB, boot int64, sub apiclient.SubscriptionID, n int) (list []Queued) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) (err error) {
		list, err = tx.Claim(ctx, boot, tx.Now(), Take{Subscription: sub, Max: n})
		return err
	})
	return list
}

func stateOf(t testing.TB, db *DB, id apiclient.DeliveryID) apiclient.Delivery {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Delivery, error) { return tx.Delivery(ctx, id) })
}

func counters(t testing.TB, db *DB, sub apiclient.SubscriptionID) string {
	t.Helper()
	s := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Subscription, error) { return tx.Subscription(ctx, sub) })
	return fmt.Sprintf("done %d dead %d waiting %d", s.Done, s.Dead, s.Waiting)
}

func TestClaimInOrder(t *testing.T) {
	db, sub := queued(t)
	other := subscribe(t, db, "https://example.com/2")
	var want []apiclient.DeliveryID
	for range 5 {
		want = append(want, deliver(t, db, sub).ID)
	}
	deliver(t, db, other)
	var got []apiclient.DeliveryID
	for range 3 {
		for _, q := range claimNext(t, db, 1, sub, 2) {
			got = append(got, apiclient.DeliveryID(q.ID))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	waiting := read(t, db, func(ctx context.Context, tx *Tx) ([]Lane, error) { return tx.Waiting(ctx, 1) })
	if len(waiting) != 1 || waiting[0].ID != other {
		t.Errorf("waiting are %+v; want subscription %d alone", waiting, other)
	}
	if got := counters(t, db, sub); got != "done 0 dead 0 waiting 5" {
		t.Errorf("counters: %s", got)
	}
}

// TestClaimSkips leaves what is about some users where it is, but for what was sent
// before, and looks at so many for others.
func TestClaimSkips(t *testing.T) {
	db, sub := queued(t)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for n := range windowOfSkip + 2 {
			d, err := deliverIn(ctx, tx, sub)
			if err != nil {
				return err
			}
			user := apiclient.UserID(1)
			switch n {
			case 1:
				user = 2
			case 500:
				user = 3
			case windowOfSkip + 1: // the first is claimed, so that this is the first that is not looked at
				user = 4
			}
			if _, err := tx.exec(ctx, `UPDATE deliveries SET user_id = ? WHERE id = ?`, user, d.ID); err != nil {
				return err
			}
		}
		return nil
	})
	first := claimNext(t, db, 1, sub, 1)
	for _, step := range []struct {
		skip []int64
		want []apiclient.UserID
	}{{[]int64{1, 3}, []apiclient.UserID{2}}, {[]int64{1}, []apiclient.UserID{3, 4}}, {[]int64{1}, nil}} {
		var got []apiclient.UserID
		change(t, db, func(ctx context.Context, tx *Tx) error {
			list, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: sub, Max: 10, Live: true, Skip: step.skip})
			for _, q := range list {
				got = append(got, q.User)
			}
			return err
		})
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("without %v (-want +got):\n%s", step.skip, diff)
		}
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.Finish(ctx, 1, Result{Delivery: apiclient.DeliveryID(first[0].ID), State: apiclient.DeliveryDue, Tries: 1, Due: tx.Now()})
	})
	change(t, db, func(ctx context.Context, tx *Tx) error {
		list, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: sub, Max: 10, Live: true, Skip: []int64{1}})
		if len(list) != 1 || list[0].ID != first[0].ID {
			t.Errorf("claimed %+v; want what was sent before", list)
		}
		return err
	})
}

// TestFinish moves a claimed delivery to each state while its subscription is in
// each state.
func TestFinish(t *testing.T) {
	for _, c := range []struct {
		lane   apiclient.SubscriptionState
		result apiclient.DeliveryState
		want   apiclient.DeliveryState
		counts string
	}{
		{apiclient.SubscriptionActive, apiclient.DeliveryDone, apiclient.DeliveryDone, "done 1 dead 0 waiting 0"},
		{apiclient.SubscriptionActive, apiclient.DeliveryDead, apiclient.DeliveryDead, "done 0 dead 1 waiting 0"},
		{apiclient.SubscriptionActive, apiclient.DeliveryDue, apiclient.DeliveryDue, "done 0 dead 0 waiting 1"},
		{apiclient.SubscriptionPaused, apiclient.DeliveryDue, apiclient.DeliveryHeld, "done 0 dead 0 waiting 1"},
		{apiclient.SubscriptionPaused, apiclient.DeliveryDone, apiclient.DeliveryDone, "done 1 dead 0 waiting 0"},
		{apiclient.SubscriptionGone, apiclient.DeliveryDue, apiclient.DeliveryGone, "done 0 dead 0 waiting 0"},
	} {
		t.Run(fmt.Sprintf("%s while %s", c.result, c.lane), func(t *testing.T) {
			db, sub := queued(t)
			d := deliver(t, db, sub)
			claimNext(t, db, 1, sub, 1)
			next := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
			change(t, db, func(ctx context.Context, tx *Tx) error {
				if err := tx.SetSubscription(ctx, sub, c.lane, ""); err != nil {
					return err
				}
				return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: c.result, Tries: 1, Due: next, Attempt: &apiclient.Attempt{At: tx.Now(), Code: 500, Error: "answered 500"}})
			})
			got := stateOf(t, db, d.ID)
			if got.State != c.want || got.Attempts != 1 || got.Code != 500 || len(got.Log) != 1 {
				t.Errorf("the delivery is %+v; want %s after one attempt", got, c.want)
			}
			if want := map[bool]time.Time{true: next}[c.want == apiclient.DeliveryDue]; !got.NextAt.Equal(want) {
				t.Errorf("next at %s; want %s", got.NextAt, want)
			}
			if got := counters(t, db, sub); got != c.counts {
				t.Errorf("counters: %s; want %s", got, c.counts)
			}
		})
	}
}

// TestLastSuccess keeps when the last delivery of a subscription arrived, whatever fails
// after it.
func TestLastSuccess(t *testing.T) {
	db, sub := queued(t)
	at := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	for i, state := range []apiclient.DeliveryState{apiclient.DeliveryDone, apiclient.DeliveryDead} {
		d := deliver(t, db, sub)
		claimNext(t, db, 1, sub, 1)
		change(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: state, Tries: 1, Attempt: &apiclient.Attempt{At: at.Add(time.Duration(i) * time.Minute), Duration: time.Second}})
		})
	}
	got := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Subscription, error) { return tx.Subscription(ctx, sub) })
	if want := at.Add(time.Second); !got.SuccessAt.Equal(want) {
		t.Errorf("the last success was at %s; want %s", got.SuccessAt, want)
	}
}

// TestEndLane ends a subscription by a result: what waits in it is gone with it.
func TestEndLane(t *testing.T) {
	db, sub := queued(t)
	a, b, c := deliver(t, db, sub), deliver(t, db, sub), deliver(t, db, sub)
	claimNext(t, db, 1, sub, 2)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.Finish(ctx, 1, Result{Delivery: a.ID, State: apiclient.DeliveryGone, Tries: 1, EndLane: true, Attempt: &apiclient.Attempt{At: tx.Now(), Code: 410}})
	})
	for id, want := range map[apiclient.DeliveryID]apiclient.DeliveryState{a.ID: "gone", b.ID: "claimed", c.ID: "gone"} {
		if got := stateOf(t, db, id).State; got != want {
			t.Errorf("delivery %d is %s; want %s", id, got, want)
		}
	}
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.Release(ctx, 1, b.ID) })
	if got := stateOf(t, db, b.ID).State; got != apiclient.DeliveryGone {
		t.Errorf("the one that was claimed is %s after its release; want gone", got)
	}
	if got := counters(t, db, sub); got != "done 0 dead 0 waiting 0" {
		t.Errorf("counters: %s", got)
	}
}

// TestLateResult records the report of a delivery that is not claimed any more.
func TestLateResult(t *testing.T) {
	db, sub := queued(t)
	d := deliver(t, db, sub)
	claimNext(t, db, 1, sub, 1)
	finish := func(state apiclient.DeliveryState, code int) {
		change(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: state, Tries: 1, Attempt: &apiclient.Attempt{At: tx.Now(), Code: code}})
		})
	}
	finish(apiclient.DeliveryDone, 200)
	finish(apiclient.DeliveryDead, 500)
	got := stateOf(t, db, d.ID)
	if got.State != apiclient.DeliveryDone || got.Attempts != 2 || len(got.Log) != 2 || got.Log[1].Number != 2 {
		t.Errorf("the delivery is %+v; want it done, with two attempts", got)
	}
	if got := counters(t, db, sub); got != "done 1 dead 0 waiting 0" {
		t.Errorf("counters: %s", got)
	}
}

// TestBoot gives back what an earlier boot left claimed, and nothing else.
func TestBoot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "boot.db")
	boots := []int64{}
	var left apiclient.Delivery
	var sub apiclient.SubscriptionID
	for i := range 3 {
		db, err := Open(t.Context(), Config{File: file})
		if err != nil {
			t.Fatal(err)
		}
		var boot int64
		change(t, db, func(ctx context.Context, tx *Tx) (err error) {
			boot, err = tx.Boot(ctx)
			return err
		})
		boots = append(boots, boot)
		switch i {
		case 0:
			sub = subscribe(t, db, "https://example.com")
			left = deliver(t, db, sub)
			claimNext(t, db, boot, sub, 1)
		case 1:
			if got := stateOf(t, db, left.ID); got.State != apiclient.DeliveryDue || got.WebhookID != left.WebhookID {
				t.Errorf("the delivery is %s (%s) after the restart; want it due", got.State, got.WebhookID)
			}
			claimNext(t, db, boot, sub, 1)
			change(t, db, func(ctx context.Context, tx *Tx) error {
				return tx.SetSubscription(ctx, sub, apiclient.SubscriptionPaused, "")
			})
		case 2:
			if got := stateOf(t, db, left.ID).State; got != apiclient.DeliveryHeld {
				t.Errorf("the delivery of a paused subscription is %s after the restart; want held", got)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(boots) != "[1 2 3]" {
		t.Errorf("boots %v; want 1, 2, 3", boots)
	}
}

// TestSettle switches a zap and its subscription off and on.
func TestSettle(t *testing.T) {
	db, sub := queued(t)
	d := deliver(t, db, sub)
	zap := func(status apiclient.ZapStatus) {
		change(t, db, func(ctx context.Context, tx *Tx) error {
			z, err := tx.Zap(ctx, d.Zap)
			if err != nil {
				return err
			}
			is := z
			is.Status = status
			return tx.UpdateZap(ctx, z, is)
		})
	}
	set := func(state apiclient.SubscriptionState) {
		change(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetSubscription(ctx, sub, state, "") })
	}
	for i, c := range []struct {
		do   func()
		want apiclient.DeliveryState
	}{
		{func() { zap(apiclient.ZapStopped) }, "held"},
		{func() { set(apiclient.SubscriptionPaused) }, "held"},
		{func() { zap(apiclient.ZapRunning) }, "held"},
		{func() { set(apiclient.SubscriptionActive) }, "due"},
		{func() { set(apiclient.SubscriptionSuspended) }, "held"},
		{func() { set(apiclient.SubscriptionGone) }, "gone"},
		{func() { set(apiclient.SubscriptionActive) }, "gone"},
	} {
		c.do()
		if got := stateOf(t, db, d.ID).State; got != c.want {
			t.Errorf("step %d: the delivery is %s; want %s", i, got, c.want)
		}
	}
}

// TestPayloadsAreShared stores the same bytes once.
func TestPayloadsAreShared(t *testing.T) {
	db, sub := queued(t)
	deliver(t, db, sub)
	deliver(t, db, sub)
	if n := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.count(ctx, `SELECT count(*) FROM payloads`)
	}); n != 1 {
		t.Errorf("%d payloads; want 1", n)
	}
}
