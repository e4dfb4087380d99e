// Package outbox sends work that was stored in the transaction that caused it:
// webhooks today, and whatever else leaves the engine. It knows when and how
// often something is sent and how much of it at once; what is sent, and where it
// is kept, it knows only as [Sender] and [Store].
//
// # The life of an item
//
//	         Claim                    Send: Done
//	due ───────────► claimed ──────────────────► done
//	 ▲                │ │ │
//	 │ Release: Skip, │ │ └─ Send: GiveUp, or Retry after the last try ► dead
//	 │ stop, restart  │ └─── Send: End ────────────────────────────────► gone
//	 ├────────────────┤
//	 └── Retry, Wait, Stall
//
// Items are claimed a few at a time and ahead of the senders, so that claiming
// one costs a share of a commit: few of a lane at first, and more of one that sends
// fast. So memory is bounded however much waits. What is claimed and not sent when
// Run ends is released; what is claimed when the process dies is the store's to
// release when it is opened again. A send may therefore happen twice, and never not
// at all: what is sent must carry an id that stays the same. What may repeat are the
// sends that have begun and are not recorded: those under way, and those that end during
// a commit or two. Where these become many, at Config.Unrecorded, nothing else is sent.
//
// What is made while nothing of its lane waits need not be claimed: the store claims it in
// the commit that makes it, and hands it over ([Take].Onward, [Outbox.Hand], hand.go). So
// it is written once less, and nobody looks for it.
//
// # Lanes
//
// Every [Item] belongs to a [Lane]: a subscription, a mail server, a connection.
// Each lane has a queue of its own and at most Config.PerLane sends at once;
// all lanes share Config.Workers. Lanes are served in turn, so that neither a
// full lane nor a hanging one delays another, and while few workers are left no
// lane may have more than one of them. A lane with nothing due is not even known.
//
// Within a lane, items about one user start in the order of their IDs, each after the
// first send of the one before has ended; a retry holds nobody back, and between users
// there is no order. When all that is claimed of a lane waits for such a send, what is
// about others is claimed from behind it. A strict lane sends one at a time, records each result before
// the next send, and holds all for an item that has failed until that is done or dead.
// What is Bulk starts only while the lane has nothing live that is due.
//
// # What holds a lane
//
//   - A pause: the far side asked to come back later (Wait), or the way out is broken
//     (Stall). The queue goes back to the store meanwhile.
//   - Its breaker: five sends in a row that found the far side down open it. One item
//     then probes at the pace of the schedule; the others wait in the store, untouched.
//     One success closes it. When the last one is five days ago, or the making of a lane
//     that has had none, and the breaker has been open for a day, the lane is suspended.
//     A far side that asks to come back later is not down; one that is broken (503) and
//     asks more than 20 times for the same item is.
//   - A limit, its own or its host's: see [Limit]. Waiting for it is no try, takes no
//     worker, and lets the lanes of other hosts pass.
//
// Pauses and breakers are kept by the store (see [Breaker]) and outlive a restart.
//
// # How it works
//
// One goroutine, the scheduler, decides; it owns all state and never waits for
// anything but its channels. Beside it work its hands: one looks for what is due and
// claims it (load.go), up to Config.Workers send (worker.go), one tells the store
// (books.go). A turn of its loop:
//
//	          ┌── look: which lanes wait? ─┐   ┌─ claim: a share for each ─┐
//	load ─────┤                            ├───┤                           ├──► lane queues
//	          └────────────────────────────┘   └───────────────────────────┘        │
//	                                                                             the ring
//	record ◄── books: what gathered during the last commit ◄── answer ◄── send ◄── start
//
// A lane stands in the ring while it may start something. When it may not it leaves,
// and what it waits for (an answer, a record, a limit, a load) lets it enter again, so
// that thousands of waiting lanes cost nothing at each turn.
//
// # The disk
//
// There is one call that records under way at a time, and what ends meanwhile goes into
// the next. What the store refuses is told again every second, and until that succeeds
// nothing new is sent: it could not be recorded either, and would be repeated.
// [Outbox.Trouble] says so to whoever asks. A single result that is refused while others
// are taken is set aside and holds up nothing but its own place in flight.
//
// # Time
//
// Nothing is polled. One timer sleeps until the earliest item is due, but never
// longer than a minute while anything waits: a timer follows the monotonic clock,
// which stands still while a machine sleeps and does not follow when the wall
// clock is set. When that is set back, all that waits is moved with it ([Store].Shift);
// when it is set forward, what is due by then goes out. Limits go by the monotonic
// clock. [Outbox.Wake] says that something was committed.
package outbox
