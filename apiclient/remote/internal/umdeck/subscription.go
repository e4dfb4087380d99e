package umdeck

import (
	"context"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Subscriptions returns the subscriptions of a zap, or of all.
func (c *Client) Subscriptions(ctx context.Context, zap apiclient.ZapID) ([]apiclient.Subscription, error) {
	return list(ctx, c, wire.Subscriptions, wire.SubscriptionsRequest{Zap: zap})
}

// Subscription returns one subscription.
func (c *Client) Subscription(ctx context.Context, id apiclient.SubscriptionID) (apiclient.Subscription, error) {
	return get(ctx, c, wire.GetSubscription, wire.SubscriptionRef{ID: id})
}

// AddSubscription subscribes a URL to a trigger zap.
func (c *Client) AddSubscription(ctx context.Context, n apiclient.NewSubscription) (apiclient.Subscription, bool, error) {
	if err := n.Validate(); err != nil {
		return apiclient.Subscription{}, false, err
	}
	a, err := call(ctx, c, wire.AddSubscription, wire.NewSubscription(n))
	return a.Subscription.Domain(), a.Added, err
}

// UpdateSubscription changes what u names.
func (c *Client) UpdateSubscription(ctx context.Context, id apiclient.SubscriptionID, u apiclient.SubscriptionUpdate) (apiclient.Subscription, error) {
	if err := u.Validate(); err != nil {
		return apiclient.Subscription{}, err
	}
	return get(ctx, c, wire.UpdateSubscription, wire.SubscriptionUpdateOf(id, u))
}

// RotateSubscription makes a new signing secret.
func (c *Client) RotateSubscription(ctx context.Context, id apiclient.SubscriptionID, overlap time.Duration) (apiclient.Subscription, error) {
	if _, err := apiclient.CheckOverlap(overlap); err != nil {
		return apiclient.Subscription{}, err
	}
	return get(ctx, c, wire.RotateSubscription, wire.SubscriptionRotation{ID: id, Overlap: wire.MillisOf(overlap)})
}

// RemoveSubscription ends a subscription, and tells its target.
func (c *Client) RemoveSubscription(ctx context.Context, id apiclient.SubscriptionID, tell bool) (*apiclient.Attempt, error) {
	a, err := call(ctx, c, wire.RemoveSubscription, wire.SubscriptionRemoval{ID: id, Tell: tell})
	return a.Domain(), err
}

// SubscriptionHours returns what happened in the hours of a subscription.
func (c *Client) SubscriptionHours(ctx context.Context, id apiclient.SubscriptionID, since time.Time) ([]apiclient.SubscriptionHour, error) {
	return list(ctx, c, wire.SubscriptionHours, wire.SubscriptionHoursRequestOf(id, since))
}

// TestSubscription sends the zap's sample once.
func (c *Client) TestSubscription(ctx context.Context, id apiclient.SubscriptionID) (apiclient.Delivery, error) {
	return get(ctx, c, wire.TestSubscription, wire.SubscriptionRef{ID: id})
}
