package store

import (
	"cmp"
	"slices"
	"sync"

	"umdeck/apiclient"
)

// ringSize is how many log entries are kept in memory for watchers; one that is
// further behind reads the table.
const ringSize = 4096

// A feed tells watchers what was committed.
type feed struct {
	mu     sync.Mutex // guards all below
	size   int        // entries that ring may have
	ring   []apiclient.LogEntry
	floor  int64         // every entry after this number and up to last is in ring
	last   int64         // number of the last entry that was published
	news   chan struct{} // closed at the next publish
	closed bool
}

func newFeed(last int64) *feed {
	return &feed{size: ringSize, floor: last, last: last, news: make(chan struct{})}
}

// publish adds the entries of a commit. bulk is the number of the last entry that
// the commit made without giving it here, or 0: whoever is behind that reads the
// table.
func (f *feed) publish(list []apiclient.LogEntry, bulk int64) {
	if len(list) == 0 && bulk == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.ring = append(f.ring, list...)
	if n := len(f.ring); n > 0 {
		f.last = max(f.last, f.ring[n-1].Seq)
	}
	switch {
	case bulk > 0:
		f.last = max(f.last, bulk)
		f.ring, f.floor = nil, f.last
	case len(f.ring) > f.size:
		cut := len(f.ring) - f.size/2
		f.floor = f.ring[cut-1].Seq
		f.ring = slices.Clone(f.ring[cut:])
	}
	close(f.news)
	f.news = make(chan struct{})
}

// A glance is what a feed has for a watcher.
type glance struct {
	list   []apiclient.LogEntry
	floor  int64           // entries up to this number are in the table alone
	news   <-chan struct{} // closed when there is more, or when the feed is
	closed bool
}

// after returns up to n entries after the number; none when that is below the floor.
func (f *feed) after(seq int64, n int) glance {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := glance{floor: f.floor, news: f.news, closed: f.closed}
	if seq < f.floor {
		return g
	}
	i, _ := slices.BinarySearchFunc(f.ring, seq+1, func(e apiclient.LogEntry, s int64) int { return cmp.Compare(e.Seq, s) })
	g.list = slices.Clone(f.ring[i:min(len(f.ring), i+n)])
	return g
}

// seen returns the number of the last entry that was published.
func (f *feed) seen() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

func (f *feed) close() {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.news)
	}
}
