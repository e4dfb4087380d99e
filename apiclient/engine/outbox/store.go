package outbox

import (
	"context"
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
	Tries  int       // sends so far that count against the schedule
	Waits  int       // sends so far that do not, because the answer was to come back later
	Due    time.Time // not to be sent before
	Single bool      // sent once whatever comes of it, such as a test
}

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
	EndLane bool   // the lane has ended: whatever else waits in it is gone too
	Error   string // what went wrong, as a clause; empty: nothing
	Report  any    // [Result.Report] as the sender gave it; nil when it gave none
}

// A Waiting is a lane that has something to send, now or later.
type Waiting struct {
	Lane Lane
	Due  time.Time // when its earliest item is due
}

// A Take is how many items of a lane are wanted.
type Take struct {
	Lane Lane
	Max  int // at least 1
}

// A Store keeps items. An [Outbox] calls Waiting and Claim from one goroutine at a
// time and Finish and Release from many; a store may commit several of those
// calls together. A call that fails has changed nothing. When a store is opened,
// what an earlier process left claimed is due again.
type Store interface {
	// Waiting returns each lane that has an item in state due, whenever that is,
	// in no particular order. Lanes whose items are all held, claimed or final are
	// left out. It is called after every claim: it should cost one look into an
	// index for each such lane, however many items that has.
	Waiting(ctx context.Context) ([]Waiting, error)
	// Claim marks items as claimed and returns them: of each lane in take at most
	// Max of those that are due at now, earliest first and then by id. It does not
	// fail because there are fewer.
	Claim(ctx context.Context, now time.Time, take []Take) ([]Item, error)
	// Finish records what became of a claimed item, its report included, in one
	// transaction. State due is for a lane that works: where the lane was paused
	// or ended since the claim, the item is held or gone instead. Of an item that
	// is not claimed any more, Finish records the report alone and is no error.
	Finish(ctx context.Context, o Outcome) error
	// Release undoes the claim of items that were not sent: due as before, or
	// held or gone as their lane demands by now.
	Release(ctx context.Context, items []Item) error
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
	Skip                  // it was not sent, because its lane was paused or ended after the claim: released
)

// A Result is what a sender says of one send.
type Result struct {
	Verdict Verdict
	After   time.Duration // of Wait and Stall: how long; at least MinWait and at most MaxWait are used
	Tries   int           // of Retry: dead after that many tries; 0: as many as the schedule has
	Slow    bool          // of Retry: the lane gets one sender alone until a send is Done
	Error   string        // what went wrong, as a clause; empty: nothing
	Report  any           // what the store is to keep of this send; only sender and store know its type
}
