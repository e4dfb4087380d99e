package store

import (
	"context"
	"testing"
	"time"

	"umdeck/apiclient"
)

// TestLogSpan looks up every moment of a log with holes in its numbers.
func TestLogSpan(t *testing.T) {
	db, sub := queued(t)
	start := read(t, db, func(_ context.Context, tx *Tx) (time.Time, error) { return tx.Now(), nil }).Truncate(time.Hour)
	for range 40 {
		deliver(t, db, sub)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.exec(ctx, `DELETE FROM log WHERE seq < 5 OR seq % 3 = 0`); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE log SET at = ? + seq * 1000`, stamp(start))
		return err
	})
	seqs := read(t, db, func(ctx context.Context, tx *Tx) ([]int64, error) {
		return collect(ctx, tx, func(s scanner) (n int64, err error) { return n, s.Scan(&n) }, `SELECT seq FROM log ORDER BY seq`)
	})
	span := func(since time.Time) apiclient.LogSpan {
		t.Helper()
		l, err := db.LogSpan(t.Context(), since)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for second := range seqs[len(seqs)-1] + 3 {
		l := span(start.Add(time.Duration(second) * time.Second))
		for _, n := range seqs {
			if n < second && n > l.Start || n >= second && n <= l.Start {
				t.Fatalf("second %d begins behind entry %d; entry %d is of second %d", second, l.Start, n, n)
			}
		}
	}
	if l := span(time.Time{}); l.Start != 0 || l.Taken != 0 || l.Last < seqs[len(seqs)-1] {
		t.Errorf("the whole log is %+v; want nothing taken, and entry %d to be its last or before that", l, seqs[len(seqs)-1])
	}
	for _, upTo := range []int64{7, 4} { // a smaller number says nothing new
		change(t, db, func(ctx context.Context, tx *Tx) error { return tx.TakeLog(ctx, upTo) })
		if l := span(time.Time{}); l.Taken != 7 {
			t.Errorf("entries up to 7 are taken, and the log says %d", l.Taken)
		}
	}
}
