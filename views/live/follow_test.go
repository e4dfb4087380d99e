package live_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/views/live"
)

// A ledger is a log that grows, is away at times, and loses its oldest entries.
type ledger struct {
	mu    sync.Mutex // guards all below
	seqs  []int64
	taken int64
	grown chan struct{}
	away  bool
	cut   []context.CancelFunc // ends the watches that are open
	page  int
}

func newLedger(page int) *ledger { return &ledger{grown: make(chan struct{}), page: page} }

var errAway = apiclient.Errorf(apiclient.Unavailable, "Nobody answers.")

func (l *ledger) grow(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		next := int64(1)
		if len(l.seqs) > 0 {
			next = l.seqs[len(l.seqs)-1] + 1 + rand.Int64N(2)
		}
		l.seqs = append(l.seqs, next)
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

// stop cuts every connection, and lets none in until it is called with false.
func (l *ledger) stop(away bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = away
	for _, cut := range l.cut {
		cut()
	}
	l.cut = nil
}

// take is retention.
func (l *ledger) take(upTo int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = upTo
	l.seqs = slices.DeleteFunc(l.seqs, func(n int64) bool { return n <= upTo })
}

func (l *ledger) all() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.seqs)
}

func (l *ledger) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	span := apiclient.LogSpan{Taken: l.taken}
	if n := len(l.seqs); n > 0 {
		span.Last = l.seqs[n-1]
	}
	if l.away {
		return span, errAway
	}
	return span, nil
}

func (l *ledger) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	l.mu.Lock()
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	l.cut = append(l.cut, cancel)
	away := l.away
	l.mu.Unlock()
	if away {
		return errAway
	}
	if err := fn(nil); err != nil {
		return err
	}
	for inner.Err() == nil {
		l.mu.Lock()
		var list []apiclient.LogEntry
		for _, n := range l.seqs {
			if n > after && len(list) < l.page {
				list = append(list, apiclient.LogEntry{Seq: n, Kind: apiclient.LogQueued})
			}
		}
		grown := l.grown
		l.mu.Unlock()
		if len(list) > 0 {
			if err := fn(list); err != nil {
				return err
			}
			after = list[len(list)-1].Seq
			continue
		}
		select {
		case <-inner.Done():
		case <-grown:
		}
	}
	if ctx.Err() != nil {
		return nil // as the contract has it
	}
	return errAway
}

// TestFollowHasNoGapAndNoRepeat cuts the connection at every turn, also before the first
// entry has come, and compares what came with what was written.
func TestFollowHasNoGapAndNoRepeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(7)
		l.grow(20) // before anybody looked
		start := l.all()
		ctx, cancel := context.WithCancel(t.Context())
		var got []int64
		var lost int
		ended := make(chan error, 1)
		go func() {
			ended <- live.Follow(ctx, l, live.Newest, live.Follower{
				Entries: func(list []apiclient.LogEntry) error {
					for _, e := range list {
						got = append(got, e.Seq)
					}
					return nil
				},
				Lost: func(err error) error {
					if !errors.Is(err, errAway) {
						t.Errorf("lost by %v", err)
					}
					lost++
					return nil
				},
				Gap: func(why string) { t.Errorf("a gap: %s", why) },
			})
		}()
		synctest.Wait()
		for i := range 50 {
			l.stop(true)
			l.grow(1 + i%30)
			<-time.After(time.Duration(i) * time.Second)
			l.stop(false)
			if i%3 == 0 {
				<-time.After(11 * time.Second) // until it is back
				l.grow(3)
			}
		}
		<-time.After(time.Minute)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(l.all()[len(start):], got); diff != "" {
			t.Errorf("what was read (-written +read):\n%s", diff)
		}
		if lost < 40 {
			t.Errorf("the connection was lost %d times; the test has cut it 50 times", lost)
		}
	})
}

// TestFollowSaysHowFarBehindItIs is away for long, and reads slowly after it.
func TestFollowSaysHowFarBehindItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(500)
		l.grow(5)
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex // guards what follows
		var said []int64
		read := 0
		seen := func() ([]int64, int) {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(said), read
		}
		ended := make(chan error, 1)
		go func() {
			ended <- live.Follow(ctx, l, live.Newest, live.Follower{
				Entries: func(list []apiclient.LogEntry) error {
					if len(list) > 0 {
						<-time.After(2 * time.Second)
					}
					mu.Lock()
					defer mu.Unlock()
					read += len(list)
					return nil
				},
				Lost: func(error) error { return nil },
				Behind: func(n int64) {
					mu.Lock()
					defer mu.Unlock()
					said = append(said, n)
				},
			})
		}()
		synctest.Wait()
		l.stop(true)
		l.grow(1200)
		l.stop(false)
		<-time.After(5 * time.Second)
		synctest.Wait()
		if said, _ := seen(); len(said) == 0 || said[0] < 1200 {
			t.Fatalf("told to be %d behind; 1200 entries were missed", said)
		}
		l.grow(3000) // while it catches up
		<-time.After(time.Minute)
		synctest.Wait()
		list, n := seen()
		if n != 4200 {
			t.Errorf("%d entries were read; want 4200", n)
		}
		if last := list[len(list)-1]; last != 0 || !slices.ContainsFunc(list, func(n int64) bool { return n > 2000 }) {
			t.Errorf("told to be %d behind; want the 3000 entries that came meanwhile to be told of, and 0 at the end", list)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestFollowTellsGaps loses entries to retention while the connection is away, and then to
// a database that is set back.
func TestFollowTellsGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(500)
		l.grow(5)
		hub := live.New(live.Config{API: l})
		feed := hub.Whole(nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()
		synctest.Wait()
		var got []int64
		take := func() (gaps []live.Gap) {
			for {
				<-time.After(time.Minute)
				b, err := feed.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				for _, g := range b.Gaps {
					gaps = append(gaps, live.Gap{At: len(got) + g.At, Why: g.Why})
				}
				for _, e := range b.Entries {
					got = append(got, e.Seq)
				}
				if len(b.Entries) > 0 {
					return gaps
				}
			}
		}
		l.grow(3)
		if gaps := take(); len(gaps) != 0 {
			t.Errorf("gaps at the start: %v", gaps)
		}
		l.stop(true)
		l.grow(20)
		all := l.all()
		l.take(all[17])
		l.stop(false)
		gaps := take()
		if len(gaps) != 1 || gaps[0].At != 3 {
			t.Fatalf("after retention: %v; want one before the fourth entry that came", gaps)
		}
		if diff := cmp.Diff(all[18:], got[3:]); diff != "" {
			t.Errorf("what came behind it (-left +came):\n%s", diff)
		}
		l.stop(true)
		l.mu.Lock()
		l.seqs, l.taken = []int64{1, 2}, 0
		l.mu.Unlock()
		l.stop(false)
		<-time.After(time.Minute)
		l.grow(1)
		if gaps = take(); len(gaps) != 1 || got[len(got)-1] != l.all()[2] {
			t.Errorf("a log that begins anew: gaps %v, and %d came last; want one gap and entry %d", gaps, got[len(got)-1], l.all()[2])
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestWholeFeedLeavesNothingOut lets the hub wait for a screen that takes its time, while
// another one that takes nothing loses the oldest.
func TestWholeFeedLeavesNothingOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(500)
		hub := live.New(live.Config{API: l})
		whole, idle := hub.Whole(nil), hub.Feed(nil)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- hub.Run(ctx) }()
		synctest.Wait()
		l.grow(30_000)
		var got []int64
		most := 0
		for len(got) < 30_000 {
			<-time.After(time.Second)
			b, err := whole.Next(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if b.Dropped > 0 {
				t.Fatalf("%d were dropped", b.Dropped)
			}
			most = max(most, len(b.Entries))
			for _, e := range b.Entries {
				got = append(got, e.Seq)
			}
		}
		if diff := cmp.Diff(l.all(), got); diff != "" || most > 3000 {
			t.Errorf("a batch of %d (-written +taken):\n%s", most, diff)
		}
		if b, err := idle.Next(ctx); err != nil || b.Dropped != 20_000 || len(b.Entries) != 10_000 {
			t.Errorf("the idle feed has %d and dropped %d, %v; want 10000 and 20000", len(b.Entries), b.Dropped, err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
