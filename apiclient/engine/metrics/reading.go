package metrics

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Reading is what there is at a moment.
type Reading struct {
	Ready     bool
	OldestDue time.Duration
	WriterLag time.Duration
	DiskFree  float64 // -1: not known
	Engines   int

	Sending    int            // under way
	Unrecorded int            // results that are not in the database yet
	Lanes      map[string]int // subscriptions and the mail server, by what they do: busy, open (breaker), limited, blocked

	Tails   int   // who follow the log
	TailLag int64 // entries that the slowest of them is behind

	Deliveries map[string]int64 // by state due, claimed, held: how many there are
	Ended      map[string]int64 // by state done, dead, gone: how many became that since the site began
	Mails      map[string]int64 // by state
}

// readWait bounds what a scrape waits for.
const readWait = 5 * time.Second

// A collector asks for a Reading at each scrape.
type collector struct {
	read func(context.Context) (Reading, error)
	log  *slog.Logger
}

var (
	upDesc         = prometheus.NewDesc("umdeck_up", "Whether the engine could say how it does.", nil, nil)
	readyDesc      = prometheus.NewDesc("umdeck_ready", "Whether /readyz finds no fault.", nil, nil)
	oldestDesc     = prometheus.NewDesc("umdeck_oldest_due_seconds", "How long beyond its time the oldest delivery or mail waits that no pause or limit holds up.", nil, nil)
	lagDesc        = prometheus.NewDesc("umdeck_writer_lag_seconds", "How long ago the database was last seen to take a change.", nil, nil)
	diskDesc       = prometheus.NewDesc("umdeck_disk_free_ratio", "Share of the disk with the data folder that is free.", nil, nil)
	enginesDesc    = prometheus.NewDesc("umdeck_engines", "Engines that have the database.", nil, nil)
	sendingDesc    = prometheus.NewDesc("umdeck_sending", "Sends that are under way.", nil, nil)
	unrecordedDesc = prometheus.NewDesc("umdeck_unrecorded_results", "Sends that have ended and whose result the database does not have yet.", nil, nil)
	lanesDesc      = prometheus.NewDesc("umdeck_lanes", "Lanes by what they do: busy have something to send, open have an open breaker, limited wait for a limit, blocked have something due and any reason of their own to wait.", []string{"state"}, nil)
	tailsDesc      = prometheus.NewDesc("umdeck_tail_watchers", "Connections that follow the log.", nil, nil)
	tailLagDesc    = prometheus.NewDesc("umdeck_tail_lag_entries", "Entries of the log that the slowest who follows it is behind.", nil, nil)
	deliveriesDesc = prometheus.NewDesc("umdeck_deliveries", "Deliveries that wait, by state.", []string{"state"}, nil)
	endedDesc      = prometheus.NewDesc("umdeck_deliveries_ended_total", "Deliveries that have ended, by state.", []string{"state"}, nil)
	mailsDesc      = prometheus.NewDesc("umdeck_mails", "Mails that are kept, by state.", []string{"state"}, nil)
)

// Describe says nothing: what Collect gives depends on what can be read.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect gives what there is now.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWait)
	defer cancel()
	r, err := c.read(ctx)
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(upDesc, number(err == nil))
	if err != nil {
		c.log.Error("read what there is for a scrape", "error", err)
		return
	}
	gauge(readyDesc, number(r.Ready))
	gauge(oldestDesc, r.OldestDue.Seconds())
	gauge(lagDesc, r.WriterLag.Seconds())
	gauge(enginesDesc, float64(r.Engines))
	if r.DiskFree >= 0 {
		gauge(diskDesc, r.DiskFree)
	}
	gauge(tailsDesc, float64(r.Tails))
	gauge(tailLagDesc, float64(r.TailLag))
	gauge(sendingDesc, float64(r.Sending))
	gauge(unrecordedDesc, float64(r.Unrecorded))
	for state, n := range r.Lanes {
		gauge(lanesDesc, float64(n), state)
	}
	for state, n := range r.Deliveries {
		gauge(deliveriesDesc, float64(n), state)
	}
	for state, n := range r.Mails {
		gauge(mailsDesc, float64(n), state)
	}
	for state, n := range r.Ended {
		ch <- prometheus.MustNewConstMetric(endedDesc, prometheus.CounterValue, float64(n), state)
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
