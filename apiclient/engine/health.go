package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Health says whether what is due goes out, what is changed is kept, and there is room.
func (e *Engine) Health(ctx context.Context) (apiclient.Health, error) {
	now := e.cfg.Now()
	h := apiclient.Health{Engines: e.tenure.live(), DiskFree: e.cfg.DiskFree()}
	lag, refused := e.pulse.lag(now)
	h.WriterLag = lag.Truncate(time.Millisecond)
	totals, err := e.totals(ctx)
	if err != nil {
		return h, err
	}
	h.Due, h.Claimed, h.Held = totals[apiclient.DeliveryDue], totals[apiclient.DeliveryClaimed], totals[apiclient.DeliveryHeld]
	if h.OldestDue, err = e.overdue(ctx, now); err != nil {
		return h, err
	}
	h.Problems = e.problems(h, refused)
	return h, nil
}

func (e *Engine) totals(ctx context.Context) (map[apiclient.DeliveryState]int64, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (map[apiclient.DeliveryState]int64, error) {
		return tx.DeliveryTotals(ctx)
	})
}

// overdue returns how long the oldest row waits beyond its time, of the lanes that have
// no reason of their own to wait.
func (e *Engine) overdue(ctx context.Context, now time.Time) (time.Duration, error) {
	lanes, err := queue{e}.Waiting(ctx)
	if err != nil {
		return 0, err
	}
	var oldest time.Duration
	blocked := e.outbox.Stats().Blocked
	for _, l := range lanes {
		if slices.Contains(blocked, l.Lane) {
			continue
		}
		oldest = max(oldest, now.Sub(l.Due))
	}
	return oldest.Truncate(time.Millisecond), nil
}

// problems puts what is wrong into sentences. refused is why the database took no change.
func (e *Engine) problems(h apiclient.Health, refused error) []string {
	var list []string
	trouble := e.outbox.Trouble()
	switch {
	case store.Full(refused), store.Full(trouble):
		list = append(list, "The disk is full: nothing is sent or changed until there is room.")
	case refused != nil:
		list = append(list, "The database takes no changes, and nothing is sent: "+apiclient.MessageOf(refused))
	case trouble != nil:
		list = append(list, "Nothing is sent, because results cannot be recorded: "+apiclient.MessageOf(trouble))
	case h.WriterLag > apiclient.MaxWriterLag:
		list = append(list, fmt.Sprintf("The database has taken no change for %s: the disk may hang.", h.WriterLag.Round(time.Second)))
	}
	if h.OldestDue > apiclient.MaxOverdue {
		list = append(list, fmt.Sprintf("A delivery or mail is overdue by %s, and no pause or limit is the cause; the log may say more.", h.OldestDue.Round(time.Second)))
	}
	if h.DiskFree >= 0 && h.DiskFree < apiclient.MinDiskFree {
		list = append(list, fmt.Sprintf("The disk with the data folder has %.1f %% free; make room before it is full.", 100*h.DiskFree))
	}
	return list
}
