package outbox_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// A farEnd can be up or down.
type farEnd struct {
	mu   sync.Mutex // guards all below
	down outbox.Result
	is   bool // down
}

func (f *farEnd) set(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.is = down
}

func (f *farEnd) answer(context.Context, outbox.Item) outbox.Result {
	<-time.After(10 * time.Millisecond)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.is {
		return f.down
	}
	return outbox.Result{Verdict: outbox.Done}
}

func lane(l outbox.Lane) func(outbox.Item) bool {
	return func(i outbox.Item) bool { return i.Lane == l }
}

// TestBreaker has a far side be down for a day with much that waits, beside a lane
// that works, with a restart every now and then.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		far := &farEnd{down: outbox.Result{Down: true, Error: "no connection"}, is: true}
		cfg := outbox.Config{Store: m, Sender: w.watch(func(ctx context.Context, i outbox.Item) outbox.Result {
			if i.Lane == "well" {
				return outbox.Result{Verdict: outbox.Done}
			}
			return far.answer(ctx, i)
		})}
		o, stop := start(t, cfg)
		m.Put(items("a", 1, 50_000)...)
		for n := range 24 {
			m.Put(items("well", 100_000+100*n, 100)...)
			pass(time.Hour)
			if n%5 == 0 {
				if st := o.Stats(); st.Open != 1 || st.Claimed != 0 || st.Oldest != 0 || !cmp.Equal(st.Blocked, []outbox.Lane{"a"}) {
					t.Errorf("after %d hours: %+v", n, st)
				}
				mustStop(t, stop)
				if b := m.Breaker("a"); b.Open.IsZero() || !b.Probe.After(time.Now()) {
					t.Errorf("the store has the breaker %+v", b)
				}
				o, stop = start(t, cfg)
			}
		}
		checkProbes(t, w.began(lane("a")))
		if got := len(w.began(lane("well"))); got != 2400 {
			t.Errorf("%d sends in the lane beside it, want 2400", got)
		}
		far.set(false)
		pass(2 * time.Hour)  // the next probe is 12 h after the last
		o.Resume("a")        // somebody knows that it is up again
		pass(10 * time.Hour) // 50,000 at 4 in 10 ms are 125 s
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"done": 52_400}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if b := m.Breaker("a"); !b.Open.IsZero() || b.Failures != 0 || !b.Probe.IsZero() {
			t.Errorf("the breaker is %+v after a success", b)
		}
		checkTries(t, m.Outcomes())
	})
}

// checkTries checks that nobody but the probes has used up a try.
func checkTries(t *testing.T, list []outbox.Outcome) {
	t.Helper()
	tries := 0
	for _, out := range list {
		tries += max(0, out.Item.Tries-1)
	}
	if tries > 17*outbox.MaxTries {
		t.Errorf("%d tries were used up", tries)
	}
}

// checkProbes checks the sends to a far side that is down for a day: the first four, at
// most three that had begun when the breaker opened, and a probe for each wait of the
// schedule.
func checkProbes(t *testing.T, at []time.Duration) {
	t.Helper()
	probes := at[len(at)-9:]
	s, h := time.Second, time.Hour
	var want []time.Duration
	sum := probes[0] - 5*s
	for _, d := range []time.Duration{5 * s, 30 * s, 120 * s, 600 * s, 1800 * s, h, 2 * h, 4 * h, 8 * h} {
		sum += d
		want = append(want, sum)
		sum += 10 * time.Millisecond
	}
	if diff := cmp.Diff(want, probes); diff != "" || len(at) > 9+8 {
		t.Errorf("%d sends in a day; probes (-want +got):\n%s", len(at), diff)
	}
}

// TestSuspend keeps a far side down for good.
func TestSuspend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		far := &farEnd{down: outbox.Result{Down: true}, is: true}
		o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(far.answer)})
		m.Put(items("a", 1, 1000)...)
		day := 24 * time.Hour
		pass(5*day - time.Hour)
		if s := m.States(); s["held"] != 0 || s["due"] < 990 {
			t.Errorf("states before five days have passed: %v", s)
		}
		pass(2 * day)
		m.Put(items("a", 5000, 10)...)
		pass(20 * day)
		s := m.States()
		if s["due"]+s["claimed"] != 0 || s["held"] < 1000 || s["held"]+s["dead"] != 1010 {
			t.Errorf("states of a suspended lane: %v", s)
		}
		at := w.began(lane("a"))
		if last := at[len(at)-1]; last < 5*day || last > 6*day+time.Hour {
			t.Errorf("the last probe was after %v", last)
		}
		far.set(false)
		m.Resume("a")
		o.Resume("a")
		pass(time.Hour)
		mustStop(t, stop)
		if s := m.States(); s["done"] < 1000 || s["done"]+s["dead"] != 1010 {
			t.Errorf("states after it was resumed: %v", s)
		}
	})
}

// TestBreakerStaysClosed shows failures that say nothing of a far side that is down.
func TestBreakerStaysClosed(t *testing.T) {
	for _, test := range []struct {
		name string
		say  func(n int) outbox.Result
	}{
		{"others", func(int) outbox.Result { return outbox.Result{} }},
		{"four in a row", func(n int) outbox.Result {
			if n%5 == 4 {
				return outbox.Result{Verdict: outbox.Done}
			}
			return outbox.Result{Down: true}
		}},
		{"one between", func(n int) outbox.Result { return outbox.Result{Down: n%5 != 4} }},
		{"given up", func(int) outbox.Result { return outbox.Result{Verdict: outbox.GiveUp, Down: true} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := outboxtest.NewMemory()
				n := 0
				_, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
					n++
					return test.say(n - 1)
				})})
				m.Put(items("a", 1, 200)...)
				pass(30 * 24 * time.Hour)
				mustStop(t, stop)
				for _, o := range m.Outcomes() {
					if o.Breaker != nil && !o.Breaker.Open.IsZero() {
						t.Fatalf("the breaker has opened: %+v", *o.Breaker)
					}
				}
				if s := m.States(); s["due"]+s["held"] != 0 {
					t.Errorf("states %v", s)
				}
			})
		})
	}
}

// TestPauseOutlivesRestart restarts while the far side has asked for a pause.
func TestPauseOutlivesRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		cfg := outbox.Config{Store: m, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
			if i.ID == 1 && i.Fresh() {
				return outbox.Result{Verdict: outbox.Wait, After: 30 * time.Minute}
			}
			return outbox.Result{Verdict: outbox.Done}
		})}
		m.Put(outbox.Item{ID: 1, Lane: "a"})
		_, stop := start(t, cfg)
		pass(time.Minute)
		mustStop(t, stop)
		m.Put(items("a", 2, 10)...)
		_, stop = start(t, cfg)
		pass(time.Hour)
		mustStop(t, stop)
		for _, at := range w.began(lane("a"))[1:] {
			if at != 30*time.Minute {
				t.Errorf("a send began %v after the far side had asked for 30 minutes", at)
			}
		}
		if diff := cmp.Diff(map[string]int{"done": 11}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}
