package outbox_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// most returns how many of the times lie in one span of that length at most.
func most(at []time.Duration, span time.Duration) (n int) {
	at = slices.Sorted(slices.Values(at))
	first := 0
	for i, t := range at {
		for at[first]+span <= t {
			first++
		}
		n = max(n, i-first+1)
	}
	return n
}

// TestHostLimits sends to a host with two limits from many lanes, with a pause between
// two bursts, beside a lane that goes elsewhere.
func TestHostLimits(t *testing.T) {
	const host = "hooks.example.com"
	second, minutes := outbox.Limit{Count: 25, Per: time.Second}, outbox.Limit{Count: 2000, Per: 5 * time.Minute}
	for _, engines := range []int{1, 2, 60} {
		t.Run(fmt.Sprint(engines), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := outboxtest.NewMemory(), newWitness()
				o, stop := start(t, outbox.Config{
					Store: m, Sender: w.watch(after(30*time.Millisecond, outbox.Result{Verdict: outbox.Done})),
					HostLimits: map[string][]outbox.Limit{host: {second, minutes}}, Share: func() int { return engines },
				})
				burst := func(first int) {
					for n := range 100 {
						l := outbox.Lane(fmt.Sprintf("limited/%02d", n))
						m.SetLane(l, outbox.LaneSettings{Host: host})
						m.Put(items(l, first+100*n, 40)...)
					}
				}
				burst(0)
				pass(90 * time.Second)
				m.Put(items("free", 1_000_000, 1000)...)
				pass(20 * time.Second)
				if got := len(w.began(lane("free"))); got != 1000 {
					t.Errorf("%d of 1000 sends of the lane without a limit", got)
				}
				if st := o.Stats(); st.Limited < 15 || st.Claimed > 200 || len(st.Blocked) < 90 {
					t.Errorf("while lanes wait for the host: %+v", st)
				}
				pass(20 * time.Minute)
				burst(100_000)
				pass(time.Hour)
				limited := w.began(func(i outbox.Item) bool { return i.Lane != "free" })
				for _, l := range []outbox.Limit{second, minutes} {
					if n := most(limited, l.Per*time.Duration(max(1, engines/l.Count))); n > max(1, l.Count/engines) {
						t.Errorf("%d sends in %v, want at most %d of %d", n, l.Per, l.Count/engines, l.Count)
					}
				}
				if n := most(limited, time.Second); engines == 1 && n != 25 {
					t.Errorf("%d sends in the fullest second: the limit must be used", n)
				}
				pass(48 * time.Hour)
				mustStop(t, stop)
				if diff := cmp.Diff(map[string]int{"done": 9000}, m.States()); diff != "" {
					t.Errorf("states (-want +got):\n%s", diff)
				}
				for _, out := range m.Outcomes() {
					if out.Item.Tries != 1 || out.Item.Waits != 0 {
						t.Fatalf("waiting for a limit was counted: %+v", out.Item)
					}
				}
			})
		})
	}
}

// TestHostIsShared checks that no lane of a limited host is left behind: each has 40
// sends, give or take the eight that it has claimed at a time.
func TestHostIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		_, stop := start(t, outbox.Config{
			Store: m, Sender: w.watch(after(10*time.Millisecond, outbox.Result{Verdict: outbox.Done})),
			HostLimits: map[string][]outbox.Limit{"h": {{Count: 10, Per: time.Second}}},
		})
		for n := range 50 {
			l := outbox.Lane(fmt.Sprintf("%02d", n))
			m.SetLane(l, outbox.LaneSettings{Host: "h"})
			m.Put(items(l, 1000*n, 500)...)
		}
		pass(200 * time.Second)
		mustStop(t, stop)
		for n := range 50 {
			if got := len(w.began(lane(outbox.Lane(fmt.Sprintf("%02d", n))))); got < 20 || got > 60 {
				t.Errorf("lane %d had %d of 2000 sends", n, got)
			}
		}
	})
}

// TestRate gives lanes a rate of their own, and another one while they send.
func TestRate(t *testing.T) {
	for _, rate := range []float64{0.1, 0.5, 1, 1.5, 7, 100} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := outboxtest.NewMemory(), newWitness()
				o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(after(time.Millisecond, outbox.Result{Verdict: outbox.Done}))})
				m.SetLane("a", outbox.LaneSettings{Rate: rate})
				total := int(rate*60) + 40
				m.Put(items("a", 1, total)...)
				m.Put(items("b", 1_000_000, 100)...)
				pass(time.Minute)
				at := w.began(lane("a"))
				if got, want := float64(len(at)), rate*60; got < want-1 || got > want+max(1, rate) {
					t.Errorf("%v sends in a minute, want %v", got, want)
				}
				span := max(time.Second, time.Duration(float64(time.Second)/rate))
				if n := most(at, span); float64(n) > math.Ceil(rate) {
					t.Errorf("%d sends in %v at a rate of %v", n, span, rate)
				}
				if n := len(w.began(lane("b"))); n != 100 {
					t.Errorf("%d of 100 sends beside it", n)
				}
				m.SetLane("a", outbox.LaneSettings{})
				o.Wake()
				pass(20 * time.Second)
				mustStop(t, stop)
				if diff := cmp.Diff(map[string]int{"done": total + 100}, m.States()); diff != "" {
					t.Errorf("states after the limit was taken off (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestRateIsKeptWhileIdle sends one item at a time to a lane that has nothing else.
func TestRateIsKeptWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		_, stop := start(t, outbox.Config{Store: m, Sender: w.watch(after(time.Millisecond, outbox.Result{Verdict: outbox.Done}))})
		m.SetLane("a", outbox.LaneSettings{Rate: 0.5})
		for n := range outbox.ID(20) {
			m.Put(outbox.Item{ID: n + 1, Lane: "a"})
			pass(100 * time.Millisecond)
		}
		pass(time.Hour)
		mustStop(t, stop)
		if at := w.began(lane("a")); most(at, 2*time.Second) != 1 || len(at) != 20 {
			t.Errorf("sends at %v", at)
		}
	})
}

// TestLaneSchedule gives a lane a schedule, and another while items wait.
func TestLaneSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(after(0, outbox.Result{}))})
		m.SetLane("a", outbox.LaneSettings{Schedule: []time.Duration{time.Minute, time.Hour, time.Hour}})
		m.Put(outbox.Item{ID: 1, Lane: "a"})
		pass(90 * time.Second)
		m.SetLane("a", outbox.LaneSettings{Schedule: []time.Duration{time.Minute, time.Hour, 5 * time.Hour, time.Second}})
		o.Wake()
		pass(24 * time.Hour)
		mustStop(t, stop)
		s, h := time.Second, time.Hour
		want := []time.Duration{0, 60 * s, 60*s + h, 60*s + 6*h, 61*s + 6*h}
		if diff := cmp.Diff(want, w.began(lane("a"))); diff != "" {
			t.Errorf("tries (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{"dead": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}
