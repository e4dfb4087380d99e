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
	if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: b.url + "/one"}); err != nil {
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
	if err := errors.Join(<-ended, e.Close()); err != nil {
		t.Error(err)
	}
	if !f.claimed.Load() || !f.finished.Load() || len(b.came) != 3 || b.problem != "" {
		t.Errorf("claim lost: %v, record lost: %v; %v came, %s", f.claimed.Load(), f.finished.Load(), b.came, b.problem)
	}
}
