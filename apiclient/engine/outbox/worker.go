package outbox

import (
	"context"
	"runtime/debug"
	"time"
)

// answer is what came of a send.
type answer struct {
	item  Item
	res   Result
	probe bool // the lane's breaker was open when it began
}

// send sends an item, in a goroutine of its own.
func (o *Outbox) send(ctx context.Context, i Item, probe bool) answer {
	begin := time.Now()
	res := o.try(ctx, i)
	if res.Verdict < Retry || res.Verdict > Skip {
		res.Verdict = Retry // which loses nothing
	}
	if res.Verdict == Retry && ctx.Err() != nil {
		res.Verdict = Skip // it was cut short by the end of Run: no fault of the far side
	}
	o.ended[res.Verdict].Add(1)
	o.cfg.Observe(Observation{Item: i, Verdict: res.Verdict, Took: time.Since(begin), Class: res.Class})
	return answer{i, res, probe}
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
