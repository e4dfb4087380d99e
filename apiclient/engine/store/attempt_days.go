package store

import (
	"context"
	"fmt"
	"time"
)

// attemptDays takes attempts on PostgreSQL, whose deliveries go before: a day's partition is
// dropped when nobody is left who made one of its attempts. Those of deliveries that stay,
// because they wait, are dead or were done later, move to where rows are deleted one by one.
var attemptDays = walk{batch: (*DB).pruneAttempts}

const (
	dayLong = int64(24 * time.Hour / time.Millisecond)
	// mostDays bounds how many partitions there are, however long deliveries are kept.
	mostDays = 60
)

// pruneAttempts is a batch of the walk over the days.
func (db *DB) pruneAttempts(ctx context.Context, s *Sweep, k Keep) (Pruned, bool, error) {
	if !db.postgres {
		return Pruned{}, true, nil
	}
	if s.after == 0 {
		if err := db.Change(ctx, func(ctx context.Context, tx *Tx) error { return tx.turnAttemptDay(ctx) }); err != nil {
			return nil, false, err
		}
	}
	days, err := view(ctx, db, func(ctx context.Context, tx *Tx) ([]int64, error) {
		return collect(ctx, tx, scanInt, `SELECT id FROM attempt_days WHERE closed > 0 AND (closed <= ? OR id <= (SELECT max(id) FROM attempt_days) - ?) ORDER BY id LIMIT 1`, stamp(k.Done), mostDays)
	})
	if err != nil || len(days) == 0 {
		return Pruned{}, true, err
	}
	stay, n, err := db.stay(ctx, days[0], s.after)
	if err != nil {
		return nil, false, err
	}
	p := Pruned{}
	err = db.Change(ctx, func(ctx context.Context, tx *Tx) error {
		clear(p)
		if len(stay) > 0 {
			_, err := tx.exec(ctx, `UPDATE attempts SET day = 0 WHERE day = ? AND delivery_id IN `+listedIDs, days[0], jsonList(stay))
			return err
		}
		p.add("attempts", n)
		return tx.dropAttemptDay(ctx, days[0])
	})
	s.after = 0
	if len(stay) > 0 {
		s.after = stay[len(stay)-1]
	}
	return p, false, err
}

// stay returns the next deliveries after a number that are there and have attempts in a
// day that is closed, and how many attempts are in it when there are none. That stays so:
// nothing comes into such a day.
func (db *DB) stay(ctx context.Context, day, after int64) (ids []int64, attempts int64, err error) {
	err = db.View(ctx, func(ctx context.Context, tx *Tx) error {
		ids, err = collect(ctx, tx, scanInt, fmt.Sprintf(`SELECT DISTINCT a.delivery_id FROM attempts_%d a WHERE a.delivery_id > ?
			AND EXISTS (SELECT 1 FROM deliveries d WHERE d.id = a.delivery_id) ORDER BY a.delivery_id LIMIT ?`, day), after, pruneBatch)
		if err == nil && len(ids) == 0 {
			attempts, err = tx.count(ctx, fmt.Sprintf(`SELECT count(*) FROM attempts_%d`, day))
		}
		return err
	})
	return ids, attempts, err
}

// waitForReaders bounds how long the writer, and so all who wait for it, stands behind
// readers when a partition comes or goes: the next pass tries it again.
const waitForReaders = `SELECT set_config('lock_timeout', '2s', TRUE)`

// turnAttemptDay lets new attempts go to a partition of their own when another day has
// begun.
func (tx *Tx) turnAttemptDay(ctx context.Context) error {
	type day struct{ id, opened int64 }
	last, err := one(ctx, tx, func(s scanner) (d day, err error) { return d, s.Scan(&d.id, &d.opened) }, `SELECT id, opened FROM attempt_days WHERE closed = 0`)
	now := stamp(tx.Now())
	if err != nil || now/dayLong == last.opened/dayLong {
		return err
	}
	if _, err := tx.exec(ctx, `UPDATE attempt_days SET closed = ? WHERE id = ?`, now, last.id); err != nil {
		return err
	}
	next := last.id + 1
	if _, err := tx.exec(ctx, `INSERT INTO attempt_days (id, opened) VALUES (?, ?)`, next, now); err != nil {
		return err
	}
	for _, query := range []string{
		waitForReaders,
		fmt.Sprintf(`CREATE TABLE attempts_%d PARTITION OF attempts FOR VALUES IN (%d) WITH (autovacuum_vacuum_insert_threshold = -1)`, next, next),
		fmt.Sprintf(`ALTER TABLE attempts ALTER COLUMN day SET DEFAULT %d`, next),
	} {
		if _, err := tx.exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// dropAttemptDay drops the partition of a day, unless another engine has.
func (tx *Tx) dropAttemptDay(ctx context.Context, day int64) error {
	n, err := tx.exec(ctx, `DELETE FROM attempt_days WHERE id = ?`, day)
	if err != nil || n == 0 {
		return err
	}
	if _, err := tx.exec(ctx, waitForReaders); err != nil {
		return err
	}
	_, err = tx.exec(ctx, fmt.Sprintf(`DROP TABLE attempts_%d`, day))
	return err
}
