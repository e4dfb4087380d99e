package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/outbox"
)

// A forgetful store does what it is asked for and says that it did not, once for each
// kind of call: as a database does whose connection breaks while it commits.
type forgetful struct {
	outbox.Store
	e                 *engine.Engine
	claimed, finished *atomic.Bool
}

var errForgotten = errors.New("the connection broke")

func (s forgetful) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	items, err := s.Store.Claim(ctx, now, take)
	if err == nil && s.claimed.CompareAndSwap(false, true) {
		s.e.LoseClaim(items, errForgotten)
		return nil, errForgotten
	}
	return items, err
}

func (s forgetful) Finish(ctx context.Context, list []outbox.Outcome) error {
	err := s.Store.Finish(ctx, list)
	if err == nil && s.finished.CompareAndSwap(false, true) {
		return errForgotten
	}
	return err
}

// TestLostAnswers delivers although the answers to a claim and to a record were lost, with
// the engine that lost them: what it has claimed and does not know of is claimed again.
func TestLostAnswers(t *testing.T) {
	b, dir := newInbox(t), t.TempDir()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true})))(t)
	f := forgetful{e: e, claimed: new(atomic.Bool), finished: new(atomic.Bool)}
	if err := e.Between(func(s outbox.Store) outbox.Store { f.Store = s; return f }, func(s outbox.Sender) outbox.Sender { return s }); err != nil {
		t.Fatal(err)
	}
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Lost", apiclient.TriggerLogin, "user_login")))(t)
	sub, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: b.url + "/one"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for range 3 {
		must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
	}
	for _, d := range must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries {
		untilDone(t, e, d.ID)
	}
	stop()
	if err := <-ended; err != nil { // what was not recorded is told again by then
		t.Error(err)
	}
	checkOnce(t, e, sub.ID, 3)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if !f.claimed.Load() || !f.finished.Load() || len(b.came) != 3 || b.problem != "" {
		t.Errorf("claim lost: %v, record lost: %v; %v came, %s", f.claimed.Load(), f.finished.Load(), b.came, b.problem)
	}
}

// checkOnce checks that the deliveries of a subscription are n, done by one attempt each,
// and counted once.
func checkOnce(t *testing.T, e *engine.Engine, id apiclient.SubscriptionID, n int) {
	t.Helper()
	list := must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries
	for _, d := range list {
		if d = must(e.Delivery(t.Context(), d.ID))(t); d.State != apiclient.DeliveryDone || d.Attempts != 1 || len(d.Log) != 1 {
			t.Errorf("delivery %d is %s after %d attempts, %d of them kept; want done after one", d.ID, d.State, d.Attempts, len(d.Log))
		}
	}
	var hours apiclient.SubscriptionHour
	for _, h := range must(e.SubscriptionHours(t.Context(), id, time.Time{}))(t) {
		hours.Done, hours.Failed = hours.Done+h.Done, hours.Failed+h.Failed
	}
	s := must(e.Subscription(t.Context(), id))(t)
	if len(list) != n || s.Done != n || s.Waiting != 0 || hours.Done != n || hours.Failed != 0 {
		t.Errorf("%d deliveries; the subscription counts %d done, %d waiting, and its hours %d done, %d failed; want %d done", len(list), s.Done, s.Waiting, hours.Done, hours.Failed, n)
	}
	attempts := 0
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	last := must(e.LogSpan(t.Context(), time.Time{}))(t).Last
	err := e.Watch(ctx, 0, func(log []apiclient.LogEntry) error {
		for _, l := range log {
			if l.Attempt != nil {
				attempts++
			}
			if l.Seq >= last {
				stop()
			}
		}
		return nil
	})
	if err != nil || attempts != n {
		t.Errorf("the log tells of %d attempts, %v; want %d", attempts, err, n)
	}
}
