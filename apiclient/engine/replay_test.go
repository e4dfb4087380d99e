package engine_test

import (
	"net/http"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// wait looks at a job until it satisfies ok.
func wait(t *testing.T, e *engine.Engine, id apiclient.ReplayID, ok func(apiclient.Replay) bool) apiclient.Replay {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		r := must(e.Replay(t.Context(), id))(t)
		if ok(r) {
			return r
		}
		if time.Now().After(deadline) {
			t.Fatalf("the replay stays %+v", r)
		}
		<-tick.C
	}
}

// untilDead waits until that many deliveries of the subscription are dead.
func untilDead(t *testing.T, e *engine.Engine, sub apiclient.SubscriptionID, n int) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for must(e.Subscription(t.Context(), sub))(t).Dead < n {
		if <-tick.C; time.Now().After(deadline) {
			t.Fatal("the deliveries do not die")
		}
	}
}

// TestReplayOutlivesTheEngine starts a job on an engine that ends before it has made
// anything, and stops one on an engine that ends before it is swept up: the next engine
// does both.
func TestReplayOutlivesTheEngine(t *testing.T) {
	const n = 20
	dir := t.TempDir()
	receiver := apitest.NewReceiver(t)
	receiver.Answer(http.StatusRequestEntityTooLarge)
	first := run(t, dir)
	z := must(first.CreateZap(t.Context(), apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_login")))(t)
	sub, _, err := first.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for range n {
		must(first.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
		h := receiver.Next(t)
		bodies[h.Header.Get("webhook-id")] = string(h.Body)
	}
	untilDead(t, first.Engine, sub.ID, n)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	receiver.Answer(http.StatusOK)

	still, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true}))
	if err != nil {
		t.Fatal(err)
	}
	q := apiclient.ReplayQuery{Filter: apiclient.FieldIs("state", "dead"), Key: "night"}
	job := must(still.StartReplay(t.Context(), q))(t)
	if job.Total != n || job.Made != 0 || job.State != apiclient.ReplayRunning {
		t.Errorf("on an engine that does not run the job is %+v", job)
	}
	if err := still.Close(); err != nil {
		t.Fatal(err)
	}

	second := run(t, dir)
	if again := must(second.StartReplay(t.Context(), q))(t); again.ID != job.ID {
		t.Errorf("the key starts replay %d on the next engine; want %d", again.ID, job.ID)
	}
	done := wait(t, second.Engine, job.ID, func(r apiclient.Replay) bool { return r.State == apiclient.ReplayDone })
	if done.Made != n || done.Done != n {
		t.Errorf("at its end the job is %+v", done)
	}
	for range n {
		h := receiver.Next(t)
		of := h.Header.Get("x-um-replay-of")
		if body, ok := bodies[of]; !ok || body != string(h.Body) {
			t.Errorf("a hook repeats %q with %s", of, h.Body)
		}
		delete(bodies, of)
	}
	receiver.None(t)
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}
