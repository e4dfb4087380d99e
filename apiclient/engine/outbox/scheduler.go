package outbox

import (
	"context"
	"fmt"
	"time"
)

// A scheduler is one Run. Its fields belong to the goroutine of loop and drain;
// the goroutines that it starts get copies and report on its channels.
type scheduler struct {
	*Outbox
	clock
	hands           hands
	context.Context //nolint:containedctx // of the one Run that this is: when it ends, what is not recorded is given up

	lanes  map[Lane]*lane
	ring   []*lane // lanes with something to start, the next to be served first
	hosts  map[string]*limiter
	shared int  // engines that the limits of hosts are divided by
	hall   hall // limiters at which lanes wait

	sending int // sends that were started and not answered
	busy    int // the same and those whose result is not recorded
	books   books

	dirty   bool          // the store may have something due that was not claimed
	loading bool          // a load is under way
	loads   int           // loads begun so far
	failing bool          // the last load failed
	began   time.Duration // tick at which the last load began
	calm    time.Duration // tick before which the store is not asked: it failed, or just was
	last    Lane          // the lane that the last claim ended with
	oldest  time.Time     // when the earliest item was due that the last look found due
	broken  int           // lanes with an open breaker that the last look found
	blocked []Lane        // lanes that it found due, but not to be claimed from for a reason of their own
	resumed map[Lane]int  // lanes that were asked to go on, with the load that was the last one then

	fresh []Item // handed over, and not queued yet

	due   time.Duration // tick at which an item is due; 0: none is known of
	alarm alarm
}

func newScheduler(o *Outbox) *scheduler {
	s := &scheduler{
		Outbox:  o,
		clock:   newClock(o.cfg.Now),
		lanes:   map[Lane]*lane{},
		hosts:   map[string]*limiter{},
		resumed: map[Lane]int{},
		shared:  1,
		dirty:   true,
		alarm:   newAlarm(),
		hands:   newHands(o.cfg.Workers),
	}
	for host, limits := range o.cfg.HostLimits {
		s.hosts[host] = newLimiter(limits, 1)
	}
	return s
}

// loop works until ctx ends.
func (s *scheduler) loop(ctx context.Context) {
	for {
		s.receive()
		s.start()
		s.load()
		s.record()
		s.sleep()
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			s.lookUp()
			s.resume()
			s.dirty = true
		case <-s.more:
			s.lookUp()
		case found := <-s.hands.looks:
			s.lookUp()
			s.choose(found)
		case c := <-s.hands.claims:
			s.lookUp()
			s.queue(c)
		case a := <-s.hands.answers:
			s.lookUp()
			s.answer(a)
			for range len(s.hands.answers) { // those that have come meanwhile are recorded together
				s.answer(<-s.hands.answers)
			}
		case r := <-s.hands.records:
			s.lookUp()
			s.note(r)
		case <-s.alarm.timer.C:
			s.lookUp()
			s.rang()
		case reply := <-s.asks:
			reply <- s.stats()
		}
	}
}

// drain releases what was not started and waits for all that was.
func (s *scheduler) drain() error {
	for _, l := range s.lanes {
		s.giveBack(l, l.clear())
	}
	for kept := false; !kept || s.busy > 0 || s.loading || s.books.open(); {
		kept = s.keepBack(kept)
		s.record()
		s.sleep()
		select {
		case <-s.hands.looks:
			s.loading = false
		case c := <-s.hands.claims:
			s.loading = false
			for _, i := range c.items {
				s.giveBack(s.laneOf(Waiting{Lane: i.Lane}), []Item{i})
			}
		case a := <-s.hands.answers:
			s.lookUp()
			s.answer(a)
		case <-s.more:
		case r := <-s.hands.records:
			s.lookUp()
			s.giveBackFresh()
			s.note(r)
		case <-s.alarm.timer.C:
			s.lookUp()
			s.rang()
		case reply := <-s.asks:
			reply <- s.stats()
		}
	}
	if b := s.books; b.lost > 0 {
		return fmt.Errorf("outbox: %d results and claims could not be recorded: %w", b.lost, b.cause)
	}
	return nil
}

// lookUp looks at the clocks. When that on the wall was set back, all that was
// planned by it moves with it; when it was set forward, more may be due.
func (s *scheduler) lookUp() {
	switch set := s.read(); {
	case set < 0:
		s.setBack(-set)
	case set > 0:
		s.dirty = s.dirty || s.due != 0
	}
}

func (s *scheduler) setBack(by time.Duration) {
	s.cfg.Logger.Warn("the clock was set back; what waits is moved with it", "by", by)
	for _, l := range s.lanes {
		l.until, l.breaker, l.stored = l.until.Add(-by), l.breaker.back(by), l.stored.back(by)
	}
	s.books.add(entry{shift: by})
}

// arm has the store looked at when t has come.
func (s *scheduler) arm(t time.Time) {
	if at := max(s.in(t), 1); s.due == 0 || at < s.due {
		s.due = at
	}
}

// sleep sets the alarm for whatever comes first.
func (s *scheduler) sleep() {
	if s.due != 0 {
		s.alarm.set(s.tick, min(s.due, s.tick+longestSleep))
	}
	if s.hall.Len() > 0 {
		s.alarm.set(s.tick, s.hall.list[0].at)
	}
	if !s.books.writing && s.books.open() {
		s.alarm.set(s.tick, s.books.retry)
	}
	if s.dirty && s.calm > s.tick {
		s.alarm.set(s.tick, s.calm)
	}
}

// rang does what the alarm was set for; the rest is done at every turn of the loop.
func (s *scheduler) rang() {
	s.alarm.rang()
	if s.due != 0 && s.due <= s.tick {
		s.due, s.dirty = 0, true
	}
	s.admit()
}

// answer takes in what came of a send.
func (s *scheduler) answer(a answer) {
	l := s.lanes[a.item.Lane]
	s.sending--
	l.end(a.item)
	l.touched = s.loads
	if a.res.Verdict == Skip {
		s.busy--
		l.busy--
		l.until = s.now.Add(again) // whoever resumes the lane wakes us; this is for one resumed meanwhile
		s.giveBack(l, append([]Item{a.item}, l.clear()...))
		return
	}
	out, pause := outcome(a.item, a.res, l.settings, s.now, s.cfg.Jitter())
	if pause > 0 && a.resumes != l.resumes {
		// What it found wrong was put right meanwhile.
		out.Item.Due, pause = s.now, 0
	}
	s.learn(l, a, pause, &out)
	closing := out.EndLane || out.Suspend || l.settings.Strict && out.State == StateDue
	if closing {
		s.close(l)
	}
	s.books.add(entry{lane: l, out: out, paused: pause > 0, resumes: l.resumes, closing: closing})
	if closing || l.pause(s.now) > 0 {
		s.giveBack(l, l.clear()) // they may wait for long, and not as claimed
	}
	s.enter(l)
}

// learn has the lane learn from the result of a send.
func (s *scheduler) learn(l *lane, a answer, pause time.Duration, out *Outcome) {
	switch {
	case a.res.Verdict == Done:
		l.slow = false
	case a.res.Verdict == Stall && pause > 0:
		l.slow, l.until = true, s.now.Add(pause)
	case a.res.Verdict == Retry && a.res.Slow:
		l.slow = true
	}
	if a.res.Verdict == Wait && pause == 0 {
		return
	}
	var after Breaker
	after, out.Suspend = l.breaker.after(ending{
		Result: a.res, now: s.now, probe: a.probe, free: a.res.Verdict == Wait && a.item.Waits < MaxWaits, pause: pause,
		pace: func(n int) time.Duration { return l.settings.pace(n, s.cfg.Jitter()) },
	})
	if after.same(l.breaker) {
		return
	}
	if after.Open.IsZero() != l.breaker.Open.IsZero() {
		s.cfg.Logger.Info("breaker", "lane", l.name, "open", !after.Open.IsZero(), "failures", l.breaker.Failures)
	}
	after = after.stamped()
	l.breaker, out.Breaker = after, &after
}
