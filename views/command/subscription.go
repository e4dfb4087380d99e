package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) subscriptions() *cobra.Command {
	cmd := group("subscriptions", "Read and change who is told of a trigger zap's events",
		a.subscriptionsList(), a.subscriptionsGet(), a.subscriptionsHours(), a.subscriptionsAdd(), a.subscriptionsRemove(),
		a.subscriptionsState("pause", apiclient.SubscriptionPaused, "Hold the deliveries of subscriptions"),
		a.subscriptionsState("resume", apiclient.SubscriptionActive, "Send the deliveries of subscriptions again"),
		a.subscriptionsEdit(), a.subscriptionsRotate(), a.subscriptionsTest())
	cmd.Aliases = []string{"subscription", "subs"}
	return cmd
}

// idOf reads the number of a thing.
func idOf[N ~int64](what, ref string) (N, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(ref, "#"), 10, 64)
	if err != nil || n <= 0 {
		return 0, apiclient.FieldErrorf("id", "%q is no number of a %s; write it as 5.", ref, what)
	}
	return N(n), nil
}

type subscriptionsList struct {
	*app
	listFlags
	zap string
}

func (a *app) subscriptionsList() *cobra.Command {
	o := &subscriptionsList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List subscriptions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 0, column.Keys(column.Subscriptions()))
	o.bindSort(cmd, column.Keys(column.Subscriptions()))
	cmd.Flags().StringVar(&o.zap, "zap", "", "of this zap, by id or name")
	return cmd
}

func (o *subscriptionsList) run(ctx context.Context, api apiclient.API) error {
	var zap apiclient.ZapID
	if o.zap != "" {
		z, err := zapOf(ctx, api, o.zap)
		if err != nil {
			return err
		}
		zap = z.ID
	}
	list, err := api.Subscriptions(ctx, zap)
	if err != nil {
		return err
	}
	return whole(o.app, &o.listFlags, view[apiclient.Subscription]{all: column.Subscriptions()}, list)
}

func (a *app) subscriptionsGet() *cobra.Command {
	return a.byRef("get ID", "Show one subscription", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		id, err := idOf[apiclient.SubscriptionID]("subscription", ref)
		if err != nil {
			return err
		}
		s, err := api.Subscription(ctx, id)
		if err != nil {
			return err
		}
		return a.showSubscription(f, s)
	})
}

// showSubscription writes one, for people with the hidden form of its address.
func (a *app) showSubscription(f format, s apiclient.Subscription) error {
	o := column.Object(column.Subscriptions(), s)
	if f == formatTable {
		for i := range o {
			if o[i].Key == "url" {
				o[i].Value = s.Target()
			}
		}
	}
	return one(a, f, o)
}

type subscriptionsAdd struct {
	*app
	writeFlags
	zap, url string
}

func (a *app) subscriptionsAdd() *cobra.Command {
	o := &subscriptionsAdd{app: a}
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Subscribe a URL to a trigger zap",
		Example: "  umdeck subscriptions add --zap 5 --url https://hooks.example.com/catch/1/abcd",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&o.zap, "zap", "", "trigger zap, by id or name")
	cmd.Flags().StringVar(&o.url, "url", "", "address to post to")
	return cmd
}

func (o *subscriptionsAdd) run(ctx context.Context, api apiclient.API) error {
	if o.zap == "" {
		return apiclient.FieldErrorf("zap", "The subscription names no zap; give the id of a trigger zap with --zap.")
	}
	z, err := zapOf(ctx, api, o.zap)
	if err != nil {
		return err
	}
	n := apiclient.NewSubscription{Zap: z.ID, URL: o.url}
	if err := n.Validate(); err != nil {
		return err
	}
	if o.dryRun {
		if z.Kind != apiclient.ZapTrigger {
			return apiclient.Errorf(apiclient.Conflict, "%s is no trigger, so nothing can be subscribed to it; choose a trigger zap.", zapName(z))
		}
		return one(o.app, o.format, apiclient.Payload{{Key: "action", Value: "add"}, {Key: "zap", Value: int64(z.ID)}, {Key: "event", Value: string(z.Event)}, {Key: "url", Value: o.url}})
	}
	s, added, err := api.AddSubscription(ctx, n)
	if err != nil {
		return err
	}
	sentence := fmt.Sprintf("Subscription %d: %s is told of %s.", s.ID, s.Target(), zapName(z))
	if !added {
		sentence = fmt.Sprintf("Subscription %d was there already: %s is told of %s.", s.ID, s.Target(), zapName(z))
	}
	return o.told(o.format, sentence, s)
}

// told writes what became of a subscription, and its secret where there is a new one:
// nothing shows it afterwards.
func (a *app) told(f format, sentence string, s apiclient.Subscription) error {
	o := column.Object(column.Subscriptions(), s)
	if !s.Signing.IsZero() {
		sentence += " Its hooks are signed with " + s.Signing.Reveal() + ", which is not shown again."
		o = append(o, apiclient.Member{Key: "secret", Value: s.Signing.Reveal()})
	}
	return a.said(f, sentence, o)
}

// eachSubscription finds the subscriptions that refs name and does something to each.
func (a *app) eachSubscription(ctx context.Context, api apiclient.API, f *writeFlags, refs []string, would string, do func(apiclient.Subscription) (string, error)) error {
	return a.forEach(f.format, refs, func(ref string) result {
		id, err := idOf[apiclient.SubscriptionID]("subscription", ref)
		if err != nil {
			return result{Err: err}
		}
		s, err := api.Subscription(ctx, id)
		if err != nil {
			return result{Subject: "subscription " + ref, Err: err}
		}
		r := result{Subject: fmt.Sprintf("subscription %d (%s)", s.ID, s.Target()), Word: would}
		if !f.dryRun {
			r.Word, r.Err = do(s)
		}
		return r
	})
}

func (a *app) subscriptionsState(verb string, to apiclient.SubscriptionState, short string) *cobra.Command {
	f := &writeFlags{}
	return a.many(verb+" ID…", short, f, func(ctx context.Context, api apiclient.API, refs []string) error {
		return a.eachSubscription(ctx, api, f, refs, "would be "+string(to), func(s apiclient.Subscription) (string, error) {
			if s.State == to {
				return string(to) + " already", nil
			}
			_, err := api.UpdateSubscription(ctx, s.ID, apiclient.SetSubscription(to))
			return string(to), err
		})
	})
}

func (a *app) subscriptionsTest() *cobra.Command {
	f := &writeFlags{}
	return a.many("test ID…", "Send the zap's sample to subscriptions, once", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		return a.eachSubscription(ctx, api, f, refs, "would be sent a sample", func(s apiclient.Subscription) (string, error) {
			d, err := api.TestSubscription(ctx, s.ID)
			return fmt.Sprintf("sample is delivery %d", d.ID), err
		})
	})
}
