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
)

// TestPauseOfMany pauses a subscription for which more waits than one transaction moves,
// ends the engine half way, and resumes it under the next one: everything arrives, what is
// about one user in its order, what was made meanwhile included.
func TestPauseOfMany(t *testing.T) {
	const events, users = 4500, 30
	var mu sync.Mutex // guards what follows
	var came []apiclient.EventID
	all := make(chan struct{})
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ ID apiclient.EventID }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if came = append(came, body.ID); len(came) == events+users {
			close(all)
		}
	}))
	defer sink.Close()
	dir := t.TempDir()
	e := open(t, dir)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_login")))(t)
	sub, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: sink.URL + "/in"})
	if err != nil {
		t.Fatal(err)
	}
	var ids [users]apiclient.UserID
	for n := range ids {
		ids[n] = must(e.CreateUser(t.Context(), member(n)))(t).ID
	}
	about := map[apiclient.EventID]int{}
	fire := func(e apiclient.API, n int) {
		for range n {
			var all sync.WaitGroup
			for u, id := range ids {
				all.Go(func() {
					event, err := e.FireTrigger(t.Context(), apiclient.TriggerLogin, id)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					about[event.ID] = u
				})
			}
			all.Wait()
		}
	}
	fire(e, events/users)
	turn := func(e apiclient.API, state apiclient.SubscriptionState) {
		must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SubscriptionUpdate{State: &state}))(t)
	}
	turn(e, apiclient.SubscriptionPaused)
	if h := must(e.Health(t.Context()))(t); h.Due == 0 || h.Held == 0 || h.Due+h.Held != events {
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
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if h := must(r.Health(t.Context()))(t); h.Due == 0 && h.Held == events {
			break
		} else if time.Now().After(end) {
			t.Fatalf("%d are due and %d held", h.Due, h.Held)
		}
	}
	turn(r, apiclient.SubscriptionActive)
	fire(r, 1)
	select {
	case <-all:
	case <-time.After(2 * time.Minute):
		t.Fatal("not all came")
	}
	mu.Lock()
	defer mu.Unlock()
	last := map[int]apiclient.EventID{}
	for _, id := range came {
		u := about[id]
		if id <= last[u] {
			t.Fatalf("event %d of a user came after %d", id, last[u])
		}
		last[u] = id
	}
}
