package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

func subscriptionInverses() map[string]inverse {
	back := inverse{"Sets %s back.", (*Engine).undoSubscription}
	return map[string]inverse{
		"subscriptions.add":    {"Ends %s.", (*Engine).undoSubscription},
		"subscriptions.remove": {"Lets %s get deliveries again; what waited in it is gone.", (*Engine).undoSubscription},
		"subscriptions.update": back,
		"subscriptions.pause":  back,
		"subscriptions.resume": back,
	}
}

func (e *Engine) undoSubscription(ctx context.Context, tx *store.Tx, c change) error {
	id, err := c.number()
	if err != nil {
		return err
	}
	s, err := tx.Subscription(ctx, apiclient.SubscriptionID(id))
	if err != nil {
		return err
	}
	now := subscriptionParts(s)
	now["zap"], now["target"] = s.Zap, s.Target()
	if err := c.unchanged(now); err != nil {
		return err
	}
	was, err := subscriptionBefore(s, c)
	if err != nil {
		return err
	}
	if was.State == apiclient.SubscriptionGone {
		return e.removeSubscription(ctx, tx, s)
	}
	if _, err := tx.Zap(ctx, s.Zap); err != nil {
		return err
	}
	_, err = e.setSubscription(ctx, tx, s, was)
	return err
}

// subscriptionBefore returns the subscription as it was before the change; before it was
// added, it was gone.
func subscriptionBefore(s apiclient.Subscription, c change) (apiclient.Subscription, error) {
	if c.before == nil {
		s.State = apiclient.SubscriptionGone
		return s, nil
	}
	if err := errors.Join(c.part("state", &s.State), c.part("strict", &s.Strict), c.part("rate", &s.Rate)); err != nil {
		return s, err
	}
	if _, touched := c.before["schedule"]; !touched {
		return s, nil
	}
	var waits []string
	if err := c.part("schedule", &waits); err != nil {
		return s, err
	}
	s.Schedule = nil
	for _, text := range waits {
		wait, err := time.ParseDuration(text)
		if err != nil {
			return s, fmt.Errorf("read schedule of entry %d of the audit: %w", c.ID, err)
		}
		s.Schedule = append(s.Schedule, wait)
	}
	return s, nil
}
