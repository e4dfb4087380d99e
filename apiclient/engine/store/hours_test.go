package store

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// end lets a delivery have an attempt that ends at that time, and come into that state.
func end(t testing.TB, db *DB, sub apiclient.SubscriptionID, at time.Time, state apiclient.DeliveryState) {
	t.Helper()
	d := deliver(t, db, sub)
	claimNext(t, db, 1, sub, 1)
	code := 500
	if state == apiclient.DeliveryDone {
		code = 204
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: state, Tries: 1, Attempt: &apiclient.Attempt{At: at.Add(-time.Minute), Duration: time.Minute, Code: code}})
	})
}

func hoursOf(t testing.TB, db *DB, sub apiclient.SubscriptionID, since time.Time) []apiclient.SubscriptionHour {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *Tx) ([]apiclient.SubscriptionHour, error) {
		return tx.SubscriptionHours(ctx, sub, since)
	})
}

// TestHours puts what ends into the hour in which it does, of its own subscription.
func TestHours(t *testing.T) {
	db, sub := queued(t)
	other := subscribe(t, db, "https://example.com/2")
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, e := range []struct {
		sub   apiclient.SubscriptionID
		at    time.Time
		state apiclient.DeliveryState
	}{
		{sub, noon.Add(-time.Millisecond), apiclient.DeliveryDone},
		{sub, noon, apiclient.DeliveryDone},
		{sub, noon.Add(59 * time.Minute), apiclient.DeliveryDone},
		{sub, noon.Add(30 * time.Minute), apiclient.DeliveryDead},
		{other, noon.Add(30 * time.Minute), apiclient.DeliveryDue},
		{sub, noon.Add(3 * time.Hour), apiclient.DeliveryDead},
	} {
		end(t, db, e.sub, e.at, e.state)
	}
	want := []apiclient.SubscriptionHour{
		{At: noon.Add(-time.Hour), Done: 1},
		{At: noon, Done: 2, Failed: 1, Dead: 1},
		{At: noon.Add(3 * time.Hour), Failed: 1, Dead: 1},
	}
	for since, n := range map[time.Time]int{{}: 0, noon.Add(-time.Millisecond): 0, noon: 1, noon.Add(time.Hour): 2, noon.Add(3*time.Hour + 59*time.Minute): 2, noon.Add(4 * time.Hour): 3} {
		if diff := cmp.Diff(want[n:], hoursOf(t, db, sub, since)); diff != "" {
			t.Errorf("since %s (-want +got):\n%s", since, diff)
		}
	}
	if diff := cmp.Diff([]apiclient.SubscriptionHour{{At: noon, Failed: 1}}, hoursOf(t, db, other, time.Time{})); diff != "" {
		t.Errorf("the other subscription (-want +got):\n%s", diff)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetSubscription(ctx, other, apiclient.SubscriptionGone, "")
	})
	if list := hoursOf(t, db, other, time.Now().Add(-time.Hour)); len(list) != 1 || list[0].Gone != 1 {
		t.Errorf("the hours since the other one has ended are %+v", list)
	}
	recount(t, db)

	k := keepFrom(time.Now())
	k.Hours = noon.Add(time.Hour)
	if diff := cmp.Diff(Pruned{"subscription_hours": 3}, prune(t, db, k)); diff != "" {
		t.Errorf("what was removed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[2:], hoursOf(t, db, sub, time.Time{})); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
}

// TestHoursMigration counts what happened before there were hours.
func TestHoursMigration(t *testing.T) {
	db, sub := queued(t)
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for i, state := range []apiclient.DeliveryState{apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryDue, apiclient.DeliveryDone} {
		end(t, db, sub, noon.Add(time.Duration(i)*40*time.Minute), state)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetSubscription(ctx, sub, apiclient.SubscriptionGone, "")
	})
	want := hoursOf(t, db, sub, time.Time{})
	folder := "sqlite"
	if db.postgres {
		folder = "postgres"
	}
	migration, err := fs.ReadFile(migrations, "migrations/"+folder+"/0018_hours.sql")
	if err != nil {
		t.Fatal(err)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		before := `DROP TABLE subscription_hours;
			UPDATE deliveries SET ended = 0 WHERE state IN ('done', 'dead');
		`
		for _, statement := range strings.SplitAfter(before+string(migration), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
	if diff := cmp.Diff(want, hoursOf(t, db, sub, time.Time{})); diff != "" {
		t.Errorf("the hours (-as they were +as counted):\n%s", diff)
	}
	recount(t, db)
}
