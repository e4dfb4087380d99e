package apitest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// testWatch follows the log: nothing is left out, nothing comes twice, and it
// ends when its context does.
func testWatch(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadLog, apiclient.CanFireTriggers, apiclient.CanCreateUsers)
	u := s.user(t, "watch")
	t.Run("stored", func(t *testing.T) { s.testWatchStored(t, u.ID) })
	t.Run("writers", func(t *testing.T) { s.testWatchWriters(t, u.ID) })
	t.Run("new", func(t *testing.T) { s.testWatchNew(t, u.ID) })
	t.Run("connected", s.testWatchConnected)
	t.Run("span", func(t *testing.T) { s.testLogSpan(t, u.ID) })
	t.Run("ends", s.testWatchEnds)
}

// seenEvent is what the tests compare of an entry about an event.
type seenEvent struct {
	Seq int64
	ID  apiclient.EventID
}

// watch follows the log after a number until it has n events of the user, checks
// that the numbers rise, and returns the events.
func (s *subject) watch(ctx context.Context, after int64, user apiclient.UserID, n int) ([]seenEvent, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.Patience)
	defer cancel()
	var (
		got  []seenEvent
		last = after
	)
	err := s.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
		for _, e := range entries {
			if e.Seq <= last {
				return apiclient.Errorf(apiclient.Internal, "entry %d came after entry %d", e.Seq, last)
			}
			last = e.Seq
			if e.Kind == apiclient.LogEvent && e.Event != nil && e.Event.User == user {
				got = append(got, seenEvent{e.Seq, e.Event.ID})
			}
		}
		if len(got) >= n {
			cancel()
		}
		return nil
	})
	if err == nil && len(got) < n {
		err = apiclient.Errorf(apiclient.Internal, "%d of %d events came", len(got), n)
	}
	return got, err
}

func (s *subject) fire(t *testing.T, user apiclient.UserID, n int) {
	t.Helper()
	for range n {
		must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, user))(t)
	}
}

func (s *subject) testWatchStored(t *testing.T, user apiclient.UserID) {
	before := len(s.events(t, apiclient.EventQuery{Filter: of(user)}))
	s.fire(t, user, 6)
	all := must(s.watch(t.Context(), 0, user, before+6))(t)
	if len(all) != before+6 {
		t.Fatalf("watching from 0 gives %d events; want %d", len(all), before+6)
	}
	for _, from := range []int{1, 3, 5} {
		rest := must(s.watch(t.Context(), all[before+from-1].Seq, user, 6-from))(t)
		if diff := cmp.Diff(all[before+from:], rest); diff != "" {
			t.Errorf("resumed after event %d (-want +got):\n%s", from, diff)
		}
	}
}

// testWatchWriters has two watchers follow while four writers commit.
func (s *subject) testWatchWriters(t *testing.T, user apiclient.UserID) {
	const writers, each = 4, 8
	known := s.events(t, apiclient.EventQuery{Filter: of(user), Limit: 200})
	start := must(s.watch(t.Context(), 0, user, len(known)))(t)
	after := int64(0)
	if len(start) > 0 {
		after = start[len(start)-1].Seq
	}
	var (
		all  sync.WaitGroup
		got  [2][]seenEvent
		errs [2 + writers]error
	)
	for i := range got {
		all.Go(func() { got[i], errs[i] = s.watch(t.Context(), after, user, writers*each) })
	}
	for i := range writers {
		all.Go(func() {
			for range each {
				if _, err := s.FireTrigger(t.Context(), apiclient.TriggerLogin, user); err != nil {
					errs[2+i] = err
					return
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got[0], got[1]); diff != "" {
		t.Errorf("the two watchers saw (-one +other):\n%s", diff)
	}
	var want, saw []apiclient.EventID
	for _, e := range s.events(t, apiclient.EventQuery{Filter: of(user), Limit: 200})[:writers*each] {
		want = append(want, e.ID)
	}
	for _, e := range got[0] {
		saw = append(saw, e.ID)
	}
	slices.Sort(want)
	slices.Sort(saw)
	if diff := cmp.Diff(want, saw); diff != "" {
		t.Errorf("the events that were watched (-written +watched):\n%s", diff)
	}
}

// testWatchNew follows from now on: what was stored before does not come.
func (s *subject) testWatchNew(t *testing.T, user apiclient.UserID) {
	newest := apiclient.EventID(0)
	s.fire(t, user, 1)
	for _, e := range s.events(t, apiclient.EventQuery{Filter: of(user), Limit: 200}) {
		newest = max(newest, e.ID)
	}
	ctx, cancel := context.WithTimeout(t.Context(), s.opts.Patience)
	defer cancel()
	var first *apiclient.Event
	done := make(chan error, 1)
	go func() {
		done <- s.Watch(ctx, -1, func(entries []apiclient.LogEntry) error {
			for _, e := range entries {
				if e.Event != nil && e.Event.User == user && first == nil {
					first = e.Event
					cancel()
				}
			}
			return nil
		})
	}()
	// When the watcher begins is not told: events are raised until it has seen one.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				t.Fatal("nothing came")
			}
			if first.ID <= newest {
				t.Errorf("event %d came, which is older than the watcher", first.ID)
			}
			return
		case <-tick.C:
			s.fire(t, user, 1)
		}
	}
}

// testLogSpan finds the end of the log, and where it was when something happened.
func (s *subject) testLogSpan(t *testing.T, user apiclient.UserID) {
	before := must(s.LogSpan(t.Context(), time.Time{}))(t)
	if before.Start != 0 || before.Taken > before.Last {
		t.Errorf("the log begins behind entry %d, up to %d are taken and %d is the last one", before.Start, before.Taken, before.Last)
	}
	s.fire(t, user, 1)
	events := must(s.watch(t.Context(), before.Last, user, 1))(t)
	at := s.events(t, apiclient.EventQuery{Filter: of(user), Limit: 1})[0].At
	after := must(s.LogSpan(t.Context(), at))(t)
	if after.Last < events[0].Seq || after.Last <= before.Last {
		t.Errorf("the log ends with entry %d, and it has entry %d", after.Last, events[0].Seq)
	}
	if after.Start >= events[0].Seq {
		t.Errorf("entry %d is of %s, and Start of that moment is %d, behind it", events[0].Seq, at, after.Start)
	}
	if late := must(s.LogSpan(t.Context(), at.AddDate(1, 0, 0)))(t); late.Start < after.Last {
		t.Errorf("next year begins behind entry %d, and entry %d is there already", late.Start, after.Last)
	}
	if early := must(s.LogSpan(t.Context(), at.AddDate(-50, 0, 0)))(t); early.Start != 0 {
		t.Errorf("fifty years ago the log was at entry %d; want 0", early.Start)
	}
}

// testWatchConnected is told of the connection before any entry, and on a quiet site too.
func (s *subject) testWatchConnected(t *testing.T) {
	for _, after := range []int64{-1, 0} {
		ctx, cancel := context.WithTimeout(t.Context(), s.opts.Patience)
		defer cancel()
		first := -1
		err := s.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
			if first < 0 {
				first = len(entries)
			}
			cancel()
			return nil
		})
		if err != nil || first != 0 {
			t.Errorf("Watch after %d: %v, and %d entries in the first call; want none (-1: it was not called)", after, err, first)
		}
	}
}

func (s *subject) testWatchEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Watch(ctx, -1, func([]apiclient.LogEntry) error { return nil }); err != nil {
		t.Errorf("a context that has ended: %v; want nil", err)
	}
	stop := errors.New("seen enough")
	ctx, cancel = context.WithTimeout(t.Context(), s.opts.Patience)
	defer cancel()
	if err := s.Watch(ctx, 0, func([]apiclient.LogEntry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Watch returned %v; want the error of the function", err)
	}
	err := s.Watch(ctx, -2, func([]apiclient.LogEntry) error { return nil })
	wantKind(t, "Watch after -2", err, apiclient.Invalid)
}
