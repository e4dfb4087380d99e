package engine_test

import (
	"fmt"
	"net/http"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// members makes n users: what is about one of them does not wait for what is about another.
func members(t *testing.T, e *engine.Engine, n int) (ids []apiclient.UserID) {
	t.Helper()
	for i := range n {
		ids = append(ids, must(e.CreateUser(t.Context(), apitest.User(fmt.Sprint("member", i))))(t).ID)
	}
	return ids
}

// TestTestOfABrokenTarget sends a test to a target whose breaker is open: the next probe
// would be minutes away, and who tests is told now that the target is well again.
func TestTestOfABrokenTarget(t *testing.T) {
	e := run(t, t.TempDir())
	receiver := apitest.NewReceiver(t)
	receiver.Answer(http.StatusInternalServerError)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_login")))(t)
	s, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range members(t, e.Engine, 6) {
		must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u))(t)
	}
	hear(t, e.Engine, "subscriptions.broken")
	receiver.Answer(http.StatusOK)
	d := must(e.TestSubscription(t.Context(), s.ID))(t)
	untilDone(t, e.Engine, d.ID)
	if now := must(e.Subscription(t.Context(), s.ID))(t); !now.BrokenSince.IsZero() {
		t.Errorf("after a success it is %+v; want its breaker closed", now)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
