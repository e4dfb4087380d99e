package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
)

// Meta returns what is kept under a key of the instance itself; empty: nothing.
func (tx *Tx) Meta(ctx context.Context, key string) (string, error) {
	v, err := one(ctx, tx, scanText, `SELECT value FROM meta WHERE key = ?`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// SetMeta keeps a value under a key of the instance itself.
func (tx *Tx) SetMeta(ctx context.Context, key, value string) error {
	_, err := tx.exec(ctx, `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

// Boot returns a new boot number, with which this engine marks its claims. With SQLite
// there is one engine, and what an earlier one has left claimed is due again; with
// PostgreSQL it has a lease, see [Tx.Renew].
func (tx *Tx) Boot(ctx context.Context) (int64, error) {
	if tx.postgres {
		return tx.enter(ctx)
	}
	text, err := tx.Meta(ctx, "boot")
	if err != nil {
		return 0, err
	}
	boot := int64(1)
	if text != "" {
		last, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, err
		}
		boot = last + 1
	}
	if err := tx.SetMeta(ctx, "boot", strconv.FormatInt(boot, 10)); err != nil {
		return 0, err
	}
	return boot, tx.abandon(ctx, `boot <> ?`, boot)
}
