package store

import "sync"

// watchers knows how far each of those who follow the log is.
type watchers struct {
	mu   sync.Mutex // guards what follows
	next int
	at   map[int]int64 // number of the last entry that each was given
}

// join adds one who has everything up to a number. at notes a later number, and leave
// that nobody follows any more.
func (w *watchers) join(after int64) (at func(int64), leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = map[int]int64{}
	}
	me := w.next
	w.next++
	w.at[me] = after
	return func(seq int64) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.at[me] = seq
		}, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.at, me)
		}
}

// some reports whether anybody follows the log.
func (w *watchers) some() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.at) > 0
}

// Tails returns how many follow the log, and by how many numbers the slowest of them is
// behind.
func (db *DB) Tails() (count int, behind int64) {
	seen := db.feed.seen()
	db.watchers.mu.Lock()
	defer db.watchers.mu.Unlock()
	for _, at := range db.watchers.at {
		behind = max(behind, seen-at)
	}
	return len(db.watchers.at), behind
}
