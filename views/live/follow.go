package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
)

// A Source is what following asks of [apiclient.Deliveries].
type Source interface {
	Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error
	LogSpan(ctx context.Context, since time.Time) (apiclient.LogSpan, error)
}

// Newest is what [Follow] begins with to show what comes next alone.
const Newest int64 = -1

// A Follower is told of what [Follow] finds, by one goroutine at a time. Entries and Lost are required.
type Follower struct {
	// Entries takes entries, the oldest first; none means that the site has answered.
	// Its error ends Follow.
	Entries func([]apiclient.LogEntry) error
	// Lost is told that the connection ended; nil is a connection that just ended. An
	// error that it returns ends Follow, and else it tries again.
	Lost func(error) error
	// Gap says, as a clause, that entries are missing before the next ones. May be nil.
	Gap func(string)
	// Behind says how many numbers the site's log is ahead of what was read; 0 when all
	// of it was. May be nil.
	Behind func(int64)
	// Wait is how long to wait before try 1, 2, ... to reconnect; nil: a second, doubling up to ten.
	Wait func(try int) time.Duration
}

const (
	manyBehind = 200             // entries from which on being behind is worth a word
	askEvery   = time.Second     // how often the site is asked where its log ends, at most
	resetTries = 3               // how often a log that ends before what was read is asked again
	resetPause = 2 * time.Second // and the time between
)

// A follow is one call of Follow.
type follow struct {
	api   Source
	fn    Follower
	after int64 // the number of the last entry that was read; Newest: none was

	mu     sync.Mutex // guards the rest
	head   int64      // where the log ended when the site was asked last
	asked  time.Time
	asking bool
	behind int64 // as it was told
}

// Follow reads a site's log after an entry, without a gap and without a repeat, until ctx
// ends: it reconnects as often as it takes and goes on after the last entry that it read.
// What retention has taken meanwhile, and a log that begins anew, it calls a gap.
func Follow(ctx context.Context, api Source, after int64, fn Follower) error {
	if fn.Wait == nil {
		fn.Wait = func(try int) time.Duration { return min(time.Second<<min(try-1, 4), 10*time.Second) }
	}
	f := &follow{api: api, fn: fn, after: after}
	var asking sync.WaitGroup
	defer asking.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for try := 1; ; try++ {
		answered := false
		err := f.connect(ctx, &asking, func() { answered = true })
		if ctx.Err() != nil {
			return nil // the end of ctx is how following ends
		}
		if answered {
			try = 1
		}
		if stop, ok := err.(stopError); ok { //nolint:errorlint // it is made here, and never wrapped
			return stop.error
		}
		if err := fn.Lost(err); err != nil {
			return err
		}
		if !wait(ctx, fn.Wait(try)) {
			return nil
		}
	}
}

// stopError is the error of the follower, which ends following.
type stopError struct{ error }

func (f *follow) connect(ctx context.Context, asking *sync.WaitGroup, answered func()) error {
	if err := f.resume(ctx); err != nil {
		return err
	}
	return f.api.Watch(ctx, f.after, func(entries []apiclient.LogEntry) error {
		answered()
		if err := f.fn.Entries(entries); err != nil {
			return stopError{err}
		}
		if n := len(entries); n > 0 {
			f.after = entries[n-1].Seq
			f.read(ctx, asking, f.after, n)
		}
		return nil
	})
}

// resume finds where to go on, and says what is missing there.
func (f *follow) resume(ctx context.Context) error {
	span, err := f.span(ctx)
	switch {
	case apiclient.KindOf(err) == apiclient.NotFound:
		return nil // a site that cannot tell is followed all the same
	case err != nil:
		return err
	case f.after == Newest:
		f.after = span.Last
	case span.Last < f.after:
		f.gap("the site's log begins anew; it was set back to a state before this")
		f.after = span.Last
	case span.Taken > f.after:
		f.gap(fmt.Sprintf("up to %s entries are missing, the site's retention has taken them", theme.Count(int(span.Taken-f.after))))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = span.Last
	f.tell(f.after)
	return nil
}

// span asks where the log ends. An engine that others share a database with may learn of
// its newest entries a moment later than they do, and so one that seems to end too early is asked again.
func (f *follow) span(ctx context.Context) (apiclient.LogSpan, error) {
	for try := 1; ; try++ {
		span, err := f.api.LogSpan(ctx, time.Time{})
		if err != nil || f.after <= span.Last || try == resetTries {
			return span, err
		}
		if !wait(ctx, resetPause) {
			return span, ctx.Err()
		}
	}
}

func (f *follow) gap(text string) {
	if f.fn.Gap != nil {
		f.fn.Gap(text)
	}
}

// read notes how far the log was read. A batch that is large when the log was thought to
// end may have many behind it: then the site is asked where it ends now.
func (f *follow) read(ctx context.Context, asking *sync.WaitGroup, after int64, entries int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell(after)
	if entries < manyBehind || f.head > after || f.asking || time.Since(f.asked) < askEvery {
		return
	}
	f.asking, f.asked = true, time.Now()
	asking.Go(func() {
		span, err := f.api.LogSpan(ctx, time.Time{})
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.asking = false; err == nil {
			f.head = max(f.head, span.Last)
		}
	})
}

// tell says how far behind reading is, when that is worth it. Its caller holds mu.
func (f *follow) tell(after int64) {
	behind := max(f.head-after, 0)
	if behind < manyBehind && f.behind == 0 {
		return
	}
	if behind == f.behind {
		return
	}
	f.behind = behind
	if f.fn.Behind != nil {
		f.fn.Behind(behind)
	}
}
