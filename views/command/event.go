package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

func (a *app) events() *cobra.Command {
	cmd := group("events", "Read what triggers were raised", a.eventsList())
	cmd.Aliases = []string{"event"}
	return cmd
}

type eventsList struct {
	*app
	listFlags
}

func (a *app) eventsList() *cobra.Command {
	o := &eventsList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List events, newest first", Args: cobra.NoArgs,
		Example: "  umdeck events list --filter 'trigger:um_user_login at:today'",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Events()))
	return cmd
}

func (o *eventsList) run(ctx context.Context, api apiclient.API) error {
	tree, err := filter.Parse(o.filter, filter.Options{Columns: filter.Events(), Now: o.cfg.Now})
	if err != nil {
		return err
	}
	return paged(ctx, o.app, &o.listFlags, view[apiclient.Event]{all: column.Events()},
		func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.Event, apiclient.Cursor, error) {
			p, err := api.Events(ctx, apiclient.EventQuery{Filter: tree, After: after, Limit: limit})
			return p.Events, p.Next, err
		})
}

func (a *app) triggers() *cobra.Command {
	cmd := group("triggers", "List and raise triggers", a.triggersList(), a.triggersFire())
	cmd.Aliases = []string{"trigger"}
	return cmd
}

// A trigger is one of the seven, with the zaps that wait for it.
type trigger struct {
	name          apiclient.Trigger
	zaps, running int
	subscriptions int // active ones of the running zaps; -1: not known
}

func (a *app) triggersList() *cobra.Command {
	return bareList(a, "List the triggers and how many zaps wait for them", triggerColumns(), func(ctx context.Context, api apiclient.API) ([]trigger, error) {
		zaps, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapTrigger})
		if err != nil {
			return nil, err
		}
		var list []trigger
		for _, name := range apiclient.Triggers() {
			t := trigger{name: name}
			for _, z := range zaps {
				if z.Event != name {
					continue
				}
				if t.zaps++; z.Status != apiclient.ZapRunning {
					continue
				}
				t.running++
				if z.Subscriptions < 0 || t.subscriptions < 0 {
					t.subscriptions = -1
				} else {
					t.subscriptions += z.Subscriptions
				}
			}
			list = append(list, t)
		}
		return list, nil
	})
}

func triggerColumns() []column.Column[trigger] {
	number := func(key, title, help string, get func(trigger) int) column.Column[trigger] {
		return column.Column[trigger]{
			Key: key, Title: title, Help: help, Default: true, Right: true, Kind: filter.Number,
			Text: func(t trigger) string {
				if get(t) < 0 {
					return ""
				}
				return theme.Count(get(t))
			},
			Value: func(t trigger) any {
				if get(t) < 0 {
					return nil
				}
				return int64(get(t))
			},
		}
	}
	return []column.Column[trigger]{
		{
			Key: "trigger", Title: "TRIGGER", Help: "name in the API", Default: true, Min: 24,
			Text: func(t trigger) string { return string(t.name) }, Value: func(t trigger) any { return string(t.name) },
		},
		{
			Key: "title", Title: "WHEN", Help: "what raises it", Default: true, Min: 20, Flex: 1, Priority: 1,
			Text: func(t trigger) string { return t.name.Title() }, Value: func(t trigger) any { return t.name.Title() },
		},
		number("zaps", "ZAPS", "zaps that wait for it", func(t trigger) int { return t.zaps }),
		number("running", "RUNNING", "those that are running", func(t trigger) int { return t.running }),
		number("subscriptions", "SUBS", "active subscriptions of those that are running", func(t trigger) int { return t.subscriptions }),
	}
}

type triggersFire struct {
	*app
	writeFlags
	name, user string
}

func (a *app) triggersFire() *cobra.Command {
	o := &triggersFire{app: a}
	cmd := &cobra.Command{
		Use:       "fire TRIGGER",
		Aliases:   []string{"test"},
		Short:     "Raise a trigger for a user as if it had just happened; nothing is done to the user",
		Example:   "  umdeck triggers fire um_user_login --user ada",
		Args:      cobra.ExactArgs(1),
		ValidArgs: textsOf(apiclient.Triggers()),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&o.user, "user", "", "whom it is about, by id, login or e-mail address")
	return cmd
}

func (o *triggersFire) run(ctx context.Context, api apiclient.API) error {
	t, err := apiclient.ParseTrigger(o.name)
	if err != nil {
		return err
	}
	if o.user == "" {
		return apiclient.FieldErrorf("user", "The trigger is about nobody; name a user with --user.")
	}
	u, err := api.FindUser(ctx, o.user)
	if err != nil {
		return err
	}
	if o.dryRun {
		return o.plan(ctx, api, t, u)
	}
	e, err := api.FireTrigger(ctx, t, u.ID)
	if err != nil {
		return err
	}
	sentence := fmt.Sprintf("Event %d: %s for %s, %s.", e.ID, t, userName(u), counted(e.Deliveries, "delivery", "deliveries"))
	if e.Deliveries == 0 {
		sentence = fmt.Sprintf("Event %d: %s for %s, no delivery: %s", e.ID, t, userName(u), e.Skipped)
	}
	return o.said(o.format, sentence, column.Object(column.Events(), e))
}

// plan lists the zaps that the trigger would fire.
func (o *triggersFire) plan(ctx context.Context, api apiclient.API, t apiclient.Trigger, u apiclient.User) error {
	zaps, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapTrigger})
	if err != nil {
		return err
	}
	names, targets := []string{}, 0
	for _, z := range zaps {
		if z.Event == t && z.Status == apiclient.ZapRunning {
			names = append(names, zapName(z))
			targets += max(z.Subscriptions, 0)
		}
	}
	return one(o.app, o.format, apiclient.Payload{
		{Key: "action", Value: "fire"},
		{Key: "trigger", Value: string(t)},
		{Key: "user", Value: int64(u.ID)},
		{Key: "login", Value: u.Login},
		{Key: "zaps", Value: names},
		{Key: "deliveries", Value: int64(targets)},
	})
}
