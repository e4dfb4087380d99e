// Package live follows a site's log once for all screens. The [Hub] watches and
// reconnects; each screen takes what is new from a [Feed] of its own, in batches
// and at its own pace, so that a burst of a thousand entries is one message and a
// screen that does not look never slows anybody down.
//
// # Connection
//
// What is shown must never pretend: every batch says whether the connection
// stands, and whether entries were left out because the screen fell behind. It stands
// from the first answer of the site on, and no longer when the site's watch ends. The
// hub resumes after the last entry that it saw; before there was one, a broken
// connection may leave a gap, and so whoever shows rows asks for them again when the
// connection is back.
package live

import (
	"context"
	"sync"
	"time"

	"umdeck/apiclient"
)

// State says how the connection to the log is.
type State string

// The states.
const (
	Connecting   State = "connecting"
	Live         State = "live"
	Reconnecting State = "reconnecting"
	Off          State = "off" // the site has no log; Batch.Why has its reason
)

// A Batch is what a feed has got since the last one.
type Batch struct {
	Entries []apiclient.LogEntry
	Dropped int // how many are missing before Entries, because the feed was full
	State   State
	Why     string // what is wrong, as a sentence, when State is neither Connecting nor Live
}

// A Watcher is what a Hub asks of [apiclient.Deliveries].
type Watcher interface {
	Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error
}

// Config is what a Hub needs. API is required.
type Config struct {
	API   Watcher
	Why   string                      // why the site has no log (Site.Missing); empty: it has one
	Every time.Duration               // how long a batch gathers what comes, and so the shortest time between two; zero means 50 ms
	Wait  func(try int) time.Duration // before try 1, 2, ... to reconnect; nil means 1 s doubling up to 10 s
}

// A Hub follows the log. It is idle until Run.
type Hub struct {
	cfg Config

	mu    sync.Mutex // guards the rest
	state State
	why   string
	feeds []*Feed
}

// New returns a Hub.
func New(cfg Config) *Hub {
	if cfg.Every == 0 {
		cfg.Every = 50 * time.Millisecond
	}
	if cfg.Wait == nil {
		cfg.Wait = func(try int) time.Duration { return min(time.Second<<(try-1), 10*time.Second) }
	}
	h := &Hub{cfg: cfg, state: Connecting}
	if cfg.Why != "" {
		h.state, h.why = Off, cfg.Why
	}
	return h
}

// Run follows the log until ctx ends, reconnecting as often as it takes.
func (h *Hub) Run(ctx context.Context) error {
	if h.cfg.Why != "" {
		return nil
	}
	after := int64(-1)
	for try := 1; ; try++ {
		answered := false
		err := h.cfg.API.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
			answered = true
			h.set(Live, "")
			h.publish(entries)
			if n := len(entries); n > 0 {
				after = entries[n-1].Seq
			}
			return nil
		})
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the end of ctx is how following ends
		}
		if answered {
			try = 1
		}
		why := "The connection ended."
		if err != nil {
			why = apiclient.MessageOf(err)
		}
		h.set(Reconnecting, why)
		if !wait(ctx, h.cfg.Wait(try)) {
			return nil
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (h *Hub) set(s State, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == s && h.why == why {
		return
	}
	h.state, h.why = s, why
	for _, f := range h.feeds {
		f.changed()
	}
}

// State returns how the connection is, and what is wrong with it.
func (h *Hub) State() (s State, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state, h.why
}

func (h *Hub) publish(entries []apiclient.LogEntry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.feeds {
		f.add(entries)
	}
}

// Feed returns a feed of what happens from now on. keep chooses the entries that
// it wants; nil means all. Feeds live as long as the hub.
func (h *Hub) Feed(keep func(apiclient.LogEntry) bool) *Feed {
	f := &Feed{hub: h, keep: keep, wake: make(chan struct{}, 1)}
	f.changed()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.feeds = append(h.feeds, f)
	return f
}

// size is how many entries a feed holds for a screen that does not take them.
const size = 10_000

// A Feed is one screen's share of the log.
type Feed struct {
	hub  *Hub
	keep func(apiclient.LogEntry) bool
	wake chan struct{} // holds a token while there is something to take

	mu      sync.Mutex // guards the rest
	entries []apiclient.LogEntry
	dropped int
}

func (f *Feed) changed() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *Feed) add(entries []apiclient.LogEntry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	added := false
	for _, e := range entries {
		if f.keep == nil || f.keep(e) {
			f.entries, added = append(f.entries, e), true
		}
	}
	if over := len(f.entries) - size; over > 0 {
		f.entries = append(f.entries[:0:0], f.entries[over:]...)
		f.dropped += over
	}
	if added {
		f.changed()
	}
}

// Next waits until there is something new, entries or another state, then for a moment
// ([Config].Every) for what comes with it, and takes it all: a delivery that is made and
// answered at once is drawn once. It is for one goroutine at a time, and fails only when
// ctx ends.
func (f *Feed) Next(ctx context.Context) (Batch, error) {
	select {
	case <-ctx.Done():
		return Batch{}, ctx.Err()
	case <-f.wake:
	}
	if !wait(ctx, f.hub.cfg.Every) {
		return Batch{}, ctx.Err()
	}
	b := f.take()
	b.State, b.Why = f.hub.State() // not under the lock of the feed, which the hub takes after its own
	return b, nil
}

func (f *Feed) take() Batch {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.wake: // it spoke of what is taken now
	default:
	}
	b := Batch{Entries: f.entries, Dropped: f.dropped}
	f.entries, f.dropped = nil, 0
	return b
}
