package engine

import (
	"context"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const (
	undefinedEvery = time.Hour // how often accounts without a status are looked for
	undefinedBatch = 50        // how many of them share a transaction
)

// keepHours looks for accounts without a status, and drops signing secrets that are out of
// use, when it begins and every hour from then on, until ctx ends.
func (e *Engine) keepHours(ctx context.Context) {
	ticks, stop := e.cfg.Ticks(undefinedEvery)
	defer stop()
	for {
		if n, err := e.approveUndefined(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Logger.Error("approve accounts without a status", "error", err)
		} else if n > 0 {
			e.cfg.Logger.Info("approved accounts without a status", "accounts", n)
		}
		if err := e.forgetSecrets(ctx); err != nil && ctx.Err() == nil {
			e.cfg.Logger.Error("forget signing secrets", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
	}
}

// approveUndefined approves the accounts without a status, silently: without a mail, and
// what activation link is out stays. Who is about to be registered is left alone (Ultimate
// Member 2.13, includes/common/actions/class-users.php). It returns how many it approved.
func (e *Engine) approveUndefined(ctx context.Context) (approved int, err error) {
	ctx = apiclient.WithActor(ctx, apiclient.Actor{Origin: apiclient.OriginCron})
	for {
		n := 0
		err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
			ids, err := tx.Undefined(ctx, undefinedBatch)
			n = len(ids)
			for _, id := range ids {
				if err := e.approveSilently(ctx, tx, id); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil {
			return approved, fmt.Errorf("approve accounts without a status: %w", err)
		}
		if approved += n; n < undefinedBatch {
			return approved, nil
		}
	}
}

func (e *Engine) approveSilently(ctx context.Context, tx *store.Tx, id apiclient.UserID) error {
	was, err := tx.Account(ctx, id)
	if err != nil {
		return err
	}
	is := was
	is.Status = apiclient.StatusApproved
	if err := tx.UpdateUser(ctx, was, is); err != nil {
		return err
	}
	before, after := diff(userParts(was), userParts(is))
	return e.audit(ctx, tx, "users.approve", subjectUser(is.User), before, after)
}

// ticksOf is the ticker of the system, for Config.Ticks.
func ticksOf(every time.Duration) (ticks <-chan time.Time, stop func()) {
	t := time.NewTicker(every)
	return t.C, t.Stop
}
