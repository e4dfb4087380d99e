package apitest

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func (s *subject) testSubscriptionSettings(t *testing.T, z apiclient.Zap) {
	s.need(t, apiclient.CanRemoveSubs)
	sub := s.subscribe(t, z.ID, "https://example.com/settings")
	waits := []time.Duration{time.Second, 90 * time.Second, 2*time.Hour + 1500*time.Millisecond, apiclient.MaxWait}
	for _, c := range []struct {
		name   string
		update apiclient.SubscriptionUpdate
		change func(*apiclient.Subscription)
	}{
		{"strict", apiclient.SubscriptionUpdate{Strict: new(true)}, func(s *apiclient.Subscription) { s.Strict = true }},
		{"rate", apiclient.SubscriptionUpdate{Rate: new(2.5)}, func(s *apiclient.Subscription) { s.Rate = 2.5 }},
		{"schedule", apiclient.SubscriptionUpdate{Schedule: &waits}, func(s *apiclient.Subscription) { s.Schedule = waits }},
		{"nothing", apiclient.SubscriptionUpdate{}, func(*apiclient.Subscription) {}},
		{"several", apiclient.SubscriptionUpdate{State: new(apiclient.SubscriptionPaused), Strict: new(false), Rate: new(float64(apiclient.MaxRate))}, func(s *apiclient.Subscription) {
			s.State, s.Strict, s.Rate = apiclient.SubscriptionPaused, false, apiclient.MaxRate
		}},
		{"back to the usual", apiclient.SubscriptionUpdate{State: new(apiclient.SubscriptionActive), Rate: new(0.0), Schedule: &[]time.Duration{}}, func(s *apiclient.Subscription) {
			s.State, s.Rate, s.Schedule = apiclient.SubscriptionActive, 0, nil
		}},
		{"the longest schedule", apiclient.SubscriptionUpdate{Schedule: new(slices.Repeat(waits[:1], apiclient.MaxWaits))}, func(s *apiclient.Subscription) {
			s.Schedule = slices.Repeat(waits[:1], apiclient.MaxWaits)
		}},
	} {
		got, err := s.UpdateSubscription(t.Context(), sub.ID, c.update)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		c.change(&sub)
		sub.Why = got.Why
		if diff := cmp.Diff(sub, got, sameSubscription); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(got, must(s.Subscription(t.Context(), sub.ID))(t)); diff != "" {
			t.Errorf("%s: it reads as another one (-changed +read):\n%s", c.name, diff)
		}
	}
	for name, u := range map[string]apiclient.SubscriptionUpdate{
		"a rate below 0":      {Rate: new(-1.0)},
		"a rate of almost 0":  {Rate: new(1e-9)},
		"a rate above most":   {Rate: new(apiclient.MaxRate + 0.5)},
		"a rate that is none": {Rate: new(math.Inf(1))},
		"a wait too short":    {Schedule: &[]time.Duration{time.Second, time.Second - 1}},
		"a wait too long":     {Schedule: &[]time.Duration{apiclient.MaxWait + 1}},
		"too many waits":      {Schedule: new(slices.Repeat(waits[:1], apiclient.MaxWaits+1))},
		"a state of its own":  {State: new(apiclient.SubscriptionSuspended)},
		"the end":             {State: new(apiclient.SubscriptionGone)},
	} {
		_, err := s.UpdateSubscription(t.Context(), sub.ID, u)
		wantKind(t, name, err, apiclient.Invalid)
	}
	if diff := cmp.Diff(sub, must(s.Subscription(t.Context(), sub.ID))(t), sameSubscription); diff != "" {
		t.Errorf("a refused update left (-before +after):\n%s", diff)
	}
}

// testSubscriptionSecret looks for the signing secret wherever it must not be.
func (s *subject) testSubscriptionSecret(t *testing.T, z apiclient.Zap) {
	s.need(t, apiclient.CanRemoveSubs)
	const url = "https://example.com/secret"
	n := apiclient.NewSubscription{Zap: z.ID, URL: url}
	sub, added, err := s.AddSubscription(t.Context(), n)
	if err != nil || !added || !strings.HasPrefix(sub.Signing.Reveal(), "whsec_") {
		t.Fatalf("added %t, the secret is %q, err %v", added, sub.Signing.Reveal(), err)
	}
	silent := func(what string, list ...apiclient.Subscription) {
		t.Helper()
		for _, x := range list {
			if !x.Signing.IsZero() {
				t.Errorf("%s tells the secret of subscription %d", what, x.ID)
			}
		}
	}
	again, _, err := s.AddSubscription(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	silent("the same again", again)
	silent("Subscription", must(s.Subscription(t.Context(), sub.ID))(t))
	silent("Subscriptions", must(s.Subscriptions(t.Context(), 0))(t)...)
	silent("UpdateSubscription", must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t))
	s.rotate(t, sub)
	if s.can(apiclient.CanReadAudit) {
		for _, a := range must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 50}))(t).Audits {
			if text := a.Subject + a.Before + a.After; strings.Contains(text, "whsec_") || strings.Contains(text, url) {
				t.Errorf("the audit tells a secret: %s", text)
			}
		}
	}
	must(s.RemoveSubscription(t.Context(), sub.ID, false))(t)
	_, err = s.RotateSubscription(t.Context(), sub.ID, 0)
	wantKind(t, "RotateSubscription of one that is gone", err, apiclient.Conflict)
}

// rotate gives a subscription new secrets, each told once.
func (s *subject) rotate(t *testing.T, sub apiclient.Subscription) {
	t.Helper()
	if !sub.RotatedUntil.IsZero() {
		t.Errorf("a new secret came with one before it until %v", sub.RotatedUntil)
	}
	secrets := []string{sub.Signing.Reveal()}
	for _, overlap := range []time.Duration{0, time.Minute, apiclient.MaxOverlap} {
		got := must(s.RotateSubscription(t.Context(), sub.ID, overlap))(t)
		if slices.Contains(secrets, got.Signing.Reveal()) || !strings.HasPrefix(got.Signing.Reveal(), "whsec_") {
			t.Errorf("the next secret is %q after %q", got.Signing.Reveal(), secrets)
		}
		secrets = append(secrets, got.Signing.Reveal())
		read := must(s.Subscription(t.Context(), sub.ID))(t)
		if !read.Signing.IsZero() {
			t.Error("Subscription tells a secret")
		}
		if !read.RotatedUntil.Equal(got.RotatedUntil) || got.RotatedUntil.IsZero() {
			t.Errorf("two secrets sign until %v; it reads as %v", got.RotatedUntil, read.RotatedUntil)
		}
	}
	for name, overlap := range map[string]time.Duration{"below 0": -1, "above most": apiclient.MaxOverlap + 1} {
		_, err := s.RotateSubscription(t.Context(), sub.ID, overlap)
		wantKind(t, "an overlap "+name, err, apiclient.Invalid)
	}
	_, err := s.RotateSubscription(t.Context(), 1<<40, 0)
	wantKind(t, "RotateSubscription of none", err, apiclient.NotFound)
}
