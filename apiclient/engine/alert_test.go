package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// hear waits for the newest entry of the audit with that action.
func hear(t *testing.T, e *engine.Engine, action string) apiclient.Audit {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if p := must(e.Audits(t.Context(), apiclient.AuditQuery{Filter: apiclient.FieldIs("action", action)}))(t); len(p.Audits) > 0 {
			return p.Audits[0]
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody says %s", action)
		}
		<-tick.C
	}
}

// TestAlertsInTheAudit lets targets fail in the ways that an operator is to hear of.
func TestAlertsInTheAudit(t *testing.T) {
	dir := t.TempDir()
	r := run(t, dir)
	users := members(t, r.Engine, 6)
	fire := func(e *engine.Engine, n int) {
		t.Helper()
		for _, u := range users[:n] {
			must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u))(t)
		}
	}
	add := func(path string, code int) apiclient.Subscription {
		t.Helper()
		to := apitest.NewReceiver(t)
		to.Answer(code)
		z := must(r.CreateZap(t.Context(), apitest.TriggerZap(path, apiclient.TriggerLogin, "user_login")))(t)
		s, _, err := r.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: to.URL + "/" + path})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	heard := func(e *engine.Engine, action string, s apiclient.Subscription, why string) {
		t.Helper()
		a := hear(t, e, action)
		if a.Actor != "umdeck" || a.Origin != apiclient.OriginCron || !strings.Contains(a.Subject, s.Target()) || !strings.Contains(a.After, why) {
			t.Errorf("%s is %+v; want it of %s because of %s", action, a, s.Target(), why)
		}
		if a.Undo != "" || a.NoUndo == "" || strings.Contains(a.Subject+a.After, s.URL) {
			t.Errorf("%s is %+v", action, a)
		}
	}
	gone := add("gone-target", http.StatusGone)
	fire(r.Engine, 1)
	heard(r.Engine, "subscriptions.gone", gone, "410 Gone")

	broken := add("broken-target", http.StatusInternalServerError)
	fire(r.Engine, 6)
	heard(r.Engine, "subscriptions.broken", broken, "500")

	must(r.RemoveSubscription(t.Context(), broken.ID, false))(t)

	// The next engine does not allow what this one did.
	refused := add("refused-target", http.StatusOK)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir}))
	if err != nil {
		t.Fatal(err)
	}
	strict := runOn(t, e)
	fire(e, 1)
	heard(e, "subscriptions.refused", refused, "127.0.0.1")
	if err := strict.Close(); err != nil {
		t.Error(err)
	}
}
