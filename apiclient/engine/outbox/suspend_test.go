package outbox_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

const day = 24 * time.Hour

// A turn of a far side's life.
type turn struct {
	after time.Duration // since the one before
	down  bool          // from now on
	items int           // that come now
}

// TestSuspendedWhen tells when a lane is suspended: five days after its last success, or
// its making, if its breaker is open then and has been for a day. It is seen when a probe
// fails, of which there is one in 24 h at least.
func TestSuspendedWhen(t *testing.T) {
	for _, test := range []struct {
		name  string
		turns []turn
		least time.Duration // until it is suspended; 0: it never is
	}{
		{"never a success", []turn{{0, true, 20}}, 5 * day},
		{"never a success, and nothing to send for long", []turn{{0, true, 0}, {30 * day, true, 20}}, 31 * day},
		{"down after one", []turn{{0, false, 1}, {time.Hour, true, 20}}, 5 * day},
		{"down after four quiet days", []turn{{0, false, 1}, {4 * day, true, 20}}, 5 * day},
		{"down after four days and a half", []turn{{0, false, 1}, {4*day + 12*time.Hour, true, 20}}, 5*day + 12*time.Hour},
		{"down after a quiet month", []turn{{0, false, 1}, {30 * day, true, 20}}, 31 * day},
		{"one failure after a quiet month", []turn{{0, false, 1}, {30 * day, true, 1}, {time.Second, false, 0}}, 0},
		{"four failures after a quiet month", []turn{{0, false, 1}, {30 * day, true, 4}, {time.Second, false, 0}}, 0},
		{"down for some hours after a quiet month", []turn{{0, false, 1}, {30 * day, true, 20}, {20 * time.Hour, false, 0}}, 0},
		{"a success every fourth day", []turn{
			{0, true, 20}, {4 * day, false, 0}, {day, true, 20}, {4 * day, false, 0}, {day, true, 20}, {4 * day, false, 0},
		}, 0},
		{"a success in between, and no more", []turn{{0, true, 20}, {4 * day, false, 0}, {day, true, 20}}, 9 * day},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := outboxtest.NewMemory()
				far := &farEnd{down: outbox.Result{Down: true}}
				_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(far.answer)})
				m.Put(outbox.Item{ID: 1, Lane: "other"})
				m.SetLane("a", outbox.LaneSettings{}) // it is made now
				id := 10
				begin := time.Now()
				for _, now := range test.turns {
					pass(now.after)
					far.set(now.down)
					m.Put(items("a", id, now.items)...)
					id += now.items
				}
				checkSuspended(t, m, begin, test.least)
				mustStop(t, stop)
			})
		})
	}
}

// checkSuspended waits for lane a to be suspended, which takes at least so long from begin
// on (0: it never happens) and at most 29 hours more: the longest wait of the schedule.
func checkSuspended(t *testing.T, m *outboxtest.Memory, begin time.Time, least time.Duration) {
	t.Helper()
	for !m.Stopped("a") && time.Since(begin) < 100*day {
		pass(time.Hour)
	}
	took := time.Since(begin)
	switch {
	case least == 0 && m.Stopped("a"):
		t.Errorf("it was suspended after %v", took)
	case least > 0 && (took < least || took > least+30*time.Hour):
		t.Errorf("it was suspended after %v (%t); want it after %v", took, m.Stopped("a"), least)
	}
}

// TestResumedAnew has an operator resume a suspended lane, whose far side is still down:
// it has another five days.
func TestResumedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		far := &farEnd{down: outbox.Result{Down: true}, is: true}
		o, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(far.answer)})
		m.Put(items("a", 1, 100)...)
		for range 3 {
			checkSuspended(t, m, time.Now(), 5*day)
			pass(7 * day)
			m.Resume("a")
			o.Resume("a")
		}
		mustStop(t, stop)
	})
}

// TestEndlessRetryAfter has a far side ask to come back later for ever. Who is broken
// besides, 503, is down when that has been granted 20 times; who has too much to do, 429,
// never is.
func TestEndlessRetryAfter(t *testing.T) {
	for _, test := range []struct {
		name    string
		down    bool
		after   time.Duration
		opens   time.Duration // at least; 0: never
		suspend time.Duration // at least; 0: never
	}{
		{"503, a second", true, time.Second, 20 * time.Second, 5 * day},
		{"503, a minute", true, time.Minute, 20 * time.Minute, 5 * day},
		{"503, an hour", true, time.Hour, 20 * time.Hour, 5 * day},
		{"429, a minute", false, time.Minute, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := outboxtest.NewMemory(), newWitness()
				_, stop := start(t, outbox.Config{Store: m, Sender: w.watch(func(context.Context, outbox.Item) outbox.Result {
					return outbox.Result{Verdict: outbox.Wait, After: test.after, Down: test.down}
				})})
				m.Put(items("a", 1, 40)...)
				begin := time.Now()
				opened := time.Duration(0)
				for opened == 0 && time.Since(begin) < 4*day {
					pass(time.Second)
					if !m.Breaker("a").Open.IsZero() {
						opened = time.Since(begin)
					}
				}
				if test.opens == 0 && opened != 0 || test.opens > 0 && (opened < test.opens || opened > 3*test.opens+time.Minute) {
					t.Errorf("the breaker opened after %v; want it after %v", opened, test.opens)
				}
				sent := len(w.began(lane("a")))
				checkSuspended(t, m, begin, test.suspend)
				if n := len(w.began(lane("a"))) - sent; test.down && n > 20+20 {
					t.Errorf("%d sends while the breaker was open", n)
				}
				mustStop(t, stop)
				if s := m.States(); test.down && s["dead"] > 0 {
					t.Errorf("states %v; want nothing dead", s)
				}
			})
		})
	}
}

// TestWaitsOfAnOpenBreaker has a far side that was down ask to come back later with each
// probe. With 503 it is down as before, and probed at the pace of the schedule; with 429
// at its own. In neither is it a success.
func TestWaitsOfAnOpenBreaker(t *testing.T) {
	for name, down := range map[string]bool{"503": true, "429": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := outboxtest.NewMemory()
				n := 0
				_, stop := start(t, outbox.Config{Store: m, PerLane: 1, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
					if n++; n <= 5 {
						return outbox.Result{Down: true}
					}
					return outbox.Result{Verdict: outbox.Wait, After: 10 * time.Minute, Down: down}
				})})
				m.Put(items("a", 1, 1000)...)
				begin := time.Now()
				pass(time.Minute)
				if m.Breaker("a").Open.IsZero() {
					t.Fatal("the breaker has not opened")
				}
				checkSuspended(t, m, begin, 5*day)
				if most := map[bool]int{true: 40, false: 5 * 24 * 6}[down] + 10; n > most {
					t.Errorf("%d sends in five days; want at most %d", n, most)
				}
				mustStop(t, stop)
			})
		})
	}
}
