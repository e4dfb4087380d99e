package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"umdeck/apiclient"
)

// A Lane is a subscription that has something to send, and how it is to be sent.
type Lane struct {
	ID       apiclient.SubscriptionID
	Due      time.Time // when its earliest delivery is
	URL      string
	Strict   bool
	Rate     float64         // a second; 0: no limit
	Schedule []time.Duration // between the tries; nil: the usual one
	Breaker  Breaker
}

// A Breaker is what is kept of a lane's failures.
type Breaker struct {
	Failures int       // in a row
	Open     time.Time // since when nothing is sent but probes; zero: it is closed
	Probe    time.Time // when the next probe is, while it is open
	Success  time.Time // the last one; before the first: when the subscription was made
}

// What is due of a subscription stands in two indexes.
const (
	dueFresh = `state = 'due' AND tries + waits = 0` // never sent: due at any time, by id
	dueSent  = `state = 'due' AND tries + waits > 0` // sent before: due at next_at
)

// lanesOf returns a recursive query by the name of name that finds the subscriptions with
// deliveries of that kind, at the cost of a look into its index for each, and a NULL.
func lanesOf(name, kind string) string {
	return name + ` (id) AS (
			SELECT min(subscription_id) FROM deliveries WHERE ` + kind + `
			UNION ALL
			SELECT (SELECT min(subscription_id) FROM deliveries WHERE ` + kind + ` AND subscription_id > ` + name + `.id) FROM ` + name + ` WHERE ` + name + `.id IS NOT NULL
		)`
}

// Waiting returns each subscription that has a delivery in state due, at the cost
// of a few looks into an index for each. What was never sent is due since it was made.
// Of a strict one that is when its head is due, see [Tx.Claim]. Of several engines each is
// told those that it owns and those that nobody does.
func (tx *Tx) Waiting(ctx context.Context, boot int64) ([]Lane, error) {
	owned := ` AND ? <> 0` // it is all its own
	if tx.postgres {
		owned = ` AND s.owner IN (0, CAST(? AS BIGINT))`
	}
	of := ` FROM deliveries WHERE subscription_id = s.id AND `
	first := func(column, kind, bulk, order string) string {
		return `coalesce((SELECT ` + column + of + kind + ` AND bulk = ` + bulk + ` ORDER BY ` + order + ` LIMIT 1), -1)`
	}
	now := stamp(tx.Now())
	return collect(ctx, tx, func(s scanner) (Lane, error) { return scanLane(s, now) }, `WITH RECURSIVE `+lanesOf("fresh", dueFresh)+`, `+lanesOf("sent", dueSent)+`
		SELECT s.id, s.url, s.strict, s.rate, s.schedule, s.failures, s.broken_since, s.probe_at, s.success_at, s.created, `+
		first("at", dueFresh, "0", "id")+`, `+first("at", dueFresh, "1", "id")+`, `+
		first("next_at", dueSent, "0", "next_at, id")+`, `+first("next_at", dueSent, "1", "next_at, id")+`,
			CASE WHEN s.strict = 1 THEN coalesce((SELECT next_at`+of+dueSent+` ORDER BY bulk, id LIMIT 1), -1) ELSE -1 END
		FROM (SELECT id FROM fresh UNION SELECT id FROM sent) lane JOIN subscriptions s ON s.id = lane.id WHERE s.settling = 0`+owned, boot)
}

func scanLane(s scanner, now int64) (l Lane, err error) {
	var open, probe, success, created, head int64
	var schedule string
	due := make([]int64, 4) // -1: none
	err = s.Scan(&l.ID, &l.URL, &l.Strict, &l.Rate, &schedule, &l.Breaker.Failures, &open, &probe, &success, &created,
		&due[0], &due[1], &due[2], &due[3], &head)
	if err != nil {
		return l, err
	}
	// By a clock that was set back, what was never sent may have been made tomorrow.
	due[0], due[1] = min(due[0], now), min(due[1], now)
	if head >= 0 {
		due = []int64{head}
	}
	l.Due = unstamp(slices.Min(slices.DeleteFunc(due, func(t int64) bool { return t < 0 })))
	l.Breaker.Open, l.Breaker.Probe = unstamp(open), unstamp(probe)
	l.Breaker.Success = unstamp(cmp.Or(success, created))
	l.Schedule, err = readSchedule(schedule)
	return l, err
}

// readSchedule reads a list of milliseconds.
func readSchedule(text string) ([]time.Duration, error) {
	if text == "[]" {
		return nil, nil
	}
	var ms []int64
	if err := json.Unmarshal([]byte(text), &ms); err != nil {
		return nil, err
	}
	list := make([]time.Duration, len(ms))
	for i, n := range ms {
		list[i] = time.Duration(n) * time.Millisecond
	}
	return list, nil
}

// writeSchedule is readSchedule the other way round.
func writeSchedule(list []time.Duration) string {
	ms := make([]int64, len(list))
	for i, d := range list {
		ms[i] = d.Milliseconds()
	}
	return jsonOf(ms)
}

// A Result is what became of a claimed delivery.
type Result struct {
	Delivery apiclient.DeliveryID
	State    apiclient.DeliveryState // due, done, dead or gone
	Tries    int
	Waits    int
	Due      time.Time // when it is tried again, of state due
	Error    string
	EndLane  bool               // its subscription has ended
	Breaker  *Breaker           // of its subscription from now on; nil: as it is
	Suspend  bool               // its subscription is suspended
	Attempt  *apiclient.Attempt // nil: nothing was sent
}

// A claim is a delivery with what only the queue looks at.
type claim struct {
	apiclient.Delivery
	boot         int64
	tries, waits int
	next         time.Time
	ended        int64                   // 0: it has not
	wants        apiclient.DeliveryState // the state in which its subscription and zap let it wait
}

func (c *claim) note(a apiclient.Attempt) {
	c.Attempts, c.Code, c.Error, c.Duration = a.Number, a.Code, a.Error, a.Duration
}

// claims reads deliveries for their results, by id.
func (tx *Tx) claims(ctx context.Context, ids []apiclient.DeliveryID) (map[apiclient.DeliveryID]*claim, error) {
	found := make(map[apiclient.DeliveryID]*claim, len(ids))
	_, err := collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		c := &claim{}
		var at, next, ms int64
		err = s.Scan(&c.ID, &c.WebhookID, &c.EventID, &c.Event, &c.Zap, &c.ZapName, &c.Subscription, &c.URL,
			&c.User, &c.Login, &c.State, &c.Attempts, &at, &next, &c.Test, &c.ReplayOf, &c.Replay, &c.Code, &c.Error, &ms,
			&c.boot, &c.tries, &c.waits, &c.ended, &c.wants)
		c.At, c.next, c.Duration = unstamp(at), unstamp(next), time.Duration(ms)*time.Millisecond
		found[c.ID] = c
		return none, err
	}, `SELECT d.id, d.webhook_id, coalesce(d.event_id, 0), d.trigger, d.zap_id, d.zap_name, d.subscription_id, s.url,
		d.user_id, d.login, d.state, d.attempts, d.at, d.next_at, d.test, coalesce(d.replay_of, 0), d.replay_job, d.code, d.error, d.ms,
		d.boot, d.tries, d.waits, d.ended, `+deliveryWants+`
		FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id JOIN zaps z ON z.id = s.zap_id LEFT JOIN replays p ON p.id = d.replay_job WHERE d.id IN `+listedIDs, jsonOf(ids))
	return found, err
}

// Finish records what became of deliveries that the engine of that boot number had
// claimed. A delivery that is to be due is held or gone where its subscription says so
// by now. Of one that is not claimed by that engine any more, the attempt alone is
// recorded: somebody else has it. What is recorded already changes nothing.
func (tx *Tx) Finish(ctx context.Context, boot int64, results ...Result) error {
	ids := make([]apiclient.DeliveryID, len(results))
	for i, r := range results {
		ids[i] = r.Delivery
	}
	found, err := tx.claims(ctx, ids)
	if err != nil {
		return err
	}
	if results, err = tx.unrecorded(ctx, results, found); err != nil {
		return err
	}
	if err := tx.turnLanes(ctx, boot, results); err != nil {
		return err
	}
	if slices.ContainsFunc(results, func(r Result) bool { return r.EndLane || r.Suspend }) {
		if found, err = tx.claims(ctx, ids); err != nil { // they are wanted in another state by now
			return err
		}
	}
	if err := tx.alertRefusals(ctx, results); err != nil {
		return err
	}
	var w records
	for _, r := range results {
		c := found[r.Delivery]
		if c == nil {
			continue // its retention is over: an engine that was stopped for months
		}
		if !tx.settleClaim(c, boot, r) && r.Attempt == nil {
			continue
		}
		if r.Attempt != nil {
			r.Attempt.Number = c.Attempts + 1
			c.note(*r.Attempt)
			tx.attempted(c.Subscription, *r.Attempt)
		} else if r.Error != "" {
			c.Error = r.Error
		}
		w.add(*c, r)
		tx.queued = tx.queued || c.State == apiclient.DeliveryDue
	}
	return w.write(ctx, tx)
}

// settleClaim gives a delivery its new state, and reports whether that engine has it
// claimed.
func (tx *Tx) settleClaim(c *claim, boot int64, r Result) bool {
	if c.boot != boot || c.State != apiclient.DeliveryClaimed {
		return false
	}
	c.State, c.tries, c.waits, c.next, c.boot = r.State, r.Tries, r.Waits, r.Due, 0
	if r.State == apiclient.DeliveryDue {
		c.State = c.resting(c.wants)
	}
	c.ended = tx.ended(c.State)
	if r.Attempt != nil && c.State.Final() {
		c.ended = attemptEnd(*r.Attempt)
	}
	tx.movedAt(c.ended, c.Subscription, 1, apiclient.DeliveryClaimed, c.State)
	tx.replayed(c.Replay, 1, c.State)
	return true
}

// turnLanes changes the subscriptions that results speak of, before anything else: what
// the results leave waiting goes by it. The results of an engine that has lost its claim
// change nothing: they come from before what others have seen.
func (tx *Tx) turnLanes(ctx context.Context, boot int64, results []Result) error {
	for _, r := range results {
		if !r.EndLane && !r.Suspend && r.Breaker == nil {
			continue
		}
		l, err := tx.laneBefore(ctx, r.Delivery)
		if err != nil {
			return err
		}
		if l.boot != boot {
			continue
		}
		s := l.id
		if b := r.Breaker; b != nil {
			_, err := tx.exec(ctx, `UPDATE subscriptions SET failures = ?, broken_since = ?, probe_at = ?, success_at = ? WHERE id = ?`,
				b.Failures, stamp(b.Open), stamp(b.Probe), stamp(b.Success), s)
			if err != nil {
				return err
			}
			if !b.Open.IsZero() && !l.broken {
				tx.alert(AlertBroken, s, r.Error)
			}
		}
		switch {
		case r.EndLane:
			err = tx.turn(ctx, s, apiclient.SubscriptionGone, "the receiver answered 410 Gone", `state <> 'gone'`, AlertGone)
		case r.Suspend:
			err = tx.turn(ctx, s, apiclient.SubscriptionSuspended, WhySuspended, `state = 'active'`, AlertSuspended)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// turn puts a subscription into a state and raises an alert, unless it is in another one
// than the condition says.
func (tx *Tx) turn(ctx context.Context, id apiclient.SubscriptionID, state apiclient.SubscriptionState, why, from string, a AlertKind) error {
	n, err := tx.exec(ctx, `UPDATE subscriptions SET state = ?, why = ? WHERE id = ? AND `+from, state, why, id)
	if err != nil || n == 0 {
		return err
	}
	tx.alert(a, id, why)
	if err := tx.newRulesVersion(ctx); err != nil {
		return err
	}
	return tx.settle(ctx, `s.id = ?`, id)
}

// Release gives back deliveries that were claimed and not sent: they are due as
// before, or what their subscription wants by now.
func (tx *Tx) Release(ctx context.Context, boot int64, ids ...apiclient.DeliveryID) error {
	found, err := tx.claims(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c := found[id]
		if c == nil || c.State != apiclient.DeliveryClaimed || c.boot != boot {
			continue
		}
		if err := tx.unclaim(ctx, *c); err != nil {
			return err
		}
	}
	return nil
}

// resting returns the state in which the delivery waits where its subscription and zap
// want that one: a test is sent although they are off.
func (c *claim) resting(wants apiclient.DeliveryState) apiclient.DeliveryState {
	if c.Test && wants == apiclient.DeliveryHeld {
		return apiclient.DeliveryDue
	}
	return wants
}

func (tx *Tx) unclaim(ctx context.Context, c claim) error {
	c.State = c.resting(c.wants)
	c.ended = tx.ended(c.State)
	if err := tx.post(ctx, `UPDATE deliveries SET state = ?, boot = 0, ended = ? WHERE id = ?`, c.State, c.ended, c.ID); err != nil {
		return err
	}
	tx.movedAt(c.ended, c.Subscription, 1, apiclient.DeliveryClaimed, c.State)
	tx.replayed(c.Replay, 1, c.State)
	if c.State == apiclient.DeliveryDue {
		tx.queued = true
		return nil // as before: nobody was told that it was claimed
	}
	return tx.logDelivery(ctx, apiclient.LogState, c.Delivery)
}

// A Hook is what a delivery posts, and whether it still may.
type Hook struct {
	Delivery  apiclient.DeliveryID
	URL       string
	Body      []byte
	WebhookID string
	Signing   []apiclient.Secret // two while one replaces the other
	Event     apiclient.EventID
	Test      bool
	ReplayOf  string                  // webhook id of the delivery that this one repeats; empty: none
	Wants     apiclient.DeliveryState // what its subscription and zap want of it: due, held or gone
}

// Hook returns what a delivery posts now.
func (tx *Tx) Hook(ctx context.Context, id apiclient.DeliveryID) (Hook, error) {
	list, err := tx.Hooks(ctx, id)
	if err == nil && len(list) == 0 {
		err = errNoDelivery(id)
	}
	if err != nil {
		return Hook{}, err
	}
	return list[0], nil
}

func errNoDelivery(id apiclient.DeliveryID) error {
	return apiclient.Errorf(apiclient.NotFound, "There is no delivery %d on this site.", id)
}

// Hooks returns what deliveries post now, in no particular order.
func (tx *Tx) Hooks(ctx context.Context, ids ...apiclient.DeliveryID) ([]Hook, error) {
	now := stamp(tx.Now())
	return collect(ctx, tx, func(s scanner) (h Hook, err error) {
		var signing, before string
		var until int64
		err = s.Scan(&h.Delivery, &h.URL, &h.Body, &h.WebhookID, &signing, &before, &until, &h.Event, &h.Test, &h.ReplayOf, &h.Wants)
		h.Signing = []apiclient.Secret{apiclient.NewSecret(signing)}
		if before != "" && until > now {
			h.Signing = append(h.Signing, apiclient.NewSecret(before))
		}
		return h, err
	}, `SELECT d.id, s.url, b.body, d.webhook_id, s.signing, s.signing_before, s.rotated_until, coalesce(d.event_id, 0), d.test, coalesce(r.webhook_id, ''), `+deliveryWants+`
		FROM deliveries d
		JOIN payloads b ON b.sha256 = d.payload
		JOIN subscriptions s ON s.id = d.subscription_id
		JOIN zaps z ON z.id = s.zap_id
		LEFT JOIN deliveries r ON r.id = d.replay_of
		LEFT JOIN replays p ON p.id = d.replay_job
		WHERE d.id IN `+listedIDs, jsonOf(ids))
}
