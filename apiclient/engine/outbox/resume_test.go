package outbox_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// A gatedStore records nothing until its gate is open.
type gatedStore struct {
	*outboxtest.Memory
	gate   chan struct{}
	refuse error // what the first call is answered with; nil: it is taken
}

func (s *gatedStore) Finish(ctx context.Context, list []outbox.Outcome) error {
	<-s.gate
	if err := s.refuse; err != nil {
		s.refuse = nil
		return err
	}
	return s.Memory.Finish(ctx, list)
}

// TestResumeBeforeRecord ends the pauses of a lane while results that led to them are not
// recorded: they wait behind a commit, or are refused by one and told again. What is due
// when the pause is over is due at once, and the store is told of no pause; what waits by
// the schedule keeps its time.
func TestResumeBeforeRecord(t *testing.T) {
	for _, test := range []struct {
		name    string
		verdict outbox.Verdict
		before  outbox.Lane // whose result is being recorded meanwhile; empty: that of the lane itself
		refuse  error
	}{
		{"to wait, behind a commit", outbox.Wait, "b", nil},
		{"to stall, behind a commit", outbox.Stall, "b", nil},
		{"to wait, refused", outbox.Wait, "", errors.New("the disk is full")},
		{"to stall, refused", outbox.Stall, "", errors.New("the disk is full")},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := &gatedStore{Memory: outboxtest.NewMemory(), gate: make(chan struct{}), refuse: test.refuse}, newWitness()
				o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
					<-time.After(time.Duration(i.ID) * time.Second)
					switch {
					case i.ID == 1 && i.Fresh() && time.Since(w.begin) < time.Minute:
						return outbox.Result{Verdict: test.verdict, After: time.Hour}
					case i.ID == 2 && i.Fresh():
						return outbox.Result{Down: true}
					}
					return outbox.Result{Verdict: outbox.Done}
				})})
				if test.before != "" {
					m.Put(outbox.Item{ID: 0, Lane: test.before})
				}
				m.Put(items("a", 1, 2)...)
				o.Wake()
				pass(time.Minute)
				o.Resume("a")
				synctest.Wait()
				resumed := time.Now()
				close(m.gate)
				pass(500 * time.Millisecond)
				checkUnpaused(t, m.Outcomes(), resumed, test.refuse != nil)
				pass(20 * time.Minute)
				mustStop(t, stop)
				if s := m.States(); s["done"] != len(m.Outcomes())-2 || s["due"] != 0 {
					t.Errorf("states after the pause was ended: %v", s)
				}
			})
		})
	}
}

// checkUnpaused checks what was recorded soon after the pauses of the lane were ended; of
// what was refused nothing is, for a second.
func checkUnpaused(t *testing.T, list []outbox.Outcome, resumed time.Time, refused bool) {
	t.Helper()
	found := 0
	for _, out := range list {
		if out.State == outbox.StateDone {
			continue
		}
		found++
		if want := map[outbox.ID]time.Time{1: resumed, 2: resumed.Add(-58 * time.Second).Add(5 * time.Second)}[out.Item.ID]; !out.Item.Due.Equal(want) {
			t.Errorf("item %d is recorded as due %v after the pause was ended; want %v", out.Item.ID, out.Item.Due.Sub(resumed), want.Sub(resumed))
		}
		if out.Breaker != nil && !out.Breaker.Probe.IsZero() {
			t.Errorf("with item %d a pause of %v is recorded", out.Item.ID, out.Breaker.Probe.Sub(resumed))
		}
	}
	if want := map[bool]int{false: 2, true: 0}[refused]; found != want {
		t.Errorf("%d results of the lane are recorded; want %d", found, want)
	}
}

// TestResumeDuringRecord ends the pauses of a lane while the result that led to one is being
// recorded: the item keeps its time, and all else of the lane goes on, though the store has
// been told of the pause.
func TestResumeDuringRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := &gatedStore{Memory: outboxtest.NewMemory(), gate: make(chan struct{})}, newWitness()
		o, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: w.watch(func(context.Context, outbox.Item) outbox.Result {
			if time.Since(w.begin) < time.Minute {
				return outbox.Result{Verdict: outbox.Wait, After: time.Hour}
			}
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 3)...)
		o.Wake()
		pass(time.Minute)
		o.Resume("a")
		synctest.Wait()
		close(m.gate)
		pass(time.Minute)
		if s := m.States(); s["done"] != 2 || s["due"] != 1 {
			t.Errorf("states after the pause was ended: %v; want all done but one", s)
		}
		m.Put(items("a", 4, 1)...)
		o.Wake()
		pass(time.Minute)
		if s := m.States(); s["done"] != 3 || s["due"] != 1 {
			t.Errorf("states after something new: %v; want it done", s)
		}
		pass(time.Hour)
		mustStop(t, stop)
		if s := m.States(); s["done"] != 4 {
			t.Errorf("states in the end: %v", s)
		}
	})
}

// TestResumedLaneGoesOn ends the pause of a lane that the store goes on to know of, where
// nothing is due: what comes later is sent at once.
func TestResumedLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
			if i.Fresh() && i.ID == 1 {
				return outbox.Result{Verdict: outbox.Wait, After: time.Hour}
			}
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 1)...)
		pass(time.Minute)
		o.Resume("a")
		pass(time.Minute)
		m.Put(items("a", 2, 1)...)
		pass(time.Minute)
		if s := m.States(); s["done"] != 1 {
			t.Errorf("states after something new in a lane that was resumed: %v", s)
		}
		pass(time.Hour)
		mustStop(t, stop)
		if s := m.States(); s["done"] != 2 {
			t.Errorf("states in the end: %v", s)
		}
	})
}
