package triggerlog

import (
	"time"

	"umdeck/apiclient"
)

// pulseSeconds is the window of the strip.
const pulseSeconds = 60

// A pulse counts attempts over the last minute, each once: it hears of all of them,
// whatever the log shows. Seconds are those of the site, so that clocks may differ.
type pulse struct {
	began   time.Time     // when it began to listen, by the site's clock; zero: nothing has come
	skew    time.Duration // how far the clock here is ahead of the site's, a way there included
	seconds [pulseSeconds]second
}

// A second is what was counted in one.
type second struct {
	at        int64 // Unix time
	attempts  int
	succeeded int
	took      histogram
}

// begin notes when listening began, by the clock here.
func (p *pulse) begin(now time.Time) {
	if p.began.IsZero() {
		p.began = now
	}
}

// take counts the attempts among entries that have come just now. current is false while
// old ones are read: then their age says nothing about the clocks.
func (p *pulse) take(entries []apiclient.LogEntry, now time.Time, current bool) {
	if n := len(entries); n > 0 && current {
		p.settle(now.Sub(entries[n-1].At))
	}
	for _, e := range entries {
		if e.Attempt == nil || e.Delivery == nil {
			continue
		}
		s := p.second(e.At.Unix())
		if s == nil {
			continue // it is older than the window
		}
		s.attempts++
		if e.Attempt.Code >= 200 && e.Attempt.Code <= 299 {
			s.succeeded++
		}
		s.took.add(e.Attempt.Duration)
	}
}

// settle follows the difference of the clocks: the freshest entry tells it best, and it
// grows slowly, as clocks do.
func (p *pulse) settle(age time.Duration) {
	if p.skew == 0 || age < p.skew {
		p.skew = age
		return
	}
	p.skew += min((age-p.skew)/64, time.Second)
}

// now is the site's clock.
func (p *pulse) now(here time.Time) time.Time { return here.Add(-p.skew) }

// second returns the place of a Unix time; nil when it is older than what has its place.
func (p *pulse) second(at int64) *second {
	s := &p.seconds[((at%pulseSeconds)+pulseSeconds)%pulseSeconds]
	switch {
	case s.at > at:
		return nil
	case s.at < at:
		*s = second{at: at}
	}
	return s
}

// A reading is what the strip shows.
type reading struct {
	window    time.Duration // what it is of: a minute, or less when listening began later
	rates     []int         // attempts by second, the oldest first; the one under way is left out
	attempts  int
	succeeded int
	p95       time.Duration // of what attempts took
}

// perSecond is the mean rate over the window.
func (r reading) perSecond() float64 {
	if r.window < time.Second {
		return 0
	}
	return float64(r.attempts) / r.window.Seconds()
}

// read returns what the last minute was like.
func (p *pulse) read(here time.Time) reading {
	now := p.now(here).Unix()
	seconds := pulseSeconds - 1
	if heard := int(now - p.now(p.began).Unix()); heard < seconds {
		seconds = max(heard, 0)
	}
	r := reading{window: time.Duration(seconds) * time.Second, rates: make([]int, seconds)}
	var took histogram
	for _, s := range p.seconds {
		i := seconds - int(now-s.at)
		if i < 0 || i >= seconds || s.at == 0 {
			continue
		}
		r.rates[i] = s.attempts
		r.attempts += s.attempts
		r.succeeded += s.succeeded
		took.join(&s.took)
	}
	r.p95 = took.quantile(0.95)
	return r
}
