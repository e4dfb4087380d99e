package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// alarm writes down what an operator should hear of, as entries of the audit by the engine
// itself: so the audit, the log and whoever follows it show them.
func (e *Engine) alarm(ctx context.Context, tx *store.Tx) error {
	ctx = apiclient.WithActor(ctx, apiclient.Actor{Login: "umdeck", Origin: apiclient.OriginCron})
	for _, a := range tx.Alerts() {
		s, err := tx.Subscription(ctx, a.Subscription)
		if err != nil {
			return err
		}
		if err := e.audit(ctx, tx, "subscriptions."+string(a.Kind), subjectSubscription(s), nil, parts{"state": s.State, "why": a.Why, "waiting": s.Waiting}); err != nil {
			return err
		}
		e.cfg.Logger.WarnContext(ctx, "subscription "+string(a.Kind), "subscription", s.ID, "state", s.State, "why", a.Why)
	}
	return nil
}
