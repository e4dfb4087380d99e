package store

import (
	"context"
	"strconv"
	"time"
)

// probePrefix begins the keys of meta under which engines prove that they can write.
// Each has a key of its own, so that engines of one database do not wait for each other.
const probePrefix = "probe "

// Probe writes something small for the engine of that boot number: that it is
// committed proves that the database takes changes.
func (tx *Tx) Probe(ctx context.Context, boot int64) error {
	return tx.SetMeta(ctx, probePrefix+strconv.FormatInt(boot, 10), strconv.FormatInt(stamp(tx.Now()), 10))
}

// ForgetProbes removes what engines have left that were last seen before that time.
func (tx *Tx) ForgetProbes(ctx context.Context, before time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM meta WHERE key LIKE ? AND CAST(value AS BIGINT) < ?`, probePrefix+"%", stamp(before))
	return err
}
