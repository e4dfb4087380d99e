package outbox

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// A job is an item that is to be sent.
type job struct {
	item  Item
	probe bool // the lane's breaker is open
}

// answer is what came of a job.
type answer struct {
	job
	res Result
}

// workers are goroutines that do jobs: as many as there ever were jobs at once. They
// are kept, because the stack that a send needs is costly to grow.
type workers struct {
	jobs    chan job // with room for all that there can be at once
	work    func(job)
	started int
	all     sync.WaitGroup
}

// start has a job done; atOnce is how many there are by now.
func (w *workers) start(j job, atOnce int) {
	w.jobs <- j
	if w.started < atOnce {
		w.started++
		w.all.Go(func() {
			for j := range w.jobs {
				w.work(j)
			}
		})
	}
}

// stop ends the workers when they have done what was started.
func (w *workers) stop() {
	close(w.jobs)
	w.all.Wait()
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
