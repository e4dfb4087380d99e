package engine

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// A queue is what the engine sends as an outbox sees it: a lane for each
// subscription, and one for all mails.
type queue struct{ e *Engine }

var _ outbox.Store = queue{}

const (
	lanePrefix = "subscription/"
	mailLane   = outbox.Lane("mail")
)

func laneOf(s apiclient.SubscriptionID) outbox.Lane {
	return outbox.Lane(lanePrefix + strconv.FormatInt(int64(s), 10))
}

func subscriptionOf(l outbox.Lane) (apiclient.SubscriptionID, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(string(l), lanePrefix), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("lane %q is none of the engine's: %w", l, err)
	}
	return apiclient.SubscriptionID(n), nil
}

// hostLimits returns how much the hosts take that tell it. Zapier refuses more than 30
// hooks a second and 10,000 in five minutes; what goes out evenly arrives less so.
func hostLimits() map[string][]outbox.Limit {
	return map[string][]outbox.Limit{"hooks.zapier.com": {{Count: 25, Per: time.Second}, {Count: 9000, Per: 5 * time.Minute}}}
}

// hostOf returns the host of a target, with its port where that is not the scheme's
// own; empty: the target is no URL, which its sends will say.
func hostOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return host
}

// Waiting returns each lane that has an item in state due.
func (q queue) Waiting(ctx context.Context) ([]outbox.Waiting, error) {
	if err := q.disown(ctx); err != nil {
		return nil, err
	}
	return view(ctx, q.e, func(ctx context.Context, tx *store.Tx) ([]outbox.Waiting, error) {
		hooks, err := tx.Waiting(ctx, q.e.tenure.number())
		if err != nil {
			return nil, err
		}
		due, some, err := tx.WaitingMails(ctx)
		if err != nil {
			return nil, err
		}
		lanes := make([]outbox.Waiting, 0, len(hooks)+1)
		for _, w := range hooks {
			if q.e.tenure.leaves(w.ID) {
				continue
			}
			lanes = append(lanes, outbox.Waiting{
				Lane: laneOf(w.ID), Due: w.Due, Breaker: outbox.Breaker(w.Breaker),
				Settings: outbox.LaneSettings{Strict: w.Strict, Rate: w.Rate, Schedule: w.Schedule, Host: hostOf(w.URL)},
			})
		}
		if some {
			lanes = append(lanes, outbox.Waiting{Lane: mailLane, Due: due})
		}
		return lanes, nil
	})
}

// Claim marks deliveries and mails as claimed and returns them.
func (q queue) Claim(ctx context.Context, now time.Time, take []outbox.Take) (items []outbox.Item, err error) {
	turns := q.e.turns.Load()
	var doubts int
	err = q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := q.disownIn(ctx, tx)
		if err != nil {
			return err
		}
		doubts = n
		mails, err := q.claimMails(ctx, tx, now, take)
		if err != nil {
			return err
		}
		hooks, err := q.claimHooks(ctx, tx, now, take)
		if err != nil {
			return err
		}
		if err := loadHooks(ctx, tx, hooks, turns); err != nil {
			return err
		}
		items = slices.Concat(hooks, mails)
		return nil
	})
	q.e.claims.out(items, err)
	if err == nil {
		q.e.claims.settle(doubts)
	}
	return items, err
}

func (q queue) claimMails(ctx context.Context, tx *store.Tx, now time.Time, take []outbox.Take) (items []outbox.Item, err error) {
	for _, t := range take {
		if t.Lane != mailLane {
			continue
		}
		list, err := tx.ClaimMails(ctx, q.e.tenure.number(), now, t.Max)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			items = append(items, itemOf(mailLane, m))
		}
	}
	return items, nil
}

func (q queue) claimHooks(ctx context.Context, tx *store.Tx, now time.Time, take []outbox.Take) (items []outbox.Item, err error) {
	var takes []store.Take
	for _, t := range take {
		if t.Lane == mailLane {
			continue
		}
		s, err := subscriptionOf(t.Lane)
		if err != nil {
			return nil, err
		}
		takes = append(takes, store.Take{Subscription: s, Max: t.Max, Live: t.Live, Skip: t.Skip, Onward: t.Onward})
	}
	list, err := tx.Claim(ctx, q.e.tenure.number(), now, takes...)
	for _, d := range list {
		items = append(items, itemOf(laneOf(d.Subscription), d))
	}
	return items, err
}

func itemOf(l outbox.Lane, d store.Queued) outbox.Item {
	return outbox.Item{
		ID: outbox.ID(d.ID), Lane: l, User: int64(d.User), Tries: d.Tries, Waits: d.Waits, At: d.At, Due: d.Due, Single: d.Single, Bulk: d.Bulk,
	}
}

// handed is told of deliveries that are claimed as they are made.
func (e *Engine) handed(list []store.Handed, err error) {
	if err != nil {
		e.claims.out(nil, err)
		e.outbox.Wake() // so that it looks, and they are given back
		return
	}
	items, turns := make([]outbox.Item, len(list)), e.turns.Load()
	for i, h := range list {
		items[i] = itemOf(laneOf(h.Subscription), h.Queued)
		if len(h.Hook.Body) <= largestLoad {
			items[i].Load = load{h.Hook, turns}
		}
	}
	e.claims.out(items, nil)
	e.outbox.Hand(items)
}

// KeepBack ends the handing over of new deliveries.
func (q queue) KeepBack(ctx context.Context) error {
	return q.e.db.Change(ctx, func(_ context.Context, tx *store.Tx) error {
		tx.KeepBack()
		return nil
	})
}

// loadHooks gives the deliveries what they post.
func loadHooks(ctx context.Context, tx *store.Tx, items []outbox.Item, turns int64) error {
	if len(items) == 0 {
		return nil
	}
	ids, places := make([]apiclient.DeliveryID, len(items)), make(map[apiclient.DeliveryID]int, len(items))
	for n, i := range items {
		ids[n] = apiclient.DeliveryID(i.ID)
		places[ids[n]] = n
	}
	hooks, err := tx.Hooks(ctx, ids...)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if len(h.Body) <= largestLoad { // the others are read when they are sent
			items[places[h.Delivery]].Load = load{h, turns}
		}
	}
	return nil
}

// Finish records what became of deliveries and mails.
func (q queue) Finish(ctx context.Context, list []outbox.Outcome) error {
	unsettled := false
	err := q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		results := make([]store.Result, 0, len(list))
		for _, o := range list {
			if o.Item.Lane != mailLane {
				results = append(results, resultOf(o))
			} else if err := q.finishMail(ctx, tx, o); err != nil {
				return fmt.Errorf("record mail %d: %w", o.Item.ID, err)
			}
		}
		if err := tx.Finish(ctx, q.e.tenure.number(), results...); err != nil {
			return err
		}
		unsettled = tx.Unsettled()
		return q.e.alarm(ctx, tx)
	})
	if unsettled {
		q.e.wakeSettling()
	}
	if err == nil {
		for _, o := range list {
			q.e.claims.back(o.Item)
			if o.Item.Lane == mailLane && o.State == outbox.StateDue {
				q.e.outbox.Wake() // it may be due before the outbox knows, see finishMail
			}
		}
	}
	return err
}

func resultOf(o outbox.Outcome) store.Result {
	r := store.Result{
		Delivery: apiclient.DeliveryID(o.Item.ID), State: apiclient.DeliveryState(o.State), Tries: o.Item.Tries, Waits: o.Item.Waits,
		Due: o.Item.Due, Error: o.Error, EndLane: o.EndLane, Breaker: (*store.Breaker)(o.Breaker), Suspend: o.Suspend,
	}
	if a, ok := o.Report.(apiclient.Attempt); ok {
		r.Attempt = &a
	}
	return r
}

func (q queue) finishMail(ctx context.Context, tx *store.Tx, o outbox.Outcome) error {
	r := store.MailResult{
		Mail: apiclient.MailID(o.Item.ID), State: apiclient.MailState(o.State), Tries: o.Item.Tries, Waits: o.Item.Waits, Due: o.Item.Due, Error: o.Error,
	}
	if a, ok := o.Report.(apiclient.MailAttempt); ok {
		r.Attempt = &a
		if r.State == apiclient.MailDue && a.At.UnixNano() < q.e.mended.Load() {
			r.Due = tx.Now() // what it found wrong was put right before this is recorded
		}
	}
	if r.State != apiclient.MailDue {
		return tx.FinishMail(ctx, q.e.tenure.number(), r)
	}
	why, err := q.e.whyHeld(ctx, tx)
	if err != nil {
		return err
	}
	if why != "" {
		r.State, r.Why = apiclient.MailHeld, why
	}
	return tx.FinishMail(ctx, q.e.tenure.number(), r)
}

// Release undoes the claim of what was not sent.
func (q queue) Release(ctx context.Context, items []outbox.Item) error {
	err := q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		why, err := q.e.whyHeld(ctx, tx)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Lane == mailLane {
				err = tx.ReleaseMail(ctx, q.e.tenure.number(), apiclient.MailID(i.ID), why)
			} else {
				err = tx.Release(ctx, q.e.tenure.number(), apiclient.DeliveryID(i.ID))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		for _, i := range items {
			q.e.claims.back(i)
		}
	}
	return err
}

// Shift is told that the clock was set back.
func (q queue) Shift(ctx context.Context, by time.Duration) error {
	return q.e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Shift(ctx, q.e.tenure.number(), by) })
}

// senders sends what is in a lane by the sender that it is for.
type senders struct{ hooks, mails outbox.Sender }

// Send makes one attempt at an item.
func (s senders) Send(ctx context.Context, i outbox.Item) outbox.Result {
	if i.Lane == mailLane {
		return s.mails.Send(ctx, i)
	}
	return s.hooks.Send(ctx, i)
}
