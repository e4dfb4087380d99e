package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what an Outbox needs. Store and Sender are required.
type Config struct {
	Store      Store
	Sender     Sender
	Workers    int               // sends at once; zero means 64
	PerLane    int               // sends at once in one lane; zero means 4
	Unrecorded int               // sends that have ended and are not recorded at which no other begins; zero means twice Workers
	Ahead      int               // items of a lane that may be claimed before a sender is free; zero means 256
	Grace      time.Duration     // how long sends may go on after Run's context ends, and then their recording; zero means 5 s
	Observe    func(Observation) // told of every send that has ended, from many goroutines; nil means nobody is
	Now        func() time.Time  // nil means time.Now
	Jitter     func() float64    // from 0 up to but not including 1, for Schedule; nil means at random
	Logger     *slog.Logger      // nil means silence

	HostLimits map[string][]Limit // by LaneSettings.Host, all of them to be kept in any span of time
	Share      func() int         // how many engines share HostLimits by now; nil means one
}

// An Outbox sends what its store has, when it is due. Make one with [New].
type Outbox struct {
	cfg     Config
	wake    chan struct{}
	more    chan struct{} // handed has something
	asks    chan chan Stats
	ended   [Skip + 1]atomic.Int64 // sends by Verdict
	running atomic.Bool

	mu      sync.Mutex // guards what follows
	trouble error
	resumed []Lane          // lanes whose pause is to end
	handed  []Item          // not taken over by Run yet
	over    <-chan struct{} // closed when nobody answers asks
}

// New returns an Outbox that is idle until Run.
func New(cfg Config) (*Outbox, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg.Workers = cmp.Or(cfg.Workers, 64)
	cfg.Unrecorded = cmp.Or(cfg.Unrecorded, 2*cfg.Workers)
	cfg.PerLane = min(cmp.Or(cfg.PerLane, 4), cfg.Workers)
	cfg.Ahead = cmp.Or(cfg.Ahead, 256)
	cfg.Grace = cmp.Or(cfg.Grace, 5*time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.Float64
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Observation) {}
	}
	if cfg.Share == nil {
		cfg.Share = func() int { return 1 }
	}
	o := &Outbox{cfg: cfg, wake: make(chan struct{}, 1), more: make(chan struct{}, 1), asks: make(chan chan Stats)}
	o.open()()
	return o, nil
}

// check refuses what no Outbox can be made of.
func (cfg Config) check() error {
	if cfg.Store == nil || cfg.Sender == nil {
		return errors.New("outbox: Store and Sender are required")
	}
	if cfg.Workers < 0 || cfg.PerLane < 0 || cfg.Ahead < 0 || cfg.Grace < 0 || cfg.Unrecorded < 0 {
		return errors.New("outbox: Workers, PerLane, Unrecorded, Ahead and Grace must not be negative")
	}
	for host, limits := range cfg.HostLimits {
		if len(limits) == 0 || slices.ContainsFunc(limits, func(l Limit) bool { return l.Count < 1 || l.Per <= 0 }) {
			return fmt.Errorf("outbox: the limits of %s must be above 0", host)
		}
	}
	return nil
}

// Wake says that items were stored, or that held ones are due again. Call it
// after the commit. It never blocks, and is remembered while Run does not run.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default: // a wake-up waits already, and will see this commit too
	}
}

// Resume ends the pause of a lane whose trouble may be over, because somebody has
// changed what it needs, and wakes: what is due goes out, or the probe while the
// breaker is open. Call it after the commit, as Wake.
func (o *Outbox) Resume(l Lane) {
	o.mu.Lock()
	if !slices.Contains(o.resumed, l) {
		o.resumed = append(o.resumed, l)
	}
	o.mu.Unlock()
	o.Wake()
}

func (o *Outbox) takeResumed() []Lane {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := o.resumed
	o.resumed = nil
	return list
}

// Trouble returns why nothing is sent at the moment: the error with which the
// store refuses to give items out or to record results. It is nil while all is well.
func (o *Outbox) Trouble() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.trouble
}

func (o *Outbox) setTrouble(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trouble = err
}

// Run sends until ctx ends. It then starts nothing more, lets sends under way go
// on for Config.Grace before their context ends too, records their results and
// releases what was claimed and not sent. It returns nil, or an error when a
// result could not be recorded or a claim not released by then; a second Run at
// the same time is an error at once.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.running.CompareAndSwap(false, true) {
		return errors.New("outbox: it runs already")
	}
	defer o.running.Store(false)
	defer o.setTrouble(nil)
	defer o.open()()

	// What is under way outlives ctx: sends by one grace, records by two.
	sends, cutSends := context.WithCancel(context.WithoutCancel(ctx))
	defer cutSends()
	records, cutRecords := context.WithCancel(context.WithoutCancel(ctx))
	defer cutRecords()

	s := newScheduler(o)
	defer s.alarm.timer.Stop()
	s.hands.start(o, sends, records)
	defer s.hands.stop()
	s.loop(ctx)

	first := time.AfterFunc(o.cfg.Grace, cutSends)
	defer first.Stop()
	second := time.AfterFunc(2*o.cfg.Grace, cutRecords)
	defer second.Stop()
	return s.drain()
}
