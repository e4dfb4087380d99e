package outboxtest

import (
	"testing"
	"time"

	"umdeck/apiclient/engine/outbox"
)

// The states that an item can have besides those of [outbox.State].
const (
	StateClaimed outbox.State = "claimed"
	StateHeld    outbox.State = "held"
)

// An Entry is what a store has of an item.
type Entry struct {
	State        outbox.State
	Tries, Waits int
	Due          time.Time // when it is sent again, of one in state due that was sent before
}

// A Driver is a store under test with the hands of those who own it. Its methods
// fail the test that Open was given when the store does.
type Driver interface {
	// Store returns the store as it is open at the moment.
	Store() outbox.Store
	// Now returns the time by the store's clock, which stands still.
	Now() time.Time
	// SetClock sets the store's clock, and tells nobody.
	SetClock(now time.Time)
	// AddLane makes a lane without items.
	AddLane(s outbox.LaneSettings) outbox.Lane
	// SetLane changes the settings of a lane.
	SetLane(l outbox.Lane, s outbox.LaneSettings)
	// Add stores an item about a user (0: nobody) and returns its ID, which is above
	// those of all items before it. In a paused or suspended lane it is held; in one
	// that has ended it is not made, and the ID is 0.
	Add(l outbox.Lane, user int64) outbox.ID
	// Replay stores a Bulk item that repeats a final one in its own lane, as Add.
	Replay(l outbox.Lane, id outbox.ID) outbox.ID
	// Pause, Resume and End do what an operator does to a lane. Resume ends a
	// suspension too, and lets the lane's breaker begin anew.
	Pause(l outbox.Lane)
	Resume(l outbox.Lane)
	End(l outbox.Lane)
	// Entry returns what the store has of an item.
	Entry(l outbox.Lane, id outbox.ID) Entry
	// Restart ends the process without a farewell and opens the store again.
	Restart()
}

// Open returns a Driver of an empty store, and closes it when the test ends.
type Open func(t testing.TB) Driver
