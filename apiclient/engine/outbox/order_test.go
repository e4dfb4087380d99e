package outbox_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// A witness writes down when sends begin and end.
type witness struct {
	mu    sync.Mutex // guards all below
	begin time.Time
	sends []sent
	now   int
	most  int // sends at once
}

type sent struct {
	item       outbox.Item
	began, end time.Duration
}

func newWitness() *witness { return &witness{begin: time.Now()} }

// watch returns a Sender that does as fn says and is seen by the witness.
func (w *witness) watch(fn func(context.Context, outbox.Item) outbox.Result) senderFunc {
	return func(ctx context.Context, i outbox.Item) outbox.Result {
		w.mu.Lock()
		at := len(w.sends)
		w.sends = append(w.sends, sent{item: i, began: time.Since(w.begin)})
		w.now++
		w.most = max(w.most, w.now)
		w.mu.Unlock()
		r := fn(ctx, i)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sends[at].end = time.Since(w.begin)
		w.now--
		return r
	}
}

func (w *witness) all() []sent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sends)
}

// began returns when the sends of the items that ok likes began.
func (w *witness) began(ok func(outbox.Item) bool) (list []time.Duration) {
	for _, s := range w.all() {
		if ok(s.item) {
			list = append(list, s.began)
		}
	}
	return list
}

// after returns a far side that takes so long and then gives that verdict.
func after(d time.Duration, r outbox.Result) func(context.Context, outbox.Item) outbox.Result {
	return func(context.Context, outbox.Item) outbox.Result {
		<-time.After(d)
		return r
	}
}

// checkUserOrder checks that what is about one user began in the order of the IDs,
// each after the first send of the one before had ended.
func checkUserOrder(t *testing.T, sends []sent) {
	t.Helper()
	type key struct {
		lane outbox.Lane
		user int64
	}
	last := map[key]sent{}
	for _, s := range sends {
		k := key{s.item.Lane, s.item.User}
		if !s.item.Fresh() || s.item.User == 0 || s.item.Bulk {
			continue
		}
		if b, ok := last[k]; ok && (s.item.ID < b.item.ID || s.began < b.end) {
			t.Errorf("lane %s, user %d: item %d began at %v, item %d before it at %v and ended at %v",
				k.lane, k.user, s.item.ID, s.began, b.item.ID, b.began, b.end)
		}
		last[k] = s
	}
}

// A latent is a store that takes its time before and after each thing that it does, so that
// others come between.
type latent struct {
	*outboxtest.Memory
	takes func() time.Duration // nil: none
}

func (l *latent) slowly(fn func()) {
	if l.takes != nil {
		<-time.After(l.takes())
		defer func() { <-time.After(l.takes()) }()
	}
	fn()
}

func (l *latent) Waiting(ctx context.Context) (list []outbox.Waiting, err error) {
	l.slowly(func() { list, err = l.Memory.Waiting(ctx) })
	return list, err
}

func (l *latent) Claim(ctx context.Context, now time.Time, take []outbox.Take) (items []outbox.Item, err error) {
	l.slowly(func() { items, err = l.Memory.Claim(ctx, now, take) })
	return items, err
}

func (l *latent) Finish(ctx context.Context, list []outbox.Outcome) (err error) {
	l.slowly(func() { err = l.Memory.Finish(ctx, list) })
	return err
}

func (l *latent) Release(ctx context.Context, items []outbox.Item) (err error) {
	l.slowly(func() { err = l.Memory.Release(ctx, items) })
	return err
}

// TestUserOrder sends items about few users with failures, pauses and slow answers.
func TestUserOrder(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			dice := rand.New(rand.NewPCG(seed, 3))
			roll := func(n int) int {
				mu.Lock()
				defer mu.Unlock()
				return dice.IntN(n)
			}
			m, w := &latent{Memory: outboxtest.NewMemory()}, newWitness()
			if seed%2 == 1 {
				m.takes = func() time.Duration { return time.Duration(roll(400)) * time.Millisecond }
			}
			o, stop := start(t, outbox.Config{Store: m, Ahead: 1 + roll(40), Sender: w.watch(func(context.Context, outbox.Item) outbox.Result {
				<-time.After(time.Duration(roll(1500)) * time.Millisecond)
				switch roll(20) {
				case 0, 1:
					return outbox.Result{}
				case 2:
					return outbox.Result{Verdict: outbox.Wait, After: 3 * time.Second}
				case 3:
					return outbox.Result{Down: true}
				}
				return outbox.Result{Verdict: outbox.Done}
			})})
			id := outbox.ID(0)
			for range 200 {
				for range 1 + roll(5) {
					id++
					m.Put(outbox.Item{ID: id, Lane: outbox.Lane(rune('a' + roll(3))), User: int64(roll(4)), Due: time.Now()})
				}
				pass(time.Duration(roll(800)) * time.Millisecond)
			}
			pass(40 * 24 * time.Hour)
			if s := m.States(); s["due"]+s["claimed"] > 0 {
				t.Errorf("seed %d: states %v; stats %+v", seed, s, o.Stats())
			}
			mustStop(t, stop)
			checkUserOrder(t, w.all())
			if w.most < 4 {
				t.Errorf("never more than %d sends at once: the order of users must not be one of lanes", w.most)
			}
		})
	}
}

// TestRetryHoldsNobody fails the first item about a user: the others do not wait for it.
func TestRetryHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		_, stop := start(t, outbox.Config{Store: m, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
			<-time.After(time.Second)
			if i.ID == 1 && i.Fresh() {
				return outbox.Result{}
			}
			return outbox.Result{Verdict: outbox.Done}
		})})
		for n := range outbox.ID(5) {
			m.Put(outbox.Item{ID: n + 1, Lane: "a", User: 7})
		}
		pass(time.Minute)
		mustStop(t, stop)
		got := map[outbox.ID][]time.Duration{}
		for _, s := range w.all() {
			got[s.item.ID] = append(got[s.item.ID], s.began)
		}
		s := time.Second
		want := map[outbox.ID][]time.Duration{1: {0, 6 * s}, 2: {s}, 3: {2 * s}, 4: {3 * s}, 5: {4 * s}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sends by item (-want +got):\n%s", diff)
		}
	})
}

// TestStrict has a lane send one at a time, hold all for the item that fails, and go
// on when that is done or dead; also over restarts.
func TestStrict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		m.SetLane("a", outbox.LaneSettings{Strict: true, Schedule: []time.Duration{10 * time.Second, time.Minute}})
		cfg := outbox.Config{Store: m, Sender: w.watch(func(_ context.Context, i outbox.Item) outbox.Result {
			<-time.After(time.Second)
			if i.ID == 3 && i.Tries < 1 || i.ID == 5 {
				return outbox.Result{}
			}
			return outbox.Result{Verdict: outbox.Done}
		})}
		_, stop := start(t, cfg)
		m.Put(items("a", 1, 7)...)
		pass(3500 * time.Millisecond) // the third has failed
		m.Put(outbox.Item{ID: 8, Lane: "a"})
		mustStop(t, stop)
		_, stop = start(t, cfg)
		pass(20 * time.Second) // the fifth has failed once
		mustStop(t, stop)
		_, stop = start(t, cfg)
		pass(time.Hour)
		mustStop(t, stop)

		var order []outbox.ID
		for _, s := range w.all() {
			order = append(order, s.item.ID)
		}
		// The fourth may have begun when the first process ended.
		if diff := cmp.Diff([]outbox.ID{1, 2, 3, 3, 4, 5, 5, 5, 6, 7, 8}, order); diff != "" {
			t.Errorf("sends (-want +got):\n%s", diff)
		}
		if w.most != 1 {
			t.Errorf("%d sends at once", w.most)
		}
		if diff := cmp.Diff(map[string]int{"done": 7, "dead": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// TestBecomesStrict changes the settings while the lane sends.
func TestBecomesStrict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := outboxtest.NewMemory(), newWitness()
		o, stop := start(t, outbox.Config{Store: m, Sender: w.watch(after(time.Second, outbox.Result{Verdict: outbox.Done}))})
		m.Put(items("a", 1, 400)...)
		pass(2500 * time.Millisecond)
		m.SetLane("a", outbox.LaneSettings{Strict: true})
		pass(10 * time.Second)
		w.mu.Lock()
		if w.most != 4 {
			t.Errorf("%d sends at once before, want 4", w.most)
		}
		w.most = w.now
		w.mu.Unlock()
		pass(time.Minute)
		if w.most != 1 {
			t.Errorf("%d sends at once as a strict lane", w.most)
		}
		m.SetLane("a", outbox.LaneSettings{PerLane: 10})
		o.Wake()
		pass(time.Hour)
		if w.most != 10 {
			t.Errorf("%d sends at once, want 10", w.most)
		}
		mustStop(t, stop)
		if diff := cmp.Diff(map[string]int{"done": 400}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

// TestBulk has live items arrive in a lane that sends again what it sent long ago.
func TestBulk(t *testing.T) {
	for _, ahead := range []int{1, 8, 256} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := outboxtest.NewMemory(), newWitness()
				_, stop := start(t, outbox.Config{Store: m, Ahead: ahead, Sender: w.watch(after(time.Second, outbox.Result{Verdict: outbox.Done}))})
				for n := range outbox.ID(2000) {
					m.Put(outbox.Item{ID: n + 1, Lane: "a", User: int64(n % 9), Bulk: true})
				}
				pass(10500 * time.Millisecond)
				for n := range outbox.ID(300) {
					m.Put(outbox.Item{ID: 5000 + n, Lane: "a", Due: time.Now()})
				}
				pass(2 * time.Hour)
				mustStop(t, stop)
				// Four at once: the live ones take the next 75 seconds and nothing comes between them.
				for n, at := range w.began(func(i outbox.Item) bool { return !i.Bulk }) {
					if want := time.Duration(11+n/4) * time.Second; at != want {
						t.Errorf("live item %d began at %v, want %v", n, at, want)
					}
				}
				if diff := cmp.Diff(map[string]int{"done": 2300}, m.States()); diff != "" {
					t.Errorf("states (-want +got):\n%s", diff)
				}
			})
		})
	}
}
