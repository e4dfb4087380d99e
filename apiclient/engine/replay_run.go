package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// replayEvery is how often it is looked for jobs that another engine has left, and after
// how long one is taken up again that failed.
const replayEvery = 4 * time.Second

// wakeReplays makes keepReplays look for jobs at once.
func (e *Engine) wakeReplays() { poke(e.replays) }

// keepReplays works at the replay jobs until ctx ends: those that are there when it begins,
// which the engine before may have left half done, and those that are started. Of several
// engines each tries; what one has made the others leave alone.
func (e *Engine) keepReplays(ctx context.Context) {
	e.keep(ctx, replayEvery, e.replays, "send deliveries again", e.workReplays)
}

// workReplays goes round the open jobs, a batch of each at a time, until none is open.
func (e *Engine) workReplays(ctx context.Context) error {
	for ctx.Err() == nil {
		var making, sweeping []apiclient.ReplayID
		err := e.db.View(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			making, sweeping, err = tx.OpenReplays(ctx)
			return err
		})
		if err != nil || len(making)+len(sweeping) == 0 {
			return err
		}
		var errs []error // one job that fails does not keep the others from going on
		for _, id := range sweeping {
			if err := e.changeInTurn(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.SweepReplay(ctx, id) }); err != nil {
				errs = append(errs, fmt.Errorf("end what replay %d has made: %w", id, err))
			}
		}
		for _, id := range making {
			if err := e.makeReplays(ctx, id); err != nil {
				errs = append(errs, fmt.Errorf("replay %d: %w", id, err))
			}
		}
		if len(errs) > 0 {
			return errors.Join(errs...)
		}
	}
	return nil
}

// makeReplays makes the next deliveries of a job.
func (e *Engine) makeReplays(ctx context.Context, id apiclient.ReplayID) error {
	b, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.ReplayBatch, error) { return tx.NextReplays(ctx, id) })
	if err != nil {
		return err
	}
	return e.changeInTurn(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.MakeReplays(ctx, b, e.webhookID) })
}
