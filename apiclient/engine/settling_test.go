package engine_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// A pausedTest has members whose logins go to one subscription.
type pausedTest struct {
	*testing.T
	users []apiclient.UserID
	sub   apiclient.SubscriptionID

	mu    sync.Mutex // guards what follows
	about map[apiclient.EventID]apiclient.UserID
	came  []apiclient.EventID
	want  int
	all   chan struct{} // closed when so many have come
}

func newPausedTest(t *testing.T, e *engine.Engine, users, want int) *pausedTest {
	p := &pausedTest{T: t, about: map[apiclient.EventID]apiclient.UserID{}, want: want, all: make(chan struct{})}
	sink := httptest.NewServer(p)
	t.Cleanup(sink.Close)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_login")))(t)
	s, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: sink.URL + "/in"})
	if err != nil {
		t.Fatal(err)
	}
	p.sub = s.ID
	for n := range users {
		p.users = append(p.users, must(e.CreateUser(t.Context(), member(n)))(t).ID)
	}
	return p
}

func (p *pausedTest) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var body struct{ ID apiclient.EventID }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		p.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.came = append(p.came, body.ID); len(p.came) == p.want {
		close(p.all)
	}
}

// fire has each member log in n times.
func (p *pausedTest) fire(e apiclient.API, n int) {
	p.Helper()
	for range n {
		var all sync.WaitGroup
		for _, id := range p.users {
			all.Go(func() {
				event, err := e.FireTrigger(p.Context(), apiclient.TriggerLogin, id)
				if err != nil {
					p.Error(err)
					return
				}
				p.mu.Lock()
				defer p.mu.Unlock()
				p.about[event.ID] = id
			})
		}
		all.Wait()
	}
}

func (p *pausedTest) turn(e apiclient.API, state apiclient.SubscriptionState) {
	p.Helper()
	must(e.UpdateSubscription(p.Context(), p.sub, apiclient.SubscriptionUpdate{State: &state}))(p.T)
}

// untilHeld waits until n deliveries are held, and none is due.
func (p *pausedTest) untilHeld(e apiclient.API, n int64) {
	p.Helper()
	for end := time.Now().Add(time.Minute); ; {
		h := must(e.Health(p.Context()))(p.T)
		if h.Due == 0 && h.Held == n {
			return
		}
		if time.Now().After(end) {
			p.Fatalf("%d are due and %d held", h.Due, h.Held)
		}
		await(p.Context(), time.Now().Add(10*time.Millisecond))
	}
}

// inOrder fails unless all come, what is about one member in its order.
func (p *pausedTest) inOrder() {
	p.Helper()
	select {
	case <-p.all:
	case <-time.After(2 * time.Minute):
		p.Fatal("not all came")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := map[apiclient.UserID]apiclient.EventID{}
	for _, id := range p.came {
		u := p.about[id]
		if id <= last[u] {
			p.Fatalf("event %d of user %d came after %d", id, u, last[u])
		}
		last[u] = id
	}
}

// TestPauseOfMany pauses a subscription for which more waits than one transaction moves,
// ends the engine half way, and resumes it under the next one: everything arrives, what is
// about one user in its order, what was made meanwhile included.
func TestPauseOfMany(t *testing.T) {
	const users, times = 30, 150
	dir := t.TempDir()
	e := open(t, dir)
	p := newPausedTest(t, e, users, users*times+users)
	p.fire(e, times)
	p.turn(e, apiclient.SubscriptionPaused)
	if h := must(e.Health(t.Context()))(t); h.Due == 0 || h.Held == 0 || h.Due+h.Held != users*times {
		t.Errorf("after the pause %d are due and %d held", h.Due, h.Held)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	r := run(t, dir)
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	p.untilHeld(r, users*times)
	p.turn(r, apiclient.SubscriptionActive)
	p.fire(r, 1)
	p.inOrder()
}
