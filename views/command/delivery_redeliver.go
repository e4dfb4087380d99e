package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

type deliveriesRedeliver struct {
	*app
	writeFlags
	filter, to, key string
}

func (a *app) deliveriesRedeliver() *cobra.Command {
	o := &deliveriesRedeliver{app: a}
	cmd := &cobra.Command{
		Use:   "redeliver ID…",
		Short: "Send deliveries again: the same bytes as new deliveries",
		Long: `Send deliveries again: the same bytes as new deliveries, which name the first ones.
With --filter a job of the site does so, behind what is new: see deliveries replays.`,
		Example: "  umdeck deliveries redeliver --filter 'state:dead subscription:3' --dry-run\n  umdeck deliveries redeliver --filter 'subscription:3 at:1d' --to 5 --yes",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, args) })
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVarP(&o.filter, "filter", "f", "", "send all again that match, such as 'state:dead at:1d'")
	cmd.Flags().StringVar(&o.to, "to", "", "send them to this subscription of the same zap, by id, rather than each to its own; with --filter")
	cmd.Flags().StringVar(&o.key, "key", "", "a name for the replay: the same again is the same replay; with --filter")
	return cmd
}

func (o *deliveriesRedeliver) run(ctx context.Context, api apiclient.API, refs []string) error {
	switch {
	case len(refs) > 0 && o.filter != "":
		return apiclient.FieldErrorf("filter", "Both deliveries and a filter are given; choose one.")
	case len(refs) == 0 && o.filter == "":
		return apiclient.FieldErrorf("id", "No delivery is named; give ids, or --filter.")
	case o.filter != "":
		return o.replay(ctx, api)
	case o.to != "" || o.key != "":
		return apiclient.FieldErrorf("filter", "--to and --key are for a replay; choose the deliveries with --filter, such as --filter id:%s.", strings.Join(refs, ","))
	}
	return o.forEach(o.format, refs, func(ref string) result {
		id, err := idOf[apiclient.DeliveryID]("delivery", ref)
		if err != nil {
			return result{Err: err}
		}
		r := result{Subject: "delivery " + ref}
		if o.dryRun {
			d, err := api.Delivery(ctx, id)
			r.Word, r.Err = "would be sent again to "+apiclient.HideURL(d.URL), err
			return r
		}
		d, err := api.Redeliver(ctx, id)
		r.Word, r.Err = fmt.Sprintf("sent again as delivery %d", d.ID), err
		return r
	})
}

// replay starts a job, after a plan and a yes.
func (o *deliveriesRedeliver) replay(ctx context.Context, api apiclient.API) error {
	q, err := o.query()
	if err != nil {
		return err
	}
	if o.dryRun || !o.yes {
		plan, err := api.PlanReplay(ctx, q)
		if err != nil {
			return err
		}
		if o.dryRun {
			return o.said(o.format, "Would send again: "+planLine(plan)+".", planObject(plan))
		}
		if plan.Count > 0 {
			if err := o.ask(ctx, api, plan); err != nil {
				return err
			}
		}
	}
	r, err := api.StartReplay(ctx, q)
	if err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Replay %d is %s: %s of %s deliveries are made; see umdeck deliveries replays get %d.",
		r.ID, r.State, theme.Count(r.Made), theme.Count(r.Total), r.ID), column.Object(column.Replays(), r))
}

func (o *deliveriesRedeliver) query() (q apiclient.ReplayQuery, err error) {
	q.Key = o.key
	if q.Filter, err = filter.Parse(o.filter, filter.Options{Columns: filter.Deliveries(), Now: o.cfg.Now}); err != nil {
		return q, err
	}
	if o.to != "" {
		if q.Subscription, err = idOf[apiclient.SubscriptionID]("subscription", o.to); err != nil {
			return q, err
		}
	}
	return q, q.Validate()
}

func (o *deliveriesRedeliver) ask(ctx context.Context, api apiclient.API, plan apiclient.ReplayPlan) error {
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	return o.confirm(&o.writeFlags, fmt.Sprintf("Send again: %s.\nSend %s deliveries of %s again?", planLine(plan), theme.Count(plan.Count), site))
}

// planLine says in one line what a job would do.
func planLine(p apiclient.ReplayPlan) string {
	var parts []string
	for _, t := range p.Targets {
		part := fmt.Sprintf("%s to %s of %s (subscription %d)", theme.Count(t.Count), apiclient.HideURL(t.URL), t.ZapName, t.Subscription)
		if t.State != apiclient.SubscriptionActive {
			part += ", which is " + string(t.State)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		parts = []string{"nothing"}
	}
	for _, w := range p.Why {
		parts = append(parts, fmt.Sprintf("not %s, because %s", theme.Count(w.Count), w.Why))
	}
	return strings.Join(parts, "; ")
}

func planObject(p apiclient.ReplayPlan) apiclient.Payload {
	targets, why := []apiclient.Payload{}, []apiclient.Payload{}
	for _, t := range p.Targets {
		targets = append(targets, apiclient.Payload{
			{Key: "subscription", Value: int64(t.Subscription)},
			{Key: "zap_name", Value: t.ZapName},
			{Key: "url", Value: t.URL},
			{Key: "state", Value: string(t.State)},
			{Key: "count", Value: t.Count},
		})
	}
	for _, w := range p.Why {
		why = append(why, apiclient.Payload{{Key: "why", Value: w.Why}, {Key: "count", Value: w.Count}})
	}
	return apiclient.Payload{{Key: "count", Value: p.Count}, {Key: "skipped", Value: p.Skipped}, {Key: "targets", Value: targets}, {Key: "why", Value: why}}
}
