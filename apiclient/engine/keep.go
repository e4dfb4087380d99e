package engine

import (
	"context"
	"time"

	"umdeck/apiclient/engine/store"
)

// keep does some work when it begins, every so often and whenever wake has a token, until
// ctx ends; what names it in the log. A nil wake never has one.
func (e *Engine) keep(ctx context.Context, every time.Duration, wake <-chan struct{}, what string, work func(context.Context) error) {
	ticks, stop := e.cfg.Ticks(every)
	defer stop()
	for {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Logger.Error(what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		case <-wake:
		}
	}
}

// poke gives what keep waits for a token.
func poke(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default: // it is about to look
	}
}

// turn is how many times as long as a batch has taken the next one waits where others wait
// too: the database does one transaction at a time, and they are to have most of that.
const turn = 2

// changeInTurn is change for a batch of many, of which the next one comes at once: it leaves
// the database to the others for a while, if there are any.
func (e *Engine) changeInTurn(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	var took time.Duration
	alone := true
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		begin := time.Now()
		if err := fn(ctx, tx); err != nil {
			return err
		}
		took = time.Since(begin)
		var err error
		alone, err = tx.Alone(ctx)
		return err
	})
	if err == nil && !alone {
		pause(ctx, turn*took)
	}
	return err
}

// pause reports whether ctx lasted so long.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
