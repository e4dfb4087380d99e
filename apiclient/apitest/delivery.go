package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testDeliveries follows hooks to a receiver on this machine.
func testDeliveries(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadLog, apiclient.CanWriteZaps, apiclient.CanAddSubs, apiclient.CanListSubs, apiclient.CanCreateUsers)
	if s.opts.Unreachable != "" {
		t.Skip(s.opts.Unreachable)
	}
	t.Run("registration", s.testHook)
	t.Run("approval", s.testPlannedHook)
	t.Run("paused", s.testPaused)
	t.Run("stopped", s.testStopped)
	t.Run("410", s.testGone)
	t.Run("failure", s.testFailure)
	t.Run("test", s.testTest)
	t.Run("hours", s.testHours)
	t.Run("pages", s.testDeliveryPages)
}

// hooked makes a running zap of the event and subscribes a new receiver to it.
func (s *subject) hooked(t *testing.T, event apiclient.Trigger, fields ...string) (apiclient.Zap, apiclient.Subscription, *Receiver) {
	t.Helper()
	z := s.zap(t, TriggerZap("Hook "+string(event), event, fields...))
	r := NewReceiver(t)
	sub := s.subscribe(t, z.ID, r.URL+"/hook")
	t.Cleanup(func() {
		// The receiver is about to end: nothing must be sent to it afterwards.
		if !s.can(apiclient.CanRemoveSubs) {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
		defer cancel()
		if _, err := s.RemoveSubscription(ctx, sub.ID, false); err != nil {
			t.Errorf("remove subscription %d: %v", sub.ID, err)
		}
	})
	return z, sub, r
}

// toward is a filter for the deliveries of one subscription.
func toward(id apiclient.SubscriptionID) apiclient.DeliveryQuery {
	return apiclient.DeliveryQuery{Filter: apiclient.FieldIs("subscription", fmt.Sprint(int64(id)))}
}

// settled waits until the newest delivery of the subscription satisfies ok, and
// returns it whole.
func (s *subject) settled(t *testing.T, sub apiclient.SubscriptionID, what string, ok func(apiclient.Delivery) bool) apiclient.Delivery {
	t.Helper()
	deadline := time.Now().Add(s.opts.Patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p := must(s.Deliveries(t.Context(), toward(sub)))(t)
		if len(p.Deliveries) > 0 && ok(p.Deliveries[0]) {
			return must(s.Delivery(t.Context(), p.Deliveries[0].ID))(t)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the subscription has no delivery that is %s: %+v", what, p.Deliveries)
		}
		<-tick.C
	}
}

func inState(state apiclient.DeliveryState) func(apiclient.Delivery) bool {
	return func(d apiclient.Delivery) bool { return d.State == state }
}

func (s *subject) testHook(t *testing.T) {
	z, sub, r := s.hooked(t, apiclient.TriggerRegistration, "user_email", "last_name", "first_name", "account_status")
	u := s.user(t, "hook", AwaitingReview, Answer("first_name", "Zoë & <b>"), Answer("last_name", "Søn"))
	h := r.Next(t)
	d := s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
	u = must(s.User(t.Context(), u.ID))(t)
	s.checkBody(t, h, d, z, u)
	if h.Path != "/hook" || h.Header.Get("Content-Type") != "application/json" {
		t.Errorf("posted to %s as %q; want /hook as application/json", h.Path, h.Header.Get("Content-Type"))
	}
	if !sub.Signing.IsZero() && !h.Signed(sub.Signing) {
		t.Errorf("the signature %q is not that of the subscription's secret", h.Header.Get("webhook-signature"))
	}
	want := apiclient.Delivery{
		ID: d.ID, WebhookID: h.Header.Get("webhook-id"), EventID: d.EventID, Event: apiclient.TriggerRegistration, Zap: z.ID, ZapName: z.Name,
		Subscription: sub.ID, URL: sub.URL, User: u.ID, Login: u.Login, State: apiclient.DeliveryDone, Attempts: 1, At: d.At,
		Code: http.StatusOK, Duration: d.Duration, Body: h.Body, Log: d.Log,
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("the delivery (-want +got):\n%s", diff)
	}
	if want.WebhookID == "" || d.EventID == 0 || len(d.Log) != 1 || d.Log[0].Number != 1 || d.Log[0].Code != http.StatusOK || d.Log[0].Class != "" {
		t.Errorf("webhook-id %q, event %d, attempts %+v", want.WebhookID, d.EventID, d.Log)
	}
	r.None(t)
	if s.can(apiclient.CanRedeliver) {
		s.redeliver(t, sub, r, d, h)
	}
}

// checkBody compares a hook with what the rules make of the user, byte by byte.
func (s *subject) checkBody(t *testing.T, h Hook, d apiclient.Delivery, z apiclient.Zap, u apiclient.User) {
	t.Helper()
	catalogue := s.catalogue(t)
	var fields []apiclient.Field
	for _, key := range z.Fields {
		fields = append(fields, catalogue[key])
	}
	want := asText(t, apiclient.NewPayload(int64(d.EventID), z, fields, &u, apiclient.SiteInfo{}))
	if diff := cmp.Diff(want, string(bytes.TrimSpace(h.Body))); diff != "" {
		t.Errorf("the body (-want +got):\n%s", diff)
	}
	if !s.can(apiclient.CanSampleZaps) {
		return
	}
	sample := must(s.SampleZap(t.Context(), z.ID, u.ID))(t)
	sample[0].Value = json.Number(fmt.Sprint(int64(d.EventID)))
	if diff := cmp.Diff(asText(t, sample), want); diff != "" {
		t.Errorf("the sample differs from the body in more than the id (-sample +body):\n%s", diff)
	}
}

func (s *subject) redeliver(t *testing.T, sub apiclient.Subscription, r *Receiver, first apiclient.Delivery, sent Hook) {
	again, err := s.Redeliver(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again.ID == first.ID || again.ReplayOf != first.ID || again.EventID != first.EventID {
		t.Errorf("the redelivery is %+v; want a new one of delivery %d", again, first.ID)
	}
	h := r.Next(t)
	if !bytes.Equal(h.Body, sent.Body) {
		t.Errorf("redelivered %s; the first time it was %s", h.Body, sent.Body)
	}
	if got := h.Header.Get("webhook-id"); got == "" || got == first.WebhookID {
		t.Errorf("webhook-id is %q; want another one than the first", got)
	}
	if got := h.Header.Get("x-um-replay-of"); got != first.WebhookID {
		t.Errorf("x-um-replay-of is %q; want %q", got, first.WebhookID)
	}
	s.settled(t, sub.ID, "done again", func(d apiclient.Delivery) bool { return d.ID == again.ID && d.State == apiclient.DeliveryDone })
	_, err = s.Redeliver(t.Context(), 1<<40)
	wantKind(t, "Redeliver of none", err, apiclient.NotFound)
}

// testPlannedHook checks that a plan names the zap and the targets that the deed
// then posts to.
func (s *subject) testPlannedHook(t *testing.T) {
	s.need(t, apiclient.CanActOnUsers)
	z, sub, r := s.hooked(t, apiclient.TriggerApprove, "user_login")
	u := s.user(t, "approve", AwaitingReview)
	act := apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}}
	plan := must(s.PlanUsers(t.Context(), act))(t)
	if want := (apiclient.PlannedTrigger{Trigger: apiclient.TriggerApprove, Zap: z.ID, Name: z.Name, Targets: 1}); !slices.Contains(plan.Steps[0].Triggers, want) {
		t.Errorf("the plan has the triggers %+v; want %+v", plan.Steps[0].Triggers, want)
	}
	r.None(t)
	if out := must(s.DoUsers(t.Context(), act))(t); out[0].Err != nil {
		t.Fatal(out[0].Err)
	}
	s.checkBody(t, r.Next(t), s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone)), z, must(s.User(t.Context(), u.ID))(t))
}

// testPaused checks that a paused subscription keeps its deliveries until it is
// resumed.
func (s *subject) testPaused(t *testing.T) {
	s.need(t, apiclient.CanRemoveSubs, apiclient.CanFireTriggers)
	_, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionPaused)))(t)
	u := s.user(t, "paused")
	e := must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	if e.Deliveries == 0 {
		t.Errorf("the event made no delivery: %s; want one that is held", e.Skipped)
	}
	d := s.settled(t, sub.ID, "held", inState(apiclient.DeliveryHeld))
	if d.Attempts != 0 {
		t.Errorf("%d attempts while the subscription is paused", d.Attempts)
	}
	r.None(t)
	must(s.UpdateSubscription(t.Context(), sub.ID, apiclient.SetSubscription(apiclient.SubscriptionActive)))(t)
	if h := r.Next(t); h.Header.Get("webhook-id") != d.WebhookID {
		t.Errorf("webhook-id is %q after the pause; want %q", h.Header.Get("webhook-id"), d.WebhookID)
	}
	s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
}

// testStopped checks that a stopped zap makes no deliveries and says so.
func (s *subject) testStopped(t *testing.T) {
	s.need(t, apiclient.CanFireTriggers)
	z, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: new(apiclient.ZapStopped)}))(t)
	u := s.user(t, "stopped")
	must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	if p := must(s.Deliveries(t.Context(), toward(sub.ID)))(t); len(p.Deliveries) != 0 {
		t.Errorf("a stopped zap made the deliveries %+v", p.Deliveries)
	}
	r.None(t)
	must(s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: new(apiclient.ZapRunning)}))(t)
	must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	r.Next(t)
	s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
}

func (s *subject) testGone(t *testing.T) {
	s.need(t, apiclient.CanFireTriggers)
	_, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	r.Answer(http.StatusGone)
	u := s.user(t, "gone")
	must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	r.Next(t)
	d := s.settled(t, sub.ID, "gone", inState(apiclient.DeliveryGone))
	if d.Code != http.StatusGone || d.Attempts != 1 {
		t.Errorf("code %d after %d attempts; want 410 after 1", d.Code, d.Attempts)
	}
	if got := must(s.Subscription(t.Context(), sub.ID))(t); got.State != apiclient.SubscriptionGone {
		t.Errorf("the subscription is %s after a 410; want gone", got.State)
	}
	must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	if p := must(s.Deliveries(t.Context(), toward(sub.ID)))(t); len(p.Deliveries) != 1 {
		t.Errorf("%d deliveries; want none after the one that was answered 410", len(p.Deliveries))
	}
	if s.can(apiclient.CanRedeliver) {
		_, err := s.Redeliver(t.Context(), d.ID)
		wantKind(t, "Redeliver to a subscription that is gone", err, apiclient.Conflict)
	}
}

// testFailure checks that a failed attempt is recorded and waits for the next.
func (s *subject) testFailure(t *testing.T) {
	s.need(t, apiclient.CanFireTriggers)
	_, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login")
	r.Answer(http.StatusInternalServerError)
	u := s.user(t, "failure")
	must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	r.Next(t)
	d := s.settled(t, sub.ID, "tried once and due again", func(d apiclient.Delivery) bool { return d.State == apiclient.DeliveryDue && d.Attempts == 1 })
	if d.Code != http.StatusInternalServerError || d.Error == "" || !d.NextAt.After(d.At) {
		t.Errorf("code %d, error %q, next at %s (made at %s)", d.Code, d.Error, d.NextAt, d.At)
	}
	if got := must(s.Subscription(t.Context(), sub.ID))(t); got.LastCode != http.StatusInternalServerError || got.Waiting != 1 || got.LastError == "" {
		t.Errorf("the subscription has code %d, %d waiting, error %q; want 500, 1 and a reason", got.LastCode, got.Waiting, got.LastError)
	}
}

func (s *subject) testTest(t *testing.T) {
	s.need(t, apiclient.CanTestSubs)
	z, sub, r := s.hooked(t, apiclient.TriggerLogin, "user_login", "first_name")
	d := must(s.TestSubscription(t.Context(), sub.ID))(t)
	if !d.Test || d.EventID != 0 || d.Subscription != sub.ID || d.Zap != z.ID {
		t.Errorf("the test is %+v", d)
	}
	h := r.Next(t)
	if h.Header.Get("x-um-test") != "1" {
		t.Errorf("x-um-test is %q; want 1", h.Header.Get("x-um-test"))
	}
	var body map[string]any
	if err := json.Unmarshal(h.Body, &body); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"id", "um_zap_name", "um_zap_id", "user_id", "user_login", "first_name"} {
		if _, ok := body[key]; !ok {
			t.Errorf("the test's body has no %s: %s", key, h.Body)
		}
	}
	s.settled(t, sub.ID, "done", inState(apiclient.DeliveryDone))
	_, err := s.TestSubscription(t.Context(), 1<<40)
	wantKind(t, "TestSubscription of none", err, apiclient.NotFound)
}

func (s *subject) testDeliveryPages(t *testing.T) {
	s.need(t, apiclient.CanFireTriggers)
	_, sub, _ := s.hooked(t, apiclient.TriggerLogin, "user_login")
	u := s.user(t, "pages")
	for range 8 {
		must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	}
	q := toward(sub.ID)
	q.Limit = 3
	var got []apiclient.DeliveryID
	for range 4 {
		p := must(s.Deliveries(t.Context(), q))(t)
		for _, d := range p.Deliveries {
			if d.Body != nil || d.Log != nil {
				t.Errorf("delivery %d has a body or attempts in the list", d.ID)
			}
			got = append(got, d.ID)
		}
		if q.After = p.Next; p.Next == "" {
			break
		}
	}
	if len(got) != 8 || !slices.IsSortedFunc(got, func(a, b apiclient.DeliveryID) int { return int(b - a) }) {
		t.Errorf("the pages have the deliveries %v; want 8, the newest first", got)
	}
	if p := must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.AllOf(q.Filter, apiclient.FieldIs("state", "gone"))}))(t); len(p.Deliveries) != 0 {
		t.Errorf("%d of them are gone", len(p.Deliveries))
	}
	if p := must(s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.AllOf(q.Filter, of(u.ID)), Limit: 100}))(t); len(p.Deliveries) != 8 {
		t.Errorf("the filter on the user finds %d; want 8", len(p.Deliveries))
	}
	_, err := s.Delivery(t.Context(), 1<<40)
	wantKind(t, "Delivery that is none", err, apiclient.NotFound)
	_, err = s.Deliveries(t.Context(), apiclient.DeliveryQuery{Filter: apiclient.FieldIs("no_such_column", "x")})
	wantKind(t, "a column that is none", err, apiclient.Invalid)
}
