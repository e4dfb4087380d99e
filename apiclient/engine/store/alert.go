package store

import (
	"context"

	"umdeck/apiclient"
)

// An Alert is what an operator should hear of a subscription. Nothing hangs on its being
// heard.
type Alert struct {
	Kind         AlertKind
	Subscription apiclient.SubscriptionID
	Why          string // as a clause
}

// AlertKind says what happened to the subscription.
type AlertKind string

// The kinds of alerts.
const (
	AlertGone      AlertKind = "gone"      // its receiver has ended it by 410
	AlertSuspended AlertKind = "suspended" // the engine has, after days without a success
	AlertBroken    AlertKind = "broken"    // its breaker has opened
	AlertRefused   AlertKind = "refused"   // its target is none that may be posted to
)

// Alerts returns what Finish has come upon in this transaction since it was last asked.
func (tx *Tx) Alerts() []Alert {
	list := tx.alerts
	tx.alerts = nil
	return list
}

func (tx *Tx) alert(kind AlertKind, s apiclient.SubscriptionID, why string) {
	tx.alerts = append(tx.alerts, Alert{kind, s, why})
}

// A laneBefore is the subscription of a delivery before its results are recorded.
type laneBefore struct {
	id     apiclient.SubscriptionID
	broken bool   // its breaker is open
	error  string // of its last attempt
	boot   int64  // of the engine that has claimed the delivery; 0: none has
}

func (tx *Tx) laneBefore(ctx context.Context, id apiclient.DeliveryID) (laneBefore, error) {
	l, err := one(ctx, tx, func(s scanner) (l laneBefore, err error) {
		var since int64
		err = s.Scan(&l.id, &since, &l.error, &l.boot)
		l.broken = since != 0
		return l, err
	}, `SELECT s.id, s.broken_since, s.last_error, d.boot FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id WHERE d.id = ?`, id)
	return l, absent(err, "There is no delivery %d on this site.", id)
}

// refused is the class of attempts that the guard of targets has refused.
const refused = "refused"

// alertRefusals raises an alert for each subscription whose target has begun to be refused:
// its last attempt ended otherwise.
func (tx *Tx) alertRefusals(ctx context.Context, results []Result) error {
	told := map[apiclient.SubscriptionID]bool{}
	for _, r := range results {
		if r.Attempt == nil || r.Attempt.Class != refused {
			continue
		}
		l, err := tx.laneBefore(ctx, r.Delivery)
		if err != nil {
			return err
		}
		if l.error != r.Attempt.Error && !told[l.id] {
			told[l.id] = true
			tx.alert(AlertRefused, l.id, r.Attempt.Error)
		}
	}
	return nil
}
