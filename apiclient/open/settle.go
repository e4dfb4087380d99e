package open

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// look is the time between two looks at what is still to be sent.
const look = 50 * time.Millisecond

// Settle waits until what was caused since the instance was opened has been tried
// once, or until ctx ends, and returns whether all of it was. A command that
// changes a user ends with its hooks sent, as it would on a site that is served;
// retries are for whoever has the folder next. Where another process is the
// engine, that one goes on by itself, and there is nothing to wait for.
func (i *Instance) Settle(ctx context.Context) (bool, error) {
	if !i.Owns() {
		return true, nil
	}
	untried := apiclient.AllOf(
		apiclient.FieldIs("attempts", "0"),
		apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: "at", Op: apiclient.AtLeast, Value: i.opened.UTC().Format(time.RFC3339)}},
		apiclient.Filter{Op: apiclient.Or, Terms: []apiclient.Filter{
			apiclient.FieldIs("state", string(apiclient.DeliveryDue)), apiclient.FieldIs("state", string(apiclient.DeliveryClaimed)),
		}},
	)
	for {
		page, err := i.Deliveries(context.WithoutCancel(ctx), apiclient.DeliveryQuery{Filter: untried, Limit: 1})
		if err != nil || len(page.Deliveries) == 0 {
			return err == nil, err
		}
		if !pause(ctx, look) {
			return false, nil
		}
	}
}
