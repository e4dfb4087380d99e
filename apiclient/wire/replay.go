package wire

import (
	"time"

	"umdeck/apiclient"
)

// A ReplayRequest says what is sent again, and to whom.
type ReplayRequest struct {
	Filter       Filter                   `json:"filter,omitzero"`        // as in the query of Deliveries
	Subscription apiclient.SubscriptionID `json:"subscription,omitempty"` // absent: each to its own
	Key          string                   `json:"key,omitempty"`
}

// ReplayRequestOf returns the twin of q.
func ReplayRequestOf(q apiclient.ReplayQuery) ReplayRequest {
	return ReplayRequest{Filter(q.Filter), q.Subscription, q.Key}
}

// Domain returns the query.
func (r ReplayRequest) Domain() apiclient.ReplayQuery {
	return apiclient.ReplayQuery{Filter: apiclient.Filter(r.Filter), Subscription: r.Subscription, Key: r.Key}
}

// A ReplayPlan says what a job would do.
type ReplayPlan struct {
	Count   int            `json:"count"`
	Skipped int            `json:"skipped"`
	Targets []ReplayTarget `json:"targets"`
	Why     []ReplaySkip   `json:"why"`
}

// A ReplayTarget is a subscription that a job would make deliveries for.
type ReplayTarget struct {
	Subscription apiclient.SubscriptionID    `json:"subscription"`
	ZapName      string                      `json:"zap_name"`
	URL          string                      `json:"url"`
	State        apiclient.SubscriptionState `json:"state"`
	Count        int                         `json:"count"`
}

// A ReplaySkip is a reason for which deliveries are skipped.
type ReplaySkip struct {
	Why   string `json:"why"`
	Count int    `json:"count"`
}

// ReplayPlanOf returns the twin of p.
func ReplayPlanOf(p apiclient.ReplayPlan) ReplayPlan {
	return ReplayPlan{
		Count: p.Count, Skipped: p.Skipped,
		Targets: each(p.Targets, func(t apiclient.ReplayTarget) ReplayTarget { return ReplayTarget(t) }),
		Why:     each(p.Why, func(w apiclient.ReplaySkip) ReplaySkip { return ReplaySkip(w) }),
	}
}

// Domain returns the plan.
func (p ReplayPlan) Domain() apiclient.ReplayPlan {
	return apiclient.ReplayPlan{
		Count: p.Count, Skipped: p.Skipped,
		Targets: back(p.Targets, func(t ReplayTarget) apiclient.ReplayTarget { return apiclient.ReplayTarget(t) }),
		Why:     back(p.Why, func(w ReplaySkip) apiclient.ReplaySkip { return apiclient.ReplaySkip(w) }),
	}
}

// A ReplayRef names a job.
type ReplayRef struct {
	ID apiclient.ReplayID `json:"-" path:"id"`
}

// A Replay is a job that sends deliveries again.
type Replay struct {
	ID           apiclient.ReplayID       `json:"id"`
	At           time.Time                `json:"at,omitzero"`
	By           string                   `json:"by,omitempty"`
	Filter       string                   `json:"filter,omitempty"` // as people write it
	Subscription apiclient.SubscriptionID `json:"subscription,omitempty"`
	Key          string                   `json:"key,omitempty"`
	State        apiclient.ReplayState    `json:"state"`
	Ended        time.Time                `json:"ended,omitzero"`
	Total        int                      `json:"total"`
	Made         int                      `json:"made"`
	Skipped      int                      `json:"skipped"`
	Done         int                      `json:"done"`
	Dead         int                      `json:"dead"`
	Gone         int                      `json:"gone"`
}

// ReplayOf returns the twin of r.
func ReplayOf(r apiclient.Replay) Replay {
	w := Replay(r)
	w.At, w.Ended = r.At.UTC(), r.Ended.UTC()
	return w
}

// Domain returns the job.
func (r Replay) Domain() apiclient.Replay {
	d := apiclient.Replay(r)
	d.At, d.Ended = r.At.UTC(), r.Ended.UTC()
	return d
}

// A ReplayPage is a part of the list of jobs.
type ReplayPage struct {
	Replays []Replay         `json:"replays"`
	Next    apiclient.Cursor `json:"next,omitempty"`
}

// ReplayPageOf returns the twin of p.
func ReplayPageOf(p apiclient.ReplayPage) ReplayPage {
	return ReplayPage{each(p.Replays, ReplayOf), p.Next}
}

// Domain returns the page.
func (p ReplayPage) Domain() apiclient.ReplayPage {
	return apiclient.ReplayPage{Replays: back(p.Replays, Replay.Domain), Next: p.Next}
}
