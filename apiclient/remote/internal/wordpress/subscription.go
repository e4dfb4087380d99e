package wordpress

import (
	"context"
	"net/url"

	"umdeck/apiclient"
)

// AddSubscription subscribes the URL. The extension answers no id, so the
// subscription has none and can be neither read nor removed; the same one again
// counts as added, because the answer does not tell.
func (c *Client) AddSubscription(ctx context.Context, n apiclient.NewSubscription) (apiclient.Subscription, bool, error) {
	none := apiclient.Subscription{}
	if err := n.Validate(); err != nil {
		return none, false, err
	}
	if err := c.need(ctx, apiclient.CanAddSubs); err != nil {
		return none, false, err
	}
	z, err := c.find(ctx, n.Zap)
	switch {
	case err != nil:
		return none, false, err
	case z.kind != apiclient.ZapTrigger:
		return none, false, apiclient.Errorf(apiclient.Conflict, "The zap %d (%s) is an action; subscribe to a trigger.", n.Zap, z.name)
	}
	form := url.Values{"group_field_id": {idText(n.Zap)}, "subscription_target_url": {n.URL}}
	if _, err := c.act(ctx, "umm_zapier_subscribe", form, false); err != nil {
		return none, false, err
	}
	return apiclient.Subscription{
		Zap: n.Zap, ZapName: z.name, URL: n.URL, State: apiclient.SubscriptionActive, By: c.login(), Created: c.cfg.Now().UTC(),
	}, true, nil
}
