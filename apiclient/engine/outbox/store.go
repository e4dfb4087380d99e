package outbox

import (
	"context"
	"strconv"
	"time"
)

// ID is the number of an item, unique within its lane.
type ID int64

// Lane names a queue, such as "subscription/12".
type Lane string

// An Item is one piece of work that waits to be sent.
type Item struct {
	ID     ID
	Lane   Lane
	User   int64     // whom it is about: the items of a lane about one user start in the order of their IDs; 0: nobody
	Tries  int       // sends so far that count against the schedule
	Waits  int       // sends so far that do not, because the answer was to come back later
	At     time.Time // when it was made, for those who measure
	Due    time.Time // not to be sent before; of what was never sent it means nothing
	Single bool      // sent once whatever comes of it, such as a test
	Bulk   bool      // one of many that are sent again, such as a replay: behind what is live
	Load   any       // what the store has for the sender; only these two know its type
}

// Fresh reports whether the item was never sent.
func (i Item) Fresh() bool { return i.Tries+i.Waits == 0 }

// Attempt returns the number that the item's next send has, from 1 on.
func (i Item) Attempt() int { return i.Tries + i.Waits + 1 }

// State is what an item is after a send.
type State string

// The states that [Store.Finish] is given. What else an item can be (claimed,
// held) is between the store and its caller.
const (
	StateDue  State = "due"  // to be sent again at Outcome.Due
	StateDone State = "done" // sent; final
	StateDead State = "dead" // given up; final
	StateGone State = "gone" // its lane has ended; final
)

// An Outcome is what became of a send, to be recorded.
type Outcome struct {
	Item    Item // as it is from now on: Tries or Waits include this send, Due is the next one where State is due
	State   State
	EndLane bool     // the lane has ended: whatever else waits in it is gone too
	Suspend bool     // the lane has had no success for so long that it is held until somebody resumes it, this item included
	Breaker *Breaker // of the lane, from now on; nil: as it was
	Error   string   // what went wrong, as a clause; empty: nothing
	Report  any      // [Result.Report] as the sender gave it; nil when it gave none
}

// A Breaker is what a lane knows of the far side. The store keeps it as it is
// given, so that a lane goes on as it was after a restart. The zero value is a
// lane that nothing is known of.
type Breaker struct {
	Failures int       // sends in a row that found the far side down
	Open     time.Time // since when one send at a time probes; zero: the breaker is closed
	Probe    time.Time // nothing is sent before; zero: at any time
	Success  time.Time // the last success, to the minute; without one, when the lane was made or resumed
}

// LaneSettings is how a lane wants to be sent.
type LaneSettings struct {
	Strict   bool            // one send at a time, and what has failed holds all later ones until it is done or dead
	PerLane  int             // sends at once; 0: Config.PerLane
	Rate     float64         // sends a second at most; 0: any number
	Schedule []time.Duration // the waits between tries; nil: those of Schedule
	Host     string          // host[:port] in lower case that it goes to, for Config.HostLimits; empty: no limit
}

// A Waiting is a lane that has something to send, now or later.
type Waiting struct {
	Lane     Lane
	Due      time.Time // when its earliest item is due, whatever Breaker says; not after now where that was never sent
	Settings LaneSettings
	Breaker  Breaker
}

// A Take is how many items of a lane are wanted.
type Take struct {
	Lane Lane
	Max  int  // at least 1
	Live bool // none that are Bulk

	// Skip has users whose items that were never sent stay where they are, of a lane that
	// is not strict; nil: none. The store may look at the first of those that wait alone.
	Skip []int64

	// Onward asks for what is made for the lane from now on: where this claim leaves
	// nothing of it that is due, the store may claim new items in the commit that makes
	// them, and give them to [Outbox.Hand]. As soon as anything else of the lane is due
	// that was never sent, what is made after it is due too.
	Onward bool
}

// A Store keeps items. An [Outbox] calls Waiting and Claim from one goroutine at a
// time, and Finish, Release, Shift and KeepBack from another. A call that fails has changed
// nothing. When a store is opened, what an earlier process left claimed is due again.
//
// Of a lane that is strict only the head can be due: the item with the smallest ID
// of those that were sent before, what is live first; or, where there is none, of
// all others. So nothing overtakes what has failed.
type Store interface {
	// Waiting returns each lane that has an item in state due, whenever that is,
	// in no particular order. Lanes whose items are all held, claimed or final are
	// left out. It is called after every claim: it should cost one look into an
	// index for each such lane, however many items that has.
	Waiting(ctx context.Context) ([]Waiting, error)
	// Claim marks items as claimed and returns them: of each lane in take at most
	// Max of those that are due at now, and never fewer while there are more, unless
	// some are to be skipped.
	// What is live comes before what is Bulk. What was never sent is due at any
	// time, and comes by ID. A strict lane gives its head alone if that was sent
	// before.
	Claim(ctx context.Context, now time.Time, take []Take) ([]Item, error)
	// Finish records what became of claimed items, in this order and their reports
	// included: all of them or none. State due is for a lane that works: where the
	// lane was paused, suspended or ended since the claim, the item is held or gone
	// instead. Of an item that is not claimed any more, Finish records the report
	// alone and is no error. What it has recorded before may be told again, because
	// the answer was lost: that changes nothing.
	Finish(ctx context.Context, list []Outcome) error
	// Release undoes the claim of items that were not sent: due as before, or
	// held or gone as their lane demands by now.
	Release(ctx context.Context, items []Item) error
	// Shift is told that the clock was set back: Due of every item that is not
	// final and was sent before, and the times of the breakers, move that much
	// earlier, so that nothing waits longer than it was to.
	Shift(ctx context.Context, by time.Duration) error
	// KeepBack ends the handing over of items: what is made later is due, until a Take
	// with Onward. All that was handed over has come before it returns.
	KeepBack(ctx context.Context) error
}

// A Sender sends one item and says what is to become of it.
type Sender interface {
	// Send sends the item and returns when that has ended, however it did. It is
	// called from many goroutines, and soon returns when ctx ends.
	Send(ctx context.Context, i Item) Result
}

// Verdict is what a sender makes of a send.
type Verdict int

// The verdicts. The zero verdict is Retry, so that a result that nobody filled in
// loses nothing.
const (
	Retry  Verdict = iota // it failed: again by the schedule, dead after the last try
	Done                  // it arrived
	Wait                  // the far side asks for a pause: the lane waits Result.After, and the try does not count
	GiveUp                // it can never arrive: dead
	End                   // nobody is there any more: the item is gone, and its lane with it
	Stall                 // the way out is broken, whatever the item: the lane waits Result.After, then sends one at a time until one is Done, and the try does not count
	Skip                  // it was not sent, because its lane was paused or ended after the claim, or the store is away: released
)

// A Result is what a sender says of one send.
type Result struct {
	Verdict Verdict
	After   time.Duration // of Wait and Stall: how long; at least MinWait and at most MaxWait are used
	Tries   int           // of Retry: dead after that many tries; 0: as many as the schedule has
	Slow    bool          // of Retry: the lane gets one sender alone until a send is Done
	Down    bool          // of Retry and Wait: nobody answers, or the far side is broken, which opens the breaker; of a Wait from where it counts as a try
	Class   string        // what kind of answer it was, for [Observation]; may be empty
	Error   string        // what went wrong, as a clause; empty: nothing
	Report  any           // what the store is to keep of this send; only sender and store know its type
}

// String returns the verdict's name.
func (v Verdict) String() string {
	names := [...]string{"Retry", "Done", "Wait", "GiveUp", "End", "Stall", "Skip"}
	if v < 0 || int(v) >= len(names) {
		return "Verdict(" + strconv.Itoa(int(v)) + ")"
	}
	return names[v]
}
