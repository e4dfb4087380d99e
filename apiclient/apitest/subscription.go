package apitest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"umdeck/apiclient"
)

func testSubscriptions(t *testing.T, s *subject) {
	s.need(t, apiclient.CanAddSubs, apiclient.CanListSubs, apiclient.CanWriteZaps)
	z := s.zap(t, TriggerZap("Subscribed", apiclient.TriggerLogin, "first_name"))
	t.Run("add", func(t *testing.T) { s.testSubscribe(t, z) })
	t.Run("states", func(t *testing.T) { s.testSubscriptionStates(t, z) })
	t.Run("settings", func(t *testing.T) { s.testSubscriptionSettings(t, z) })
	t.Run("secret", func(t *testing.T) { s.testSubscriptionSecret(t, z) })
	t.Run("tell", s.testTell)
	t.Run("refuse", func(t *testing.T) { s.testRefuseSubscription(t, z) })
}

// sameSubscription leaves out what grows while a subscription is used.
var sameSubscription = cmp.Options{
	cmpopts.IgnoreFields(apiclient.Subscription{}, "Signing", "SuccessAt", "Done", "Dead", "Waiting", "LastCode", "LastError", "LastAt"),
}

func (s *subject) testSubscribe(t *testing.T, z apiclient.Zap) {
	const url = "https://example.com/hooks/catch/1/abcd/?a=b&c=%20d"
	sub := s.subscribe(t, z.ID, url)
	want := apiclient.Subscription{ID: sub.ID, Zap: z.ID, ZapName: z.Name, Event: z.Event, URL: url, State: apiclient.SubscriptionActive, Why: sub.Why, By: sub.By, Created: sub.Created}
	if diff := cmp.Diff(want, sub, sameSubscription); diff != "" {
		t.Errorf("the new subscription (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sub, must(s.Subscription(t.Context(), sub.ID))(t), sameSubscription); diff != "" {
		t.Errorf("Subscription gives another one (-added +read):\n%s", diff)
	}
	again, added, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url})
	if err != nil || added || again.ID != sub.ID {
		t.Errorf("the same again: id %d, added %t, err %v; want id %d and not added", again.ID, added, err, sub.ID)
	}
	other := s.subscribe(t, z.ID, url+"2")
	if other.ID == sub.ID {
		t.Error("another URL is the same subscription")
	}
	var got []apiclient.SubscriptionID
	for _, x := range must(s.Subscriptions(t.Context(), z.ID))(t) {
		got = append(got, x.ID)
	}
	if diff := cmp.Diff([]apiclient.SubscriptionID{sub.ID, other.ID}, got); diff != "" {
		t.Errorf("the zap's subscriptions (-want +got):\n%s", diff)
	}
	all := must(s.Subscriptions(t.Context(), 0))(t)
	if !slices.ContainsFunc(all, func(x apiclient.Subscription) bool { return x.ID == other.ID }) {
		t.Errorf("subscription %d is not among all of them", other.ID)
	}
	if got := must(s.Zap(t.Context(), z.ID))(t).Subscriptions; got != 2 && got != -1 {
		t.Errorf("the zap counts %d active subscriptions; want 2", got)
	}
}

func (s *subject) testSubscriptionStates(t *testing.T, z apiclient.Zap) {
	s.need(t, apiclient.CanRemoveSubs)
	const url = "https://example.com/states"
	sub := s.subscribe(t, z.ID, url)
	for _, state := range []apiclient.SubscriptionState{apiclient.SubscriptionPaused, apiclient.SubscriptionPaused, apiclient.SubscriptionActive} {
		got, err := s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(state))
		if err != nil || got.State != state {
			t.Fatalf("%s: the state is %q, err %v", state, got.State, err)
		}
		if read := must(s.Subscription(t.Context(), sub.ID))(t).State; read != state {
			t.Errorf("%s: it reads as %s", state, read)
		}
	}
	_, err := s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription("asleep"))
	wantKind(t, "a state that is none", err, apiclient.Invalid)
	if _, err := s.RemoveSubscription(t.Context(), sub.ID, false); err != nil {
		t.Fatal(err)
	}
	if got := must(s.Subscription(t.Context(), sub.ID))(t).State; got != apiclient.SubscriptionGone {
		t.Errorf("a removed subscription is %s; want gone", got)
	}
	_, err = s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionActive))
	wantKind(t, "resuming one that is gone", err, apiclient.Conflict)
	back, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url})
	if err != nil || back.ID != sub.ID || back.State != apiclient.SubscriptionActive {
		t.Errorf("subscribing again: id %d, %s, err %v; want id %d, active", back.ID, back.State, err, sub.ID)
	}
}

func (s *subject) testRefuseSubscription(t *testing.T, z apiclient.Zap) {
	for name, url := range map[string]string{
		"nothing":             "",
		"no URL":              "example.com/hook",
		"no host":             "https:///hook",
		"another scheme":      "ftp://example.com/hook",
		"a script":            "javascript:alert(1)",
		"a user name":         "https://ada:secret@example.com/hook",
		"a fragment":          "https://example.com/hook#part",
		"a space":             "https://example.com/a hook",
		"a line":              "https://example.com/\nHost: x",
		"too long":            "https://example.com/" + strings.Repeat("x", apiclient.MaxURL),
		"a port that is none": "https://example.com:port/hook",
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url})
			wantKind(t, "AddSubscription", err, apiclient.Invalid)
		})
	}
	add := func(zap apiclient.ZapID) error {
		_, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: zap, URL: "https://example.com/hook"})
		return err
	}
	wantKind(t, "a zap that is none", add(1<<40), apiclient.NotFound)
	wantKind(t, "no zap", add(0), apiclient.Invalid)
	wantKind(t, "an action zap", add(s.zap(t, ActionZap("Action", "first_name")).ID), apiclient.Conflict)
	_, err := s.Subscription(t.Context(), 1<<40)
	wantKind(t, "Subscription that is none", err, apiclient.NotFound)
	if s.can(apiclient.CanRemoveSubs) {
		_, err = s.UpdateSubscription(t.Context(), 1<<40, apiclient.SetSubscription(apiclient.SubscriptionPaused))
		wantKind(t, "UpdateSubscription of none", err, apiclient.NotFound)
		_, err = s.RemoveSubscription(t.Context(), 1<<40, false)
		wantKind(t, "RemoveSubscription of none", err, apiclient.NotFound)
	}
}
