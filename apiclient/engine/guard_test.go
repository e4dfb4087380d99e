package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// states counts the deliveries of a zap by their states.
func states(t *testing.T, e *engine.Engine, z apiclient.ZapID) map[apiclient.DeliveryState]int {
	t.Helper()
	m := map[apiclient.DeliveryState]int{}
	for _, d := range must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{Limit: 1000, Filter: apiclient.FieldIs("zap", fmt.Sprint(z))}))(t).Deliveries {
		m[d.State]++
		if (d.State == apiclient.DeliveryHeld) != strings.Contains(d.Error, "loop guard") {
			t.Errorf("delivery %d is %s, and says %q", d.ID, d.State, d.Error)
		}
	}
	return m
}

// TestLoopGuard changes one user again and again: ten events of a minute reach the zap,
// and the rest does when a minute is over. Other users, other zaps and what is fired by
// hand are not touched.
func TestLoopGuard(t *testing.T) {
	c := newTicking()
	e := c.run(t, t.TempDir())
	receiver := apitest.NewReceiver(t)
	zap := func(name string, fired apiclient.Trigger) apiclient.Zap {
		n := apitest.TriggerZap(name, fired, "user_login")
		n.Origins = []apiclient.Origin{apiclient.OriginConsole}
		z := must(e.CreateZap(t.Context(), n))(t)
		if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/" + string(fired)}); err != nil {
			t.Fatal(err)
		}
		return z
	}
	edited, logins := zap("Edited", apiclient.TriggerEditProfile), zap("Logins", apiclient.TriggerLogin)
	ada, bob := must(e.CreateUser(t.Context(), apitest.User("ada")))(t), must(e.CreateUser(t.Context(), apitest.User("bob")))(t)
	change := func(u apiclient.User, n int) {
		t.Helper()
		for i := range n {
			must(e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{DisplayName: new(fmt.Sprint(c.now().Unix(), " ", i))}))(t)
		}
	}
	got := func(n int) {
		t.Helper()
		for range n {
			receiver.Next(t)
		}
		c.tick(t, 5*time.Second)
		receiver.None(t)
	}
	change(ada, 9)
	got(9)
	change(ada, 4)
	change(bob, 2)
	got(3)
	if m := states(t, e, edited.ID); m[apiclient.DeliveryHeld] != 3 {
		t.Errorf("%v; want 3 held", m)
	}
	for range 12 {
		must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, ada.ID))(t)
	}
	got(12)
	if m := states(t, e, logins.ID); m[apiclient.DeliveryHeld] != 0 {
		t.Errorf("fired by hand: %v; want none held", m)
	}

	c.pass(59 * time.Second)
	c.tick(t, 5*time.Second)
	got(0)
	// A subscription that comes back does not let go what the guard holds.
	sub := must(e.Subscriptions(t.Context(), edited.ID))(t)[0]
	must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t)
	must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionActive)))(t)
	got(0)

	c.pass(2 * time.Second)
	c.tick(t, 5*time.Second)
	got(3)
	if m := states(t, e, edited.ID); m[apiclient.DeliveryHeld] != 0 {
		t.Errorf("%v; want none held", m)
	}
	change(ada, 10)
	got(10)

	set(t, e, "umdeck_loop_limit", "0")
	change(ada, 20)
	got(20)
}

// TestLoopGuardAndOffZap holds for a zap that is stopped meanwhile: what the guard lets go
// waits for the zap.
func TestLoopGuardAndOffZap(t *testing.T) {
	c := newTicking()
	e := c.run(t, t.TempDir())
	set(t, e, "umdeck_loop_limit", "1")
	n := apitest.TriggerZap("Edited", apiclient.TriggerEditProfile, "user_login")
	n.Origins = []apiclient.Origin{apiclient.OriginConsole}
	z := subscribed(t, e, n, "x")
	sub := must(e.Subscriptions(t.Context(), z.ID))(t)[0]
	must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t)
	ada := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	for i := range 3 {
		must(e.UpdateUser(t.Context(), ada.ID, apiclient.UserUpdate{DisplayName: new(fmt.Sprint(i))}))(t)
	}
	c.pass(2 * time.Minute)
	c.tick(t, 5*time.Second)
	c.tick(t, 5*time.Second)
	list := must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries
	for _, d := range list {
		if d.State != apiclient.DeliveryHeld || d.Error != "" {
			t.Errorf("%d is %s and says %q; want it held by its subscription alone", d.ID, d.State, d.Error)
		}
	}
	if len(list) != 3 {
		t.Errorf("%d deliveries; want 3", len(list))
	}
}
