package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// WhySuspended is why a subscription is suspended.
const WhySuspended = "no delivery has succeeded for 5 days"

// UpdateSubscription stores how a subscription is posted to: strict, rate and schedule.
func (tx *Tx) UpdateSubscription(ctx context.Context, s apiclient.Subscription) error {
	tx.queued = true // what waits may go sooner by now
	tx.hand.forget(s.ID)
	_, err := tx.exec(ctx, `UPDATE subscriptions SET strict = ?, rate = ?, schedule = ? WHERE id = ?`, bit(s.Strict), s.Rate, writeSchedule(s.Schedule), s.ID)
	return err
}

func (tx *Tx) closeBreaker(ctx context.Context, id apiclient.SubscriptionID) error {
	_, err := tx.exec(ctx, `UPDATE subscriptions SET failures = 0, broken_since = 0, probe_at = 0, success_at = ? WHERE id = ?`, stamp(tx.Now()), id)
	return err
}

// RotateSubscription gives a subscription a new signing secret; the one that it had signs
// too until then, and one that did so before does no more.
func (tx *Tx) RotateSubscription(ctx context.Context, id apiclient.SubscriptionID, secret apiclient.Secret, until time.Time) error {
	_, err := tx.exec(ctx, `UPDATE subscriptions SET signing_before = signing, rotated_until = ?, signing = ? WHERE id = ?`, stamp(until), secret.Reveal(), id)
	if err != nil {
		return err
	}
	return tx.newRulesVersion(ctx)
}

// ForgetSecrets drops the signing secrets that have been replaced and whose time is over
// at now.
func (tx *Tx) ForgetSecrets(ctx context.Context, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE subscriptions SET signing_before = '', rotated_until = 0 WHERE rotated_until > 0 AND rotated_until <= ?`, stamp(now))
	return err
}
