package outbox_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs an outbox in the bubble of the test. stop ends it and waits.
func start(t *testing.T, cfg outbox.Config) (o *outbox.Outbox, stop func() error) {
	t.Helper()
	if cfg.Jitter == nil {
		cfg.Jitter = func() float64 { return 0.5 }
	}
	o, err := outbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := cfg.Store.(interface {
		OnAdd(fn func())
		HandTo(fn func([]outbox.Item))
	}); ok {
		m.OnAdd(o.Wake)
		m.HandTo(o.Hand)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	return o, func() error {
		cancel()
		return <-ended
	}
}

// mustStop ends an outbox that is to end without an error.
func mustStop(t *testing.T, stop func() error) {
	t.Helper()
	if err := stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
}

// pass lets time go by until everything that is due has happened.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func items(lane outbox.Lane, first, n int) []outbox.Item {
	list := make([]outbox.Item, n)
	for i := range list {
		list[i] = outbox.Item{ID: outbox.ID(first + i), Lane: lane}
	}
	return list
}

func TestNewNeedsStoreAndSender(t *testing.T) {
	sender := senderFunc(func(context.Context, outbox.Item) outbox.Result { return outbox.Result{} })
	for _, cfg := range []outbox.Config{
		{}, {Store: outboxtest.NewMemory()}, {Sender: sender}, {Store: outboxtest.NewMemory(), Sender: sender, Workers: -1},
	} {
		if _, err := outbox.New(cfg); err == nil {
			t.Errorf("New(%+v) is no error", cfg)
		}
	}
}

// TestWholeSchedule sends to a far side that never accepts anything.
func TestWholeSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		begin := time.Now()
		var at []time.Duration
		_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(_ context.Context, i outbox.Item) outbox.Result {
			at = append(at, time.Since(begin))
			return outbox.Result{Verdict: outbox.Retry, Error: "HTTP 500", Report: i.Attempt()}
		})})
		m.Put(outbox.Item{ID: 1, Lane: "a"})
		pass(10 * 24 * time.Hour)
		mustStop(t, stop)

		s, h := time.Second, time.Hour
		var want []time.Duration
		sum := time.Duration(0)
		for _, d := range []time.Duration{0, 5 * s, 30 * s, 120 * s, 600 * s, 1800 * s, h, 2 * h, 4 * h, 8 * h, 12 * h, 24 * h, 24 * h} {
			sum += d
			want = append(want, sum)
		}
		if diff := cmp.Diff(want, at); diff != "" {
			t.Errorf("times of the tries (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{"dead": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		for n, o := range m.Outcomes() {
			if o.Report != n+1 || o.Item.Tries != n+1 || o.Error != "HTTP 500" {
				t.Errorf("outcome %d is %+v", n+1, o)
			}
		}
	})
}

func TestWaitsDoNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		begin := time.Now()
		var at []time.Duration
		_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			at = append(at, time.Since(begin))
			return outbox.Result{Verdict: outbox.Wait, After: 10 * time.Hour}
		})})
		m.Put(outbox.Item{ID: 1, Lane: "a"})
		pass(20*time.Hour + time.Minute)
		// The first try and 20 pauses of an hour, the longest that is granted.
		if len(at) != 21 || at[20] != 20*time.Hour {
			t.Fatalf("tries at %v", at)
		}
		last := m.Outcomes()[19]
		if last.Item.Waits != 20 || last.Item.Tries != 0 {
			t.Errorf("after 20 waits the item is %+v", last.Item)
		}
		pass(20 * 24 * time.Hour)
		mustStop(t, stop)
		if len(at) != 20+outbox.MaxTries {
			t.Errorf("%d sends, want 20 that do not count and %d that do", len(at), outbox.MaxTries)
		}
		if diff := cmp.Diff(map[string]int{"dead": 1}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		name   string
		item   outbox.Item
		result outbox.Result
		want   map[string]int
		sends  int
	}{
		{"done", outbox.Item{}, outbox.Result{Verdict: outbox.Done}, map[string]int{"done": 1}, 1},
		{"give up", outbox.Item{}, outbox.Result{Verdict: outbox.GiveUp}, map[string]int{"dead": 1}, 1},
		{"end", outbox.Item{}, outbox.Result{Verdict: outbox.End}, map[string]int{"gone": 1}, 1},
		{"zero result", outbox.Item{}, outbox.Result{}, map[string]int{"dead": 1}, outbox.MaxTries},
		{"unknown verdict", outbox.Item{}, outbox.Result{Verdict: 99}, map[string]int{"dead": 1}, outbox.MaxTries},
		{"limited retries", outbox.Item{}, outbox.Result{Tries: 3}, map[string]int{"dead": 1}, 3},
		{"limited, tried before", outbox.Item{Tries: 7}, outbox.Result{Tries: 3}, map[string]int{"dead": 1}, 1},
		{"single retry", outbox.Item{Single: true}, outbox.Result{}, map[string]int{"dead": 1}, 1},
		{"single wait", outbox.Item{Single: true}, outbox.Result{Verdict: outbox.Wait}, map[string]int{"dead": 1}, 1},
		{"single done", outbox.Item{Single: true}, outbox.Result{Verdict: outbox.Done}, map[string]int{"done": 1}, 1},
		{"last try", outbox.Item{Tries: 12}, outbox.Result{}, map[string]int{"dead": 1}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := outboxtest.NewMemory()
				sends := 0
				_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
					sends++
					return test.result
				})})
				test.item.ID, test.item.Lane = 1, "a"
				m.Put(test.item)
				pass(30 * 24 * time.Hour)
				mustStop(t, stop)
				if diff := cmp.Diff(test.want, m.States()); diff != "" || sends != test.sends {
					t.Errorf("%d sends, want %d; states (-want +got):\n%s", sends, test.sends, diff)
				}
			})
		})
	}
}

// TestIdleCostsNothing checks that an outbox without work does not look for any.
func TestIdleCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		_, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 1)...)
		pass(time.Second)
		looks := m.Looks()
		pass(365 * 24 * time.Hour)
		if m.Looks() != looks {
			t.Errorf("looked %d times in a year without work", m.Looks()-looks)
		}
		mustStop(t, stop)
	})
}

func TestRunTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, stop := start(t, outbox.Config{Store: outboxtest.NewMemory(), Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			return outbox.Result{}
		})})
		synctest.Wait()
		if err := o.Run(t.Context()); err == nil {
			t.Error("a second Run is no error")
		}
		mustStop(t, stop)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := o.Run(ctx); err != nil {
			t.Errorf("Run after the first one ended: %v", err)
		}
	})
}

// senderFunc is a Sender of one function.
type senderFunc func(context.Context, outbox.Item) outbox.Result

func (f senderFunc) Send(ctx context.Context, i outbox.Item) outbox.Result { return f(ctx, i) }
