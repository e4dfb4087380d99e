package store

import (
	"context"
	"time"
)

// A work is a table whose rows an outbox sends. Such a table has the columns id,
// state, boot, tries, waits and next_at, and an index on the lane and next_at of
// what is due.
type work struct {
	table  string
	lane   string // its column with the number of the lane
	single string // the expression that is 1 for what is sent once whatever comes of it
}

var (
	deliveryWork = work{table: "deliveries", lane: "subscription_id", single: "test"}
	mailWork     = work{table: "mails", lane: "lane", single: "0"}
)

// A Queued is a row that waits, as an outbox needs it.
type Queued struct {
	ID     int64
	Tries  int // attempts that count in the schedule
	Waits  int // attempts that were put off
	Due    time.Time
	Single bool
}

// A Waiting is a lane that has rows in state due.
type Waiting struct {
	Lane int64     // of deliveries: the subscription
	Due  time.Time // when the earliest is
}

// waiting returns each lane that has a row in state due, at the cost of one look
// into an index for each.
func (tx *Tx) waiting(ctx context.Context, w work) ([]Waiting, error) {
	return collect(ctx, tx, func(s scanner) (w Waiting, err error) {
		var due int64
		err = s.Scan(&w.Lane, &due)
		w.Due = unstamp(due)
		return w, err
	}, `WITH RECURSIVE lane (id) AS (
			SELECT min(`+w.lane+`) FROM `+w.table+` WHERE state = 'due'
			UNION ALL
			SELECT (SELECT min(`+w.lane+`) FROM `+w.table+` WHERE state = 'due' AND `+w.lane+` > lane.id) FROM lane WHERE lane.id IS NOT NULL
		)
		SELECT id, (SELECT min(next_at) FROM `+w.table+` WHERE state = 'due' AND `+w.lane+` = lane.id) FROM lane WHERE id IS NOT NULL`)
}

// claim marks up to n rows of a lane that are due at now as claimed by the engine
// of that boot number, earliest first, and returns them.
func (tx *Tx) claim(ctx context.Context, w work, boot, lane int64, now time.Time, n int) ([]Queued, error) {
	list, err := collect(ctx, tx, func(s scanner) (q Queued, err error) {
		var due int64
		err = s.Scan(&q.ID, &q.Tries, &q.Waits, &due, &q.Single)
		q.Due = unstamp(due)
		return q, err
	}, `SELECT id, tries, waits, next_at, `+w.single+` FROM `+w.table+` WHERE `+w.lane+` = ? AND state = 'due' AND next_at <= ?
		ORDER BY next_at, id LIMIT ?`, lane, stamp(now), n)
	if err != nil {
		return nil, err
	}
	for _, q := range list {
		if _, err := tx.exec(ctx, `UPDATE `+w.table+` SET state = 'claimed', boot = ? WHERE id = ?`, boot, q.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// abandoned returns the rows that engines of other boot numbers have left claimed.
func (tx *Tx) abandoned(ctx context.Context, w work, boot int64) ([]int64, error) {
	return collect(ctx, tx, scanInt, `SELECT id FROM `+w.table+` WHERE state = 'claimed' AND boot <> ? ORDER BY id`, boot)
}
