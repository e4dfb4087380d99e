package engine

import (
	"context"
	"net/http"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/metrics"
	"umdeck/apiclient/engine/store"
)

// Metrics answers a scrape of Prometheus.
func (e *Engine) Metrics() http.Handler { return e.metrics.Handler() }

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
	r := metrics.Reading{
		Ready: h.OK(), OldestDue: h.OldestDue, WriterLag: h.WriterLag, DiskFree: h.DiskFree, Engines: h.Engines,
		Deliveries: map[string]int64{}, Ended: map[string]int64{}, Mails: map[string]int64{},
	}
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
