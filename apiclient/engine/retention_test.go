package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine/store/pgtest"
)

// TestRetention lets an engine run for weeks: what was sent goes after the days of the
// setting, and what waits stays.
func TestRetention(t *testing.T) {
	dir, c := t.TempDir(), newTicking()
	const pace = 30 * time.Minute
	c.ticks[pace] = make(chan time.Time)
	e := c.run(t, dir)
	c.tick(t, pace) // the pass of the beginning is over
	receiver := apitest.NewReceiver(t)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Old", apiclient.TriggerLogin, "user_email")))(t)
	sub, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	u := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	fire := func() apiclient.Delivery {
		must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
		return must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{Limit: 1}))(t).Deliveries[0]
	}
	sent := fire()
	untilDone(t, e, sent.ID)
	stopped := apiclient.ZapStopped
	must(e.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: &stopped}))(t)

	must(e.ChangeSettings(t.Context(), map[string]string{"umdeck_keep_done": "3"}))(t)
	for _, step := range []struct {
		pass time.Duration
		kept bool
	}{{3*24*time.Hour - time.Hour, true}, {30 * time.Minute, true}, {2 * time.Hour, false}} {
		c.pass(step.pass)
		c.tick(t, pace) // begins a pass
		c.tick(t, pace) // when that is over
		_, err := e.Delivery(t.Context(), sent.ID)
		if kept := err == nil; kept != step.kept || err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			t.Fatalf("%s later: %v", step.pass, err)
		}
	}
	if events := must(e.Events(t.Context(), apiclient.EventQuery{Limit: 10}))(t).Events; len(events) != 2 {
		t.Errorf("%d events are left; want the registration and the login for 90 days", len(events))
	}
	if s := must(e.Subscription(t.Context(), sub.ID))(t); s.Done != 1 {
		t.Errorf("the subscription has done %d; want 1 for ever", s.Done)
	}
	span := must(e.LogSpan(t.Context(), time.Time{}))(t)
	if span.Taken == 0 {
		t.Error("the log does not say that something was taken")
	}
	if pgtest.On() { // the day in which the attempt was recorded was over at the first pass
		c.pass(3 * 24 * time.Hour)
		c.tick(t, pace)
		c.tick(t, pace)
	}
	scrape := httptest.NewRecorder()
	e.Metrics().ServeHTTP(scrape, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, want := range []string{`umdeck_pruned_rows_total{table="deliveries"} 1`, `umdeck_pruned_rows_total{table="attempts"} 1`, `umdeck_deliveries_ended_total{state="done"} 1`} {
		if !strings.Contains(scrape.Body.String(), want) {
			t.Errorf("Prometheus does not read %s", want)
		}
	}
}
