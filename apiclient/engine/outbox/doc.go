// Package outbox sends work that was stored in the transaction that caused it:
// webhooks today, and whatever else leaves the engine. It knows when and how
// often something is sent and how much of it at once; what is sent, and where it
// is kept, it knows only as [Sender] and [Store].
//
// # Lanes
//
// Every [Item] belongs to a [Lane]: a subscription, a mail server, a connection.
// Each lane has a queue of its own and at most Config.PerLane sends at once;
// all lanes share Config.Workers. Lanes are served in turn, so that neither a
// full lane nor a hanging one delays another, and while few workers are left no
// lane may have more than one of them. Within a lane items start by the time
// that they are due.
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
// one costs a share of a commit. What is claimed and not sent when Run ends is
// released; what is claimed when the process dies is the store's to release when
// it is opened again. A send may therefore happen twice, and never not at all:
// what is sent must carry an id that stays the same.
//
// # The disk
//
// A result that cannot be recorded is kept and tried again every second, and
// until that succeeds nothing new is sent: it could not be recorded either, and
// would be repeated. [Outbox.Trouble] says so to whoever asks.
//
// # Time
//
// Nothing is polled. One timer sleeps until the earliest item is due, but never
// longer than a minute while anything waits: a timer follows the monotonic clock,
// which stands still while a machine sleeps and does not follow when the wall
// clock is set. [Outbox.Wake] says that something was committed.
package outbox
