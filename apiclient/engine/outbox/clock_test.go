package outbox_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// A wall is a clock that can be set.
type wall struct {
	mu   sync.Mutex // guards what follows
	diff time.Duration
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.diff).Round(0)
}

func (w *wall) set(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.diff += by
}

// TestClockSetBack sets the clock back a day while all kinds of things wait: none
// waits more than a minute longer than it was to.
func TestClockSetBack(t *testing.T) {
	for _, after := range []time.Duration{1, 5 * time.Second, time.Minute, 40 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w, clock := outboxtest.NewMemory(), newWitness(), &wall{}
				broken := true
				_, stop := start(t, outbox.Config{Store: m, Now: clock.now, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
					switch {
					case i.Lane == "retries", i.Lane == "strict" && i.ID < 210:
						return outbox.Result{}
					case i.Lane == "pause" && i.Fresh() && i.ID == 300:
						return outbox.Result{Verdict: outbox.Wait, After: time.Hour}
					case i.Lane == "stall" && broken:
						broken = false
						return outbox.Result{Verdict: outbox.Stall, After: time.Hour}
					case i.Lane == "down" && time.Since(w.begin) < 2*time.Hour:
						return outbox.Result{Down: true}
					}
					return outbox.Result{Verdict: outbox.Done}
				})})
				m.SetLane("strict", outbox.LaneSettings{Strict: true})
				m.Put(items("retries", 100, 3)...)
				m.Put(items("strict", 209, 3)...)
				m.Put(items("down", 400, 50)...)
				m.Put(items("stall", 500, 10)...)
				m.Put(outbox.Item{ID: 300, Lane: "pause"})
				pass(after)
				m.Put(items("pause", 301, 5)...)
				clock.set(-24 * time.Hour)
				pass(time.Minute)
				m.Put(outbox.Item{ID: 600, Lane: "new", Due: clock.now()})
				pass(20 * 24 * time.Hour)
				mustStop(t, stop)

				checkSchedule(t, w.began(func(i outbox.Item) bool { return i.ID == 100 }))
				checkPauses(t, append(w.began(lane("pause"))[1:], w.began(lane("stall"))...))
				if at := w.began(lane("new")); len(at) != 1 || at[0] > after+time.Minute+time.Second {
					t.Errorf("what was new was sent at %v", at)
				}
				down := w.began(lane("down"))
				if last := down[len(down)-1]; last > 12*time.Hour {
					t.Errorf("the lane that was down for two hours was still sending after %v", last)
				}
				if s := m.States(); s["due"]+s["claimed"]+s["held"] != 0 || s["dead"] != 4 {
					t.Errorf("states %v", s)
				}
			})
		})
	}
}

// checkSchedule checks that the tries of an item keep the schedule to the minute.
func checkSchedule(t *testing.T, at []time.Duration) {
	t.Helper()
	if len(at) != outbox.MaxTries {
		t.Fatalf("%d tries, want %d", len(at), outbox.MaxTries)
	}
	sum := time.Duration(0)
	for n, at := range at {
		wait, _ := outbox.Schedule(n, 0.5)
		if sum += wait; (at - sum).Abs() > time.Minute {
			t.Errorf("try %d was after %v, want %v", n+1, at, sum)
		}
	}
}

// checkPauses checks that sends began after a pause of an hour, to the minute, or
// beside the one that led to it.
func checkPauses(t *testing.T, at []time.Duration) {
	t.Helper()
	for _, at := range at {
		if at != 0 && (at-time.Hour).Abs() > time.Minute {
			t.Errorf("after a pause of an hour a send began after %v", at)
		}
	}
}

// TestClockSetForward sets the clock forward a day, as when a machine has slept: what
// is due by then goes out within a minute, and uses up one try.
func TestClockSetForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w, clock := outboxtest.NewMemory(), newWitness(), &wall{}
		_, stop := start(t, outbox.Config{Store: m, Now: clock.now, Sender: w.watch(after(0, outbox.Result{}))})
		m.Put(items("a", 1, 3)...)
		pass(time.Hour) // five tries, the next is half an hour off
		before := len(w.all())
		clock.set(24 * time.Hour)
		pass(time.Minute)
		if got := len(w.all()) - before; got != 3 {
			t.Errorf("%d sends in the minute after the clock was set, want 3", got)
		}
		pass(20 * 24 * time.Hour)
		mustStop(t, stop)
		if got := len(w.all()); got != 3*outbox.MaxTries {
			t.Errorf("%d sends, want %d", got, 3*outbox.MaxTries)
		}
	})
}

// TestClockIsOftenSet moves the clock to and fro; all arrives.
func TestClockIsOftenSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w, clock := outboxtest.NewMemory(), newWitness(), &wall{}
		_, stop := start(t, outbox.Config{Store: m, Now: clock.now, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
			if i.Tries < 4 {
				return outbox.Result{}
			}
			return outbox.Result{Verdict: outbox.Done}
		})})
		for n := range 50 {
			m.Put(outbox.Item{ID: outbox.ID(n), Lane: "a", User: 1, Due: clock.now()})
			pass(47 * time.Second)
			clock.set(time.Duration((n%5)-2) * 9 * time.Hour)
		}
		pass(2 * time.Hour)
		mustStop(t, stop)
		if s := m.States(); s["done"] != 50 {
			t.Errorf("states %v", s)
		}
		checkUserOrder(t, w.all())
	})
}

// TestWrongClockBefore opens a store in which a process with a wrong clock has put off
// a lane by years.
func TestWrongClockBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w, clock := outboxtest.NewMemory(), newWitness(), &wall{}
		clock.set(20 * 365 * 24 * time.Hour)
		up := false
		cfg := outbox.Config{Store: m, Now: clock.now, Sender: w.watch(func(context.Context, outbox.Item) outbox.Result {
			return map[bool]outbox.Result{false: {Down: true}, true: {Verdict: outbox.Done}}[up]
		})}
		_, stop := start(t, cfg)
		m.Put(items("a", 1, 20)...)
		pass(time.Hour)
		mustStop(t, stop)
		clock.set(-20 * 365 * 24 * time.Hour)
		up = true
		_, stop = start(t, cfg)
		pass(time.Minute)
		mustStop(t, stop)
		// What was tried has a time of its own, which only the store could know to be wrong.
		if s := m.States(); s["done"] < 10 {
			t.Errorf("states %v", s)
		}
	})
}
