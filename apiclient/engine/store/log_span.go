package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"umdeck/apiclient"
)

// logTaken is the key of meta under which the number of the newest log entry stands
// that retention has taken.
const logTaken = "log_taken"

// TakeLog notes that retention takes entries of the log up to that number, so that
// watchers who come back from before it are told of a gap. It belongs into the
// transaction that deletes them.
func (tx *Tx) TakeLog(ctx context.Context, upTo int64) error {
	taken, err := tx.taken(ctx)
	if err != nil || upTo <= taken {
		return err
	}
	return tx.SetMeta(ctx, logTaken, strconv.FormatInt(upTo, 10))
}

func (tx *Tx) taken(ctx context.Context) (int64, error) {
	text, err := tx.Meta(ctx, logTaken)
	if err != nil || text == "" {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

// LogSpan tells which entries the log has, and where it was at the moment. An entry that
// a clock set back has dated wrongly may be counted to either side.
func (db *DB) LogSpan(ctx context.Context, since time.Time) (apiclient.LogSpan, error) {
	last, err := db.newest(ctx)
	if err != nil {
		return apiclient.LogSpan{}, err
	}
	return view(ctx, db, func(ctx context.Context, tx *Tx) (l apiclient.LogSpan, err error) {
		l.Last = last
		if l.Taken, err = tx.taken(ctx); err != nil || since.IsZero() {
			return l, err
		}
		l.Start, err = tx.logBefore(ctx, since, last)
		return l, err
	})
}

// logBefore returns the number behind which entries are of the moment or later, up to last.
// It halves the range: numbers rise with time, and an index on the time would cost every
// entry something.
func (tx *Tx) logBefore(ctx context.Context, since time.Time, last int64) (int64, error) {
	low, high := int64(0), last // of low and before it entries are older; behind high they are not
	for low < high {
		middle := low + (high-low)/2
		e, err := one(ctx, tx, func(s scanner) (e apiclient.LogEntry, err error) {
			var at int64
			err = s.Scan(&e.Seq, &at)
			e.At = unstamp(at)
			return e, err
		}, `SELECT seq, at FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 1`, middle, high)
		switch {
		case errors.Is(err, sql.ErrNoRows): // nothing stands in the upper half
			high = middle
		case err != nil:
			return 0, err
		case e.At.Before(since):
			low = e.Seq
		default:
			high = middle
		}
	}
	return high, nil
}
