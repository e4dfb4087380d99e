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
// hub asks where the log ends before it begins, and so resumes after a connection that
// broke without a gap, even when nothing had come by then ([Follow]).
package live

import (
	"context"
	"slices"
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
	Gaps    []Gap // where among Entries others are missing, in their order
	Dropped int   // how many are missing before Entries, because the feed was full
	Behind  int64 // how many numbers the site's log is ahead of what was read; 0 but for a while after it was away or very busy
	State   State
	Why     string // what is wrong, as a sentence, when State is neither Connecting nor Live
}

// A Gap is a place where entries are missing for good.
type Gap struct {
	At  int    // before that one of the batch's entries; as many as there are: behind the last
	Why string // as a clause
}

// Config is what a Hub needs. API is required.
type Config struct {
	API   Source
	Why   string                      // why the site has no log (Site.Missing); empty: it has one
	Every time.Duration               // how long a batch gathers what comes, and so the shortest time between two; zero means 50 ms
	Wait  func(try int) time.Duration // as of [Follower]
}

// A Hub follows the log. It is idle until Run.
type Hub struct {
	cfg Config

	mu     sync.Mutex // guards the rest
	state  State
	why    string
	behind int64
	feeds  []*Feed
}

// New returns a Hub.
func New(cfg Config) *Hub {
	if cfg.Every == 0 {
		cfg.Every = 50 * time.Millisecond
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
	return Follow(ctx, h.cfg.API, Newest, Follower{
		Wait: h.cfg.Wait,
		Entries: func(entries []apiclient.LogEntry) error {
			h.set(Live, "")
			return h.publish(ctx, entries)
		},
		Lost: func(err error) error {
			why := "The connection ended."
			if err != nil {
				why = apiclient.MessageOf(err)
			}
			h.set(Reconnecting, why)
			return nil
		},
		Gap: func(why string) {
			for _, f := range h.all() {
				f.gap(why)
			}
		},
		Behind: func(n int64) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.behind = n
			for _, f := range h.feeds {
				f.changed()
			}
		},
	})
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

// Behind returns how many numbers the site's log is ahead of what was read.
func (h *Hub) Behind() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.behind
}

func (h *Hub) all() []*Feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.feeds)
}

// publish gives entries to all feeds, and waits for the patient ones to have room: the
// site keeps for us what we do not read, and nobody else waits.
func (h *Hub) publish(ctx context.Context, entries []apiclient.LogEntry) error {
	feeds := h.all()
	for _, f := range feeds {
		f.add(entries)
	}
	for _, f := range feeds {
		if err := f.room(ctx); err != nil {
			return err
		}
	}
	return nil
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

// Whole returns a feed like [Hub.Feed] that leaves nothing out: when it is full, the hub
// reads no further until something is taken. Somebody has to take from it for as long as
// the hub runs.
func (h *Hub) Whole(keep func(apiclient.LogEntry) bool) *Feed {
	f := h.Feed(keep)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.taken = make(chan struct{}, 1)
	return f
}

const (
	size = 10_000 // how many entries a feed holds for a screen that does not take them
	full = 2_000  // from how many on a feed that leaves nothing out makes the hub wait
)

// A Feed is one screen's share of the log.
type Feed struct {
	hub  *Hub
	keep func(apiclient.LogEntry) bool
	wake chan struct{} // holds a token while there is something to take

	mu      sync.Mutex    // guards the rest
	taken   chan struct{} // gets a token when something was taken; nil: nobody waits for that
	entries []apiclient.LogEntry
	gaps    []Gap
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
	if over := len(f.entries) - size; over > 0 && f.taken == nil {
		f.entries = append(f.entries[:0:0], f.entries[over:]...)
		f.dropped += over
		for i := range f.gaps {
			f.gaps[i].At = max(f.gaps[i].At-over, 0)
		}
	}
	if added {
		f.changed()
	}
}

func (f *Feed) gap(why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gaps = append(f.gaps, Gap{At: len(f.entries), Why: why})
	f.changed()
}

// room waits until a feed that leaves nothing out can take more.
func (f *Feed) room(ctx context.Context) error {
	for {
		f.mu.Lock()
		taken, many := f.taken, len(f.entries) >= full
		f.mu.Unlock()
		if taken == nil || !many {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-taken:
		}
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
	b.Behind = f.hub.Behind()
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
	b := Batch{Entries: f.entries, Gaps: f.gaps, Dropped: f.dropped}
	f.entries, f.gaps, f.dropped = nil, nil, 0
	select {
	case f.taken <- struct{}{}: // never for nil
	default:
	}
	return b
}
