package outbox

import "time"

// A Limit is how many sends may begin in any span of that length.
type Limit struct {
	Count int
	Per   time.Duration
}

// share returns the part of a limit that one of n has: the same in sum, however
// few that leaves for each.
func (l Limit) share(n int) Limit {
	if n <= 1 {
		return l
	}
	if l.Count >= n {
		return Limit{l.Count / n, l.Per}
	}
	return Limit{1, l.Per * time.Duration((n+l.Count-1)/l.Count)}
}

// limitOf returns the limit of a rate: as many sends as are whole in a second, in the
// time that the rate gives them.
func limitOf(rate float64) Limit {
	n := max(1, int(rate))
	return Limit{n, time.Duration(float64(n) / rate * float64(time.Second))}
}

// A window counts the sends of the last span of a Limit. It remembers each of them:
// a token bucket, as in golang.org/x/time/rate, lets its burst through on top of its
// rate, so that a promise to a far side would hold only at a rate below the
// promised one, and two promises (so many a second, so many in five minutes) not at
// once.
type window struct {
	limit Limit
	began []time.Duration // ticks of the last Count sends; a ring once it is full
	first int             // where the ring begins
}

// wait returns how long it is until one more send may begin; 0 or less: it may.
func (w *window) wait(tick time.Duration) time.Duration {
	if len(w.began) < w.limit.Count {
		return 0
	}
	return w.began[w.first] + w.limit.Per - tick
}

// room returns how many sends may begin now.
func (w *window) room(tick time.Duration) int {
	n := w.limit.Count - len(w.began)
	for i := range w.began {
		if w.began[(w.first+i)%len(w.began)]+w.limit.Per > tick {
			break
		}
		n++
	}
	return n
}

// take notes that a send begins.
func (w *window) take(tick time.Duration) {
	if len(w.began) < w.limit.Count {
		w.began = append(w.began, tick)
		return
	}
	w.began[w.first] = tick
	w.first = (w.first + 1) % len(w.began)
}

// empty reports whether the window has nothing to remember any more.
func (w *window) empty(tick time.Duration) bool { return w.room(tick) == w.limit.Count }

// set changes the limit and keeps what it can of the past.
func (w *window) set(l Limit) {
	if l == w.limit {
		return
	}
	past := append(w.began[w.first:len(w.began):len(w.began)], w.began[:w.first]...)
	*w = window{limit: l, began: past[max(0, len(past)-l.Count):]}
}
