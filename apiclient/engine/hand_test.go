package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store/pgtest"
)

// A countedStore counts what is claimed.
type countedStore struct {
	outbox.Store
	claimed *atomic.Int64
}

func (s countedStore) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	items, err := s.Store.Claim(ctx, now, take)
	s.claimed.Add(int64(len(items)))
	return items, err
}

// eventOf returns the number of the event that a hook tells of.
func eventOf(t *testing.T, h apitest.Hook) apiclient.EventID {
	t.Helper()
	var body struct{ ID apiclient.EventID }
	if err := json.Unmarshal(h.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body.ID
}

// TestHandOver sends what events make without claiming it, in the order of the events, with
// both secrets while one replaces the other, nothing while the subscription is paused, and
// everything after the engine has run again.
func TestHandOver(t *testing.T) {
	receiver, dir := apitest.NewReceiver(t), t.TempDir()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true})))(t)
	var claimed atomic.Int64
	between := func() {
		t.Helper()
		err := e.Between(func(s outbox.Store) outbox.Store { return countedStore{s, &claimed} }, func(s outbox.Sender) outbox.Sender { return s })
		if err != nil {
			t.Fatal(err)
		}
	}
	between()
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Hand", apiclient.TriggerLogin, "user_login")))(t)
	sub, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/one"})
	if err != nil {
		t.Fatal(err)
	}
	fire := func(n int) (list []apiclient.EventID) {
		t.Helper()
		for range n {
			list = append(list, must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t).ID)
		}
		return list
	}
	came := func(n int) (list []apiclient.EventID, signatures int) {
		t.Helper()
		for range n {
			h := receiver.Next(t)
			list = append(list, eventOf(t, h))
			signatures = len(strings.Fields(h.Header.Get("webhook-signature")))
		}
		return list, signatures
	}
	want := fire(1) // waits for the engine to run
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	got, _ := came(1)
	want = append(want, fire(60)...)
	more, one := came(60)
	if diff := cmp.Diff(want, append(got, more...)); diff != "" {
		t.Errorf("came (-want +got):\n%s", diff)
	}
	if n := claimed.Load(); n < 1 || n > 20 {
		t.Errorf("%d of 61 deliveries were claimed; want the first, and few others", n)
	}

	must(e.RotateSubscription(t.Context(), sub.ID, time.Hour))(t)
	fire(3)
	if _, two := came(3); one != 1 || two != 2 {
		t.Errorf("%d signatures, and %d during the change of secrets", one, two)
	}
	paused, active := apiclient.SubscriptionPaused, apiclient.SubscriptionActive
	must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SubscriptionUpdate{State: &paused}))(t)
	want = fire(5)
	receiver.None(t)
	must(e.UpdateSubscription(t.Context(), sub.ID, apiclient.SubscriptionUpdate{State: &active}))(t)
	want = append(want, fire(5)...)
	got, _ = came(10)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a pause came (-want +got):\n%s", diff)
	}

	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	want = fire(3) // nobody is there to take it
	ctx, stop = context.WithCancel(t.Context())
	between()
	go func() { ended <- e.Run(ctx) }()
	got, _ = came(3)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("when it ran again came (-want +got):\n%s", diff)
	}
	stop()
	if err := errors.Join(<-ended, e.Close()); err != nil {
		t.Error(err)
	}
}

// TestHandOverBesideOthers raises events about one user by two engines in turn: they come in
// the order of the events, by whichever engine the subscription is sent to.
func TestHandOverBesideOthers(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	list := several(t, 2)
	defer closeAll(t, list)
	receiver := apitest.NewReceiver(t)
	z := must(list[0].CreateZap(t.Context(), apitest.TriggerZap("Turns", apiclient.TriggerLogin, "user_login")))(t)
	must3(list[0].AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL + "/one"}))(t)
	var want, got []apiclient.EventID
	for n := range 120 {
		// Runs of one engine, in which it hands over, and turns.
		e := list[n/5%2]
		if n >= 60 {
			e = list[n%2]
		}
		want = append(want, must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t).ID)
	}
	for len(got) < len(want) {
		e := eventOf(t, receiver.Next(t))
		if !slices.Contains(got, e) { // a stall of seconds ends a lease here: then some come twice
			got = append(got, e)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("came (-want +got):\n%s", diff)
	}
}
