package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// A slowStore takes its time for each call that records, and notes how much each had.
type slowStore struct {
	*outboxtest.Memory
	mu      sync.Mutex // guards what follows
	takes   time.Duration
	batches []int
	poison  outbox.ID // a result that is never taken; 0: none
	claimed int       // most items that were claimed at once
}

func (s *slowStore) Release(ctx context.Context, items []outbox.Item) error {
	<-time.After(s.takes)
	return s.Memory.Release(ctx, items)
}

func (s *slowStore) Finish(ctx context.Context, list []outbox.Outcome) error {
	<-time.After(s.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, len(list))
	if s.poison != 0 && slices.ContainsFunc(list, func(o outbox.Outcome) bool { return o.Item.ID == s.poison }) {
		return fmt.Errorf("item %d does not fit", s.poison)
	}
	return s.Memory.Finish(ctx, list)
}

// finished returns how many results were recorded.
func (s *slowStore) finished() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.batches {
		n += b
	}
	return n
}

func (s *slowStore) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	items, err := s.Memory.Claim(ctx, now, take)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claimed = max(s.claimed, s.States()["claimed"])
	return items, err
}

// TestRecordsTogether has commits of 20 ms beside sends of 5 ms: sending goes on
// during a commit, and what is unrecorded has a bound.
func TestRecordsTogether(t *testing.T) {
	for _, c := range []struct{ unrecorded, most, want int }{{64, 128, 2200}, {0, 192, 3800}} {
		synctest.Test(t, func(t *testing.T) {
			m := &slowStore{Memory: outboxtest.NewMemory(), takes: 20 * time.Millisecond}
			var mu sync.Mutex
			sent, most := 0, 0
			o, stop := start(t, outbox.Config{Store: m, Unrecorded: c.unrecorded, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
				<-time.After(5 * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				sent++
				most = max(most, sent-m.finished())
				return outbox.Result{Verdict: outbox.Done}
			})})
			for n := range 50 {
				m.Put(items(outbox.Lane(fmt.Sprint(n)), 1000*n, 500)...)
			}
			o.Wake()
			pass(time.Second)
			if st := o.Stats(); st.Sending+st.Unrecorded > c.most {
				t.Errorf("%+v", st)
			}
			done := m.States()["done"]
			pass(time.Hour)
			mustStop(t, stop)
			if done < c.want {
				t.Errorf("%d recorded in a second, want at least %d", done, c.want)
			}
			if most > c.most {
				t.Errorf("%d sent and not recorded", most)
			}
			if n := slices.Max(m.batches); n < 20 || n > 256 {
				t.Errorf("the largest batch had %d results", n)
			}
			if diff := cmp.Diff(map[string]int{"done": 25_000}, m.States()); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
		})
	}
}

// TestManyCloseAtOnce has ninety lanes find out that their far side is down, with commits of
// 20 ms: what they give back is recorded together, and not a commit for each.
func TestManyCloseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &slowStore{Memory: outboxtest.NewMemory(), takes: 20 * time.Millisecond}
		down := outbox.Result{Verdict: outbox.Retry, Down: true}
		o, stop := start(t, outbox.Config{Store: m, Jitter: func() float64 { return 0.5 }, Sender: senderFunc(after(time.Millisecond, down))})
		for n := range 90 {
			m.Put(items(outbox.Lane(fmt.Sprint(n)), 1000*n, 50)...)
		}
		o.Wake()
		pass(time.Second)
		if st := o.Stats(); st.Open != 90 || st.Claimed != 0 || m.States()["claimed"] != 0 {
			t.Errorf("%d breakers are open, %d items claimed, after %d commits of results", st.Open, st.Claimed, len(m.batches))
		}
		mustStop(t, stop)
	})
}

// TestOneRefusedResult has the store refuse one result for ever: all others are
// recorded, and sending goes on.
func TestOneRefusedResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &slowStore{Memory: outboxtest.NewMemory(), poison: 17}
		o, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(after(time.Millisecond, outbox.Result{Verdict: outbox.Done}))})
		m.Put(items("a", 1, 500)...)
		m.Put(items("b", 1001, 500)...)
		o.Wake()
		pass(5 * time.Minute)
		if diff := cmp.Diff(map[string]int{"done": 999, "claimed": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if st := o.Stats(); st.Refused != 1 || st.Unrecorded != 1 || o.Trouble() != nil {
			t.Errorf("Trouble %v, %+v", o.Trouble(), st)
		}
		m.Put(items("a", 2001, 100)...)
		o.Wake()
		pass(time.Minute)
		m.mu.Lock()
		m.poison = 0
		m.mu.Unlock()
		pass(time.Minute)
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"done": 1100}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// TestRefusedAtTheEnd names what is lost when the disk does not come back.
func TestRefusedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &slowStore{Memory: outboxtest.NewMemory(), poison: 3}
		o, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(after(0, outbox.Result{Verdict: outbox.Done}))})
		m.Put(items("a", 1, 10)...)
		o.Wake()
		pass(time.Minute)
		if err := stop(); err == nil {
			t.Error("a result is lost, and Run says nothing")
		}
		if diff := cmp.Diff(map[string]int{"done": 9, "claimed": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		m.poison = 0
		m.Restart()
		_, stop = start(t, outbox.Config{Store: m, Sender: senderFunc(after(0, outbox.Result{Verdict: outbox.Done}))})
		pass(time.Minute)
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"done": 10}, m.States()); diff != "" {
			t.Errorf("states after a restart (-want +got):\n%s", diff)
		}
	})
}

// TestBacklog starts with much that is due: it sends at once, holds little of it, and
// what comes to another lane does not wait for it.
func TestBacklog(t *testing.T) {
	for _, test := range []struct{ items, lanes int }{{100_000, 1}, {100_000, 500}, {1_000_000, 3}} {
		t.Run(fmt.Sprintf("%d in %d", test.items, test.lanes), func(t *testing.T) {
			if testing.Short() && test.items > 100_000 {
				t.Skip("short")
			}
			m := &slowStore{Memory: outboxtest.NewMemory()}
			for n := range test.items {
				m.Put(outbox.Item{ID: outbox.ID(n + 1), Lane: outbox.Lane(fmt.Sprint("old/", n%test.lanes)), User: int64(n % 1000)})
			}
			synctest.Test(t, func(t *testing.T) {
				w, takes := newWitness(), 20*time.Second
				if test.lanes > 16 {
					takes = time.Second // or they fill all workers with one send each
				}
				o, stop := start(t, outbox.Config{Store: m, Grace: time.Minute, Sender: w.watch(after(takes, outbox.Result{Verdict: outbox.Done}))})
				pass(30 * time.Second)
				at := w.began(func(outbox.Item) bool { return true })
				if want := min(64, 4*test.lanes); at[0] != 0 || len(at) != 2*want && test.lanes < 16 || w.most < min(48, want) {
					t.Errorf("%d sends in 30 s, %d at once, the first after %v", len(at), w.most, at[0])
				}
				m.Put(outbox.Item{ID: 5_000_000, Lane: "new"})
				o.Wake()
				pass(15 * time.Second)
				if got := w.began(lane("new")); len(got) != 1 || test.lanes < 16 && got[0] != 30*time.Second {
					t.Errorf("what came later began at %v", got)
				}
				if st := o.Stats(); st.Claimed > test.lanes*256 || st.Claimed > 5000 {
					t.Errorf("%d claimed in memory", st.Claimed)
				}
				mustStop(t, stop)
			})
			if m.claimed > 5000 {
				t.Errorf("%d items were claimed at once", m.claimed)
			}
			runtime.KeepAlive(m)
		})
	}
}

// TestStats asks for the state while sends are under way, and observes each.
func TestStats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var mu sync.Mutex
		seen := map[string]int{}
		o, stop := start(t, outbox.Config{
			Store: m,
			Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
				<-time.After(10 * time.Second)
				if i.ID%2 == 0 {
					return outbox.Result{Verdict: outbox.GiveUp, Class: "4xx"}
				}
				return outbox.Result{Verdict: outbox.Done, Class: "2xx"}
			}),
			Observe: func(ob outbox.Observation) {
				mu.Lock()
				defer mu.Unlock()
				seen[fmt.Sprint(ob.Item.Lane, ob.Verdict, ob.Class, ob.Took)]++
			},
		})
		list := items("a", 1, 10)
		for n := range list {
			list[n].Due = time.Now()
		}
		m.Put(list...)
		pass(15 * time.Second)
		want := outbox.Stats{
			Sending: 4, Claimed: 2, Lanes: 1, Blocked: []outbox.Lane{"a"}, Oldest: 15 * time.Second,
			Ended: map[outbox.Verdict]int64{outbox.Retry: 0, outbox.Done: 2, outbox.Wait: 0, outbox.GiveUp: 2, outbox.End: 0, outbox.Stall: 0, outbox.Skip: 0},
		}
		if diff := cmp.Diff(want, o.Stats()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		pass(time.Minute)
		m.Break(errors.New("disk"))
		m.Put(items("b", 20, 1)...)
		pass(time.Minute)
		m.Break(nil)
		pass(time.Minute)
		mustStop(t, stop)
		if st := o.Stats(); st.Ended[outbox.Done] != 5 || st.Sending != 0 || st.Lanes != 0 {
			t.Errorf("after the end: %+v", st)
		}
		if diff := cmp.Diff(map[string]int{"aDone2xx10s": 5, "aGiveUp4xx10s": 5, "bGiveUp4xx10s": 1}, seen); diff != "" {
			t.Errorf("observed (-want +got):\n%s", diff)
		}
	})
}
