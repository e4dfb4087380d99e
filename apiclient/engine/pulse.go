package engine

import (
	"context"
	"sync"
	"time"

	"umdeck/apiclient/engine/store"
)

// How often the database is asked to take a change: seldom while it does, and each
// second while it does not.
const (
	pulseTick = time.Second
	pulseEach = 4 // ticks
)

// probesKept is how long the traces of engines stay that have ended without a word.
const probesKept = 24 * time.Hour

// A pulse is what is known of the database's readiness to take changes.
type pulse struct {
	mu   sync.Mutex // guards what follows
	last time.Time  // when it took one; zero: nobody looks
	err  error      // why it took none since; nil: it did, or has not answered yet
}

// lag returns how long ago the database took a change, and why it takes none.
func (p *pulse) lag(now time.Time) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.IsZero() {
		return 0, nil
	}
	return max(now.Sub(p.last), 0), p.err
}

// beat notes the answer to a probe, and reports whether it is another than the last one.
func (p *pulse) beat(now time.Time, err error) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed = (err == nil) != (p.err == nil)
	if p.err = err; err == nil {
		p.last = now
	}
	return changed
}

func (p *pulse) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.err = time.Time{}, nil
}

// keepPulse proves from time to time, until ctx ends, that the database takes changes.
func (e *Engine) keepPulse(ctx context.Context) {
	ticks, stop := e.cfg.Ticks(pulseTick)
	defer stop()
	defer e.pulse.stop()
	e.pulse.beat(e.cfg.Now(), nil) // Open has changed something a moment ago
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		if _, err := e.pulse.lag(e.cfg.Now()); err == nil && n%pulseEach != 0 {
			continue
		}
		err := e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Probe(ctx, e.tenure.number()) })
		if ctx.Err() != nil {
			return
		}
		switch changed := e.pulse.beat(e.cfg.Now(), err); {
		case changed && err != nil:
			e.cfg.Logger.Error("the database takes no changes; trying again every second", "error", err)
		case changed:
			e.cfg.Logger.Info("the database takes changes again")
		}
	}
}
