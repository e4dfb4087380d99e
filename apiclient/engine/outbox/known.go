package outbox

import "time"

// laneOf returns the lane that waits, and makes it when it is not known.
func (s *scheduler) laneOf(w Waiting) *lane {
	l := s.lanes[w.Lane]
	if l == nil {
		l = &lane{name: w.Lane, breaker: w.Breaker, stored: w.Breaker, ahead: s.least(), touched: -1, closed: -1}
		s.lanes[w.Lane] = l
		s.settle(l, w.Settings)
	}
	return l
}

// adopt takes over what the store says of a known lane. Its breaker counts where it
// is not what the store said before, and no send of ours can have changed it since:
// somebody has resumed the lane, or another engine had it.
func (s *scheduler) adopt(l *lane, w Waiting) {
	if !l.settings.same(w.Settings) {
		strict := w.Settings.Strict && !l.settings.Strict
		s.settle(l, w.Settings)
		if strict {
			s.giveBack(l, l.clear()) // it was claimed in another order
		}
		s.enter(l)
	}
	if l.busy > 0 || l.touched == s.loads || l.stored.same(w.Breaker) {
		return
	}
	l.stored, l.breaker = w.Breaker, w.Breaker
}

// settle gives the lane its settings and the limiters that these ask for.
func (s *scheduler) settle(l *lane, set LaneSettings) {
	switch {
	case set.Rate <= 0:
		l.rate = nil
	case l.rate == nil:
		l.rate = newLimiter([]Limit{limitOf(set.Rate)}, 1)
	default:
		l.rate.set([]Limit{limitOf(set.Rate)}, 1)
	}
	n := l.queued()
	l.count(-n)
	l.settings, l.host = set, s.hosts[set.Host]
	l.count(n)
}

// share divides the limits of hosts among the engines that live now.
func (s *scheduler) share() {
	if n := max(1, s.cfg.Share()); n != s.shared {
		s.shared = n
		for host, limits := range s.cfg.HostLimits {
			s.hosts[host].set(limits, n)
		}
	}
}

// giveBack releases claimed items of a lane. Nothing is claimed from it until that
// is recorded, or what was claimed first would be sent last.
func (s *scheduler) giveBack(l *lane, list []Item) {
	if len(list) == 0 {
		return
	}
	s.close(l)
	s.books.add(entry{lane: l, items: list, closing: true})
}

// close has nothing claimed from a lane until an entry in the books is recorded.
func (s *scheduler) close(l *lane) {
	l.shut++
	l.closed = s.loads
}

// forget drops a lane that there is nothing to know of any more.
func (s *scheduler) forget(l *lane) {
	switch {
	case l.queued() > 0, l.busy > 0, l.shut > 0, l.slow, l.place != nowhere:
	case l.rate != nil && !l.rate.empty(s.tick):
	case l.pause(s.now) > 0, l.onward > s.tick:
	case pause(l.stored.Probe, s.now, l.settings) > 0: // it was resumed, which the store does not know
	case s.loading && max(l.touched, l.closed) == s.loads:
	default:
		delete(s.lanes, l.name)
	}
}

// resume lets the lanes go on that were asked to.
func (s *scheduler) resume() {
	for _, name := range s.takeResumed() {
		if l := s.lanes[name]; l != nil {
			l.until, l.breaker.Probe = time.Time{}, time.Time{}
			l.resumes++
		}
		s.resumed[name] = s.loads
	}
}
