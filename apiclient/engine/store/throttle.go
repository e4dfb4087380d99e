package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"umdeck/apiclient"
)

// Throttle returns how often something has failed, and when that was counted; 0 and
// the zero time: never.
func (tx *Tx) Throttle(ctx context.Context, key string) (count float64, at time.Time, err error) {
	_, err = one(ctx, tx, func(s scanner) (none struct{}, err error) {
		var ms int64
		err = s.Scan(&count, &ms)
		at = unstamp(ms)
		return none, err
	}, `SELECT count, at FROM throttles WHERE key = ?`, key)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return count, at, err
}

// SetThrottle stores how often something has failed; 0 forgets it.
func (tx *Tx) SetThrottle(ctx context.Context, key string, count float64, at time.Time) error {
	if count <= 0 {
		_, err := tx.exec(ctx, `DELETE FROM throttles WHERE key = ?`, key)
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO throttles (key, count, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET count = excluded.count, at = excluded.at`, key, count, stamp(at))
	return err
}

// ForgetThrottles removes at most 1000 that were counted before a time.
func (tx *Tx) ForgetThrottles(ctx context.Context, before time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE at < ? LIMIT 1000)`, stamp(before))
	return err
}

// KnowsAddress reports whether the user has logged in from there since a time.
func (tx *Tx) KnowsAddress(ctx context.Context, user apiclient.UserID, address string, since time.Time) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM login_addresses WHERE user_id = ? AND address = ? AND at >= ?)`, user, address, stamp(since))
}

// AddAddress notes where a user has logged in from, and forgets what is older than
// a time.
func (tx *Tx) AddAddress(ctx context.Context, user apiclient.UserID, address string, at, forget time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM login_addresses WHERE user_id = ? AND at < ?`, user, stamp(forget)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO login_addresses (user_id, address, at) VALUES (?, ?, ?) ON CONFLICT (user_id, address) DO UPDATE SET at = excluded.at`, user, address, stamp(at))
	return err
}
