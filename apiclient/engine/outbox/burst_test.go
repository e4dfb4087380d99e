package outbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// TestBurstAboutOneUser has thousands of items about one user, which go out one by one,
// before those about others in the same lane: these go out beside it, as they come.
func TestBurstAboutOneUser(t *testing.T) {
	for _, hot := range []int64{1, 2, 3} {
		synctest.Test(t, func(t *testing.T) {
			m, w := outboxtest.NewMemory(), newWitness()
			_, stop := start(t, outbox.Config{Store: m, Sender: w.watch(after(100*time.Millisecond, outbox.Result{Verdict: outbox.Done}))})
			id := 0
			put := func(user int64, n int, bulk bool) {
				list := make([]outbox.Item, n)
				for i := range list {
					id++
					list[i] = outbox.Item{ID: outbox.ID(id), Lane: "a", User: user, Bulk: bulk}
				}
				m.Put(list...)
			}
			for user := range hot {
				put(1+user, 1500, false)
			}
			put(50, 10, true)
			for user := range int64(100) {
				put(100+user, 1, false)
			}
			others := func(i outbox.Item) bool { return i.User >= 100 }
			pass(60 * time.Second) // one sender has 10 a second
			if n := len(w.began(others)); n != 100 {
				t.Errorf("%d bursts: %d of the 100 items behind them were sent in a minute", hot, n)
			}
			for user := range int64(20) { // one at a time, later
				before := len(w.began(others))
				put(300+user, 1, false)
				pass(2 * time.Second)
				if n := len(w.began(others)) - before; n != 1 {
					t.Errorf("%d bursts: user %d waits", hot, 300+user)
				}
			}
			if n := len(w.began(func(i outbox.Item) bool { return i.Bulk })); n > 0 {
				t.Errorf("%d of bulk were sent while live ones wait", n)
			}
			pass(10 * time.Minute)
			mustStop(t, stop)
			checkUserOrder(t, w.all())
			if diff := cmp.Diff(map[string]int{"done": id}, m.States()); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			if looks := m.Looks(); looks > 2*id {
				t.Errorf("%d looks into the store for %d items", looks, id)
			}
		})
	}
}
