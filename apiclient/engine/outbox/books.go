package outbox

import (
	"context"
	"fmt"
	"time"
)

// largestRecord bounds what is recorded together.
const largestRecord = 256

// An entry is one thing that the store is to be told. It is of one of four kinds.
type entry struct {
	lane    *lane
	out     Outcome       // what became of a send, where items and shift are empty
	items   []Item        // to be released
	shift   time.Duration // by how much the clock was set back
	keep    bool          // nothing is to be handed over any more
	paused  bool          // the lane waits because of what came of the send
	resumes int           // how often its pauses had been ended when the send did
	closing bool          // nothing may be claimed from the lane until this is recorded
}

type entryKind int

const (
	finish entryKind = iota
	release
	shift
	keepBack
)

// barrier reports whether nothing passes what is of that kind.
func (k entryKind) barrier() bool { return k == shift || k == keepBack }

func (e entry) kind() entryKind {
	switch {
	case e.shift != 0:
		return shift
	case e.keep:
		return keepBack
	case len(e.items) > 0:
		return release
	}
	return finish
}

// books is what waits to be told to the store, in this order (see gather). One call is under way
// at a time; what gathers meanwhile goes into the next.
//
// What the store refuses is told again every second, one entry alone, until one is
// taken. An entry that is refused alone is set aside: if the others are taken it is
// that entry that is at fault, and it may not hold up all else.
type books struct {
	list    []entry
	aside   []entry
	writing bool
	failing bool          // the last that was told was refused, and not for its own sake
	retry   time.Duration // tick before which nothing is told while failing, and nothing of aside ever
	lost    int           // results that were given up at the end
	cause   error         // why
}

// recorded is what came of telling.
type recorded struct {
	list  []entry
	aside bool // they were set aside before
	err   error
}

func (b *books) add(e entry) { b.list = append(b.list, e) }

// hasten changes what is to be recorded of a send if the pauses of its lane were ended since:
// an item that is due when its pause is over is due now, and a closed breaker holds nothing.
// What is being recorded meanwhile keeps its time, but not the lane.
func (e *entry) hasten(now time.Time) {
	if e.kind() != finish || e.resumes == e.lane.resumes {
		return
	}
	if e.paused && e.out.State == StateDue && e.out.Item.Due.After(now) {
		e.out.Item.Due = now
	}
	if b := e.out.Breaker; b != nil && b.Open.IsZero() {
		free := *b
		free.Probe = time.Time{}
		e.out.Breaker = &free
	}
}

// open reports whether there is anything left to tell.
func (b *books) open() bool { return b.writing || len(b.list)+len(b.aside) > 0 }

// next takes out what is to be told now; empty: nothing.
func (b *books) next(tick time.Duration) recorded {
	if b.writing || tick < b.retry && (b.failing || len(b.list) == 0) {
		return recorded{}
	}
	if len(b.list) == 0 {
		if len(b.aside) == 0 {
			return recorded{}
		}
		r := recorded{list: b.aside[:1:1], aside: true}
		b.aside = b.aside[1:]
		return r
	}
	if b.failing {
		r := recorded{list: b.list[:1:1]}
		b.list = b.list[1:]
		return r
	}
	return recorded{list: b.gather()}
}

// gather takes out the first entry and those of its kind that may go with it. Results and
// releases pass each other: a lane that closes gives back what it has, and where a hundred do
// so at once each of them would be a commit of its own.
func (b *books) gather() (list []entry) {
	kind, size := b.list[0].kind(), 0
	var left []entry
	for n, e := range b.list {
		if k := e.kind(); size >= largestRecord || k != kind && (k.barrier() || kind.barrier()) {
			left = append(left, b.list[n:]...)
			break
		} else if k != kind {
			left = append(left, e)
			continue
		}
		list, size = append(list, e), size+max(1, len(e.items))
	}
	b.list = left
	return list
}

// refused takes back what the store does not take.
func (b *books) refused(r recorded, tick time.Duration) {
	b.retry = tick + again
	switch {
	case len(r.list) > 1:
		b.list, b.failing = append(r.list, b.list...), true
	case r.aside && !b.failing:
		b.aside = append(b.aside, r.list[0])
	default:
		b.aside, b.failing = append(b.aside, r.list[0]), true
	}
}

// tell tells the store entries of one kind.
func tell(ctx context.Context, store Store, list []entry) error {
	switch list[0].kind() {
	case shift:
		if err := store.Shift(ctx, list[0].shift); err != nil {
			return fmt.Errorf("shift by %v: %w", list[0].shift, err)
		}
	case keepBack:
		if err := store.KeepBack(ctx); err != nil {
			return fmt.Errorf("end the handing over: %w", err)
		}
	case release:
		var items []Item
		for _, e := range list {
			items = append(items, e.items...)
		}
		if err := store.Release(ctx, items); err != nil {
			return fmt.Errorf("release %d items: %w", len(items), err)
		}
	default:
		outs := make([]Outcome, len(list))
		for i, e := range list {
			outs[i] = e.out
		}
		if err := store.Finish(ctx, outs); err != nil {
			return fmt.Errorf("record %d results from item %d of lane %s on: %w", len(outs), outs[0].Item.ID, outs[0].Item.Lane, err)
		}
	}
	return nil
}

// record tells the store what has gathered.
func (s *scheduler) record() {
	r := s.books.next(s.tick)
	if len(r.list) == 0 {
		return
	}
	for i := range r.list {
		r.list[i].hasten(s.now)
	}
	s.books.writing = true
	s.hands.tells <- r
}

// note takes in what came of that.
func (s *scheduler) note(r recorded) {
	b := &s.books
	b.writing = false
	was := b.failing
	switch {
	case r.err == nil:
		b.failing = false
		for _, e := range r.list {
			s.done(e)
		}
	case s.hands.cut():
		s.giveUp(r)
	default:
		b.refused(r, s.tick)
	}
	switch {
	case b.failing && !was:
		s.cfg.Logger.Error("cannot record what was sent; nothing is sent until that works", "err", r.err)
		s.setTrouble(r.err)
	case r.err != nil && !r.aside && !b.failing:
	case was && !b.failing:
		s.cfg.Logger.Info("results are recorded again", "aside", len(b.aside))
		s.setTrouble(nil)
	}
}

// giveUp ends all that waits to be told, because the time for it is over.
func (s *scheduler) giveUp(r recorded) {
	b := &s.books
	for _, e := range append(append(r.list, b.list...), b.aside...) {
		b.lost++
		s.done(e)
	}
	b.list, b.aside, b.failing = nil, nil, false
	b.cause = r.err
	s.cfg.Logger.Error("gave up recording", "results", b.lost, "err", r.err)
}

// done follows up on an entry that is recorded.
func (s *scheduler) done(e entry) {
	switch e.kind() {
	case keepBack:
		return
	case shift:
		s.dirty = true
		return
	default:
	}
	l := e.lane
	l.touched = s.loads
	if e.kind() == finish {
		s.busy--
		l.busy--
		if e.out.State == StateDue {
			s.arm(e.out.Item.Due)
		}
		if e.out.Breaker != nil {
			l.stored = *e.out.Breaker
			s.dirty = true // what the breaker has held may go, or waits for another time
		}
	}
	if e.closing {
		l.shut--
		l.closed = s.loads
		s.dirty = true
	}
	s.enter(l)
	s.forget(l)
}
