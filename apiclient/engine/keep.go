package engine

import (
	"context"
	"time"
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
