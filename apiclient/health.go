package apiclient

import "time"

// Health says how a site's engine does: whether what is due goes out and what is
// changed is kept. Lists of users do not need it; who operates the site does.
type Health struct {
	Problems  []string      // what is wrong, as sentences; none: all is well
	Due       int64         // deliveries that wait for their time or for a sender
	Claimed   int64         // deliveries that a sender has
	Held      int64         // deliveries that wait for their subscription or zap, or that the loop guard holds
	OldestDue time.Duration // how long beyond its time the oldest delivery or mail waits that nothing but the engine holds up; 0: none does
	WriterLag time.Duration // how long ago the database was last seen to take a change; 0: nobody looks, or just now
	DiskFree  float64       // share of the disk with the data that is free, from 0 to 1; -1: not known
	Engines   int           // processes that send for the site now
}

// OK reports whether all is well.
func (h Health) OK() bool { return len(h.Problems) == 0 }

// When a site's health turns bad.
const (
	MaxOverdue   = time.Minute      // of the oldest delivery
	MaxWriterLag = 10 * time.Second // since the database took a change
	MinDiskFree  = 0.05             // share of the disk
)
