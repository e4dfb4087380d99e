package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"umdeck/apiclient"
)

// A Take is what is to be claimed of a subscription.
type Take struct {
	Subscription apiclient.SubscriptionID
	Max          int     // so many deliveries at most
	Live         bool    // nothing that replays have made
	Onward       bool    // what is made later may be claimed at once, see Config.Handed, if this leaves nothing due
	Skip         []int64 // users about whom nothing is claimed that was never sent; for others the first windowOfSkip are looked at

	strict bool // see own
}

// windowOfSkip bounds how many deliveries are looked at for those that are about others
// than the users to be skipped, so that a claim costs the same however many wait.
const windowOfSkip = 1000

// Claim marks deliveries that are due at now as claimed by the engine of that boot number
// and returns them, each subscription's in their order: what replays have made after all
// others; what was sent before and is due by then, by its time, and then what never was, by
// id. A strict subscription that has something that was sent before gives its head alone:
// the first of that by id, and nothing while that is not due. Another engine's subscription
// has none.
func (tx *Tx) Claim(ctx context.Context, boot int64, now time.Time, takes ...Take) ([]Queued, error) {
	takes, err := tx.own(ctx, boot, takes)
	if err != nil {
		return nil, err
	}
	ids, err := tx.pick(ctx, now, takes)
	if err != nil {
		return nil, err
	}
	list, err := tx.markClaimed(ctx, boot, ids)
	if err != nil {
		return nil, err
	}
	found := map[apiclient.SubscriptionID]int{}
	for _, q := range list {
		found[q.Subscription]++
	}
	for _, t := range takes {
		tx.hand.opened(boot, t, found[t.Subscription])
	}
	return list, nil
}

// markClaimed marks deliveries that are due as claimed, and returns them in the order of ids.
func (tx *Tx) markClaimed(ctx context.Context, boot int64, ids []int64) ([]Queued, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := collect(ctx, tx, scanQueued, `UPDATE deliveries SET state = 'claimed', boot = ? WHERE id IN `+listedIDs+`
		RETURNING id, subscription_id, tries, waits, next_at, test, user_id, bulk, at`, boot, jsonOf(ids))
	if err != nil {
		return nil, err
	}
	for _, q := range list {
		tx.moved(q.Subscription, 1, apiclient.DeliveryDue, apiclient.DeliveryClaimed)
	}
	place := make(map[int64]int, len(ids))
	for n, id := range ids {
		place[id] = n
	}
	slices.SortFunc(list, func(a, b Queued) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return list, nil
}

// own makes subscriptions that engine's, unless they are another one's, and returns what
// may be taken.
func (tx *Tx) own(ctx context.Context, boot int64, takes []Take) ([]Take, error) {
	type owned struct {
		id     apiclient.SubscriptionID
		strict bool
		owner  int64
	}
	ids := make([]apiclient.SubscriptionID, len(takes))
	for i, t := range takes {
		ids[i] = t.Subscription
	}
	var last int64
	list, err := collect(ctx, tx, func(s scanner) (o owned, err error) {
		return o, s.Scan(&o.id, &o.strict, &o.owner, &last)
	}, `SELECT id, strict, owner, `+tx.lastLogged()+` FROM subscriptions WHERE settling = 0 AND id IN `+listedIDs, jsonOf(ids))
	if err != nil {
		return nil, err
	}
	if tx.postgres {
		tx.hand.compare(last)
	}
	var mine []Take
	var free []apiclient.SubscriptionID
	for _, t := range takes {
		i := slices.IndexFunc(list, func(o owned) bool { return o.id == t.Subscription })
		if i < 0 {
			continue
		}
		switch {
		case !tx.postgres, list[i].owner == boot: // a file of SQLite has one engine
		case list[i].owner != 0:
			continue
		default:
			free = append(free, t.Subscription)
		}
		t.strict = list[i].strict
		mine = append(mine, t)
	}
	if len(free) == 0 {
		return mine, nil
	}
	return mine, tx.post(ctx, `UPDATE subscriptions SET owner = ? WHERE id IN `+listedIDs, boot, jsonOf(free))
}

// pick returns what Claim gives, in its order. PostgreSQL is asked once for all
// subscriptions that have no peculiarity: each answer is waited for while no other engine
// can write.
func (tx *Tx) pick(ctx context.Context, now time.Time, takes []Take) ([]int64, error) {
	var ids []int64
	var plain []Take
	for _, t := range takes {
		if tx.postgres && !t.strict && len(t.Skip) == 0 {
			plain = append(plain, t)
			continue
		}
		some, err := tx.claimable(ctx, now, t)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	if len(plain) == 0 {
		return ids, nil
	}
	most, err := tx.claimableOfMany(ctx, now, plain)
	return append(ids, most...), err
}

// claimable returns what Claim gives of one subscription, in its order.
func (tx *Tx) claimable(ctx context.Context, now time.Time, t Take) ([]int64, error) {
	if t.strict {
		head, held, err := tx.head(ctx, t.Subscription)
		if err != nil || held && (head.due > stamp(now) || t.Live && head.bulk) {
			return nil, err
		}
		if held {
			return []int64{head.id}, nil
		}
	}
	var ids []int64
	for _, bulk := range []int{0, 1} {
		for _, q := range t.parts(now) {
			if len(ids) == t.Max || t.Live && bulk == 1 {
				return ids, nil
			}
			args := append(append([]any{t.Subscription, bulk}, q.args...), t.Max-len(ids))
			more, err := collect(ctx, tx, scanInt, q.query, args...)
			if err != nil {
				return nil, err
			}
			ids = append(ids, more...)
		}
	}
	return ids, nil
}

// A part is a query for some of what Claim gives. Its first two arguments are the
// subscription and whether it is bulk, its last is how many.
type part struct {
	query string
	args  []any // those between
}

// parts returns the parts in their order.
func (t Take) parts(now time.Time) []part {
	const of = ` FROM deliveries WHERE subscription_id = ? AND bulk = ? AND `
	sent := part{`SELECT id` + of + dueSent + ` AND next_at <= ? ORDER BY next_at, id LIMIT ?`, []any{stamp(now)}}
	fresh := part{`SELECT id` + of + dueFresh + ` ORDER BY id LIMIT ?`, nil}
	if len(t.Skip) > 0 {
		fresh = part{
			`SELECT id FROM (SELECT id, user_id` + of + dueFresh + ` ORDER BY id LIMIT ?) first WHERE user_id NOT IN ` + listedIDs + ` ORDER BY id LIMIT ?`,
			[]any{windowOfSkip, jsonOf(t.Skip)},
		}
	}
	return []part{sent, fresh}
}

// pickOfMany is claimable for subscriptions t: so many as most of the four parts, of which
// two are of replays, in their order.
var pickOfMany = func() string {
	part := func(n, place, of, order string) string {
		return `(SELECT ` + n + ` AS part, ` + place + ` AS place, id FROM deliveries WHERE subscription_id = t.subscription AND ` + of + ` ORDER BY ` + order + ` LIMIT t.most)`
	}
	const sent, fresh = dueSent + ` AND next_at <= CAST(? AS BIGINT)`, dueFresh
	return `SELECT p.id FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[])) WITH ORDINALITY AS t (subscription, most, live, n)
		CROSS JOIN LATERAL (SELECT * FROM (` +
		part(`0`, `next_at`, `bulk = 0 AND `+sent, `next_at, id`) + ` UNION ALL ` +
		part(`1`, `0`, `bulk = 0 AND `+fresh, `id`) + ` UNION ALL ` +
		part(`2`, `next_at`, `bulk = 1 AND t.live = 0 AND `+sent, `next_at, id`) + ` UNION ALL ` +
		part(`3`, `0`, `bulk = 1 AND t.live = 0 AND `+fresh, `id`) +
		`) parts ORDER BY part, place, id LIMIT t.most) p ORDER BY t.n, p.part, p.place, p.id`
}()

// claimableOfMany is claimable for subscriptions of PostgreSQL that are not strict and have
// nobody to be skipped. What it finds of a part and does not give costs less than another
// question.
func (tx *Tx) claimableOfMany(ctx context.Context, now time.Time, takes []Take) ([]int64, error) {
	var ids, most, live []int64
	for _, t := range takes {
		ids, most, live = append(ids, int64(t.Subscription)), append(most, int64(t.Max)), append(live, int64(bit(t.Live)))
	}
	return collect(ctx, tx, scanInt, pickOfMany, ids, most, live, stamp(now), stamp(now))
}

// heldBy is the delivery that holds a strict subscription.
type heldBy struct {
	id, due int64
	bulk    bool
}

// head returns what holds a strict subscription, if anything does.
func (tx *Tx) head(ctx context.Context, s apiclient.SubscriptionID) (heldBy, bool, error) {
	list, err := collect(ctx, tx, func(s scanner) (h heldBy, err error) {
		return h, s.Scan(&h.id, &h.due, &h.bulk)
	}, `SELECT d.id, d.next_at, d.bulk FROM deliveries d WHERE d.subscription_id = ? AND `+dueSent+`
		ORDER BY d.bulk, d.id LIMIT 1`, s)
	if err != nil || len(list) == 0 {
		return heldBy{}, false, err
	}
	return list[0], true, nil
}

func scanQueued(s scanner) (q Queued, err error) {
	var due, at int64
	err = s.Scan(&q.ID, &q.Subscription, &q.Tries, &q.Waits, &due, &q.Single, &q.User, &q.Bulk, &at)
	q.Due, q.At = unstamp(due), unstamp(at)
	return q, err
}
