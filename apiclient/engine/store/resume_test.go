package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// TestResumeKeepsTimes pauses a subscription with deliveries that were put off, are tried
// again by the schedule, and were never sent, and resumes it later: its breaker is closed,
// and what was to be sent while it was held is due, in its order; the others when they were.
func TestResumeKeepsTimes(t *testing.T) {
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		after time.Duration // of the pause
		want  []int         // of the deliveries, in the order in which they are claimed
	}{
		{time.Second, []int{3}},
		{time.Minute, []int{1, 3}},
		{time.Hour, []int{1, 0, 3}},
		{24 * time.Hour, []int{1, 0, 2, 3}},
	} {
		t.Run(test.after.String(), func(t *testing.T) {
			now := begin
			cfg := place(t)
			cfg.Now = func() time.Time { return now }
			db, err := Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			sub := subscribe(t, db, "https://example.com/1")
			var ids []apiclient.DeliveryID
			for range 4 {
				ids = append(ids, deliver(t, db, sub).ID)
			}
			claimNext(t, db, 1, sub, 3)
			put := []time.Duration{time.Hour, 30 * time.Second, 2 * time.Hour}
			change(t, db, func(ctx context.Context, tx *Tx) error {
				var results []Result
				for i, wait := range put {
					results = append(results, Result{Delivery: ids[i], State: apiclient.DeliveryDue, Tries: i % 2, Waits: 1 - i%2, Due: begin.Add(wait), Attempt: &apiclient.Attempt{At: begin, Code: 429}})
				}
				results[0].Breaker = &Breaker{Probe: begin.Add(time.Hour)}
				return tx.Finish(ctx, 1, results...)
			})
			set := func(state apiclient.SubscriptionState) {
				change(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetSubscription(ctx, sub, state, "") })
			}
			set(apiclient.SubscriptionPaused)
			for _, id := range ids {
				if d := stateOf(t, db, id); d.State != apiclient.DeliveryHeld || !d.NextAt.IsZero() {
					t.Errorf("delivery %d of a paused subscription is %s, next at %v", id, d.State, d.NextAt)
				}
			}
			now = begin.Add(test.after)
			set(apiclient.SubscriptionActive)
			for i, id := range ids {
				want := begin
				if i < len(put) {
					want = begin.Add(put[i])
				}
				if d := stateOf(t, db, id); d.State != apiclient.DeliveryDue || !d.NextAt.Equal(want) {
					t.Errorf("delivery %d is %s after the pause, next at %v; want %v", i, d.State, d.NextAt, want)
				}
			}
			checkResumed(t, db, sub, ids)
			var got []int
			for _, q := range claimNext(t, db, 1, sub, 10) {
				got = append(got, slices.Index(ids, apiclient.DeliveryID(q.ID)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("claimed (-want +got):\n%s", diff)
			}
		})
	}
}

// checkResumed checks what the outbox and watchers are told of a subscription whose pause
// has ended.
func checkResumed(t *testing.T, db *DB, sub apiclient.SubscriptionID, ids []apiclient.DeliveryID) {
	t.Helper()
	lanes := read(t, db, func(ctx context.Context, tx *Tx) ([]Lane, error) { return tx.Waiting(ctx, 1) })
	if len(lanes) != 1 || lanes[0].ID != sub || !lanes[0].Breaker.Probe.IsZero() || lanes[0].Due.After(db.cfg.Now()) {
		t.Errorf("waiting are %+v; want subscription %d, with nothing to wait for", lanes, sub)
	}
	for _, id := range ids {
		next := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) {
			return tx.count(ctx, `SELECT next_at FROM log WHERE delivery_id = ? ORDER BY seq DESC LIMIT 1`, id)
		})
		if d := stateOf(t, db, id); !d.NextAt.Equal(unstamp(next)) {
			t.Errorf("watchers are told that delivery %d is next at %v; it is at %v", id, unstamp(next), d.NextAt)
		}
	}
}
