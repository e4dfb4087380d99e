package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// Pace returns how many events of the user have made deliveries for the zap after a
// moment, up to most.
func (tx *Tx) Pace(ctx context.Context, user apiclient.UserID, zap apiclient.ZapID, after time.Time, most int) (int, error) {
	n, err := tx.count(ctx, `SELECT count(*) FROM (SELECT DISTINCT event_id FROM deliveries
		WHERE user_id = ? AND zap_id = ? AND at > ? AND test = 0 AND replay_of IS NULL LIMIT ?) AS recent`, user, zap, stamp(after), most)
	return int(n), err
}

// GuardOver reports whether the loop guard holds deliveries that it need not hold any
// more at now.
func (tx *Tx) GuardOver(ctx context.Context, now time.Time) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE guarded > 0 AND guarded <= ?)`, stamp(now))
}

// Unguard gives back what the loop guard held until now at the latest: to the state that
// its subscription and its zap want by now.
func (tx *Tx) Unguard(ctx context.Context, now time.Time) error {
	lanes, err := collect(ctx, tx, func(s scanner) (l lane, err error) {
		return l, s.Scan(&l.id, &l.wants)
	}, `SELECT s.id, `+laneAim+` FROM subscriptions s JOIN zaps z ON z.id = s.zap_id
		WHERE s.id IN (SELECT subscription_id FROM deliveries WHERE guarded > 0 AND guarded <= ?)`, stamp(now))
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE deliveries SET guarded = 0, error = CASE WHEN state = 'held' THEN '' ELSE error END WHERE guarded > 0 AND guarded <= ?`, stamp(now)); err != nil {
		return err
	}
	for _, l := range lanes {
		if err := tx.settleLane(ctx, l); err != nil {
			return err
		}
	}
	return nil
}
