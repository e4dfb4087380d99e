package store

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// ruined returns a database with a subscription of whose deliveries n are dead.
func ruined(t testing.TB, n int) (*DB, apiclient.SubscriptionID) {
	t.Helper()
	db, sub := queued(t)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for range n {
			if _, err := deliverIn(ctx, tx, sub); err != nil {
				return err
			}
		}
		return nil
	})
	change(t, db, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `UPDATE deliveries SET state = 'dead', ended = at, attempts = 13, code = 500, error = 'answered 500'`)
		return err
	})
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.exec(ctx, `INSERT INTO subscription_hours (subscription_id, hour, dead) SELECT subscription_id, ended - ended % 3600000, count(*) FROM deliveries GROUP BY 1, 2`); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE subscriptions SET due = 0, dead = ?`, n)
		return err
	})
	return db, sub
}

// webhookIDs gives a new webhook id at each call.
func webhookIDs() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprint("msg_again_", n.Add(1)) }
}

var deadOnes = apiclient.FieldIs("state", "dead")

func startReplay(t testing.TB, db *DB, q apiclient.ReplayQuery) (id apiclient.ReplayID) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) error {
		p, until, err := tx.PlanReplay(ctx, q)
		if err != nil {
			return err
		}
		id, err = tx.InsertReplay(ctx, "ada", q, until, p.Count)
		return err
	})
	return id
}

func nextReplays(t testing.TB, db *DB, id apiclient.ReplayID) ReplayBatch {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *Tx) (ReplayBatch, error) { return tx.NextReplays(ctx, id) })
}

func makeReplays(t testing.TB, db *DB, b ReplayBatch, newID func() string) {
	t.Helper()
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.MakeReplays(ctx, b, newID) })
}

func replayNow(t testing.TB, db *DB, id apiclient.ReplayID) apiclient.Replay {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Replay, error) { return tx.Replay(ctx, id) })
}

// replayNumbers are how far a job is.
func replayNumbers(r apiclient.Replay) string {
	return fmt.Sprintf("%s: %d of %d made, %d skipped, %d done, %d dead, %d gone", r.State, r.Made, r.Total, r.Skipped, r.Done, r.Dead, r.Gone)
}

func wantReplay(t testing.TB, db *DB, id apiclient.ReplayID, want string) {
	t.Helper()
	if got := replayNumbers(replayNow(t, db, id)); got != want {
		t.Errorf("the replay is\n%s; want\n%s", got, want)
	}
}

// recount counts the rows that the counters of subscriptions and replays speak of.
func recount(t testing.TB, db *DB) {
	t.Helper()
	type row struct {
		What  string
		ID    int64
		State apiclient.DeliveryState
		N     int
	}
	list := func(query string) []row {
		return read(t, db, func(ctx context.Context, tx *Tx) ([]row, error) {
			return collect(ctx, tx, func(s scanner) (r row, err error) { return r, s.Scan(&r.What, &r.ID, &r.State, &r.N) }, query)
		})
	}
	rows := list(`SELECT 'subscription', subscription_id, state, count(*) FROM deliveries GROUP BY subscription_id, state
		UNION ALL SELECT 'replay', replay_job, state, count(*) FROM deliveries WHERE replay_job > 0 AND state IN ('done', 'dead', 'gone') GROUP BY replay_job, state`)
	var counted []row
	for _, s := range []struct {
		table, what string
		states      []apiclient.DeliveryState
	}{{"subscriptions", "subscription", countedStates}, {"replays", "replay", replayedStates}} {
		for _, state := range s.states {
			counted = append(counted, list(`SELECT '`+s.what+`', id, '`+string(state)+`', `+string(state)+` FROM `+s.table+` WHERE `+string(state)+` <> 0`)...)
		}
	}
	rows = append(rows, list(`SELECT 'hour ' || (d.ended - d.ended % 3600000), d.subscription_id, d.state, count(*) FROM deliveries d WHERE d.state IN ('done', 'dead', 'gone') GROUP BY 1, 2, 3
		UNION ALL SELECT 'hour ' || (a.at + a.ms - (a.at + a.ms) % 3600000), d.subscription_id, 'failed', count(*) FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE a.code NOT BETWEEN 200 AND 299 GROUP BY 1, 2`)...)
	for _, outcome := range []string{"done", "failed", "dead", "gone"} {
		counted = append(counted, list(`SELECT 'hour ' || hour, subscription_id, '`+outcome+`', `+outcome+` FROM subscription_hours WHERE `+outcome+` <> 0`)...)
	}
	order := func(a, b row) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(rows, order)
	slices.SortFunc(counted, order)
	if diff := cmp.Diff(rows, counted); diff != "" {
		t.Errorf("the counters (-rows +counters):\n%s", diff)
	}
}

// TestReplayInBatches makes more deliveries than a batch has; each batch is offered twice,
// as by two engines: the second one makes nothing.
func TestReplayInBatches(t *testing.T) {
	const n = replayBatch + 3
	db, sub := ruined(t, n)
	newID := webhookIDs()
	id := startReplay(t, db, apiclient.ReplayQuery{Filter: deadOnes})
	deliver(t, db, sub) // what comes later is none of its business
	for i, want := range []int{replayBatch, n} {
		b := nextReplays(t, db, id)
		makeReplays(t, db, b, newID)
		makeReplays(t, db, b, newID)
		wantReplay(t, db, id, fmt.Sprintf("running: %d of %d made, 0 skipped, 0 done, 0 dead, 0 gone", want, n))
		if making, _ := openReplays(t, db); (len(making) == 1) != (i < 1) {
			t.Errorf("after batch %d the jobs %v are open", i, making)
		}
	}
	makeReplays(t, db, nextReplays(t, db, id), newID)
	recount(t, db)
	twice := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.count(ctx, `SELECT count(*) FROM (SELECT event_id FROM deliveries WHERE replay_job = ? GROUP BY event_id HAVING count(*) > 1) x`, id)
	})
	if twice != 0 {
		t.Errorf("%d events are sent twice", twice)
	}
	fresh := claimNext(t, db, 7, sub, 1)
	if fresh[0].Bulk {
		t.Error("what happens now goes behind a replay")
	}
	again := claimNext(t, db, 7, sub, n+1)
	if len(again) != n || !again[0].Bulk {
		t.Fatalf("%d are claimed; want %d of the replay", len(again), n)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		results := make([]Result, n)
		for i, q := range again {
			results[i] = Result{Delivery: apiclient.DeliveryID(q.ID), State: apiclient.DeliveryDone, Attempt: &apiclient.Attempt{At: tx.Now(), Code: http.StatusOK}}
		}
		results[0].State, results[0].Attempt.Code = apiclient.DeliveryDead, http.StatusRequestEntityTooLarge
		return tx.Finish(ctx, 7, results...)
	})
	wantReplay(t, db, id, fmt.Sprintf("done: %d of %d made, 0 skipped, %d done, 1 dead, 0 gone", n, n, n-1))
	recount(t, db)
}

func openReplays(t testing.TB, db *DB) (making, sweeping []apiclient.ReplayID) {
	t.Helper()
	read(t, db, func(ctx context.Context, tx *Tx) (none struct{}, err error) {
		making, sweeping, err = tx.OpenReplays(ctx)
		return none, err
	})
	return making, sweeping
}

// TestStopReplay stops a job of which a part is claimed: what is being sent may succeed,
// what failed or was given back is gone with the rest.
func TestStopReplay(t *testing.T) {
	const n = replayBatch + 10
	db, sub := ruined(t, n)
	newID := webhookIDs()
	id := startReplay(t, db, apiclient.ReplayQuery{Filter: deadOnes})
	makeReplays(t, db, nextReplays(t, db, id), newID)
	late := nextReplays(t, db, id)
	claimed := claimNext(t, db, 7, sub, 4)
	stop := func() {
		change(t, db, func(ctx context.Context, tx *Tx) error { return tx.StopReplay(ctx, id) })
	}
	stop()
	stop()
	makeReplays(t, db, late, newID)
	wantReplay(t, db, id, fmt.Sprintf("stopped: %d of %d made, 0 skipped, 0 done, 0 dead, 0 gone", replayBatch, n))
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.SweepReplay(ctx, id) })
	if making, sweeping := openReplays(t, db); len(making)+len(sweeping) != 0 {
		t.Errorf("still open: %v, %v", making, sweeping)
	}
	wantReplay(t, db, id, fmt.Sprintf("stopped: %d of %d made, 0 skipped, 0 done, 0 dead, %d gone", replayBatch, n, replayBatch-4))
	hooks := read(t, db, func(ctx context.Context, tx *Tx) ([]Hook, error) {
		return tx.Hooks(ctx, apiclient.DeliveryID(claimed[0].ID))
	})
	if hooks[0].Wants != apiclient.DeliveryGone {
		t.Errorf("what is claimed is wanted %s", hooks[0].Wants)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		failed := func(i int, state apiclient.DeliveryState) Result {
			return Result{Delivery: apiclient.DeliveryID(claimed[i].ID), State: state, Due: tx.Now().Add(time.Minute), Attempt: &apiclient.Attempt{At: tx.Now(), Code: 500, Error: "answered 500"}}
		}
		if err := tx.Finish(ctx, 7, failed(0, apiclient.DeliveryDue), failed(1, apiclient.DeliveryDone)); err != nil {
			return err
		}
		return tx.Release(ctx, 7, apiclient.DeliveryID(claimed[2].ID), apiclient.DeliveryID(claimed[3].ID))
	})
	wantReplay(t, db, id, fmt.Sprintf("stopped: %d of %d made, 0 skipped, 1 done, 0 dead, %d gone", replayBatch, n, replayBatch-1))
	recount(t, db)
}

// TestReplayOfWhatEnds ends the subscription while a job is under way.
func TestReplayOfWhatEnds(t *testing.T) {
	const n = replayBatch + 10
	db, sub := ruined(t, n)
	id := startReplay(t, db, apiclient.ReplayQuery{Filter: deadOnes})
	newID := webhookIDs()
	makeReplays(t, db, nextReplays(t, db, id), newID)
	second := nextReplays(t, db, id)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetSubscription(ctx, sub, apiclient.SubscriptionGone, "unsubscribed")
	})
	makeReplays(t, db, second, newID)
	wantReplay(t, db, id, fmt.Sprintf("done: %d of %d made, 10 skipped, 0 done, 0 dead, %d gone", replayBatch, replayBatch, replayBatch))
	recount(t, db)
}

// TestAlerts records what an operator is to hear of: each once, and not again while it
// lasts.
func TestAlerts(t *testing.T) {
	db, sub := queued(t)
	told := func(want []Alert, results ...Result) {
		t.Helper()
		var got []Alert
		for _, r := range results {
			r.Delivery = deliver(t, db, sub).ID
			claimNext(t, db, 7, sub, 10) // what was held before, too
			change(t, db, func(ctx context.Context, tx *Tx) error {
				if err := tx.Finish(ctx, 7, r); err != nil {
					return err
				}
				got = append(got, tx.Alerts()...)
				return nil
			})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the alerts (-want +got):\n%s", diff)
		}
	}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	fails := func(text, class string, b *Breaker) Result {
		return Result{State: apiclient.DeliveryDead, Error: text, Breaker: b, Attempt: &apiclient.Attempt{At: now, Class: class, Error: text}}
	}
	open := &Breaker{Failures: 5, Open: now, Probe: now.Add(time.Minute)}
	told(nil, fails("answered 500", "", &Breaker{Failures: 4}))
	told([]Alert{{AlertBroken, sub, "no answer"}}, fails("no answer", "timeout", open), fails("no answer", "timeout", open))
	told(nil, fails("answered 500", "", &Breaker{Success: now}))
	told([]Alert{{AlertBroken, sub, "no answer"}}, fails("no answer", "timeout", open))
	told([]Alert{{AlertRefused, sub, "private"}}, fails("private", refused, nil), fails("private", refused, nil))
	suspended := fails("no answer", "timeout", open)
	suspended.Suspend = true
	told([]Alert{{AlertSuspended, sub, WhySuspended}}, suspended, fails("no answer", "timeout", open))
	if got := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Subscription, error) { return tx.Subscription(ctx, sub) }); got.State != apiclient.SubscriptionSuspended {
		t.Errorf("the subscription is %s", got.State)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.SetSubscription(ctx, sub, apiclient.SubscriptionActive, "")
	})
	resumed := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Subscription, error) { return tx.Subscription(ctx, sub) })
	if resumed.Failures != 0 || !resumed.BrokenSince.IsZero() || !resumed.ProbeAt.IsZero() || !resumed.SuccessAt.After(resumed.Created) {
		t.Errorf("resumed, the subscription is %+v", resumed)
	}
	ended := fails("answered 410 Gone", "", nil)
	ended.EndLane, ended.State = true, apiclient.DeliveryGone
	told([]Alert{{AlertGone, sub, "the receiver answered 410 Gone"}}, ended)
}

// TestReplayedByIndex looks at how the newest deliveries of a job are found among many: by
// the index, in its order.
func TestReplayedByIndex(t *testing.T) {
	db, _ := ruined(t, 3000)
	id := startReplay(t, db, apiclient.ReplayQuery{Filter: apiclient.AllOf(deadOnes, apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: "id", Op: apiclient.AtMost, Value: "40"}})})
	makeReplays(t, db, nextReplays(t, db, id), webhookIDs())
	change(t, db, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `ANALYZE deliveries`)
		return err
	})
	plan := read(t, db, func(ctx context.Context, tx *Tx) (string, error) {
		where, err := tx.where(ctx, deliveryNoun, apiclient.FieldIs("replay", fmt.Sprint(int64(id))), "")
		if err != nil {
			return "", err
		}
		explain, scan := `EXPLAIN QUERY PLAN `, func(s scanner) (line string, err error) {
			var node, parent, unused int
			return line, s.Scan(&node, &parent, &unused, &line)
		}
		if tx.postgres {
			explain, scan = `EXPLAIN `, scanText
		}
		lines, err := collect(ctx, tx, scan, explain+deliveryQuery+` WHERE `+where.sql+` ORDER BY d.id DESC LIMIT ?`, append(where.args, 51)...)
		return strings.Join(lines, "\n"), err
	})
	if !strings.Contains(plan, "deliveries_replay_rows") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "Sort") {
		t.Errorf("the deliveries of a replay are found so:\n%s", plan)
	}
}
