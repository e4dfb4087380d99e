// Package metrics is what an engine tells Prometheus.
//
// # What is told
//
// Histograms and counters of what the engine has done since it began are kept as it
// does it. What there is now (how much waits, how the disk is) is asked for once at each
// scrape, of counters that are kept with the rows: a scrape reads no table.
//
// Labels have few values: the state of a delivery, the result of an attempt. None names
// a target, a user or a subscription.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The kinds of what is sent.
const (
	Hook = "delivery"
	Mail = "mail"
)

// Config is what Metrics need. Read is required.
type Config struct {
	Version string                                 // of umdeck
	Read    func(context.Context) (Reading, error) // what there is now
	Logger  *slog.Logger                           // nil means silence
}

// Metrics are the numbers of one engine. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	attempts *prometheus.CounterVec
	took     *prometheus.HistogramVec
	first    *prometheus.HistogramVec
	done     *prometheus.HistogramVec
	pruned   *prometheus.CounterVec
	batch    prometheus.Histogram
	commit   prometheus.Histogram
	log      *slog.Logger
}

// New returns Metrics in which nothing has happened yet.
func New(cfg Config) *Metrics {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	delays := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 4 * 24 * 3600}
	m := &Metrics{
		registry: prometheus.NewRegistry(), log: cfg.Logger,
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umdeck_attempts_total", Help: "Attempts to send, by what became of them.",
		}, []string{"kind", "result"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "umdeck_attempt_duration_seconds", Help: "How long attempts took, from the first byte out to the end of the answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60},
		}, []string{"kind"}),
		first: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "umdeck_first_attempt_delay_seconds", Help: "Time from the event to the end of the first attempt.", Buckets: delays,
		}, []string{"kind"}),
		done: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "umdeck_done_delay_seconds", Help: "Time from the event to the attempt that succeeded.", Buckets: delays,
		}, []string{"kind"}),
		pruned: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "umdeck_pruned_rows_total", Help: "Rows that retention has removed, by table.",
		}, []string{"table"}),
	}
	m.batch = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "umdeck_writer_batch_changes", Help: "Changes that shared a commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 10),
	})
	m.commit = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "umdeck_writer_commit_duration_seconds", Help: "How long a transaction took, from its begin to the end of its commit.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30},
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "umdeck_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": cfg.Version, "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.attempts, m.took, m.first, m.done, m.pruned, m.batch, m.commit, build, &collector{read: cfg.Read, log: cfg.Logger},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// An Attempt is one that has ended.
type Attempt struct {
	Kind   string // Hook or Mail
	Result string // such as done, retry, dead
	Took   time.Duration
	Since  time.Duration // the event; 0: not known
	First  bool          // it was the first
	Done   bool          // it succeeded
}

// Attempt counts an attempt.
func (m *Metrics) Attempt(a Attempt) {
	m.attempts.WithLabelValues(a.Kind, a.Result).Inc()
	m.took.WithLabelValues(a.Kind).Observe(a.Took.Seconds())
	if a.Since <= 0 {
		return
	}
	if a.First {
		m.first.WithLabelValues(a.Kind).Observe(a.Since.Seconds())
	}
	if a.Done {
		m.done.WithLabelValues(a.Kind).Observe(a.Since.Seconds())
	}
}

// Pruned counts rows that were removed.
func (m *Metrics) Pruned(table string, rows int64) {
	m.pruned.WithLabelValues(table).Add(float64(rows))
}

// Commit notes a commit of the database's writer.
func (m *Metrics) Commit(changes int, took time.Duration) {
	m.batch.Observe(float64(changes))
	m.commit.Observe(took.Seconds())
}

// Handler answers a scrape. What cannot be read is left out, and umdeck_up is 0 then.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelError), ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4,
	})
}
