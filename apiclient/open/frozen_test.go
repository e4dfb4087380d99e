package open_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine/store/pgtest"
)

// A holding receiver keeps the first hook waiting until it is told to answer, with 410;
// all others are answered with 200 at once.
type holding struct {
	url    string
	held   chan struct{} // closed when the first hook is there
	answer chan struct{} // to be closed

	mu   sync.Mutex // guards came
	came map[string][]string
}

func newHolding(t *testing.T) *holding {
	h := &holding{held: make(chan struct{}), answer: make(chan struct{}), came: map[string][]string{}}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	h.url = srv.URL
	return h
}

func (h *holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	id := r.Header.Get("webhook-id")
	h.mu.Lock()
	first := len(h.came) == 0
	h.came[id] = append(h.came[id], string(body))
	h.mu.Unlock()
	if first {
		close(h.held)
		select {
		case <-h.answer:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusGone)
	}
}

// TestFrozenEngine stops an engine inside a request for longer than its lease. Another
// one takes over and delivers; what the first says when it wakes up comes too late, though
// it is that the subscription has ended; and it works again as one of two.
func TestFrozenEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lease to end")
	}
	p, sink := place{t.TempDir(), pgtest.New(t)}, newHolding(t)
	l := &ledger{t: t}
	sub := prepareFrozen(t, p, l, sink)
	first := p.serve(t)
	api := l.connect(&seat{up: make(chan struct{})}, first.url)
	fire(t, api)
	receive(t, sink.held)
	first.signal(t, syscall.SIGSTOP)

	second := p.serve(t)
	other := l.connect(&seat{up: make(chan struct{})}, second.url)
	taken := settled(t, other, sub, 1)
	if taken.Done != 1 {
		t.Fatalf("after the takeover: %+v", taken)
	}
	close(sink.answer)
	first.signal(t, syscall.SIGCONT)
	const more = 20
	for n := range more {
		fire(t, []apiclient.API{api, other}[n%2])
	}
	s := settled(t, other, sub, 1+more)
	if s.State != apiclient.SubscriptionActive || s.Done != 1+more || s.Dead != 0 {
		t.Errorf("the subscription is %+v", s)
	}
	for _, a := range []apiclient.API{api, other} {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	first.end(t)
	second.end(t)
	sink.check(t, more)
}

// check looks at what came: the first hook twice, the same bytes, and the others once.
func (h *holding) check(t *testing.T, more int) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	twice := 0
	for id, bodies := range h.came {
		switch {
		case len(bodies) == 2 && bodies[0] == bodies[1]:
			twice++
		case len(bodies) != 1:
			t.Errorf("%s came as %v", id, bodies)
		}
	}
	if twice != 1 || len(h.came) != 1+more {
		t.Errorf("%d hooks came, %d of them twice", len(h.came), twice)
	}
}

func prepareFrozen(t *testing.T, p place, l *ledger, sink *holding) apiclient.SubscriptionID {
	t.Helper()
	i := p.open(t)
	defer closed(t, i)
	var err error
	if _, l.password, err = i.CreatePassword(t.Context(), 1, "frozen"); err != nil {
		t.Fatal(err)
	}
	z, err := i.CreateZap(t.Context(), apitest.TriggerZap("Frozen", apiclient.TriggerLogin, "user_login"))
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := i.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: sink.url + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

func fire(t *testing.T, api apiclient.API) {
	t.Helper()
	if _, err := api.FireTrigger(t.Context(), apiclient.TriggerLogin, 1); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(30 * time.Second):
		t.Fatal("no hook came")
	}
}

// settled waits until so many deliveries of a subscription are final, and returns it.
func settled(t *testing.T, api apiclient.API, id apiclient.SubscriptionID, n int) (s apiclient.Subscription) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ; ctx.Err() == nil; await(ctx, time.Now().Add(50*time.Millisecond)) {
		var err error
		if s, err = api.Subscription(ctx, id); err != nil {
			t.Fatal(err)
		}
		if s.Done+s.Dead >= n || s.State != apiclient.SubscriptionActive {
			break
		}
	}
	return s
}
