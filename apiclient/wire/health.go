package wire

import "umdeck/apiclient"

// Health is how a site's engine does.
type Health struct {
	OK        bool     `json:"ok"`
	Problems  []string `json:"problems"`
	Waiting   int64    `json:"waiting"`
	OldestDue Millis   `json:"oldest_due_ms"`
	WriterLag Millis   `json:"writer_lag_ms"`
	DiskFree  float64  `json:"disk_free"` // from 0 to 1; -1: not known
	Engines   int      `json:"engines"`
}

// HealthOf returns the twin of h.
func HealthOf(h apiclient.Health) Health {
	return Health{
		OK: h.OK(), Problems: some(h.Problems), Waiting: h.Waiting, OldestDue: MillisOf(h.OldestDue), WriterLag: MillisOf(h.WriterLag),
		DiskFree: h.DiskFree, Engines: h.Engines,
	}
}

// Domain returns the health.
func (h Health) Domain() apiclient.Health {
	return apiclient.Health{
		Problems: none(h.Problems), Waiting: h.Waiting, OldestDue: h.OldestDue.Duration(), WriterLag: h.WriterLag.Duration(),
		DiskFree: h.DiskFree, Engines: h.Engines,
	}
}
