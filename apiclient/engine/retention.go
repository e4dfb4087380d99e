package engine

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const (
	tidyEvery = 30 * time.Minute      // how often is looked whether a pass is due
	tidyAfter = time.Hour             // how long after the last one a pass is due
	tidyPause = 50 * time.Millisecond // between two batches that change something, for whoever waits
	metaTidy  = "retention"           // when the last pass ended
)

// keepTidy removes what is older than the settings say, when it begins and then about
// every hour, until ctx ends.
func (e *Engine) keepTidy(ctx context.Context) {
	e.keep(ctx, tidyEvery, nil, "remove what is old", e.tidy)
}

// tidy makes a pass, if one is due. What it has not reached when ctx ends, the next one
// finds.
func (e *Engine) tidy(ctx context.Context) error {
	now := e.now()
	keep, due, err := e.keeping(ctx, now)
	if err != nil || !due {
		return err
	}
	for _, s := range store.Sweeps() {
		if err := e.prune(ctx, s, keep); err != nil {
			return err
		}
	}
	for more := true; more; {
		if more, err = e.db.Shrink(ctx); err != nil {
			return fmt.Errorf("give room back to the disk: %w", err)
		}
		if more && !pause(ctx, tidyPause) {
			return ctx.Err()
		}
	}
	return e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetMeta(ctx, metaTidy, strconv.FormatInt(now.UnixMilli(), 10))
	})
}

// keeping returns what the settings keep, and whether a pass is due.
func (e *Engine) keeping(ctx context.Context, now time.Time) (k store.Keep, due bool, err error) {
	o, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Options, error) {
		last, err := tx.Meta(ctx, metaTidy)
		if err != nil {
			return nil, err
		}
		// A time that cannot be read, or one to come, is none.
		ms, err := strconv.ParseInt(last, 10, 64)
		since := now.Sub(time.UnixMilli(ms))
		due = err != nil || since < 0 || since >= tidyAfter
		return e.options(ctx, tx)
	})
	if err != nil {
		return k, false, err
	}
	ago := func(key string) time.Time { return now.AddDate(0, 0, -o.Int(key)) }
	return store.Keep{
		Done: ago("umdeck_keep_done"), Dead: ago("umdeck_keep_dead"), Events: ago("umdeck_keep_events"),
		Mails: ago("umdeck_keep_mails"), DeadMail: ago("umdeck_keep_dead_mails"),
		Hours: now.Add(-apiclient.KeptHours),
	}, due, nil
}

// prune walks over a table in batches, with a pause after each that removed something.
func (e *Engine) prune(ctx context.Context, s *store.Sweep, keep store.Keep) error {
	for {
		removed, done, err := e.db.Prune(ctx, s, keep)
		if err != nil {
			return err
		}
		for table, n := range removed {
			e.metrics.Pruned(table, n)
			e.cfg.Logger.Debug("removed what is old", "table", table, "rows", n)
		}
		if done {
			return nil
		}
		if len(removed) > 0 && !pause(ctx, tidyPause) || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
