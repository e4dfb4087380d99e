package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// events stores n events of that user in one change.
func events(t testing.TB, db *DB, user, n int) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for range n {
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: apiclient.UserID(user), Login: "a", Origin: "form", At: tx.Now(), Skipped: "nobody"})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TestRingAndTable reads the same entries from memory and from the table.
func TestRingAndTable(t *testing.T) {
	db, sub := queued(t)
	_, leave := db.watchers.join(0) // for nobody PostgreSQL's log is not read
	defer leave()
	for range 3 {
		deliver(t, db, sub)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		list, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: sub, Max: 1})
		if err != nil {
			return err
		}
		return tx.Finish(ctx, 1, Result{
			Delivery: apiclient.DeliveryID(list[0].ID), State: apiclient.DeliveryDone, Tries: 1,
			Attempt: &apiclient.Attempt{At: tx.Now(), Code: 204, Duration: 12_345_678, Request: []apiclient.Header{{Name: "a", Value: "b"}}, Body: []byte("x")},
		})
	})
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertAudit(ctx, apiclient.Audit{At: tx.Now(), Actor: "ada", Origin: "api", Action: "x.y", Subject: "z", Before: "{}", After: "{}"})
	})
	table, err := db.logAfter(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for db.feed.seen() < table[len(table)-1].Seq { // PostgreSQL's is read after the commit
		<-db.feed.after(db.feed.seen(), 1).news
	}
	ring := db.feed.after(0, 1000).list
	if diff := cmp.Diff(table, ring); diff != "" {
		t.Errorf("memory tells something else than the table (-table +ring):\n%s", diff)
	}
	kinds := map[apiclient.LogKind]int{}
	for _, l := range ring {
		kinds[l.Kind]++
	}
	if diff := cmp.Diff(map[apiclient.LogKind]int{apiclient.LogEvent: 3, apiclient.LogQueued: 3, apiclient.LogAttempt: 1, apiclient.LogChange: 1}, kinds); diff != "" {
		t.Errorf("the kinds of entries (-want +got):\n%s", diff)
	}
}

// TestSlowWatcher falls out of the ring and meets a change in bulk: nothing is
// left out, nothing comes twice.
func TestSlowWatcher(t *testing.T) {
	db, sub := queued(t)
	db.feed.size = 100
	const writers, each, batch = 4, 11, 10 // together more than that
	first, resume := make(chan struct{}), make(chan struct{})
	var got []int64
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var watcher sync.WaitGroup
	watcher.Go(func() {
		seen := 0
		err := db.Watch(ctx, 0, func(list []apiclient.LogEntry) error {
			if len(list) > 0 && len(got) == 0 {
				close(first)
				<-resume
			}
			for _, l := range list {
				got = append(got, l.Seq)
				if l.Event != nil {
					seen++
				}
				if l.Kind == apiclient.LogChange {
					cancel() // the last one
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if want := writers*each*batch + 1; seen != want {
			t.Errorf("%d events; want %d", seen, want)
		}
	})
	deliver(t, db, sub)
	<-first
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for range each {
				events(t, db, w, batch)
			}
		})
	}
	all.Wait()
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetSubscription(ctx, sub, apiclient.SubscriptionPaused, "")
	})
	close(resume)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertAudit(ctx, apiclient.Audit{At: tx.Now(), Origin: "api", Action: "last"})
	})
	watcher.Wait()
	want := read(t, db, func(ctx context.Context, tx *Tx) ([]int64, error) {
		return collect(ctx, tx, scanInt, `SELECT seq FROM log ORDER BY seq`)
	})
	if !slices.Equal(got, want) {
		t.Errorf("watched %d entries, and the log has %d", len(got), len(want))
	}
}

func TestWatchFromNow(t *testing.T) {
	db := openTest(t)
	events(t, db, 1, 3)
	begun, err := db.newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events(t, db, 7, 1)
	if got := watched(t, db, begun, 1); fmt.Sprint(got) != "[7]" {
		t.Errorf("the events of users %v came; want 7 alone", got)
	}
}
