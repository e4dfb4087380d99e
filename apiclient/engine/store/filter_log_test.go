package store

import (
	"context"
	"slices"
	"testing"

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
	for _, field := range []string{"id", "zap", "subscription", "user", "attempts", "code", "ms", "test"} {
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

func ids(list []apiclient.Delivery) []apiclient.DeliveryID {
	out := []apiclient.DeliveryID{}
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}
