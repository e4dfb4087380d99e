package outboxtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient/engine/outbox"
)

const (
	walks = 12
	steps = 400
	// everySo steps the whole store is compared, and after each what the step was about.
	everySo = 25
)

// Run takes random walks through a store: whatever can happen to items and lanes
// happens in any order, and after every step the store is what the model is.
func Run(t *testing.T, open Open) {
	n := walks
	if testing.Short() {
		n = 2
	}
	for seed := range uint64(n) {
		t.Run(fmt.Sprint("walk ", seed), func(t *testing.T) {
			if err := Walk(t.Context(), open(t), seed, steps); err != nil {
				t.Error(err)
			}
		})
	}
}

// Walk takes one walk of that many steps through an empty store. Its error tells the
// steps up to the one after which the store is not what it should be.
func Walk(ctx context.Context, d Driver, seed uint64, steps int) error {
	w := &walk{Driver: d, model: model{now: d.Now()}, dice: rand.New(rand.NewPCG(seed, 4))}
	for range 3 {
		w.addLane()
	}
	for n := range steps {
		err := w.step(ctx)
		if err == nil {
			err = w.check(ctx, n%everySo == 0 || n == steps-1)
		}
		if err != nil {
			return fmt.Errorf("step %d: %w\n%s", n, err, strings.Join(w.trace[max(0, len(w.trace)-60):], "\n"))
		}
	}
	return nil
}

// A walk is a store under test and the model beside it.
type walk struct {
	Driver
	model model
	dice  *rand.Rand
	trace []string
	about []*modelItem // what the last step may have changed
}

func (w *walk) note(format string, args ...any) {
	w.trace = append(w.trace, fmt.Sprintf(format, args...))
}

// step does one thing at random.
func (w *walk) step(ctx context.Context) error {
	l := w.model.lanes[w.dice.IntN(len(w.model.lanes))]
	w.about = w.model.in(l, outbox.StateDue)
	switch n := w.dice.IntN(100); {
	case n < 25:
		return w.add(l)
	case n < 50:
		return w.claim(ctx)
	case n < 72:
		return w.finish(ctx)
	case n < 76:
		return w.release(ctx)
	case n < 84:
		w.pass()
	case n < 87:
		return w.replay(l)
	case n < 95:
		w.operate(l, n)
	case n < 97:
		w.restart()
	case n < 98 && len(w.model.lanes) < 8:
		w.addLane()
	default:
		return w.setBack(ctx)
	}
	return nil
}

func (w *walk) settings() outbox.LaneSettings {
	s := outbox.LaneSettings{Strict: w.dice.IntN(3) == 0, Rate: float64(w.dice.IntN(3)) * 2.5}
	if w.dice.IntN(2) == 0 {
		s.Schedule = []time.Duration{time.Second, 1500 * time.Millisecond}
	}
	return s
}

func (w *walk) addLane() {
	s := w.settings()
	l := &modelLane{name: w.AddLane(s), settings: s}
	w.note("lane %s %+v", l.name, s)
	w.model.lanes = append(w.model.lanes, l)
}

func (w *walk) add(l *modelLane) error {
	user := w.dice.Int64N(4)
	return w.made(l, user, false, w.Add(l.name, user))
}

func (w *walk) replay(l *modelLane) error {
	for _, s := range []outbox.State{outbox.StateDead, outbox.StateDone, outbox.StateGone} {
		if list := w.model.in(l, s); len(list) > 0 {
			of := list[w.dice.IntN(len(list))]
			return w.made(l, of.user, true, w.Replay(l.name, of.id))
		}
	}
	return nil
}

// made notes a new item.
func (w *walk) made(l *modelLane, user int64, bulk bool, id outbox.ID) error {
	w.note("add %d to %s for %d, bulk %t", id, l.name, user, bulk)
	if l.state == ended {
		if id != 0 {
			return fmt.Errorf("item %d was made in a lane that has ended", id)
		}
		return nil
	}
	if n := len(w.model.items); n > 0 && id <= w.model.items[n-1].id {
		return fmt.Errorf("item %d was made after %d", id, w.model.items[n-1].id)
	}
	i := &modelItem{id: id, lane: l, user: user, bulk: bulk, state: l.wants()}
	w.model.items = append(w.model.items, i)
	w.about = append(w.about, i)
	return nil
}

func (w *walk) claim(ctx context.Context) error {
	var take []outbox.Take
	lanes := map[outbox.Lane]*modelLane{}
	for _, l := range w.model.lanes {
		if w.dice.IntN(2) == 0 {
			t := outbox.Take{Lane: l.name, Max: 1 + w.dice.IntN(5), Live: w.dice.IntN(4) == 0}
			if !l.settings.Strict && w.dice.IntN(4) == 0 {
				t.Skip = []int64{1 + w.dice.Int64N(3), 1 + w.dice.Int64N(3)}
			}
			take = append(take, t)
			lanes[l.name] = l
		}
	}
	if len(take) == 0 {
		return nil
	}
	got, err := w.Store().Claim(ctx, w.model.now, take)
	if err != nil {
		return fmt.Errorf("Claim: %w", err)
	}
	by := map[outbox.Lane][]outbox.Item{}
	for _, i := range got {
		if lanes[i.Lane] == nil {
			return fmt.Errorf("Claim gave item %d of lane %q, which was not asked for", i.ID, i.Lane)
		}
		by[i.Lane] = append(by[i.Lane], i)
	}
	for _, t := range take {
		w.note("claim %+v: %v", t, ids(by[t.Lane]))
		if err := w.model.claim(lanes[t.Lane], t, by[t.Lane]); err != nil {
			return fmt.Errorf("Claim %+v gave %w", t, err)
		}
	}
	w.about = append(w.about, w.model.in(nil, StateClaimed)...)
	return nil
}

func ids(items []outbox.Item) (list []outbox.ID) {
	for _, i := range items {
		list = append(list, i.ID)
	}
	return list
}

// some returns a few of the claimed items.
func (w *walk) some() []*modelItem {
	list := w.model.in(nil, StateClaimed)
	w.dice.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	return list[:min(len(list), 1+w.dice.IntN(6))]
}

func item(i *modelItem) outbox.Item {
	return outbox.Item{ID: i.id, Lane: i.lane.name, User: i.user, Bulk: i.bulk, Tries: i.tries, Waits: i.waits, Due: i.due}
}

func (w *walk) finish(ctx context.Context) error {
	var list []outbox.Outcome
	some := w.some()
	for _, i := range some {
		o := w.outcome(item(i))
		w.note("finish %d of %s: %s, end %t, suspend %t, breaker %v", i.id, i.lane.name, o.State, o.EndLane, o.Suspend, o.Breaker)
		list = append(list, o)
	}
	if len(list) == 0 {
		return nil
	}
	if err := w.Store().Finish(ctx, list); err != nil {
		return fmt.Errorf("Finish: %w", err)
	}
	for n, i := range some {
		w.about = append(w.about, w.model.in(i.lane, outbox.StateDue)...)
		w.model.finish(i, list[n])
	}
	w.about = append(w.about, some...)
	return nil
}

// outcome makes up what became of a send.
func (w *walk) outcome(i outbox.Item) outbox.Outcome {
	o := outbox.Outcome{Item: i, State: outbox.StateDone}
	o.Item.Tries++
	if w.dice.IntN(3) == 0 {
		b := outbox.Breaker{Failures: w.dice.IntN(9), Success: w.model.now}
		if b.Failures >= 5 {
			b.Open, b.Probe = w.model.now.Add(-time.Minute), w.model.now.Add(time.Minute)
		}
		o.Breaker = &b
	}
	switch n := w.dice.IntN(40); {
	case n < 1:
		o.State, o.EndLane = outbox.StateGone, true
	case n < 4:
		o.State, o.Suspend, o.Item.Due = outbox.StateDue, true, w.model.now
	case n < 8:
		o.State = outbox.StateDead
	case n < 20:
		o.State, o.Item.Due = outbox.StateDue, w.soon()
	case n < 25:
		o.Item.Tries--
		o.Item.Waits++
		o.State, o.Item.Due = outbox.StateDue, w.soon()
	}
	return o
}

func (w *walk) soon() time.Time {
	return w.model.now.Add(time.Duration(w.dice.IntN(180_000)) * time.Millisecond)
}

func (w *walk) release(ctx context.Context) error {
	var list []outbox.Item
	some := w.some()
	for _, i := range some {
		list = append(list, item(i))
	}
	if len(list) == 0 {
		return nil
	}
	w.note("release %v", ids(list))
	if err := w.Store().Release(ctx, list); err != nil {
		return fmt.Errorf("Release: %w", err)
	}
	for _, i := range some {
		i.state = i.lane.wants()
	}
	w.about = append(w.about, some...)
	return nil
}

// pass lets time go by.
func (w *walk) pass() {
	w.model.now = w.soon()
	w.note("it is %v", w.model.now)
	w.SetClock(w.model.now)
}

func (w *walk) setBack(ctx context.Context) error {
	by := time.Duration(w.dice.IntN(100_000)) * time.Second
	w.note("the clock is set back by %v", by)
	w.model.shift(by)
	w.SetClock(w.model.now)
	if err := w.Store().Shift(ctx, by); err != nil {
		return fmt.Errorf("Shift: %w", err)
	}
	return nil
}

// operate does what an operator does to a lane.
func (w *walk) operate(l *modelLane, n int) {
	w.about = append(w.about, w.model.in(l, StateHeld)...)
	switch {
	case l.state == ended:
	case n < 89:
		w.note("pause %s", l.name)
		w.Pause(l.name)
		w.model.turn(l, paused)
	case n < 92 && l.state == paused:
		w.note("resume %s", l.name)
		w.Resume(l.name)
		w.model.turn(l, active)
		l.breaker = outbox.Breaker{}
	case n == 94 && w.dice.IntN(4) == 0:
		w.note("end %s", l.name)
		w.End(l.name)
		w.model.turn(l, ended)
	default:
		l.settings = w.settings()
		w.note("set %s %+v", l.name, l.settings)
		w.SetLane(l.name, l.settings)
	}
}

func (w *walk) restart() {
	w.note("restart")
	w.Restart()
	for _, i := range w.model.in(nil, StateClaimed) {
		i.state = i.lane.wants()
		w.about = append(w.about, i)
	}
}

// check compares the store with the model.
func (w *walk) check(ctx context.Context, all bool) error {
	list := w.about
	if all {
		list = w.model.items
	}
	for _, i := range list {
		want := Entry{State: i.state, Tries: i.tries, Waits: i.waits}
		got := w.Entry(i.lane.name, i.id)
		if i.state == outbox.StateDue && !i.fresh() {
			want.Due, got.Due = w.model.notPast(i.due), w.model.notPast(got.Due)
		} else {
			got.Due = time.Time{}
		}
		if got.State != want.State || got.Tries != want.Tries || got.Waits != want.Waits || !got.Due.Equal(want.Due) {
			return fmt.Errorf("item %d of lane %s is %+v, want %+v", i.id, i.lane.name, got, want)
		}
	}
	return w.checkWaiting(ctx)
}

func (w *walk) checkWaiting(ctx context.Context) error {
	list, err := w.Store().Waiting(ctx)
	if err != nil {
		return fmt.Errorf("Waiting: %w", err)
	}
	for _, l := range w.model.lanes {
		due, ok := w.model.waiting(l)
		at := slices.IndexFunc(list, func(g outbox.Waiting) bool { return g.Lane == l.name })
		if ok != (at >= 0) {
			return fmt.Errorf("Waiting lists lane %s: %t, want %t", l.name, at >= 0, ok)
		}
		if !ok {
			continue
		}
		got := list[at]
		if g := w.model.notPast(got.Due); !g.Equal(due) {
			return fmt.Errorf("Waiting has lane %s due at %v, want %v", l.name, g, due)
		}
		if got.Settings.Strict != l.settings.Strict || got.Settings.Rate != l.settings.Rate || !slices.Equal(got.Settings.Schedule, l.settings.Schedule) {
			return fmt.Errorf("Waiting has lane %s with %+v, want %+v", l.name, got.Settings, l.settings)
		}
		b, want := got.Breaker, l.breaker // a store may take the last success from what was sent since
		if b.Failures != want.Failures || !b.Open.Equal(want.Open) || !b.Probe.Equal(want.Probe) || b.Success.Before(want.Success) {
			return fmt.Errorf("Waiting has lane %s with the breaker %+v, want %+v", l.name, b, want)
		}
	}
	return nil
}
