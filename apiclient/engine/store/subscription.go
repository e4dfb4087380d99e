package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

const (
	subscriptionQuery   = `SELECT ` + subscriptionColumns + subscriptionFrom
	subscriptionColumns = `s.id, s.zap_id, z.name, z.event, s.url, s.state, s.why, s.made_by, s.created,
	s.done, s.dead, s.due + s.claimed + s.held, s.last_code, s.last_error, s.last_at,
	s.strict, s.rate, s.schedule, s.rotated_until, s.failures, s.broken_since, s.probe_at, CASE WHEN s.success_at > s.created THEN s.success_at ELSE s.created END`
	subscriptionFrom = ` FROM subscriptions s JOIN zaps z ON z.id = s.zap_id`
)

func scanSubscription(sc scanner) (s apiclient.Subscription, err error) {
	var created, last, rotated, broken, probe, success int64
	var schedule string
	err = sc.Scan(&s.ID, &s.Zap, &s.ZapName, &s.Event, &s.URL, &s.State, &s.Why, &s.By, &created,
		&s.Done, &s.Dead, &s.Waiting, &s.LastCode, &s.LastError, &last,
		&s.Strict, &s.Rate, &schedule, &rotated, &s.Failures, &broken, &probe, &success)
	if err != nil {
		return s, err
	}
	s.Created, s.LastAt, s.RotatedUntil = unstamp(created), unstamp(last), unstamp(rotated)
	s.BrokenSince, s.ProbeAt, s.SuccessAt = unstamp(broken), unstamp(probe), unstamp(success)
	s.Schedule, err = readSchedule(schedule)
	return s, err
}

// Subscriptions returns the subscriptions of a zap, or of all zaps for 0, by id.
func (tx *Tx) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	if err := tx.writeTally(ctx); err != nil {
		return nil, err
	}
	return collect(ctx, tx, scanSubscription, subscriptionQuery+` WHERE CAST(? AS BIGINT) = 0 OR s.zap_id = ? ORDER BY s.id`, zap, zap)
}

// A Target is a subscription with what its deliveries are signed with.
type Target struct {
	apiclient.Subscription
	secret, before apiclient.Secret // before: until RotatedUntil
	settling       bool             // what is new waits with what is moved, see SettleOn
}

// signing returns what a delivery is signed with at a time.
func (t Target) signing(now time.Time) []apiclient.Secret {
	if t.RotatedUntil.After(now) {
		return []apiclient.Secret{t.secret, t.before}
	}
	return []apiclient.Secret{t.secret}
}

// An also scans more columns behind those that it is asked for.
type also struct {
	scanner
	more []any
}

func (a also) Scan(dest ...any) error { return a.scanner.Scan(append(dest, a.more...)...) }

// Targets returns the subscriptions of a zap that get deliveries: all but those
// that are gone.
func (tx *Tx) Targets(ctx context.Context, zap apiclient.ZapID) ([]Target, error) {
	return collect(ctx, tx, func(s scanner) (t Target, err error) {
		var secret, before string
		t.Subscription, err = scanSubscription(also{s, []any{&secret, &before, &t.settling}})
		t.secret, t.before = apiclient.NewSecret(secret), apiclient.NewSecret(before)
		return t, err
	}, `SELECT `+subscriptionColumns+`, s.signing, s.signing_before, s.settling`+subscriptionFrom+` WHERE s.zap_id = ? AND s.state <> 'gone' ORDER BY s.id`, zap)
}

// Subscription returns one subscription.
func (tx *Tx) Subscription(ctx context.Context, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	if err := tx.writeTally(ctx); err != nil {
		return apiclient.Subscription{}, err
	}
	s, err := one(ctx, tx, scanSubscription, subscriptionQuery+` WHERE s.id = ?`, id)
	return s, absent(err, "There is no subscription %d on this site.", id)
}

// SubscriptionTo returns the subscription of a zap to a URL, and whether there is one.
func (tx *Tx) SubscriptionTo(ctx context.Context, zap apiclient.ZapID, url string) (apiclient.Subscription, bool, error) {
	list, err := collect(ctx, tx, scanSubscription, subscriptionQuery+` WHERE s.zap_id = ? AND s.url = ?`, zap, url)
	if err != nil || len(list) == 0 {
		return apiclient.Subscription{}, false, err
	}
	return list[0], true, nil
}

// InsertSubscription stores a new subscription and returns its id.
func (tx *Tx) InsertSubscription(ctx context.Context, s apiclient.Subscription) (apiclient.SubscriptionID, error) {
	id, err := tx.insert(ctx, `INSERT INTO subscriptions (zap_id, url, state, why, made_by, created, signing) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Zap, s.URL, s.State, s.Why, s.By, stamp(s.Created), s.Signing.Reveal())
	if err != nil {
		return 0, err
	}
	return apiclient.SubscriptionID(id), tx.newRulesVersion(ctx)
}

// SetSubscription changes the state of a subscription, and with it that of what
// waits in it. One that becomes active is as good as new: its breaker is closed, and the
// days without a success count from now on.
func (tx *Tx) SetSubscription(ctx context.Context, id apiclient.SubscriptionID, state apiclient.SubscriptionState, why string) error {
	if state != apiclient.SubscriptionGone {
		if err := tx.settleRest(ctx, id); err != nil {
			return err
		}
	}
	if state == apiclient.SubscriptionActive {
		if err := tx.closeBreaker(ctx, id); err != nil {
			return err
		}
	}
	if _, err := tx.exec(ctx, `UPDATE subscriptions SET state = ?, why = ? WHERE id = ?`, state, why, id); err != nil {
		return err
	}
	if err := tx.newRulesVersion(ctx); err != nil {
		return err
	}
	return tx.settle(ctx, `s.id = ?`, id)
}
