package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
)

// A handedTo is a database whose handed deliveries are written down.
type handedTo struct {
	*DB
	sub  apiclient.SubscriptionID
	came []apiclient.DeliveryID
}

func handing(t *testing.T) *handedTo {
	db, sub := queued(t)
	h := &handedTo{DB: db, sub: sub}
	db.cfg.Handed = func(list []Handed, err error) {
		for _, d := range list {
			h.came = append(h.came, apiclient.DeliveryID(d.ID))
		}
		if err != nil {
			t.Error(err)
		}
	}
	d := deliver(t, db, sub) // so that the log has something
	claimNext(t, db, 1, sub, 1)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.Finish(ctx, 1, Result{Delivery: d.ID, State: apiclient.DeliveryDone})
	})
	return h
}

// ask has a claim ask for what is made later.
func (h *handedTo) ask(t *testing.T) {
	t.Helper()
	change(t, h.DB, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: h.sub, Max: 100, Onward: true})
		return err
	})
}

// make makes a delivery as an event does, and reports whether it was handed over.
func (h *handedTo) make(t *testing.T) (d apiclient.Delivery, handed bool) {
	t.Helper()
	before := len(h.came)
	change(t, h.DB, func(ctx context.Context, tx *Tx) (err error) {
		d, err = h.makeIn(ctx, tx)
		return err
	})
	got := h.came[before:]
	if len(got) > 1 || len(got) == 1 && got[0] != d.ID {
		t.Errorf("made %d; handed over %v", d.ID, got)
	}
	want := apiclient.DeliveryDue
	if len(got) > 0 {
		want = "claimed"
	}
	if s := stateOf(t, h.DB, d.ID).State; s != want {
		t.Errorf("delivery %d is %s; want %s", d.ID, s, want)
	}
	return d, len(got) > 0
}

func (h *handedTo) makeIn(ctx context.Context, tx *Tx) (d apiclient.Delivery, err error) {
	if _, err := tx.Version(ctx); err != nil { // an event reads the rules first
		return d, err
	}
	s, err := tx.Subscription(ctx, h.sub)
	if err != nil {
		return d, err
	}
	targets, err := tx.Targets(ctx, s.Zap)
	if err != nil {
		return d, err
	}
	e, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "Ada", Origin: "form", At: tx.Now(), Deliveries: 1})
	if err != nil {
		return d, err
	}
	p, err := tx.InsertPayload([]byte("{}"))
	if err != nil {
		return d, err
	}
	return tx.InsertDeliveryTo(ctx, apiclient.Delivery{
		WebhookID: fmt.Sprint("msg_", e), EventID: e, Event: apiclient.TriggerLogin, Zap: s.Zap, ZapName: s.ZapName, User: 1, Login: "Ada", Body: []byte("{}"),
	}, p, targets[0])
}

// TestHandOver hands over what is made while nothing of its subscription is due that was
// never sent, and nothing else.
func TestHandOver(t *testing.T) {
	h := handing(t)
	first, handed := h.make(t)
	if handed {
		t.Error("it was handed over before anybody asked")
	}
	h.ask(t)
	made, handed := h.make(t)
	if !handed {
		t.Fatal("it was not handed over after a claim that left nothing")
	}
	if got := counters(t, h.DB, h.sub); got != "done 1 dead 0 waiting 2" {
		t.Errorf("counters: %s", got)
	}
	finish := func(ctx context.Context, tx *Tx, d apiclient.Delivery, r Result) error {
		r.Delivery = d.ID
		return tx.Finish(ctx, 1, r)
	}
	failed := errors.New("failed")
	for _, c := range []struct {
		what string
		do   func(context.Context, *Tx) error
		ends bool
	}{
		{"a result", func(ctx context.Context, tx *Tx) error {
			return finish(ctx, tx, first, Result{State: apiclient.DeliveryDone})
		}, false},
		{"a delivery that is given back", func(ctx context.Context, tx *Tx) error { return tx.Release(ctx, 1, made.ID) }, true},
		{"a test", func(ctx context.Context, tx *Tx) error { _, err := deliverIn(ctx, tx, h.sub); return err }, true},
		{"a change that fails", func(context.Context, *Tx) error { return failed }, true},
		{"other settings", func(ctx context.Context, tx *Tx) error {
			s, err := tx.Subscription(ctx, h.sub)
			if err != nil {
				return err
			}
			return tx.UpdateSubscription(ctx, s)
		}, true},
		{"a pause that is over", func(ctx context.Context, tx *Tx) error {
			if err := tx.SetSubscription(ctx, h.sub, apiclient.SubscriptionPaused, ""); err != nil {
				return err
			}
			return tx.SetSubscription(ctx, h.sub, apiclient.SubscriptionActive, "")
		}, true},
		{"the end", func(_ context.Context, tx *Tx) error { tx.KeepBack(); return nil }, true},
		{"a claim that does not ask", func(ctx context.Context, tx *Tx) error {
			_, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: h.sub, Max: 100})
			return err
		}, true},
		{"a claim that takes a part", func(ctx context.Context, tx *Tx) error {
			for range 2 {
				if _, err := deliverIn(ctx, tx, h.sub); err != nil {
					return err
				}
			}
			_, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: h.sub, Max: 2, Onward: true})
			return err
		}, true},
		{"a claim by other rules", func(ctx context.Context, tx *Tx) error {
			_, err := tx.Claim(ctx, 1, tx.Now(), Take{Subscription: h.sub, Max: 100, Onward: true, Skip: []int64{7}})
			return err
		}, true},
	} {
		h.ask(t)
		if _, handed := h.make(t); !handed {
			t.Errorf("before %s nothing was handed over", c.what)
		}
		if err := h.Change(t.Context(), c.do); err != nil && !errors.Is(err, failed) {
			t.Fatalf("%s: %v", c.what, err)
		}
		if _, handed := h.make(t); handed == c.ends {
			t.Errorf("after %s: handed over %v", c.what, handed)
		}
	}
}

// TestHandOverStops has so many claimed that no more are handed over until some are
// recorded and a claim has found the rest.
func TestHandOverStops(t *testing.T) {
	h := handing(t)
	h.ask(t)
	change(t, h.DB, func(ctx context.Context, tx *Tx) error {
		for range mostHanded + 10 {
			if _, err := h.makeIn(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if len(h.came) != mostHanded {
		t.Errorf("%d were handed over; want %d", len(h.came), mostHanded)
	}
	waiting := read(t, h.DB, func(ctx context.Context, tx *Tx) ([]Lane, error) { return tx.Waiting(ctx, 1) })
	if len(waiting) != 1 {
		t.Errorf("waiting are %+v", waiting)
	}
	rest := claimNext(t, h.DB, 1, h.sub, 100)
	if len(rest) != 10 || apiclient.DeliveryID(rest[0].ID) < h.came[len(h.came)-1] {
		t.Errorf("claimed %+v; want the 10 that came last", rest)
	}
}

// TestHandOverTakenBack hands over nothing of a change that fails.
func TestHandOverTakenBack(t *testing.T) {
	h := handing(t)
	h.ask(t)
	failed := errors.New("failed")
	errs := h.ChangeEach(t.Context(), []func(context.Context, *Tx) error{
		func(ctx context.Context, tx *Tx) error { _, err := h.makeIn(ctx, tx); return err },
		func(ctx context.Context, tx *Tx) error {
			if _, err := h.makeIn(ctx, tx); err != nil {
				return err
			}
			return failed
		},
	})
	if errs[0] != nil || !errors.Is(errs[1], failed) {
		t.Fatal(errs)
	}
	list := read(t, h.DB, func(ctx context.Context, tx *Tx) (apiclient.DeliveryPage, error) {
		return tx.Deliveries(ctx, apiclient.DeliveryQuery{Limit: 10})
	}).Deliveries
	if len(list) != 2 || len(h.came) != 1 || h.came[0] != list[0].ID {
		t.Errorf("there are %+v; handed over were %v", list, h.came)
	}
}

// TestHandOverBesideOthers hands over nothing after another engine has written, until a
// claim has looked.
func TestHandOverBesideOthers(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	h := handing(t)
	other, err := Open(t.Context(), h.cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, write := range map[string]func(context.Context, *Tx) error{
		"a delivery": func(ctx context.Context, tx *Tx) error { _, err := deliverIn(ctx, tx, h.sub); return err },
		"a lost engine": func(ctx context.Context, tx *Tx) error {
			return tx.orphan(ctx)
		},
	} {
		h.ask(t)
		var got []bool
		for range 3 {
			_, handed := h.make(t)
			got = append(got, handed)
		}
		change(t, other, write)
		_, handed := h.make(t)
		if diff := cmp.Diff([]bool{true, true, true, false}, append(got, handed)); diff != "" {
			t.Errorf("%s: handed over (-want +got):\n%s", name, diff)
		}
	}
}
