package store

import (
	"context"
	"time"
)

// Shift moves the times of what waits for another attempt earlier, because the
// clock by which they were made was set back by that much.
func (tx *Tx) Shift(ctx context.Context, by time.Duration) error {
	now := stamp(tx.Now())
	for _, w := range []work{deliveryWork, mailWork} {
		_, err := tx.exec(ctx, `UPDATE `+w.table+` SET next_at = next_at - ? WHERE state IN ('due', 'held', 'claimed') AND next_at > ?`, by.Milliseconds(), now)
		if err != nil {
			return err
		}
	}
	return nil
}
