package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// TestBrokenStore breaks the disk while sends are under way.
func TestBrokenStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var log bytes.Buffer
		var mu sync.Mutex
		sends := 0
		o, stop := start(t, outbox.Config{
			Store: m, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
				<-time.After(time.Second)
				mu.Lock()
				defer mu.Unlock()
				sends++
				return outbox.Result{Verdict: outbox.Done}
			}),
		})
		m.Put(items("a", 1, 100)...)
		pass(500 * time.Millisecond)
		full := errors.New("disk is full")
		m.Break(full)
		pass(10 * time.Minute)
		// Those under way, and at most as many that began before the first refusal was known.
		if sends < 4 || sends > 8 {
			t.Errorf("%d sends while nothing could be recorded", sends)
		}
		if !errors.Is(o.Trouble(), full) {
			t.Errorf("Trouble is %v", o.Trouble())
		}
		if m.Refused() < 590 || m.Refused() > 610 {
			t.Errorf("tried to record %d times in ten minutes, want once a second", m.Refused())
		}
		m.Break(nil)
		pass(time.Minute)
		if diff := cmp.Diff(map[string]int{"done": 100}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if sends != 100 {
			t.Errorf("%d sends, want each once", sends)
		}
		if o.Trouble() != nil {
			t.Errorf("Trouble is %v after the disk came back", o.Trouble())
		}
		mustStop(t, stop)
		if n := strings.Count(log.String(), "\n"); n > 4 {
			t.Errorf("%d lines of log:\n%s", n, log.String())
		}
		if !strings.Contains(log.String(), "disk is full") {
			t.Errorf("the log does not name the cause:\n%s", log.String())
		}
	})
}

// TestBrokenClaim starts on a disk that does not work yet.
func TestBrokenClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		m.Break(errors.New("no disk"))
		m.Put(items("a", 1, 10)...)
		o, stop := start(t, outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			return outbox.Result{Verdict: outbox.Done}
		})})
		for range 1000 {
			o.Wake()
			pass(10 * time.Millisecond)
		}
		if o.Trouble() == nil {
			t.Error("no Trouble while nothing can be claimed")
		}
		if m.Looks() > 12 {
			t.Errorf("looked %d times in 10 s, want once a second", m.Looks())
		}
		m.Break(nil)
		pass(1001 * time.Millisecond)
		if diff := cmp.Diff(map[string]int{"done": 10}, m.States()); diff != "" || o.Trouble() != nil {
			t.Errorf("Trouble %v; states (-want +got):\n%s", o.Trouble(), diff)
		}
		mustStop(t, stop)
	})
}

// TestStop ends Run with sends under way, of which one outlasts the grace.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		_, stop := start(t, outbox.Config{Store: m, Grace: 5 * time.Second, Sender: senderFunc(func(ctx context.Context, i outbox.Item) outbox.Result {
			wait := 2 * time.Second
			if i.ID == 1 {
				wait = time.Hour
			}
			select {
			case <-time.After(wait):
				return outbox.Result{Verdict: outbox.Done}
			case <-ctx.Done():
				return outbox.Result{Error: "cut short"}
			}
		})})
		m.Put(items("a", 1, 100)...)
		pass(time.Second)
		begin := time.Now()
		mustStop(t, stop)
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("stopping took %v, want the grace of 5 s", took)
		}
		// Three of the first four are done; the one cut short has used up no try.
		if diff := cmp.Diff(map[string]int{"done": 3, "due": 97}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		for _, o := range m.Outcomes() {
			if o.State != outbox.StateDone {
				t.Errorf("recorded %+v", o)
			}
		}
	})
}

func TestStopWithABrokenStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		broken := errors.New("disk is full")
		_, stop := start(t, outbox.Config{Store: m, Grace: 5 * time.Second, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
			<-time.After(time.Second)
			return outbox.Result{Verdict: outbox.Done}
		})})
		m.Put(items("a", 1, 10)...)
		synctest.Wait()
		m.Break(broken)
		begin := time.Now()
		if err := stop(); !errors.Is(err, broken) {
			t.Errorf("Run: %v, want the store's error", err)
		}
		if took := time.Since(begin); took > 11*time.Second {
			t.Errorf("stopping took %v", took)
		}
		if diff := cmp.Diff(map[string]int{"claimed": 10}, m.States()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

func TestPanickingSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := outboxtest.NewMemory()
		var log bytes.Buffer
		first := true
		_, stop := start(t, outbox.Config{
			Store: m, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
				if first {
					first = false
					panic("boom")
				}
				return outbox.Result{Verdict: outbox.Done}
			}),
		})
		m.Put(items("a", 1, 1)...)
		pass(time.Minute)
		mustStop(t, stop)
		got := m.Outcomes()
		if len(got) != 2 || got[0].Item.Tries != 1 || got[0].Error == "" || got[1].State != outbox.StateDone {
			t.Errorf("outcomes %+v", got)
		}
		if !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), "TestPanickingSender") {
			t.Errorf("the log lacks the panic or its stack:\n%s", log.String())
		}
	})
}
