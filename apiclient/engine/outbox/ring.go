package outbox

// start begins sends while there are workers, taking the lanes in turn. A lane that
// may not start anything leaves the ring; what it waits for lets it enter again.
func (s *scheduler) start() {
	if s.books.failing {
		return
	}
	for crowded := 0; crowded < len(s.ring) && s.sending < s.cfg.Workers && s.busy-s.sending < s.cfg.Unrecorded; {
		l := s.ring[0]
		s.ring = s.ring[1:]
		l.place = nowhere
		if s.alone(l) {
			crowded++
			s.enter(l)
			continue
		}
		crowded = 0
		if s.startOne(l) {
			s.enter(l)
		}
		if l.hungry() {
			l.more, l.moreBulk, s.dirty = false, false, true
		}
	}
}

// alone reports whether the lane has senders while few are left: the last quarter is
// for lanes that have none.
func (s *scheduler) alone(l *lane) bool {
	return l.sending > 0 && (s.cfg.Workers-s.sending)*4 < s.cfg.Workers
}

// startOne begins the lane's next send, if it may.
func (s *scheduler) startOne(l *lane) bool {
	turn := l.turn
	if turn != nil {
		turn.turns--
		l.turn = nil
	}
	if l.shut > 0 || l.load() >= l.limit(&s.cfg) || l.pause(s.now) > 0 {
		return false
	}
	queue, at, ok := l.peek()
	if !ok {
		s.jam(l)
		return false
	}
	for _, lim := range []*limiter{l.rate, l.host} {
		if lim != nil && !s.hall.pass(lim, l, lim == turn, s.tick) {
			return false
		}
	}
	for _, lim := range []*limiter{l.rate, l.host} {
		if lim != nil {
			lim.take(s.tick)
		}
	}
	i := l.begin(queue, at)
	s.busy++
	s.sending++
	s.hands.send(job{i, l.open(), l.resumes}, s.sending)
	if l.host != nil && l.host.more && l.host.queued <= hostAhead/2 {
		l.host.more, s.dirty = false, true
	}
	return true
}

// jam notes that the lane could send what is about others than those it has items of: a
// burst about one user, which goes out one by one, must not hold up the lane. There may be
// one for each sender.
func (s *scheduler) jam(l *lane) {
	if l.more && len(l.live) > 0 && len(l.live) <= l.limit(&s.cfg)*s.cfg.Ahead && s.tick >= l.jams {
		l.jammed, s.dirty = true, true
	}
}

// enter puts the lane at the end of the ring if it has something to start.
func (s *scheduler) enter(l *lane) {
	if l.place == nowhere && l.queued() > 0 {
		l.place = inRing
		s.ring = append(s.ring, l)
	}
}

// admit lets the lanes go on whose turn it is at a limiter.
func (s *scheduler) admit() {
	for _, l := range s.hall.next(s.tick) {
		if l.queued() == 0 {
			l.turn.turns--
			l.turn = nil
			continue
		}
		s.enter(l)
	}
}
