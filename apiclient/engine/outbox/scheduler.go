package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// again is how long the store is left alone after it failed.
	again = time.Second
	// longestSleep bounds the timer, see the package comment on time.
	longestSleep = time.Minute
)

// A scheduler is one Run. Its fields belong to the goroutine of loop and drain;
// the goroutines that it starts get copies and report on its channels.
type scheduler struct {
	*Outbox
	hands hands

	lanes map[Lane]*lane
	ring  []*lane // lanes with a queue, the next to be served first

	sending int     // sends that were started and not answered
	busy    int     // the same and those whose result is not recorded
	stuck   int     // goroutines whose result the store refuses at the moment
	chores  int     // releases under way
	lost    []error // results that were given up at the end

	dirty   bool      // the store may have something due that was not claimed
	loading bool      // a load is under way
	failing bool      // the last load failed
	calm    time.Time // the store is not asked before, because it failed
	last    Lane      // the lane that the last load ended with

	timer *time.Timer
	next  time.Time // when the timer is to fire; zero: never

	loads chan loaded
	news  chan news
}

func newScheduler(o *Outbox, sends, records context.Context) *scheduler {
	s := &scheduler{
		Outbox: o,
		lanes:  map[Lane]*lane{},
		dirty:  true,
		timer:  time.NewTimer(longestSleep),
		loads:  make(chan loaded, 1),
		news:   make(chan news, 2*o.cfg.Workers),
	}
	s.timer.Stop()
	w := worker{cfg: o.cfg, news: s.news}
	s.hands = hands{
		find:    func(r room) { s.loads <- find(records, o.cfg.Store, r) },
		send:    func(i Item) { w.send(sends, records, i) },
		release: func(items []Item) { w.release(records, items) },
	}
	return s
}

// hands are what runs in goroutines of its own.
type hands struct {
	find    func(room)   // one at a time; reports on loads
	send    func(Item)   // sends and records; reports on news
	release func([]Item) // reports on news
}

// loop works until ctx ends.
func (s *scheduler) loop(ctx context.Context) {
	for {
		s.load()
		s.start()
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			s.resume()
			s.dirty = true
		case <-s.timer.C:
			s.next, s.dirty = time.Time{}, true
		case l := <-s.loads:
			s.take(l)
		case n := <-s.news:
			s.note(n)
		}
	}
}

// resume ends the pauses of the lanes that were asked to go on.
func (s *scheduler) resume() {
	for _, name := range s.takeResumed() {
		if l := s.lanes[name]; l != nil {
			l.until = time.Time{}
		}
	}
}

// drain releases what was not started and waits for all that was.
func (s *scheduler) drain() error {
	for _, l := range s.lanes {
		s.release(l.clear())
	}
	for s.busy > 0 || s.loading || s.chores > 0 {
		select {
		case l := <-s.loads:
			s.loading = false
			s.release(l.items)
		case n := <-s.news:
			s.note(n)
		}
	}
	if len(s.lost) > 0 {
		return fmt.Errorf("outbox: %d results could not be recorded: %w", len(s.lost), errors.Join(s.lost...))
	}
	return nil
}

// start begins sends while there are workers, taking the lanes in turn.
func (s *scheduler) start() {
	if s.stuck > 0 {
		return
	}
	now := s.cfg.Now()
	for refused := 0; refused < len(s.ring) && s.busy < s.cfg.Workers; {
		l := s.ring[0]
		s.ring = s.ring[1:]
		l.inRing = false
		switch {
		case len(l.queue) == 0: // it was cleared while it stood here
		case s.open(l, now):
			refused = 0
			s.busy++
			s.sending++
			l.sending++
			l.busy++
			go s.hands.send(l.pop())
		default:
			refused++
		}
		s.enter(l)
		s.refill(l)
	}
	if s.dirty {
		s.load()
	}
}

// refill asks for a load if the lane has room for more that is due.
func (s *scheduler) refill(l *lane) {
	if l.more && len(l.queue) <= s.cfg.Ahead/2 {
		l.more, s.dirty = false, true
	}
}

// open reports whether one more send of the lane may begin.
func (s *scheduler) open(l *lane, now time.Time) bool {
	limit := s.cfg.PerLane
	if l.slow || (s.cfg.Workers-s.sending)*4 < s.cfg.Workers {
		limit = 1 // the last quarter of the workers is for lanes that have none
	}
	return l.sending < limit && !l.ending && l.pause(now) <= 0
}

// enter puts the lane at the end of the ring if it has something to start.
func (s *scheduler) enter(l *lane) {
	if !l.inRing && len(l.queue) > 0 {
		l.inRing = true
		s.ring = append(s.ring, l)
	}
}

// note takes in what a goroutine reports.
func (s *scheduler) note(n news) {
	switch n.kind {
	case answered:
		s.sending--
		s.answer(n)
	case refused:
		s.stuck++
		if s.stuck == 1 {
			s.cfg.Logger.Error("cannot record what was sent; nothing is sent until that works", "err", n.err)
			s.setTrouble(n.err)
		}
	case recorded, released:
		s.settle(n)
	}
}

// answer lets the lane react to the result of a send.
func (s *scheduler) answer(n news) {
	l := s.lanes[n.out.Item.Lane]
	l.sending--
	switch {
	case n.out.State == StateDone:
		l.slow = false
	case n.out.EndLane:
		l.ending = true
	case n.pause > 0:
		l.slow = l.slow || n.slow
		l.until = s.cfg.Now().Add(n.pause)
		s.arm(l.until)
		s.release(l.clear()) // they may wait for long, and not as claimed
	case n.slow:
		l.slow = true
	}
}

// settle ends what a goroutine did with the store.
func (s *scheduler) settle(n news) {
	if n.stuck {
		s.stuck--
	}
	if n.err != nil {
		s.cfg.Logger.Error("gave up recording", "err", n.err)
		s.lost = append(s.lost, n.err)
	}
	if n.kind == released {
		s.chores--
		s.dirty = true
	} else {
		s.busy--
		s.after(n)
	}
	if n.stuck && s.stuck == 0 {
		s.cfg.Logger.Info("results are recorded again", "lost", len(s.lost))
		s.setTrouble(nil)
	}
}

// after follows up on a send whose result was recorded.
func (s *scheduler) after(n news) {
	l := s.lanes[n.out.Item.Lane]
	l.busy--
	switch {
	case n.skip:
		s.arm(s.cfg.Now().Add(again)) // whoever resumes the lane wakes us; this is for one resumed meanwhile
	case n.out.State == StateDue:
		s.arm(n.out.Item.Due)
	case n.out.EndLane:
		// Only now: before, the store would have made the others due again.
		l.ending = false
		s.release(l.clear())
	}
	if l.idle(s.cfg.Now()) {
		delete(s.lanes, l.name)
	}
}

// release gives claimed items back.
func (s *scheduler) release(items []Item) {
	if len(items) > 0 {
		s.chores++
		go s.hands.release(items)
	}
}

// arm lets the timer fire at t, or earlier if that was asked for.
func (s *scheduler) arm(t time.Time) {
	if t.IsZero() || !s.next.IsZero() && !t.Before(s.next) {
		return
	}
	s.next = t
	s.timer.Reset(min(max(t.Sub(s.cfg.Now()), 0), longestSleep))
}
