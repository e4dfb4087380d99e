package wire

import "umdeck/apiclient"

// Health is how a site's engine does.
type Health struct {
	OK        bool     `json:"ok"`
	Problems  []string `json:"problems"`
	Due       int64    `json:"due"`
	Claimed   int64    `json:"claimed"`
	Held      int64    `json:"held"`
	OldestDue Millis   `json:"oldest_due_ms"`
	WriterLag Millis   `json:"writer_lag_ms"`
	DiskFree  float64  `json:"disk_free"` // from 0 to 1; -1: not known
	Engines   int      `json:"engines"`
}

// HealthOf returns the twin of h.
func HealthOf(h apiclient.Health) Health {
	return Health{
		OK: h.OK(), Problems: some(h.Problems), Due: h.Due, Claimed: h.Claimed, Held: h.Held, OldestDue: MillisOf(h.OldestDue), WriterLag: MillisOf(h.WriterLag),
		DiskFree: h.DiskFree, Engines: h.Engines,
	}
}

// Domain returns the health.
func (h Health) Domain() apiclient.Health {
	return apiclient.Health{
		Problems: none(h.Problems), Due: h.Due, Claimed: h.Claimed, Held: h.Held, OldestDue: h.OldestDue.Duration(), WriterLag: h.WriterLag.Duration(),
		DiskFree: h.DiskFree, Engines: h.Engines,
	}
}
