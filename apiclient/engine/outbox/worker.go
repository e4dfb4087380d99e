package outbox

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// A job is an item that is to be sent.
type job struct {
	item    Item
	probe   bool // the lane's breaker is open
	resumes int  // how often the lane was resumed before
}

// answer is what came of a job.
type answer struct {
	job
	res Result
}

// hands are what works beside the scheduler, and reports to it: one goroutine that
// tells the store of the books, one that looks and claims, and workers that send, as
// many as there ever were sends at once. They are kept, because the stack that each
// of these needs is costly to grow.
type hands struct {
	jobs    chan job // with room for all that there can be at once
	answers chan answer
	tells   chan recorded
	records chan recorded
	look    chan struct{}
	looks   chan seen
	claim   chan claimed
	claims  chan claimed

	cut     func() bool // whether the time for telling is over
	work    func()      // what a worker does
	workers int
	all     sync.WaitGroup
}

func newHands(workers int) hands {
	return hands{
		jobs: make(chan job, workers), answers: make(chan answer, workers),
		tells: make(chan recorded, 1), records: make(chan recorded, 1),
		look: make(chan struct{}, 1), looks: make(chan seen, 1),
		claim: make(chan claimed, 1), claims: make(chan claimed, 1),
	}
}

// start sets the hands to work. What they send ends with sends, and what they ask of
// the store with records.
func (h *hands) start(o *Outbox, sends, records context.Context) {
	h.cut = func() bool { return records.Err() != nil }
	h.work = func() {
		for j := range h.jobs {
			h.answers <- o.send(sends, j)
		}
	}
	h.all.Go(func() {
		for r := range h.tells {
			r.err = tell(records, o.cfg.Store, r.list)
			h.records <- r
		}
	})
	h.all.Go(func() {
		for range h.look {
			h.looks <- look(records, o.cfg.Store)
		}
	})
	h.all.Go(func() {
		for c := range h.claim {
			c.items, c.err = o.cfg.Store.Claim(records, c.now, c.take)
			h.claims <- c
		}
	})
}

// send has a job done; atOnce is how many there are by now.
func (h *hands) send(j job, atOnce int) {
	h.jobs <- j
	if h.workers < atOnce {
		h.workers++
		h.all.Go(h.work)
	}
}

// stop ends the hands when they have done what they were given.
func (h *hands) stop() {
	close(h.jobs)
	close(h.tells)
	close(h.look)
	close(h.claim)
	h.all.Wait()
}

// send sends an item.
func (o *Outbox) send(ctx context.Context, j job) answer {
	begin := time.Now()
	res := o.try(ctx, j.item)
	if res.Verdict < Retry || res.Verdict > Skip {
		res.Verdict = Retry // which loses nothing
	}
	if res.Verdict == Retry && ctx.Err() != nil {
		res.Verdict = Skip // it was cut short by the end of Run: no fault of the far side
	}
	o.ended[res.Verdict].Add(1)
	o.cfg.Observe(Observation{Item: j.item, Verdict: res.Verdict, Took: time.Since(begin), Class: res.Class})
	return answer{j, res}
}

// try calls the sender. A panic in it is a failed try.
func (o *Outbox) try(ctx context.Context, i Item) (res Result) {
	defer func() {
		if p := recover(); p != nil {
			o.cfg.Logger.Error("the sender panicked", "lane", i.Lane, "item", i.ID, "panic", p, "stack", string(debug.Stack()))
			res = Result{Verdict: Retry, Error: "internal error; the log has the cause"}
		}
	}()
	return o.cfg.Sender.Send(ctx, i)
}
