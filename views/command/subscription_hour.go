package command

import (
	"context"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/column"
)

type subscriptionsHours struct {
	*app
	listFlags
	ref, since string
}

func (a *app) subscriptionsHours() *cobra.Command {
	o := &subscriptionsHours{app: a}
	cmd := &cobra.Command{
		Use: "hours ID", Short: "Show what became of a subscription's deliveries, hour by hour", Args: cobra.ExactArgs(1),
		Long: `Shows every hour, also those in which nothing happened, up to this one. What ended is
counted for 90 days, also where the deliveries themselves are not kept any more.`,
		Example: "  umdeck subscriptions hours 3 --since 7d --filter 'failed:>0'",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd, 0, column.Keys(column.Hours()))
	o.bindSort(cmd, column.Keys(column.Hours()))
	cmd.Flags().StringVar(&o.since, "since", "24h", "from the hour on in which this was: an age such as 7d, a day or a time")
	return cmd
}

func (o *subscriptionsHours) run(ctx context.Context, api apiclient.API) error {
	id, err := idOf[apiclient.SubscriptionID]("subscription", o.ref)
	if err != nil {
		return err
	}
	now := o.cfg.Now()
	since, ok := filter.Moment(o.since, now)
	if !ok {
		return apiclient.FieldErrorf("since", "%q is no time; write 24h, 7d, 2026-01-31 or 2026-01-31T15:04Z.", o.since)
	}
	list, err := api.SubscriptionHours(ctx, id, since)
	if err != nil {
		return err
	}
	return whole(o.app, &o.listFlags, view[apiclient.SubscriptionHour]{all: column.Hours()}, apiclient.EachHour(list, since, now))
}
