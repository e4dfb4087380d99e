package store

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// TestDeliveryFilterAsInMemory compares every column of numbers, also where
// nothing is stored: a delivery without an answer has no code, and a test no user.
func TestDeliveryFilterAsInMemory(t *testing.T) {
	db, sub := queued(t)
	finish := func(state apiclient.DeliveryState, code int) {
		d := deliver(t, db, sub)
		claimNext(t, db, 1, sub, 1)
		change(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: state, Tries: 1, Attempt: &apiclient.Attempt{At: tx.Now(), Code: code}})
		})
	}
	finish(apiclient.DeliveryDone, 200)
	finish(apiclient.DeliveryDead, 404)
	finish(apiclient.DeliveryDead, 0)
	deliver(t, db, sub)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.exec(ctx, `UPDATE deliveries SET replay_job = 1 WHERE state = 'done'`); err != nil {
			return err
		}
		_, err := tx.InsertDelivery(ctx, apiclient.Delivery{WebhookID: "msg_t", Event: apiclient.TriggerLogin, Zap: 1, Subscription: sub, Test: true, Body: []byte("{}")})
		return err
	})
	all := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.DeliveryPage, error) {
		return tx.Deliveries(ctx, apiclient.DeliveryQuery{})
	}).Deliveries
	if len(all) != 5 {
		t.Fatalf("%d deliveries; want 5", len(all))
	}
	matches := 0
	for _, field := range []string{"id", "zap", "subscription", "user", "attempts", "code", "ms", "test", "replay"} {
		for op := apiclient.Equals; op <= apiclient.IsEmpty; op++ {
			for _, value := range []string{"0", "1", "400", "-1", "0.5", "", "*", "true", "false"} {
				f := apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Op: op, Value: value, High: "300"}}
				var page apiclient.DeliveryPage
				err := db.View(t.Context(), func(ctx context.Context, tx *Tx) (err error) {
					page, err = tx.Deliveries(ctx, apiclient.DeliveryQuery{Filter: f})
					return err
				})
				if apiclient.KindOf(err) == apiclient.Invalid && err != nil || field == "test" && op != apiclient.Equals && op != apiclient.IsEmpty {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				want := slices.DeleteFunc(slices.Clone(all), func(d apiclient.Delivery) bool { return !filter.Run(f, filter.DeliveryRow(d)) })
				matches += len(want)
				if diff := cmp.Diff(ids(want), ids(page.Deliveries)); diff != "" {
					t.Errorf("%+v (-memory +SQL):\n%s", f.Match, diff)
				}
			}
		}
	}
	if matches < 100 {
		t.Errorf("%d matches in all; the filters match too little to tell anything", matches)
	}
}

// TestDeliveryFilterTextAsInMemory asks in the words that people use, also for the host of
// the target, which stands in another table.
func TestDeliveryFilterTextAsInMemory(t *testing.T) {
	db := openTest(t)
	for i, url := range []string{"https://hooks.zapier.com/hooks/catch/1/hooks", "https://HOOKS.zapier.com:8443/2", "http://127.0.0.1:9000/zapier", "https://example.com/?hooks.zapier.com"} {
		sub := subscribe(t, db, url)
		for n, login := range []string{"Anna", "anna-maria", "7", ""} {
			change(t, db, func(ctx context.Context, tx *Tx) error {
				d, err := tx.InsertDelivery(ctx, apiclient.Delivery{
					WebhookID: fmt.Sprintf("msg_%d_%d", i, n), Event: apiclient.Triggers()[i], Zap: 1, Subscription: sub, User: apiclient.UserID(n), Login: login, Test: true, Body: []byte("{}"),
				})
				if err != nil || n%2 == 0 {
					return err
				}
				_, err = tx.exec(ctx, `UPDATE deliveries SET state = 'dead', attempts = 1, ms = ?, at = at - ? WHERE id = ?`, 499+n, n*3_600_000, d.ID)
				return err
			})
		}
	}
	all := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.DeliveryPage, error) {
		return tx.Deliveries(ctx, apiclient.DeliveryQuery{})
	}).Deliveries
	if len(all) != 16 {
		t.Fatalf("%d deliveries; want 16", len(all))
	}
	now := func() time.Time { return all[1].At.Add(30 * time.Minute) }
	for text, want := range map[string]int{
		"target:hooks.zapier.com": 8, "target:hooks.zapier.com:8443": 4, "target:*.zapier.com": 8, "target:~zapier": 8, "target:127.0.0.1": 4, "target:127.0.0.1:9000": 4, "target:>hooks": 8,
		"target:none": 0, "target:nobody.example": 0, "-target:hooks.zapier.com": 8, "target:example.com,127.0.0.1": 8, "target:~secret": 0,
		"user:anna": 4, "user:ann*": 8, "user:1": 4, "user:7": 0, `user:"7"`: 4, "user:none": 4, "user:anna,1": 8, "-user:anna": 12,
		"since:1h": 8, "since:2h": 12, "since:4h": 16, "since:1m": 0, "ms:>500": 4, "ms:>=500": 8,
		"state:dead event:um_user_login target:hooks.zapier.com user:anna-maria ms:>499 since:2h": 1,
		"state:dead target:hooks.zapier.com OR user:anna target:127.0.0.1":                        5,
		"id:1,2,16,17": 3, "-id:1,2": 14, "id:3 OR id:3": 1, "id:0,1": 1, "id:1,none": 1, "id:1 OR user:1": 5, "user:1,3 id:2..5": 2,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: filter.Deliveries(), Now: now})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		page := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.DeliveryPage, error) {
			return tx.Deliveries(ctx, apiclient.DeliveryQuery{Filter: f})
		})
		memory := slices.DeleteFunc(slices.Clone(all), func(d apiclient.Delivery) bool { return !filter.Run(f, filter.DeliveryRow(d)) })
		if diff := cmp.Diff(ids(memory), ids(page.Deliveries)); diff != "" || len(memory) != want {
			t.Errorf("%s: %d in memory, want %d (-memory +SQL):\n%s", text, len(memory), want, diff)
		}
	}
}

// TestManyAlternatives has more conditions side by side than SQLite nests: numbers as many
// as the API takes.
func TestManyAlternatives(t *testing.T) {
	db, sub := queued(t)
	for range 3 {
		deliver(t, db, sub)
	}
	for _, c := range []struct {
		name  string
		op    apiclient.FilterOp
		terms int
		term  func(i int) apiclient.Filter
		want  int
	}{
		{"numbers", apiclient.Or, 1999, func(i int) apiclient.Filter { return apiclient.FieldIs("id", fmt.Sprint(i+2)) }, 2},
		{"texts", apiclient.Or, 1100, func(i int) apiclient.Filter { return apiclient.FieldIs("login", fmt.Sprint("nobody", i)) }, 0},
		{"numbers and texts", apiclient.Or, 1100, func(i int) apiclient.Filter {
			return apiclient.FieldIs([]string{"login", "id"}[i%2], fmt.Sprint(i))
		}, 2},
		{"all of them", apiclient.And, 1100, func(i int) apiclient.Filter {
			return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: "id", Op: apiclient.AtMost, Value: fmt.Sprint(i + 2)}}
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.terms < 1999 {
				t.Skip("the race detector, for which tests are short, makes SQLite's planner slow")
			}
			f := apiclient.Filter{Op: c.op}
			for i := range c.terms {
				f.Terms = append(f.Terms, c.term(i))
			}
			page := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.DeliveryPage, error) {
				return tx.Deliveries(ctx, apiclient.DeliveryQuery{Filter: f})
			})
			if len(page.Deliveries) != c.want {
				t.Errorf("%d deliveries; want %d", len(page.Deliveries), c.want)
			}
		})
	}
}

func ids(list []apiclient.Delivery) []apiclient.DeliveryID {
	out := []apiclient.DeliveryID{}
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}
