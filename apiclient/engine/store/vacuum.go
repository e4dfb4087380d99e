package store

import "context"

// Pages that stay free in the file, for what comes next, and how many are given back to
// the disk at once.
const (
	spareFree   = 1000
	vacuumBatch = 500 // as the statement below says
)

// Shrink gives a piece of what SQLite's file has free back to the disk. more says that
// there is more to give. PostgreSQL does that by itself.
func (db *DB) Shrink(ctx context.Context) (more bool, err error) {
	if db.postgres {
		return false, nil
	}
	free, err := view(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.count(ctx, `PRAGMA freelist_count`) })
	if err != nil || free <= spareFree {
		return false, err
	}
	err = db.Change(ctx, func(ctx context.Context, tx *Tx) error {
		// A row for each page: only who reads them all gives them all back.
		_, err := collect(ctx, tx, func(scanner) (struct{}, error) { return struct{}{}, nil }, `PRAGMA incremental_vacuum(500)`)
		return err
	})
	return free-vacuumBatch > spareFree, err
}
