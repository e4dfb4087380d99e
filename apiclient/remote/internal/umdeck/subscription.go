package umdeck

import (
	"context"

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

// UpdateSubscription pauses or resumes.
func (c *Client) UpdateSubscription(ctx context.Context, id apiclient.SubscriptionID, state apiclient.SubscriptionState) (apiclient.Subscription, error) {
	return get(ctx, c, wire.UpdateSubscription, wire.SubscriptionUpdate{ID: id, State: state})
}

// RemoveSubscription ends a subscription.
func (c *Client) RemoveSubscription(ctx context.Context, id apiclient.SubscriptionID) error {
	_, err := call(ctx, c, wire.RemoveSubscription, wire.SubscriptionRef{ID: id})
	return err
}

// TestSubscription sends the zap's sample once.
func (c *Client) TestSubscription(ctx context.Context, id apiclient.SubscriptionID) (apiclient.Delivery, error) {
	return get(ctx, c, wire.TestSubscription, wire.SubscriptionRef{ID: id})
}
