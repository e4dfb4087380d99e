package store

import (
	"context"
	"time"
)

// Shift moves the times of what waits for another attempt earlier, because the
// clock of the engine of that boot number, by which they were made, was set back by that
// much. Of several engines each moves what it owns.
func (tx *Tx) Shift(ctx context.Context, boot int64, by time.Duration) error {
	owned := `TRUE`
	if tx.postgres {
		owned = `subscription_id IN (SELECT id FROM subscriptions WHERE owner = ?)`
	}
	for _, s := range []struct{ table, whose string }{{"deliveries", owned}, {"mails", `TRUE`}} {
		// Each state by name, so that the index of what has it is used.
		for _, state := range []string{"due", "held", "claimed"} {
			args := []any{by.Milliseconds(), stamp(tx.Now())}
			if s.whose != `TRUE` {
				args = append(args, boot)
			}
			if _, err := tx.exec(ctx, `UPDATE `+s.table+` SET next_at = next_at - ? WHERE state = '`+state+`' AND next_at > ? AND `+s.whose, args...); err != nil {
				return err
			}
		}
	}
	whose, args := `TRUE`, []any{}
	if tx.postgres {
		whose, args = `owner = ?`, []any{boot}
	}
	for _, column := range []string{"broken_since", "probe_at", "success_at"} {
		_, err := tx.exec(ctx, `UPDATE subscriptions SET `+column+` = `+column+` - ? WHERE `+column+` > 0 AND `+whose, append([]any{by.Milliseconds()}, args...)...)
		if err != nil {
			return err
		}
	}
	return nil
}
