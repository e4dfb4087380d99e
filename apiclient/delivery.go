package apiclient

import (
	"context"
	"time"
)

// Deliveries reads what was sent, follows it live and sends it again.
type Deliveries interface {
	Firer
	// Events returns one page of events, newest first.
	Events(ctx context.Context, q EventQuery) (EventPage, error)
	// Deliveries returns one page of deliveries, newest first, without bodies and attempts.
	Deliveries(ctx context.Context, q DeliveryQuery) (DeliveryPage, error)
	// Delivery returns one delivery with its body and attempts.
	Delivery(ctx context.Context, id DeliveryID) (Delivery, error)
	// Redeliver sends a delivery's bytes once more as a new delivery that names the
	// first one, whatever state that is in. One whose subscription is gone is Conflict.
	Redeliver(ctx context.Context, id DeliveryID) (Delivery, error)
	// Watch calls fn with the log's entries after number after, oldest first, the
	// stored ones and then new ones as they are committed: none is left out, none
	// comes twice. after -1 starts with what comes next. As soon as the site has
	// answered, and before any entry, fn is called with none: the caller is connected
	// now. It returns nil when ctx ends, and else the error of fn or of the site, which
	// is Unavailable when the connection is lost; a caller resumes with the number of
	// the last entry that it saw.
	Watch(ctx context.Context, after int64, fn func([]LogEntry) error) error
	// LogSpan tells where the log ends, what retention has taken of it, and where it
	// was at the moment since.
	LogSpan(ctx context.Context, since time.Time) (LogSpan, error)
}

// DeliveryID is the number of a delivery.
type DeliveryID int64

// DeliveryState says what is to become of a delivery.
type DeliveryState string

// The states of a delivery.
//
//	         Claim            2xx
//	due ───────────► claimed ─────► done
//	 ▲ ▲               │  │
//	 │ └── schedule ───┘  ├─ out of tries, 413, refused ► dead
//	 │                    └─ 410 ───────────────────────► gone
//	held ◄─ the subscription is paused, its zap is not running, or the loop guard holds it
const (
	DeliveryDue     DeliveryState = "due"     // may be sent from NextAt on; leaves by a claim
	DeliveryClaimed DeliveryState = "claimed" // a sender has it; leaves by the result, or by a restart
	DeliveryHeld    DeliveryState = "held"    // its subscription or zap is off, or the loop guard says so in Error; leaves when both are on and a minute is over: due
	DeliveryDone    DeliveryState = "done"    // answered 2xx
	DeliveryDead    DeliveryState = "dead"    // out of tries, or refused for good; a redelivery is a new one
	DeliveryGone    DeliveryState = "gone"    // the subscription ended first
)

// Final reports whether nothing more will be tried.
func (s DeliveryState) Final() bool {
	return s == DeliveryDone || s == DeliveryDead || s == DeliveryGone
}

// A Delivery is one event on its way to one subscription.
type Delivery struct {
	ID           DeliveryID
	WebhookID    string  // header webhook-id: the same on every attempt
	EventID      EventID // 0 for a test
	Event        Trigger
	Zap          ZapID
	ZapName      string
	Subscription SubscriptionID
	URL          string // the target; show HideURL of it
	User         UserID // 0 for a sample without a user
	Login        string
	State        DeliveryState
	Attempts     int       // how many were made
	At           time.Time // when it was made
	NextAt       time.Time // when it is tried next; zero where it is not due
	Test         bool
	ReplayOf     DeliveryID // 0: this is no redelivery
	Replay       ReplayID   // the job that has made it; 0: none has

	Code     int           // status of the last answer; 0: none
	Error    string        // what went wrong last, as a clause; empty: nothing
	Duration time.Duration // of the last attempt

	Body []byte    // the bytes that are sent; only from Delivery
	Log  []Attempt // oldest first; only from Delivery
}

// An Attempt is one HTTP request for a delivery.
type Attempt struct {
	Number   int // from 1 on
	At       time.Time
	Duration time.Duration
	Code     int    // status of the answer; 0: there was none
	Class    string // what went wrong without an answer: "timeout", "dns", "connect", "tls", "reset", "refused" (by the target guard), "other"; empty: there was one
	Error    string // the same in words; empty: nothing went wrong

	Request  []Header // as sent, in order; the signature included
	Response []Header // of the answer, sorted by name; at most 64
	Body     []byte   // the first 16 KiB of the answer
}

// A Header is one line of a request's or an answer's head.
type Header struct{ Name, Value string }

// A DeliveryQuery asks for one page of deliveries, newest first.
type DeliveryQuery struct {
	Filter Filter // columns: id, event, zap, subscription, user, login, state, attempts, code, ms, at, target (the host), test, replay
	After  Cursor
	Limit  int // 1 to MaxLimit; 0: 50
}

// A DeliveryPage is a part of the list of deliveries.
type DeliveryPage struct {
	Deliveries []Delivery
	Next       Cursor // empty: this is the last page
}

// A LogSpan tells which entries the log has.
type LogSpan struct {
	Taken int64 // entries up to this number were taken by retention, not always all of them; 0: none was
	Last  int64 // number of the newest entry; 0: there is none
	Start int64 // Watch after it begins with the first entry of the moment that was asked for, or later; 0 for the zero time
}

// LogKind says what a log entry is about.
type LogKind string

// The kinds of log entry.
const (
	LogEvent   LogKind = "event"   // a trigger was raised: Event is set
	LogQueued  LogKind = "queued"  // a delivery was made: Delivery is set
	LogAttempt LogKind = "attempt" // an attempt ended: Delivery and Attempt are set
	LogChange  LogKind = "change"  // something of the site was changed: Change is set
	LogMail    LogKind = "mail"    // a mail was posted or changed its state: Mail is set
	LogState   LogKind = "state"   // a delivery changed its state without an attempt (held, due again, gone): Delivery is set
)

// A LogEntry is one thing that happened, in the order of commits.
type LogEntry struct {
	Seq      int64 // rising, without a promise that no number is left out
	At       time.Time
	Kind     LogKind
	Event    *Event
	Delivery *Delivery // as it was then; no Body, no Log
	Attempt  *Attempt  // without Request, Response and Body
	Change   *Audit    // without Before and After
	Mail     *Mail     // as it was then; no Text, HTML, Log
}
