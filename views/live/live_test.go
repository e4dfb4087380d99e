package live_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient"
	"umdeck/views/live"
)

// site is a log whose watches end as the test wants.
type site struct {
	watch func(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error
}

func (s site) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	return s.watch(ctx, after, fn)
}

// LogSpan is that of a site that cannot tell.
func (site) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{}, apiclient.Errorf(apiclient.NotFound, "There is no such route.")
}

func entries(from, to int64) []apiclient.LogEntry {
	var list []apiclient.LogEntry
	for seq := from; seq <= to; seq++ {
		list = append(list, apiclient.LogEntry{Seq: seq, Kind: apiclient.LogQueued})
	}
	return list
}

func TestHubResumesAfterABrokenConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		var resumed atomic.Int64
		hub := live.New(live.Config{API: site{watch: func(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
			if calls.Add(1) == 1 {
				if err := fn(entries(1, 3)); err != nil {
					return err
				}
				return errors.New("cut")
			}
			resumed.Store(after)
			if err := fn(entries(after+1, 5)); err != nil {
				return err
			}
			<-ctx.Done()
			return nil
		}}})
		feed := hub.Feed(nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()

		var got []int64
		var states []live.State
		for len(got) < 5 {
			b, err := feed.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, b.State)
			for _, e := range b.Entries {
				got = append(got, e.Seq)
			}
		}
		for i, seq := range got {
			if seq != int64(i+1) {
				t.Fatalf("got entries %v, want 1 to 5", got)
			}
		}
		if resumed.Load() != 3 {
			t.Errorf("resumed after %d, want 3", resumed.Load())
		}
		if s, _ := hub.State(); s != live.Live {
			t.Errorf("state %s, want live; batches said %v", s, states)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestHubIsLiveWhenTheSiteHasAnswered tries a site that is away, answers, says nothing
// for a day and is away again.
func TestHubIsLiveWhenTheSiteHasAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		hub := live.New(live.Config{API: site{watch: func(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
			if calls++; calls != 3 {
				<-time.After(time.Second)
				return apiclient.Errorf(apiclient.Unavailable, "Nobody answers.")
			}
			if err := fn(nil); err != nil {
				return err
			}
			<-time.After(24 * time.Hour)
			return nil
		}}})
		want := func(after time.Duration, state live.State, why string) {
			t.Helper()
			<-time.After(after)
			synctest.Wait()
			if s, w := hub.State(); s != state || w != why {
				t.Errorf("state %q, %q; want %q, %q", s, w, state, why)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()
		want(0, live.Connecting, "")
		want(time.Second, live.Reconnecting, "Nobody answers.")
		want(1500*time.Millisecond, live.Reconnecting, "Nobody answers.") // the second try is under way
		want(3*time.Second, live.Live, "")
		want(12*time.Hour, live.Live, "")
		want(12*time.Hour, live.Reconnecting, "The connection ended.")
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestFeedSaysWhatItDropped(t *testing.T) {
	hub := live.New(live.Config{Every: time.Nanosecond, API: site{watch: func(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
		if err := fn(entries(1, 10_007)); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}}})
	feed := hub.Feed(func(e apiclient.LogEntry) bool { return e.Seq != 2 })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	dropped, taken := 0, 0
	for dropped+taken < 10_006 {
		b, err := feed.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		dropped += b.Dropped
		taken += len(b.Entries)
	}
	if dropped != 6 || taken != 10_000 {
		t.Errorf("dropped %d and took %d, want 6 and 10000", dropped, taken)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// What comes within the time of a batch is one batch, and no batch is empty.
func TestBatchGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := live.New(live.Config{Every: 250 * time.Millisecond, API: site{watch: func(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
			for i := range int64(30) { // one every 100 ms
				if err := fn(entries(i+1, i+1)); err != nil {
					return err
				}
				<-time.After(100 * time.Millisecond)
			}
			<-ctx.Done()
			return nil
		}}})
		feed := hub.Feed(nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()
		batches, got := 0, 0
		for got < 30 {
			b, err := feed.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Entries) == 0 {
				t.Error("an empty batch")
			}
			batches, got = batches+1, got+len(b.Entries)
		}
		if batches > 11 {
			t.Errorf("%d batches in 3 s", batches)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestHubWithoutALogSaysWhy(t *testing.T) {
	hub := live.New(live.Config{Why: "This site keeps no log."})
	if err := hub.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := hub.Feed(nil).Next(t.Context())
	if err != nil || b.State != live.Off || b.Why != "This site keeps no log." {
		t.Errorf("got %+v, %v", b, err)
	}
}
