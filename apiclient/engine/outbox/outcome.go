package outbox

import "time"

// outcome turns the result of a send that ended now into what is recorded, and
// says how long the whole lane is to pause. A result of [Skip] has none.
func outcome(i Item, r Result, lane LaneSettings, now time.Time, jitter float64) (Outcome, time.Duration) {
	o := Outcome{Item: i, Error: r.Error, Report: r.Report}
	var pause time.Duration
	if r.Verdict == Wait || r.Verdict == Stall {
		pause = min(max(r.After, MinWait), MaxWait)
	}
	switch {
	case r.Verdict == Stall && !i.Single:
		o.State, o.Item.Due = StateDue, now.Add(pause)
		return o, pause
	case r.Verdict == Wait && i.Waits < MaxWaits && !i.Single:
		o.Item.Waits++
		o.State, o.Item.Due = StateDue, now.Add(pause)
		return o, pause
	}
	o.Item.Tries++
	switch r.Verdict {
	case Done:
		o.State = StateDone
	case End:
		o.State, o.EndLane = StateGone, true
	case GiveUp:
		o.State = StateDead
	default: // Retry, a Wait that counts, a Stall of what is sent once, and what a sender made up
		wait, ok := lane.next(o.Item.Tries, jitter)
		if !ok || i.Single || r.Tries > 0 && o.Item.Tries >= r.Tries {
			o.State = StateDead
			break
		}
		o.State, o.Item.Due = StateDue, now.Add(max(wait, pause))
	}
	return o, pause
}
