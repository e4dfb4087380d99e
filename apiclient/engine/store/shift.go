package store

import (
	"context"
	"time"
)

// Shift moves the times of what waits for another attempt earlier, because the
// clock of the engine of that boot number, by which they were made, was set back by that
// much. Of several engines each moves what it owns.
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
	return nil
}
