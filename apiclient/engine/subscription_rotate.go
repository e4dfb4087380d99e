package engine

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// RotateSubscription makes a new signing secret, which is told this once.
func (e *Engine) RotateSubscription(ctx context.Context, id apiclient.SubscriptionID, overlap time.Duration) (s apiclient.Subscription, err error) {
	overlap, err = apiclient.CheckOverlap(overlap)
	if err != nil {
		return s, err
	}
	secret := apiclient.NewSecret(e.signingSecret())
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if s, err = livingSubscription(ctx, tx, id); err != nil {
			return err
		}
		until := tx.Now().Add(overlap)
		if err := tx.RotateSubscription(ctx, id, secret, until); err != nil {
			return err
		}
		if s, err = tx.Subscription(ctx, id); err != nil {
			return err
		}
		return e.audit(ctx, tx, "subscriptions.rotate", subjectSubscription(s), nil, parts{"rotated_until": until})
	})
	if err != nil {
		return apiclient.Subscription{}, err
	}
	s.Signing = secret
	return s, nil
}

// forgetSecrets drops the signing secrets that have been replaced, when their time is over.
func (e *Engine) forgetSecrets(ctx context.Context) error {
	return e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetSecrets(ctx, tx.Now()) })
}
