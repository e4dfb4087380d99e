package engine

import (
	"context"
	"net/http"

	"umdeck/apiclient/engine/metrics"
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
	r := metrics.Reading{
		Ready: h.OK(), OldestDue: h.OldestDue, WriterLag: h.WriterLag, DiskFree: h.DiskFree, Engines: h.Engines,
		Deliveries: map[string]int64{}, Ended: map[string]int64{},
	}
	for state, n := range totals {
		if state.Final() {
			r.Ended[string(state)] = n
		} else {
			r.Deliveries[string(state)] = n
		}
	}
	return r, nil
}
