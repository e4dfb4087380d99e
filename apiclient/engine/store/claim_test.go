package store

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
)

// TestClaimOfMany claims from several subscriptions at once what each of them gives alone,
// in the same order, whatever waits in them.
func TestClaimOfMany(t *testing.T) {
	db, sub := queued(t)
	subs := []apiclient.SubscriptionID{sub, subscribe(t, db, "https://example.com/2"), subscribe(t, db, "https://example.com/3"), subscribe(t, db, "https://example.com/4")}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	change(t, db, func(ctx context.Context, tx *Tx) error { return fillLanes(ctx, tx, chance, subs) })
	for range 30 {
		takes := make([]Take, 0, len(subs))
		for _, i := range chance.Perm(len(subs))[:1+chance.IntN(len(subs))] {
			takes = append(takes, Take{Subscription: subs[i], Max: 1 + chance.IntN(6), Live: chance.IntN(3) == 0})
		}
		change(t, db, func(ctx context.Context, tx *Tx) error {
			now := tx.Now().Add(time.Duration(chance.IntN(4)-2) * time.Hour)
			var want, got []int64
			for _, take := range takes {
				take.strict = take.Subscription == subs[3]
				ids, err := tx.claimable(ctx, now, take)
				if err != nil {
					return err
				}
				want = append(want, ids...)
			}
			list, err := tx.Claim(ctx, 1, now, takes...)
			for _, q := range list {
				got = append(got, q.ID)
			}
			if tx.postgres { // the strict one is asked for by itself, before the others
				slices.Sort(want)
				slices.Sort(got)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v at %v (-alone +together):\n%s", takes, now, diff)
			}
			return err
		})
	}
}

// TestPickOfMany is TestClaimOfMany for the order in which PostgreSQL gives them.
func TestPickOfMany(t *testing.T) {
	pgtest.PostgresAlone(t, "it has no other way than one after the other")
	db, sub := queued(t)
	subs := []apiclient.SubscriptionID{sub, subscribe(t, db, "https://example.com/2"), subscribe(t, db, "https://example.com/3")}
	chance := rand.New(rand.NewPCG(rand.Uint64(), 0))
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if err := fillLanes(ctx, tx, chance, subs); err != nil {
			return err
		}
		for most := range 40 {
			var takes []Take
			var want []int64
			for i := range subs {
				takes = append(takes, Take{Subscription: subs[i], Max: 1 + most, Live: chance.IntN(3) == 0})
				ids, err := tx.claimable(ctx, tx.Now(), takes[i])
				if err != nil {
					return err
				}
				want = append(want, ids...)
			}
			got, err := tx.claimableOfMany(ctx, tx.Now(), takes)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v (-alone +together):\n%s", takes, diff)
			}
		}
		return nil
	})
}

// fillLanes makes deliveries of all kinds in the subscriptions, the fourth of which becomes
// strict.
func fillLanes(ctx context.Context, tx *Tx, chance *rand.Rand, subs []apiclient.SubscriptionID) error {
	for range 200 {
		d, err := deliverIn(ctx, tx, subs[chance.IntN(len(subs))])
		if err != nil {
			return err
		}
		at := tx.Now().Add(time.Duration(chance.IntN(4)-2) * time.Hour)
		if _, err := tx.exec(ctx, `UPDATE deliveries SET bulk = ?, tries = ?, waits = ?, next_at = ? WHERE id = ?`,
			chance.IntN(2), chance.IntN(2), chance.IntN(2), stamp(at), d.ID); err != nil {
			return err
		}
	}
	if len(subs) < 4 {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE subscriptions SET strict = 1 WHERE id = ?`, subs[3])
	return err
}
