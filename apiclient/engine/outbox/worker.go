package outbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// news is what a worker tells the scheduler.
type news struct {
	kind  newsKind
	out   Outcome
	pause time.Duration // of answered: the lane is to wait so long
	slow  bool          // of answered: the lane is to be slow
	skip  bool          // of answered and recorded: nothing was sent
	stuck bool          // of recorded and released: refused was told before
	err   error         // of refused; of recorded and released: why that was given up
}

type newsKind int

const (
	answered newsKind = iota // a send has ended
	refused                  // the store does not take a result; told once
	recorded                 // the result of a send is in the store, or given up
	released                 // items were given back, or that was given up
)

// A worker is what goroutines do with one item.
type worker struct {
	cfg  Config
	news chan<- news
}

// send sends an item and records the result.
func (w worker) send(sends, records context.Context, i Item) {
	res := w.try(sends, i)
	if res.Verdict == Retry && sends.Err() != nil {
		res.Verdict = Skip // it was cut short by the end of Run: no fault of the far side
	}
	out, pause := outcome(i, res, w.cfg.Now(), w.cfg.Jitter())
	n := news{kind: answered, out: out, pause: pause, slow: res.Slow && res.Verdict == Retry || res.Verdict == Stall, skip: res.Verdict == Skip}
	w.news <- n
	n.stuck, n.err = w.persist(records, func() error {
		if n.skip {
			return w.cfg.Store.Release(records, []Item{i})
		}
		return w.cfg.Store.Finish(records, []Outcome{out})
	})
	if n.err != nil {
		n.err = fmt.Errorf("item %d of lane %s: %w", i.ID, i.Lane, n.err)
	}
	n.kind = recorded
	w.news <- n
}

// try calls the sender. A panic in it is a failed try.
func (w worker) try(ctx context.Context, i Item) (res Result) {
	defer func() {
		if p := recover(); p != nil {
			w.cfg.Logger.Error("the sender panicked", "lane", i.Lane, "item", i.ID, "panic", p, "stack", string(debug.Stack()))
			res = Result{Verdict: Retry, Error: "internal error; the log has the cause"}
		}
	}()
	return w.cfg.Sender.Send(ctx, i)
}

// release gives items back.
func (w worker) release(ctx context.Context, items []Item) {
	n := news{kind: released}
	n.stuck, n.err = w.persist(ctx, func() error { return w.cfg.Store.Release(ctx, items) })
	if n.err != nil {
		n.err = fmt.Errorf("release %d items: %w", len(items), n.err)
	}
	w.news <- n
}

// persist calls fn each second until it succeeds or ctx ends. It tells the
// scheduler of the first refusal; stuck says that it did.
func (w worker) persist(ctx context.Context, fn func() error) (stuck bool, err error) {
	for {
		if err = fn(); err == nil {
			return stuck, nil
		}
		if !stuck {
			stuck = true
			w.news <- news{kind: refused, err: err}
		}
		t := time.NewTimer(again)
		select {
		case <-ctx.Done():
			t.Stop()
			return stuck, err
		case <-t.C:
		}
	}
}
