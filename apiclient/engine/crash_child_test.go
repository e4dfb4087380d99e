package engine_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/outbox"
)

// The environment of TestCrashChild: the data folder to work in, the point at which it
// kills itself and at the how many-th time, and how many raise events at once.
const (
	crashDir    = "ENGINE_TEST_CRASH_DIR"
	crashPoint  = "ENGINE_TEST_CRASH_POINT"
	crashAt     = "ENGINE_TEST_CRASH_AT"
	crashCrowd  = "ENGINE_TEST_CRASH_CROWD"
	crashEvents = 400 // that a crowd raises at most
)

// The points between the steps of a delivery.
const (
	inChange      = "in the change"      // rows are written, and not committed
	afterCommit   = "after the commit"   // and before it is acknowledged
	beforeClaim   = "before the claim"   // the outbox knows that something is due
	afterClaim    = "after the claim"    // it is marked, and nobody has it
	beforeSend    = "before the send"    // a sender has it
	afterAnswer   = "after the answer"   // the receiver has it
	beforeRecord  = "before the record"  // the store is about to be told
	inRecord      = "in the record"      // the store writes, and has not answered
	afterRecord   = "after the record"   // nobody was told yet that it is written
	beforeRelease = "before the release" // the engine ends with claims that were not sent
	afterRelease  = "after the release"
)

// A reaper ends the process when a point is passed for the n-th time.
type reaper struct {
	point string
	n     int64
	times atomic.Int64

	recording atomic.Bool // results are being written, and nobody has looked at the clock yet
}

func (r *reaper) pass(point string) {
	if point == r.point && r.times.Add(1) == r.n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal comes
	}
}

// Read is the engine's randomness, of which webhook ids are made inside a transaction.
func (r *reaper) Read(b []byte) (int, error) {
	r.pass(inChange)
	return rand.Read(b)
}

// now is the engine's clock, which is looked at while results are written.
func (r *reaper) now() time.Time {
	if r.recording.CompareAndSwap(true, false) {
		r.pass(inRecord)
	}
	return time.Now()
}

// A reapedStore is a store whose callers pass points.
type reapedStore struct {
	outbox.Store
	r *reaper
}

func (s reapedStore) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	s.r.pass(beforeClaim)
	if s.r.point == beforeClaim || s.r.point == afterClaim {
		take = slices.Clone(take)
		for n := range take {
			take[n].Onward = false // else there is one claim, and what comes later is handed over
		}
	}
	items, err := s.Store.Claim(ctx, now, take)
	s.r.pass(afterClaim)
	return items, err
}

func (s reapedStore) Finish(ctx context.Context, list []outbox.Outcome) error {
	s.r.pass(beforeRecord)
	s.r.recording.Store(true)
	err := s.Store.Finish(ctx, list)
	s.r.recording.Store(false)
	s.r.pass(afterRecord)
	return err
}

func (s reapedStore) Release(ctx context.Context, items []outbox.Item) error {
	s.r.pass(beforeRelease)
	err := s.Store.Release(ctx, items)
	s.r.pass(afterRelease)
	return err
}

// A reapedSender is a sender whose callers pass points.
type reapedSender struct {
	outbox.Sender
	r *reaper
}

func (s reapedSender) Send(ctx context.Context, i outbox.Item) outbox.Result {
	s.r.pass(beforeSend)
	res := s.Sender.Send(ctx, i)
	s.r.pass(afterAnswer)
	return res
}

// TestCrashChild raises events and sends them until it kills itself. It prints the
// number of each event that was acknowledged. It is no test by itself.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("only tests of crashes run this, in a process of its own")
	}
	n := must(strconv.ParseInt(os.Getenv(crashAt), 10, 64))(t)
	crowd := must(strconv.Atoi(os.Getenv(crashCrowd)))(t)
	r := &reaper{n: n}
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true, Rand: r, Now: r.now})))(t)
	err := e.Between(
		func(s outbox.Store) outbox.Store { return reapedStore{s, r} },
		func(s outbox.Sender) outbox.Sender { return reapedSender{s, r} })
	if err != nil {
		t.Fatal(err)
	}
	r.point = os.Getenv(crashPoint) // what was passed until now was the opening
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	if crowd == 1 {
		raiseOneByOne(t, e, r)
	} else {
		raiseTogether(t, e, r, crowd)
	}
	stop()
	all.Wait()
}

// raiseOneByOne raises events, each when the one before was delivered.
func raiseOneByOne(t *testing.T, e *engine.Engine, r *reaper) {
	for range 2 * r.n {
		ev := must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
		r.pass(afterCommit)
		fmt.Println(ev.ID)
		done := errors.New("delivered")
		err := e.Watch(t.Context(), 0, func(list []apiclient.LogEntry) error {
			for _, l := range list {
				if l.Kind == apiclient.LogAttempt && l.Delivery.EventID == ev.ID {
					return done
				}
			}
			return nil
		})
		if !errors.Is(err, done) {
			t.Fatal(err)
		}
	}
}

// raiseTogether raises events as fast as they are committed.
func raiseTogether(t *testing.T, e *engine.Engine, r *reaper, crowd int) {
	events := int64(crashEvents)
	if r.point == beforeRelease || r.point == afterRelease {
		events /= 4 // all are raised then, and most are left to whoever begins next
	}
	var all sync.WaitGroup
	var next atomic.Int64
	for range crowd {
		all.Go(func() {
			for next.Add(1) <= events {
				ev := must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
				r.pass(afterCommit)
				fmt.Println(ev.ID) // one write, so a line is whole or cut by the kill
			}
		})
	}
	all.Wait()
}
