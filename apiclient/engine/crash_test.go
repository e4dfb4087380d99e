package engine_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// inFlight is how many requests may be under way (64) or unrecorded (128) at once.
const inFlight = 192

// An inbox is a receiver that counts what comes. On paths that begin with /slow it takes
// its time.
type inbox struct {
	url string

	mu      sync.Mutex        // guards the rest
	bodies  map[string]string // by webhook-id
	came    map[string]int
	events  map[hookID]string // the webhook-id of each
	problem string
}

func newInbox(t *testing.T) *inbox {
	b := &inbox{bodies: map[string]string{}, came: map[string]int{}, events: map[hookID]string{}}
	srv := httptest.NewServer(b)
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

func (b *inbox) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut by the kill
	}
	if strings.HasPrefix(r.URL.Path, "/slow") {
		await(r.Context(), time.Now().Add(20*time.Millisecond))
	}
	var has struct{ ID apiclient.EventID }
	id := r.Header.Get("webhook-id")
	b.mu.Lock()
	defer b.mu.Unlock()
	before, again := b.bodies[id]
	err = json.Unmarshal(body, &has)
	key := hookID{has.ID, r.URL.Path}
	switch {
	case err != nil:
		b.problem = fmt.Sprintf("%s: %v", body, err)
	case again && before != string(body):
		b.problem = fmt.Sprintf("%s came as %s and as %s", id, before, body)
	case b.events[key] != "" && b.events[key] != id:
		b.problem = fmt.Sprintf("event %d came as %s and as %s", has.ID, b.events[key], id)
	}
	b.bodies[id], b.events[key] = string(body), id
	b.came[id]++
}

// times returns how often an event came to a path.
func (b *inbox) times(e apiclient.EventID, path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.came[b.events[hookID{e, path}]]
}

// crashed prepares a folder with a subscription for each path, runs a child in it that
// kills itself, and returns the events that the child acknowledged.
func crashed(t *testing.T, dir string, b *inbox, point string, at, crowd int, paths ...string) []apiclient.EventID {
	t.Helper()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true})))(t)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Crash", apiclient.TriggerLogin, "user_login")))(t)
	for _, p := range paths {
		if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: b.url + p}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = inherit(dir, crashDir+"="+dir, crashPoint+"="+point, fmt.Sprintf("%s=%d", crashAt, at), fmt.Sprintf("%s=%d", crashCrowd, crowd))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var list []apiclient.EventID
	var said strings.Builder
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		var id apiclient.EventID
		if _, serr := fmt.Sscanf(line, "%d\n", &id); serr == nil && err == nil {
			list = append(list, id)
		} else {
			said.WriteString(line)
		}
		if err != nil {
			break
		}
	}
	err = child.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.String() != "signal: killed" {
		t.Fatalf("the child did not kill itself: %v, %s", err, said.String())
	}
	ended(t, dir)
	return list
}

// settle runs an engine until nothing waits any more, and checks that nothing is dead.
func settle(t *testing.T, dir string) []apiclient.Delivery {
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
	var list []apiclient.Delivery
	for q := (apiclient.DeliveryQuery{Limit: apiclient.MaxLimit}); ; {
		p := must(e.Deliveries(t.Context(), q))(t)
		list = append(list, p.Deliveries...)
		if q.After = p.Next; p.Next == "" {
			break
		}
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	return list
}

// TestCrashPoints kills an engine between every two steps of its third delivery, while
// no other is under way, and says exactly what arrives then.
func TestCrashPoints(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	for _, test := range []struct {
		point        string
		acknowledged int // events, before the kill
		least, most  int // arrivals of the third; two where others go on meanwhile
	}{
		{inChange, 2, 0, 0},
		{afterCommit, 2, 1, 2},
		{beforeClaim, 3, 1, 1},
		{afterClaim, 3, 1, 1},
		{beforeSend, 3, 1, 1},
		{afterAnswer, 3, 2, 2},
		{beforeRecord, 3, 2, 2},
		{inRecord, 3, 1, 2},
		{afterRecord, 3, 1, 1},
	} {
		t.Run(test.point, func(t *testing.T) {
			dir, b := t.TempDir(), newInbox(t)
			acknowledged := crashed(t, dir, b, test.point, 3, 1, "/one")
			// The third may be killed before the child has come to say that it was accepted.
			if n := len(acknowledged); n > test.acknowledged || n < 2 {
				t.Errorf("%d events were acknowledged, want %d", n, test.acknowledged)
			}
			made := settle(t, dir)
			if n := len(made); n < min(2+test.most, 3) || n > 3 {
				t.Fatalf("%d deliveries were made", n)
			}
			slices.SortFunc(made, func(a, b apiclient.Delivery) int { return cmp.Compare(a.EventID, b.EventID) })
			for i, d := range made {
				least, most := 1, 1
				if i == 2 {
					least, most = test.least, test.most
				}
				if n := b.times(d.EventID, "/one"); n < least || n > most {
					t.Errorf("event %d came %d times, want %d to %d", d.EventID, n, least, most)
				}
			}
			if b.problem != "" {
				t.Error(b.problem)
			}
		})
	}
}

// TestCrashPointsInTheCrowd kills an engine at every point while much is under way.
func TestCrashPointsInTheCrowd(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	for point, most := range map[string]int{
		inChange: 300, afterCommit: 300, beforeClaim: 10, afterClaim: 10, beforeSend: 300, afterAnswer: 300,
		beforeRecord: 10, inRecord: 10, afterRecord: 10, beforeRelease: 1, afterRelease: 1,
	} {
		at := 1 + chance.IntN(most)
		t.Run(point, func(t *testing.T) { crashInTheCrowd(t, point, at) })
	}
}

func crashInTheCrowd(t *testing.T, point string, at int) {
	paths := []string{"/a", "/b", "/slow/c"}
	dir, b := t.TempDir(), newInbox(t)
	acknowledged := crashed(t, dir, b, point, at, 16, paths...)
	made := settle(t, dir)
	for _, e := range acknowledged {
		for _, p := range paths {
			if b.times(e, p) == 0 {
				t.Errorf("event %d did not come to %s", e, p)
			}
		}
	}
	repeats := 0
	for id, n := range b.came {
		if n > 2 {
			t.Errorf("%s came %d times", id, n)
		}
		repeats += n - 1
	}
	if repeats > inFlight || len(b.came) != len(made) || b.problem != "" {
		t.Errorf("%d of %d deliveries came, %d of them twice: %s", len(b.came), len(made), repeats, b.problem)
	}
	t.Logf("killed at the %d-th time: %d events acknowledged, %d deliveries made, %d came twice", at, len(acknowledged), len(made), repeats)
}
