package engine

import (
	"context"
	"log/slog"
	"net/http"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/metrics"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
)

// Metrics answers a scrape of Prometheus.
func (e *Engine) Metrics() http.Handler { return e.metrics.Handler() }

// observe counts a send that has ended.
func (e *Engine) observe(o outbox.Observation) {
	a := metrics.Attempt{Kind: metrics.Hook, Took: o.Took, First: o.Item.Fresh(), Done: o.Verdict == outbox.Done}
	switch o.Verdict {
	case outbox.Retry:
		a.Result = "retry"
	case outbox.Done:
		a.Result = "done"
	case outbox.Wait:
		a.Result = "wait"
	case outbox.GiveUp:
		a.Result = "dead"
	case outbox.End:
		a.Result = "gone"
	case outbox.Stall:
		a.Result = "stall"
	case outbox.Skip:
		return // nothing was sent
	}
	if o.Item.Lane == mailLane {
		a.Kind = metrics.Mail
	}
	if !o.Item.At.IsZero() && !o.Item.Bulk { // a replay is no measure of how fast events arrive
		a.Since = e.cfg.Now().Sub(o.Item.At)
	}
	e.metrics.Attempt(a)
	e.logAttempt(o, a)
}

// logAttempt says what became of a send by numbers alone: targets, bodies and answers
// stand in the log of deliveries, for who may read that.
func (e *Engine) logAttempt(o outbox.Observation, a metrics.Attempt) {
	level := slog.LevelDebug
	if o.Verdict == outbox.GiveUp || o.Verdict == outbox.End {
		level = slog.LevelInfo
	}
	ctx := context.Background()
	if !e.cfg.Logger.Enabled(ctx, level) {
		return
	}
	e.cfg.Logger.LogAttrs(ctx, level, "attempt", slog.Int64(a.Kind, int64(o.Item.ID)), slog.String("lane", string(o.Item.Lane)),
		slog.Int("number", o.Item.Attempt()), slog.String("result", a.Result), slog.String("class", o.Class), slog.Duration("duration", o.Took))
}

// reading is what there is now, for a scrape.
func (e *Engine) reading(ctx context.Context) (metrics.Reading, error) {
	h, err := e.Health(ctx)
	if err != nil {
		return metrics.Reading{}, err
	}
	totals, err := e.totals(ctx)
	if err != nil {
		return metrics.Reading{}, err
	}
	mails, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (map[apiclient.MailState]int64, error) {
		return tx.MailTotals(ctx)
	})
	if err != nil {
		return metrics.Reading{}, err
	}
	st := e.outbox.Stats()
	r := metrics.Reading{
		Lanes:   map[string]int{"busy": st.Lanes, "open": st.Open, "limited": st.Limited, "blocked": len(st.Blocked)},
		Sending: st.Sending, Unrecorded: st.Unrecorded + st.Refused,
		Ready: h.OK(), OldestDue: h.OldestDue, WriterLag: h.WriterLag, DiskFree: h.DiskFree, Engines: h.Engines,
		Deliveries: map[string]int64{}, Ended: map[string]int64{}, Mails: map[string]int64{},
	}
	r.Tails, r.TailLag = e.db.Tails()
	for state, n := range totals {
		if state.Final() {
			r.Ended[string(state)] = n
		} else {
			r.Deliveries[string(state)] = n
		}
	}
	for state, n := range mails {
		r.Mails[string(state)] = n
	}
	return r, nil
}
