package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// TestWaitPausesTheLane checks that nobody else of the lane is sent meanwhile,
// and that nothing of it stays claimed.
func TestWaitPausesTheLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		begin := time.Now()
		var mu sync.Mutex
		at := map[time.Duration]int{}
		_, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			mu.Lock()
			defer mu.Unlock()
			at[time.Since(begin)]++
			if i.Lane == "a" && time.Since(begin) < time.Minute {
				return outbox.Result{Verdict: outbox.Wait, After: time.Minute}
			}
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 40)...)
		pass(30 * time.Second)
		if diff := cmp.Diff(map[string]int{"due": 40}, m.States()); diff != "" {
			t.Errorf("states during the pause (-want +got):\n%s", diff)
		}
		m.Put(items("b", 100, 1)...)
		pass(time.Hour)
		mustStop(t, stop)
		if diff := cmp.Diff(map[time.Duration]int{0: 1, 30 * time.Second: 1, time.Minute: 40}, at); diff != "" {
			t.Errorf("sends by time (-want +got):\n%s", diff)
		}
	})
}

// TestEndOfLane ends a lane with items waiting, queued and under way.
func TestEndOfLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var sends atomic.Int32
		_, stop := start(t, outbox.Config{Store: m, PerLane: 2, Ahead: 8, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			sends.Add(1)
			if i.ID == 1 {
				<-time.After(time.Second)
				return outbox.Result{Verdict: outbox.End}
			}
			<-time.After(time.Minute)
			return outbox.Result{} // under way when the lane ended, and failed: it must not come back
		})})
		m.Put(items("a", 1, 30)...)
		m.Put(items("b", 100, 3)...)
		pass(5 * time.Second)
		if diff := cmp.Diff(map[string]int{"gone": 29, "claimed": 4}, m.States()); diff != "" {
			t.Errorf("states after the end (-want +got):\n%s", diff)
		}
		pass(20 * 24 * time.Hour)
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"gone": 30, "dead": 3}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if got, want := int(sends.Load()), 2+3*outbox.MaxTries; got != want {
			t.Errorf("%d sends, want %d", got, want)
		}
	})
}

// TestHangingLanes fills many lanes with a far side that hangs for 20 s and
// measures how long items of other lanes take.
func TestHangingLanes(t *testing.T) {
	for _, hanging := range []int{1, 10, 40} {
		t.Run(fmt.Sprint(hanging), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := outboxtest.NewMemory()
				arrived := map[outbox.ID]time.Time{}
				var mu sync.Mutex
				_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
					if strings.HasPrefix(string(i.Lane), "hanging") {
						<-time.After(20 * time.Second)
						return outbox.Result{}
					}
					<-time.After(10 * time.Millisecond)
					mu.Lock()
					defer mu.Unlock()
					arrived[i.ID] = time.Now()
					return outbox.Result{Verdict: outbox.Done}
				})})
				for n := range hanging {
					m.Put(items(outbox.Lane(fmt.Sprintf("hanging/%d", n)), n*1000, 500)...)
				}
				pass(time.Minute)
				made := map[outbox.ID]time.Time{}
				for n := range 400 {
					id := outbox.ID(1_000_000 + n)
					made[id] = time.Now()
					m.Put(outbox.Item{ID: id, Lane: outbox.Lane(fmt.Sprintf("quick/%d", n%90)), Due: time.Now()})
					pass(25 * time.Millisecond)
				}
				pass(time.Second)
				for id, at := range made {
					if took := arrived[id].Sub(at); took != 10*time.Millisecond {
						t.Errorf("item %d took %v beside %d hanging lanes", id, took, hanging)
					}
				}
				mustStop(t, stop)
			})
		})
	}
}

// TestLanesTakeTurns gives one worker a lane with much and lanes with little to do.
func TestLanesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		m.Put(items("big", 1, 10_000)...)
		for n := range 20 {
			m.Put(items(outbox.Lane(fmt.Sprintf("small/%02d", n)), 20_000+10*n, 3)...)
		}
		var order []outbox.Lane
		_, stop := start(t, outbox.Config{Store: m, Workers: 1, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			order = append(order, i.Lane)
			<-time.After(time.Second)
			return outbox.Result{Verdict: outbox.Done}
		})})
		pass(80 * time.Second)
		mustStop(t, stop)
		// 63 sends are three rounds; a lane may be a round late by when it was claimed.
		count := map[outbox.Lane]int{}
		for _, l := range order[:66] {
			count[l]++
		}
		for n := range 20 {
			if l := outbox.Lane(fmt.Sprintf("small/%02d", n)); count[l] != 3 {
				t.Errorf("lane %s was served %d times in the first 66 sends, want 3", l, count[l])
			}
		}
	})
}

func TestOrderWithinALane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var got []outbox.ID
		_, stop := start(t, outbox.Config{Store: m, PerLane: 1, Ahead: 3, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			got = append(got, i.ID)
			<-time.After(time.Millisecond)
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 200)...)
		pass(time.Minute)
		mustStop(t, stop)
		if !slices.IsSorted(got) || len(got) != 200 {
			t.Errorf("sent %d items in the order %v", len(got), got)
		}
	})
}

// TestLimits checks that neither a lane nor the whole ever has too many sends.
func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var mu sync.Mutex
		now, most, total, mostTotal := map[outbox.Lane]int{}, map[outbox.Lane]int{}, 0, 0
		_, stop := start(t, outbox.Config{Store: m, Workers: 16, PerLane: 3, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			mu.Lock()
			now[i.Lane]++
			total++
			most[i.Lane], mostTotal = max(most[i.Lane], now[i.Lane]), max(mostTotal, total)
			mu.Unlock()
			<-time.After(time.Second)
			mu.Lock()
			defer mu.Unlock()
			now[i.Lane]--
			total--
			return outbox.Result{Verdict: outbox.Done}
		})})
		for n := range 30 {
			m.Put(items(outbox.Lane(fmt.Sprint(n)), 1000*n, 20)...)
		}
		pass(time.Hour)
		mustStop(t, stop)
		if mostTotal != 16 {
			t.Errorf("%d sends at once, want 16", mostTotal)
		}
		for l, n := range most {
			if n > 3 {
				t.Errorf("%d sends at once in lane %s, want at most 3", n, l)
			}
		}
		if diff := cmp.Diff(map[string]int{"done": 600}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// TestSlowLane checks that after a Slow failure one send at a time probes, until one is done.
func TestSlowLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		begin := time.Now()
		var mu sync.Mutex
		now, most := 0, map[string]int{}
		_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			phase := "first"
			switch d := time.Since(begin); {
			case d >= 60*time.Second:
				phase = "well"
			case d >= 2*time.Second:
				phase = "slow"
			}
			mu.Lock()
			now++
			most[phase] = max(most[phase], now)
			mu.Unlock()
			<-time.After(time.Second)
			mu.Lock()
			defer mu.Unlock()
			now--
			if phase == "well" {
				return outbox.Result{Verdict: outbox.Done}
			}
			return outbox.Result{Slow: true}
		})})
		m.Put(items("a", 1, 200)...)
		pass(20 * 24 * time.Hour)
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"first": 4, "slow": 1, "well": 4}, most); diff != "" {
			t.Errorf("most sends at once (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{"done": 200}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// TestSkip pauses a lane whose items are claimed already, and resumes it.
func TestSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var mu sync.Mutex
		sent := 0
		o, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			if m.Stopped(i.Lane) {
				return outbox.Result{Verdict: outbox.Skip}
			}
			<-time.After(time.Second)
			mu.Lock()
			defer mu.Unlock()
			sent++
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 50)...)
		pass(1500 * time.Millisecond)
		m.Pause("a")
		pass(time.Hour)
		if diff := cmp.Diff(map[string]int{"done": 2, "held": 48}, m.States()); diff != "" {
			t.Errorf("states while paused (-want +got):\n%s", diff)
		}
		m.Resume("a")
		o.Wake()
		pass(time.Hour)
		if diff := cmp.Diff(map[string]int{"done": 50}, m.States()); diff != "" || sent != 50 {
			t.Errorf("%d sent; states (-want +got):\n%s", sent, diff)
		}
		mustStop(t, stop)
	})
}

// TestResumeDuringSend ends the pause of a lane while a send is under way that will
// ask for one: it speaks of what was before.
func TestResumeDuringSend(t *testing.T) {
	for _, verdict := range []outbox.Verdict{outbox.Wait, outbox.Stall} {
		synctest.Test(t, func(t *testing.T) {
			m, w := outboxtest.NewMemory(), newWitness()
			o, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
				<-time.After(10 * time.Second)
				if time.Since(w.begin) < time.Minute {
					return outbox.Result{Verdict: verdict, After: time.Hour}
				}
				return outbox.Result{Verdict: outbox.Done}
			})})
			m.Put(items("a", 1, 2)...)
			pass(55 * time.Minute)
			o.Resume("a") // ends the pause; the send that follows is done
			pass(time.Second)
			if n := len(w.all()); n != 2 {
				t.Errorf("%v: %d sends after Resume, want 2", verdict, n)
			}
			pass(time.Minute)
			mustStop(t, stop)

			m, w = outboxtest.NewMemory(), newWitness()
			o, stop = start(t, outbox.Config{Store: m, PerLane: 1, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
				<-time.After(10 * time.Second)
				if time.Since(w.begin) < 12*time.Second {
					return outbox.Result{Verdict: verdict, After: time.Hour}
				}
				return outbox.Result{Verdict: outbox.Done}
			})})
			m.Put(items("a", 1, 2)...)
			pass(5 * time.Second)
			o.Resume("a")
			pass(time.Minute)
			mustStop(t, stop)
			if diff := cmp.Diff(map[string]int{"done": 2}, m.States()); diff != "" {
				t.Errorf("%v: states after the resumed lane's send asked for a pause (-want +got):\n%s", verdict, diff)
			}
		})
	}
}

// TestHangingClaimsFew has lanes hang while another one keeps the store looked at: what
// hangs does not have more and more claimed.
func TestHangingClaimsFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		o, stop := start(t, outbox.Config{Store: m, Grace: time.Minute, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			takes := time.Millisecond
			if i.Lane != "live" {
				takes = 20 * time.Second
			}
			<-time.After(takes)
			return outbox.Result{Verdict: outbox.Done}
		})})
		pass(time.Second)
		for n := range 10 {
			m.Put(items(outbox.Lane(fmt.Sprint("hang/", n)), 10_000*n, 1000)...)
		}
		m.Put(items("live", 1_000_000, 10_000)...)
		o.Wake()
		pass(2 * time.Second)
		if st, done := o.Stats(), m.States()["done"]; st.Claimed > 10*16+256 || done < 7_000 {
			t.Errorf("%d are claimed and wait, %d were sent", st.Claimed, done)
		}
		mustStop(t, stop)
	})
}
