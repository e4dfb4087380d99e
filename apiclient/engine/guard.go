package engine

import (
	"context"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const (
	guardSpan  = time.Minute     // in which the events of one user and zap are counted
	guardEvery = 5 * time.Second // how often it is looked whether a minute is over
)

// loops is the loop guard: Zaps that answer each other, such as a hook that changes the
// user whose change it tells of, would go round for ever. When more events than the
// setting umdeck_loop_limit of one user have reached one zap within a minute, the
// deliveries of the rest are held for a minute, and say why. They then go out by
// themselves: a loop turns so slowly that somebody sees it, and a burst that was none is
// only late. What is fired by hand is not counted, since nothing goes round by hand.
func (e *Engine) loops(ctx context.Context, tx *store.Tx, m moment, z apiclient.Zap) (until time.Time, why string, err error) {
	if m.byHand {
		return until, "", nil
	}
	o, err := e.options(ctx, tx)
	if err != nil {
		return until, "", err
	}
	limit := o.Int("umdeck_loop_limit")
	if limit == 0 {
		return until, "", nil
	}
	n, err := tx.Pace(ctx, m.user.ID, z.ID, tx.Now().Add(-guardSpan), limit)
	if err != nil || n < limit {
		return until, "", err
	}
	until = tx.Now().Add(guardSpan)
	e.cfg.Logger.WarnContext(ctx, "the loop guard holds deliveries", "user", m.user.ID, "zap", z.ID, "until", until)
	return until, fmt.Sprintf("the loop guard holds it until %s, because more than %d events of this user reached this zap within a minute", until.Format(time.TimeOnly)+" UTC", limit), nil
}

// keepGuard lets go what the loop guard has held for long enough, until ctx ends.
func (e *Engine) keepGuard(ctx context.Context) {
	e.keep(ctx, guardEvery, nil, "let go what the loop guard holds", e.unguard)
}

func (e *Engine) unguard(ctx context.Context) error {
	over, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.GuardOver(ctx, tx.Now()) })
	if err != nil || !over {
		return err
	}
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Unguard(ctx, tx.Now()) })
}
