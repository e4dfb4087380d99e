package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// settlingEvery is how often it is looked for subscriptions that another engine has left half
// moved, and after how long one is taken up again that failed.
const settlingEvery = 4 * time.Second

// wakeSettling makes keepSettling look for subscriptions at once.
func (e *Engine) wakeSettling() { poke(e.settling) }

// keepSettling moves what waits in subscriptions that were turned on or off, where that is
// more than one transaction should move, until ctx ends: also what the engine before has
// left. So whoever pauses a subscription for which a million wait keeps nobody waiting.
func (e *Engine) keepSettling(ctx context.Context) {
	e.keep(ctx, settlingEvery, e.settling, "move what waits in subscriptions", e.workSettling)
}

// workSettling goes round the subscriptions, a batch of each at a time, until none is left.
func (e *Engine) workSettling(ctx context.Context) error {
	for ctx.Err() == nil {
		ids, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.SubscriptionID, error) { return tx.Settling(ctx) })
		if err != nil || len(ids) == 0 {
			return err
		}
		var errs []error // one that fails does not keep the others from going on
		for _, id := range ids {
			if err := e.changeInTurn(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.SettleOn(ctx, id) }); err != nil {
				errs = append(errs, fmt.Errorf("move what waits in subscription %d: %w", id, err))
			}
		}
		if len(errs) > 0 {
			return errors.Join(errs...)
		}
	}
	return nil
}
