package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// serverNow is the time by the database's clock, the one that all engines share.
const serverNow = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`

// enter makes this engine one of those that work on the database.
func (tx *Tx) enter(ctx context.Context) (int64, error) {
	boot, err := tx.insert(ctx, `INSERT INTO engines (lease_until) VALUES (`+serverNow+` + ?)`, tx.lease.Milliseconds())
	if err != nil {
		return 0, err
	}
	return boot, tx.reap(ctx)
}

// Renew extends the lease of the engine of that boot number, takes over what engines
// without one have left, and gives lanes to the engines that are to have them. It
// returns the numbers of the engines that live, and reports whether the engine still had
// its lease: one that has lost it must not send what it had claimed, and needs a new
// boot number. The lease is as long as Config.Lease says. With SQLite, whose engine is alone, it changes nothing.
func (tx *Tx) Renew(ctx context.Context, boot int64) (engines []int64, kept bool, err error) {
	if !tx.postgres {
		return []int64{boot}, true, nil
	}
	n, err := tx.exec(ctx, `UPDATE engines SET lease_until = `+serverNow+` + ? WHERE id = ?`, tx.lease.Milliseconds(), boot)
	if err != nil || n == 0 {
		return nil, false, err
	}
	if err := tx.reap(ctx); err != nil {
		return nil, true, err
	}
	engines, err = collect(ctx, tx, scanInt, `SELECT id FROM engines ORDER BY id`)
	return engines, true, err
}

// Leave ends the lease of an engine that has nothing claimed any more.
func (tx *Tx) Leave(ctx context.Context, boot int64) error {
	if !tx.postgres {
		return nil
	}
	if _, err := tx.exec(ctx, `DELETE FROM engines WHERE id = ?`, boot); err != nil {
		return err
	}
	return tx.orphan(ctx)
}

// longestLease is what no engine's lease is longer than, but where this one's is. One that
// ends later was taken before the database's clock was set back.
const longestLease = time.Hour

// reap removes the engines whose lease is over and makes due what they had claimed.
func (tx *Tx) reap(ctx context.Context) error {
	n, err := tx.exec(ctx, `DELETE FROM engines WHERE lease_until < `+serverNow+` OR lease_until > `+serverNow+` + ?`, max(longestLease, tx.lease).Milliseconds())
	if err != nil || n == 0 {
		return err
	}
	return tx.orphan(ctx)
}

// orphan takes what they have from engines that are not there any more.
func (tx *Tx) orphan(ctx context.Context) error {
	if _, err := tx.exec(ctx, `UPDATE subscriptions SET owner = 0 WHERE owner <> 0 AND owner NOT IN (SELECT id FROM engines)`); err != nil {
		return err
	}
	if err := tx.touchLog(ctx); err != nil {
		return err
	}
	return tx.abandon(ctx, `boot NOT IN (SELECT id FROM engines)`)
}

// abandon makes due again what engines have left claimed for which the condition on
// boot holds.
func (tx *Tx) abandon(ctx context.Context, left string, args ...any) error {
	ids, err := collect(ctx, tx, func(s scanner) (id apiclient.DeliveryID, err error) { return id, s.Scan(&id) },
		`SELECT id FROM deliveries WHERE state = 'claimed' AND `+left+` ORDER BY id`, args...)
	if err != nil {
		return err
	}
	found, err := tx.claims(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.unclaim(ctx, *found[id]); err != nil {
			return err
		}
	}
	return tx.unclaimMails(ctx, left, args...)
}

// Disown makes due again what the engine of that boot number has marked as claimed
// besides the deliveries and mails named, and besides what this very transaction has.
func (tx *Tx) Disown(ctx context.Context, boot int64, hooks []apiclient.DeliveryID, mails []apiclient.MailID) error {
	const left = `boot = ? AND id NOT IN ` + listedIDs
	for _, h := range tx.handed {
		hooks = append(hooks, apiclient.DeliveryID(h.ID))
	}
	ids, err := collect(ctx, tx, func(s scanner) (id apiclient.DeliveryID, err error) { return id, s.Scan(&id) },
		`SELECT id FROM deliveries WHERE state = 'claimed' AND `+left+` ORDER BY id`, boot, jsonList(hooks))
	if err != nil {
		return err
	}
	if err := tx.Release(ctx, boot, ids...); err != nil {
		return err
	}
	return tx.unclaimMails(ctx, left, boot, jsonList(mails))
}

// HandOver gives the subscriptions in lanes, which the engine of that boot number owns,
// to other engines, by number. One that the engine has deliveries of, claimed and not
// recorded, stays for now.
func (tx *Tx) HandOver(ctx context.Context, boot int64, lanes map[apiclient.SubscriptionID]int64) error {
	for id, to := range lanes {
		tx.hand.forget(id)
		_, err := tx.exec(ctx, `UPDATE subscriptions SET owner = ? WHERE id = ? AND owner = ? AND EXISTS (SELECT 1 FROM engines WHERE id = ?)
			AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'claimed')`, to, id, boot, to)
		if err != nil {
			return err
		}
	}
	return nil
}

// Owned returns the subscriptions that the engine of that boot number sends to.
func (tx *Tx) Owned(ctx context.Context, boot int64) ([]apiclient.SubscriptionID, error) {
	return collect(ctx, tx, func(s scanner) (id apiclient.SubscriptionID, err error) { return id, s.Scan(&id) },
		`SELECT id FROM subscriptions WHERE owner = ? ORDER BY id`, boot)
}
