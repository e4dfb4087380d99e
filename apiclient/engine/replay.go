package engine

import (
	"context"
	"fmt"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// PlanReplay counts what a job would make.
func (e *Engine) PlanReplay(ctx context.Context, q apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	if err := q.Validate(); err != nil {
		return apiclient.ReplayPlan{}, err
	}
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.ReplayPlan, error) {
		p, _, err := tx.PlanReplay(ctx, q)
		return p, err
	})
}

// StartReplay starts a job, which Run works at.
func (e *Engine) StartReplay(ctx context.Context, q apiclient.ReplayQuery) (r apiclient.Replay, err error) {
	if err := q.Validate(); err != nil {
		return r, err
	}
	r, there, err := e.replayOf(ctx, q)
	if err != nil || there {
		return r, err
	}
	// It is counted outside of the change, which holds all others up.
	p, until, err := e.planReplay(ctx, q)
	if err != nil {
		return r, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if r, there, err = sameReplay(ctx, tx, q); err != nil || there {
			return err
		}
		id, err := tx.InsertReplay(ctx, apiclient.ActorOf(ctx).Login, q, until, p.Count)
		if err != nil {
			return err
		}
		if r, err = tx.Replay(ctx, id); err != nil {
			return err
		}
		return e.audit(ctx, tx, "replays.start", subjectReplay(r), nil, parts{"filter": r.Filter, "subscription": r.Subscription, "deliveries": r.Total})
	})
	if err == nil {
		e.wakeReplays()
	}
	return r, err
}

func (e *Engine) planReplay(ctx context.Context, q apiclient.ReplayQuery) (p apiclient.ReplayPlan, until apiclient.DeliveryID, err error) {
	err = e.db.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, until, err = tx.PlanReplay(ctx, q)
		return err
	})
	if err != nil || p.Count > 0 {
		return p, until, err
	}
	why := "no delivery matches"
	if len(p.Why) > 0 {
		why = fmt.Sprintf("of the %d deliveries that match, the most are left out because %s", p.Skipped, p.Why[0].Why)
	}
	return p, 0, apiclient.Errorf(apiclient.Conflict, "There is nothing to send again: %s.", why)
}

// replayOf returns the job of the query's key, and whether there is one.
func (e *Engine) replayOf(ctx context.Context, q apiclient.ReplayQuery) (r apiclient.Replay, there bool, err error) {
	err = e.db.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, there, err = sameReplay(ctx, tx, q)
		return err
	})
	return r, there, err
}

func sameReplay(ctx context.Context, tx *store.Tx, q apiclient.ReplayQuery) (apiclient.Replay, bool, error) {
	r, there, same, err := tx.ReplayOf(ctx, q)
	if err == nil && there && !same {
		err = apiclient.Errorf(apiclient.Conflict, "The key %q is that of replay %d, which sends something else again; use another one.", q.Key, r.ID)
	}
	return r, there, err
}

// StopReplay ends a job. What is being sent at this moment is sent.
func (e *Engine) StopReplay(ctx context.Context, id apiclient.ReplayID) (r apiclient.Replay, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if r, err = tx.Replay(ctx, id); err != nil || r.State != apiclient.ReplayRunning {
			return err
		}
		was := r
		if err := tx.StopReplay(ctx, id); err != nil {
			return err
		}
		if err := tx.SweepReplay(ctx, id); err != nil {
			return err
		}
		if r, err = tx.Replay(ctx, id); err != nil {
			return err
		}
		return e.audit(ctx, tx, "replays.stop", subjectReplay(r), parts{"state": was.State, "made": was.Made}, parts{"state": r.State, "made": r.Made})
	})
	if err == nil {
		e.wakeReplays()
	}
	return r, err
}

// Replays returns one page of jobs, newest first.
func (e *Engine) Replays(ctx context.Context, q apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.ReplayPage, error) { return tx.Replays(ctx, q) })
}

// Replay returns one job.
func (e *Engine) Replay(ctx context.Context, id apiclient.ReplayID) (apiclient.Replay, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Replay, error) { return tx.Replay(ctx, id) })
}

func subjectReplay(r apiclient.Replay) string { return fmt.Sprintf("replay %d", r.ID) }
