package engine_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// ledgerDir is the environment variable that makes TestLedgerChild the process
// that is killed: the data folder to work in.
const ledgerDir = "ENGINE_TEST_LEDGER_DIR"

// TestLedgerChild raises events as fast as they are committed, and sends them,
// until it is killed. It says the number of each one that was committed. It is no
// test by itself.
func TestLedgerChild(t *testing.T) {
	dir := os.Getenv(ledgerDir)
	if dir == "" {
		t.Skip("only TestLedger runs this, in a process of its own")
	}
	e := run(t, dir)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				ev, err := e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1)
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Println(ev.ID) // one write, so a line is whole or cut by the kill
			}
		})
	}
	all.Wait()
}

// A ledger is a receiver that remembers what it got. It fails the first try of one
// delivery in thirty.
type ledger struct {
	url string

	mu      sync.Mutex        // guards the rest
	bodies  map[string]string // by webhook-id
	events  map[apiclient.EventID]bool
	repeats int
	problem string
}

func newLedger(t *testing.T) *ledger {
	l := &ledger{bodies: map[string]string{}, events: map[apiclient.EventID]bool{}}
	srv := httptest.NewServer(l)
	t.Cleanup(srv.Close)
	l.url = srv.URL
	return l
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut by the kill
	}
	var has struct{ ID apiclient.EventID }
	id := r.Header.Get("webhook-id")
	sum := fnv.New32a()
	_, _ = io.WriteString(sum, id) // a hash never fails
	l.mu.Lock()
	defer l.mu.Unlock()
	before, again := l.bodies[id]
	switch err := json.Unmarshal(body, &has); {
	case err != nil:
		l.problem = fmt.Sprintf("%s: %v", body, err)
	case again && before != string(body):
		l.problem = fmt.Sprintf("%s came as %s and as %s", id, before, body)
	}
	l.bodies[id] = string(body)
	fails := sum.Sum32()%30 == 0
	if !again && fails {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if l.events[has.ID] {
		l.repeats++
	}
	l.events[has.ID] = true
}

// TestLedger kills an engine again and again while events are raised and sent:
// each event that was committed arrives, and what arrives twice are the same bytes
// under the same id, once at most for each worker: those are the deliveries that
// were answered and not recorded yet.
func TestLedger(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	const kills, workers = 5, 64
	dir, receiver := t.TempDir(), newLedger(t)
	e := must(engine.Open(t.Context(), engine.Config{Dir: dir, AllowPrivateTargets: true}))(t)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Ledger", apiclient.TriggerLogin, "user_login")))(t)
	if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.url}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	var committed []apiclient.EventID
	for i := range kills {
		list := raiseAndKill(t, dir, time.Duration(300+100*i)*time.Millisecond)
		if len(list) == 0 {
			t.Fatal("the child committed nothing")
		}
		committed = append(committed, list...)
	}
	settle(t, dir)

	receiver.mu.Lock()
	defer receiver.mu.Unlock()
	lost := slices.DeleteFunc(committed, func(id apiclient.EventID) bool { return receiver.events[id] })
	if len(lost) > 0 || receiver.problem != "" || receiver.repeats > kills*workers {
		t.Errorf("%d events were lost, %d came twice (%d kills), %s", len(lost), receiver.repeats, kills, receiver.problem)
	}
	t.Logf("%d events arrived, %d of them twice", len(receiver.events), receiver.repeats)
}

// raiseAndKill runs a child until it is killed some time after its first event,
// and returns the events that it said to be committed.
func raiseAndKill(t *testing.T, dir string, after time.Duration) (list []apiclient.EventID) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLedgerChild$")
	child.Env = append(os.Environ(), ledgerDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // what is cut is no line
		}
		var id apiclient.EventID
		if _, err := fmt.Sscanf(line, "%d\n", &id); err != nil {
			t.Fatalf("the child says %q", line)
		}
		if len(list) == 0 {
			time.AfterFunc(after, func() { _ = child.Process.Kill() })
		}
		list = append(list, id)
	}
	_ = child.Wait() // it was killed: that is its error
	return list
}

// settle runs an engine until nothing waits any more.
func settle(t *testing.T, dir string) {
	t.Helper()
	e := run(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	err := e.Watch(ctx, 0, func([]apiclient.LogEntry) error {
		for _, s := range must(e.Subscriptions(t.Context(), 0))(t) {
			if s.Waiting > 0 {
				return nil
			}
			if s.Dead > 0 {
				t.Errorf("%d deliveries are dead", s.Dead)
			}
		}
		cancel()
		return nil
	})
	if err != nil || !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("some deliveries still wait: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
