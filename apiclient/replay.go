package apiclient

import (
	"context"
	"time"
)

// Replays sends many deliveries again.
type Replays interface {
	// PlanReplay counts what StartReplay with the same query would make. It changes
	// nothing.
	PlanReplay(ctx context.Context, q ReplayQuery) (ReplayPlan, error)
	// StartReplay starts a job that makes a new delivery for each one that the query
	// chooses, with the bytes of the first, oldest first. They go out behind what is new. A
	// key that was used before gives the job of then, unless that was for another query:
	// Conflict. A query that chooses nothing is Conflict as well.
	StartReplay(ctx context.Context, q ReplayQuery) (Replay, error)
	// StopReplay ends a job: it makes no more, and what it made and is not sent yet is
	// gone. A job that has ended stays as it is.
	StopReplay(ctx context.Context, id ReplayID) (Replay, error)
	// Replays returns one page of jobs, newest first.
	Replays(ctx context.Context, q ReplaysQuery) (ReplayPage, error)
	// Replay returns one job.
	Replay(ctx context.Context, id ReplayID) (Replay, error)
}

// ReplayID is the number of a replay job.
type ReplayID int64

// A ReplayQuery says what is sent again, and to whom. Of an event's deliveries to one
// subscription only the first that the filter chooses is; of tests, which have no event,
// none is; and of what still waits to be sent to that very subscription, none either.
type ReplayQuery struct {
	Filter       Filter         // columns: those of DeliveryQuery; one without a condition chooses all
	Subscription SubscriptionID // to which all goes that is of its zap; 0: each to its own
	Key          string         // names the job, so that it is started once; empty: it has no name
}

// MaxReplayKey is the length in bytes that the key of a job may have.
const MaxReplayKey = 200

// Validate returns an Error of kind Invalid for what is no query.
func (q ReplayQuery) Validate() error {
	switch {
	case q.Subscription < 0:
		return FieldErrorf("subscription", "There is no subscription %d; use the id of one, or 0 for each delivery's own.", q.Subscription)
	case len(q.Key) > MaxReplayKey:
		return FieldErrorf("key", "The key is %d bytes long; use at most %d.", len(q.Key), MaxReplayKey)
	}
	return nil
}

// A ReplayPlan says what a job would do.
type ReplayPlan struct {
	Count   int            // deliveries that it would make
	Skipped int            // deliveries that the filter chooses and that cannot be sent again
	Targets []ReplayTarget // where they would go, by subscription
	Why     []ReplaySkip   // why the others are skipped, most frequent first
}

// A ReplayTarget is a subscription that a job would make deliveries for.
type ReplayTarget struct {
	Subscription SubscriptionID
	ZapName      string
	URL          string            // the target; show HideURL of it
	State        SubscriptionState // of one that is not active they are held
	Count        int
}

// A ReplaySkip is a reason for which deliveries are skipped.
type ReplaySkip struct {
	Why   string // as a clause, such as "its subscription is gone"
	Count int
}

// ReplayState says how far a job is.
type ReplayState string

// The states of a job.
const (
	ReplayRunning ReplayState = "running" // it makes deliveries, or some of them are still to be sent
	ReplayStopped ReplayState = "stopped" // by StopReplay
	ReplayDone    ReplayState = "done"    // all are made, and nothing more will be tried
)

// A Replay is a job that sends deliveries again.
type Replay struct {
	ID           ReplayID
	At           time.Time
	By           string // login of who started it
	Filter       string // what it chooses, as text; empty: all
	Subscription SubscriptionID
	Key          string
	State        ReplayState
	Ended        time.Time // when it was done or stopped; zero: it is running

	Total   int // deliveries that it is to make, as counted at its start
	Made    int // of them were made so far
	Skipped int // were met and cannot be sent again
	Done    int // of those made were accepted
	Dead    int // of those made were given up
	Gone    int // of those made ended with their subscription, or with the job
}

// A ReplaysQuery asks for one page of jobs, newest first.
type ReplaysQuery struct {
	Filter Filter // columns: id, state, by, at, ended, subscription, key, total, made, done, dead, gone, skipped
	After  Cursor
	Limit  int // 1 to MaxLimit; 0: 50
}

// A ReplayPage is a part of the list of jobs.
type ReplayPage struct {
	Replays []Replay
	Next    Cursor // empty: this is the last page
}
