package engine_test

import (
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// TestRotationOverlaps signs with two secrets until the time of the older one is over, and
// forgets that one.
func TestRotationOverlaps(t *testing.T) {
	c := newTicking()
	e := c.run(t, t.TempDir())
	receiver := apitest.NewReceiver(t)
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_login")))(t)
	first, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	secrets := []apiclient.Secret{first.Signing}
	signed := func(when string, want ...bool) {
		t.Helper()
		must(e.TestSubscription(t.Context(), first.ID))(t)
		h := receiver.Next(t)
		for i, s := range secrets {
			if got := h.Signed(s); got != want[i] {
				t.Errorf("%s: signed by secret %d: %t; want %t", when, i, got, want[i])
			}
		}
	}
	rotate := func(overlap time.Duration) {
		t.Helper()
		s := must(e.RotateSubscription(t.Context(), first.ID, overlap))(t)
		if want := c.now().Add(overlap); !s.RotatedUntil.Equal(want) {
			t.Errorf("both sign until %s; want %s", s.RotatedUntil, want)
		}
		secrets = append(secrets, s.Signing)
	}
	signed("at first", true)
	rotate(2 * time.Hour)
	signed("after the rotation", true, true)
	c.pass(2*time.Hour - time.Millisecond)
	c.tick(t, time.Hour)
	signed("at the end of the overlap", true, true)
	c.pass(time.Millisecond)
	signed("after the overlap", false, true)
	c.tick(t, time.Hour)
	c.tick(t, time.Hour) // so that the one before is over
	if s := must(e.Subscription(t.Context(), first.ID))(t); !s.RotatedUntil.IsZero() {
		t.Errorf("the secret before is kept, as of until %s", s.RotatedUntil)
	}
	rotate(time.Hour)
	rotate(time.Hour)
	signed("rotated twice", false, false, true, true)
}
