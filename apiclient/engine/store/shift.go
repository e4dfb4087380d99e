package store

import (
	"context"
	"strconv"
	"time"
)

const (
	// drift is by how much the clocks of two engines, or of one before and after a
	// restart, may differ before it counts.
	drift = 10 * time.Second
	// shiftedKey is the key of meta with the number of the last entry of the log that
	// is older than the last Shift.
	shiftedKey = "shifted"
)

// Behind returns by how much the clock is behind that of whoever changed the database
// last, such as this engine before the clock was set back; 0: it is not. What a Shift has
// made up for does not count.
func (tx *Tx) Behind(ctx context.Context) (time.Duration, error) {
	shifted, err := tx.Meta(ctx, shiftedKey)
	if err != nil {
		return 0, err
	}
	seq := int64(0)
	if shifted != "" {
		if seq, err = strconv.ParseInt(shifted, 10, 64); err != nil {
			return 0, err
		}
	}
	// An idle engine logs nothing, but proves that it can write.
	last, err := tx.count(ctx, `SELECT max(at) FROM (
		SELECT coalesce((SELECT at FROM log WHERE seq > ? ORDER BY seq DESC LIMIT 1), 0) AS at
		UNION ALL SELECT CAST(value AS BIGINT) FROM meta WHERE key LIKE ?) seen`, seq, probePrefix+"%")
	if err != nil || last == 0 {
		return 0, err
	}
	if by := unstamp(last).Sub(tx.Now()); by >= drift {
		return by, nil
	}
	return 0, nil
}

// forgetBehind has Behind begin anew, because it was made up for.
func (tx *Tx) forgetBehind(ctx context.Context) error {
	seq, err := tx.count(ctx, `SELECT coalesce(max(seq), 0) FROM log`)
	if err != nil {
		return err
	}
	if err := tx.SetMeta(ctx, shiftedKey, strconv.FormatInt(seq, 10)); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `DELETE FROM meta WHERE key LIKE ? AND CAST(value AS BIGINT) > ?`, probePrefix+"%", stamp(tx.Now()))
	return err
}

// Shift moves the times of what waits for another attempt earlier, because the
// clock of the engine of that boot number, by which they were made, was set back by that
// much. Of several engines each moves what it owns and what nobody does; number 0 stands
// for nobody.
func (tx *Tx) Shift(ctx context.Context, boot int64, by time.Duration) error {
	owned, args := `TRUE`, []any{}
	if tx.postgres {
		owned, args = `owner IN (0, CAST(? AS BIGINT))`, []any{boot}
	}
	// Each state by name, so that the index of what has it is used.
	for _, state := range []string{"due", "held", "claimed"} {
		_, err := tx.exec(ctx, `UPDATE deliveries SET next_at = next_at - ? WHERE state = '`+state+`' AND tries + waits > 0
			AND subscription_id IN (SELECT id FROM subscriptions WHERE `+owned+`)`, append([]any{by.Milliseconds()}, args...)...)
		if err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `UPDATE mails SET next_at = next_at - ? WHERE state = '`+state+`' AND next_at > ?`, by.Milliseconds(), stamp(tx.Now())); err != nil {
			return err
		}
	}
	for _, column := range []string{"broken_since", "probe_at", "success_at"} {
		_, err := tx.exec(ctx, `UPDATE subscriptions SET `+column+` = `+column+` - ? WHERE `+column+` > 0 AND `+owned, append([]any{by.Milliseconds()}, args...)...)
		if err != nil {
			return err
		}
	}
	return tx.forgetBehind(ctx)
}
