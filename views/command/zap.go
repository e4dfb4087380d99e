package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) zaps() *cobra.Command {
	cmd := group("zaps", "Read and change zaps, which are also UM field groups",
		a.zapsList(), a.zapsGet(), a.zapsCreate(), a.zapsEdit(),
		a.zapsStatus("run", apiclient.ZapRunning, "Let zaps run"),
		a.zapsStatus("stop", apiclient.ZapStopped, "Stop zaps; they keep their settings and subscriptions"),
		a.zapsStatus("draft", apiclient.ZapDraft, "Make zaps drafts, which Zapier is not offered"),
		a.zapsDelete(), a.zapsSample())
	cmd.Aliases = []string{"zap"}
	return cmd
}

// zapOf finds a zap by its number or, without regard to case, by its name.
func zapOf(ctx context.Context, api apiclient.API, ref string) (apiclient.Zap, error) {
	if id, err := strconv.ParseInt(strings.TrimPrefix(ref, "#"), 10, 64); err == nil {
		return api.Zap(ctx, apiclient.ZapID(id))
	}
	list, err := api.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return apiclient.Zap{}, err
	}
	list = slices.DeleteFunc(list, func(z apiclient.Zap) bool { return !strings.EqualFold(z.Name, ref) })
	switch len(list) {
	case 0:
		return apiclient.Zap{}, apiclient.Errorf(apiclient.NotFound, "There is no zap %q; `umdeck zaps list` shows those that there are.", ref)
	case 1:
		return list[0], nil
	}
	return apiclient.Zap{}, apiclient.Errorf(apiclient.Conflict, "%d zaps have the name %q; use the id.", len(list), ref)
}

func zapName(z apiclient.Zap) string { return fmt.Sprintf("zap %d (%s)", z.ID, z.Name) }

type zapsList struct {
	*app
	listFlags
	kind string
}

func (a *app) zapsList() *cobra.Command {
	o := &zapsList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List zaps", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 0, column.Keys(column.Zaps()))
	o.bindSort(cmd, column.Keys(column.Zaps()))
	cmd.Flags().StringVar(&o.kind, "kind", "", "trigger or action")
	complete(cmd, "kind", "trigger", "action")
	return cmd
}

func (o *zapsList) run(ctx context.Context, api apiclient.API) error {
	switch o.kind {
	case "", string(apiclient.ZapTrigger), string(apiclient.ZapAction):
	default:
		return apiclient.FieldErrorf("kind", "%q is no kind of zap; use trigger or action.", o.kind)
	}
	list, err := api.Zaps(ctx, apiclient.ZapQuery{Kind: apiclient.ZapKind(o.kind)})
	if err != nil {
		return err
	}
	return whole(o.app, &o.listFlags, view[apiclient.Zap]{all: column.Zaps()}, list)
}

// byRef is a command that shows one thing that its argument names.
func (a *app) byRef(use, short string, run func(ctx context.Context, api apiclient.API, f format, ref string) error) *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return run(ctx, api, f, args[0]) })
		},
	}
	f.bind(cmd)
	return cmd
}

func (a *app) zapsGet() *cobra.Command {
	return a.byRef("get ID|NAME", "Show one zap", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		z, err := zapOf(ctx, api, ref)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Zaps(), z))
	})
}

// zapFlags are the flags that describe a zap.
type zapFlags struct {
	name, trigger, status string
	keys, origins         []string
}

func (f *zapFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "name of the zap")
	flags.StringVar(&f.trigger, "trigger", "", "what a trigger zap waits for, such as um_registration_complete")
	flags.StringVar(&f.status, "status", "", "running, stopped or draft")
	flags.StringSliceVar(&f.keys, "fields", nil, "field keys, in order")
	flags.StringSliceVar(&f.origins, "origins", nil, "further origins that a trigger fires for: form, admin, api, crm, cron, console")
	complete(cmd, "trigger", textsOf(apiclient.Triggers())...)
	complete(cmd, "status", "running", "stopped", "draft")
}

func (f *zapFlags) originList() []apiclient.Origin {
	list := make([]apiclient.Origin, len(f.origins))
	for i, o := range f.origins {
		list[i] = apiclient.Origin(o)
	}
	return list
}

type zapsCreate struct {
	*app
	writeFlags
	zapFlags
	action bool
}

func (a *app) zapsCreate() *cobra.Command {
	o := &zapsCreate{app: a}
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a zap; a draft unless --status says otherwise",
		Example: `  umdeck zaps create --name "New members" --trigger um_registration_complete --fields user_email,first_name --status running
  umdeck zaps create --name "Import members" --action --fields first_name,birth_date --status running`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.writeFlags.bind(cmd)
	o.zapFlags.bind(cmd)
	cmd.Flags().BoolVar(&o.action, "action", false, "an action zap: something there changes a user here")
	return cmd
}

func (o *zapsCreate) zap() (apiclient.NewZap, error) {
	n := apiclient.NewZap{Name: o.name, Kind: apiclient.ZapTrigger, Event: apiclient.Trigger(o.trigger), Status: apiclient.ZapStatus(o.status), Fields: o.keys, Origins: o.originList()}
	switch {
	case o.action && o.trigger != "":
		return n, apiclient.FieldErrorf("kind", "A zap is a trigger or an action; give --trigger EVENT or --action.")
	case o.action:
		n.Kind = apiclient.ZapAction
	case o.trigger == "":
		return n, apiclient.FieldErrorf("kind", "The zap has no kind; give --trigger EVENT or --action.")
	}
	return n, n.Validate()
}

func (o *zapsCreate) run(ctx context.Context, api apiclient.API) error {
	n, err := o.zap()
	if err != nil {
		return err
	}
	if o.dryRun {
		if err := checkFields(ctx, api, n.Fields); err != nil {
			return err
		}
		planned := apiclient.Zap{Name: n.Name, Kind: n.Kind, Event: n.Event, Status: n.Status, Fields: n.Fields, Origins: n.Origins}
		columns, err := column.Choose(column.Zaps(), "name", "kind", "event", "status", "fields", "origins")
		if err != nil {
			return err
		}
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "create"}}, column.Object(columns, planned)...))
	}
	z, err := api.CreateZap(ctx, n)
	if err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Created %s: %s.", zapName(z), z.Status), column.Object(column.Zaps(), z))
}

// checkFields says which key no field of the site has.
func checkFields(ctx context.Context, api apiclient.API, keys []string) error {
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if !slices.ContainsFunc(catalogue, func(f apiclient.Field) bool { return f.Key == key && !f.Secret }) {
			return apiclient.FieldErrorf("fields", "The site has no field %s that a zap may have; `umdeck fields list` shows those that it has.", key)
		}
	}
	return nil
}

type zapsEdit struct {
	*app
	writeFlags
	zapFlags
	ref string
}

func (a *app) zapsEdit() *cobra.Command {
	o := &zapsEdit{app: a}
	cmd := &cobra.Command{
		Use:     "edit ID|NAME",
		Short:   "Change a zap; what is not named stays as it is",
		Example: "  umdeck zaps edit 5 --fields user_email,first_name,country",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.zapFlags.bind(cmd)
	return cmd
}

func (o *zapsEdit) update(flags *pflag.FlagSet) (apiclient.ZapUpdate, error) {
	var u apiclient.ZapUpdate
	given := false
	if changed(flags, "name") {
		u.Name, given = &o.name, true
	}
	if changed(flags, "status") {
		status := apiclient.ZapStatus(o.status)
		u.Status, given = &status, true
	}
	if changed(flags, "trigger") {
		event := apiclient.Trigger(o.trigger)
		u.Event, given = &event, true
	}
	if changed(flags, "fields") {
		u.Fields, given = slices.DeleteFunc(append([]string{}, o.keys...), func(s string) bool { return s == "" }), true
	}
	if changed(flags, "origins") {
		u.Origins, given = slices.DeleteFunc(o.originList(), func(x apiclient.Origin) bool { return x == "" }), true
	}
	if !given {
		return u, apiclient.FieldErrorf("name", "Nothing is to be changed; say what with --name, --status, --trigger, --fields or --origins.")
	}
	return u, nil
}

func (o *zapsEdit) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	u, err := o.update(flags)
	if err != nil {
		return err
	}
	z, err := zapOf(ctx, api, o.ref)
	if err != nil {
		return err
	}
	after, err := u.Apply(z)
	if err != nil {
		return err
	}
	if o.dryRun {
		if err := checkFields(ctx, api, u.Fields); err != nil {
			return err
		}
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "edit"}}, column.Object(column.Zaps(), after)...))
	}
	if z, err = api.UpdateZap(ctx, z.ID, u); err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Changed %s.", zapName(z)), column.Object(column.Zaps(), z))
}

// many is a command that does something to each of the things that its arguments name.
func (a *app) many(use, short string, f *writeFlags, run func(ctx context.Context, api apiclient.API, refs []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return run(ctx, api, args) })
		},
	}
	f.bind(cmd)
	return cmd
}

func (a *app) zapsStatus(verb string, to apiclient.ZapStatus, short string) *cobra.Command {
	f := &writeFlags{}
	return a.many(verb+" ID|NAME…", short, f, func(ctx context.Context, api apiclient.API, refs []string) error {
		return a.forEach(f.format, refs, func(ref string) result {
			z, err := zapOf(ctx, api, ref)
			if err != nil {
				return result{Err: err}
			}
			r := result{Subject: zapName(z), Word: string(to)}
			switch {
			case z.Status == to:
				r.Word += " already"
			case f.dryRun:
				r.Word = fmt.Sprintf("%s, would be %s", z.Status, to)
			default:
				_, r.Err = api.UpdateZap(ctx, z.ID, apiclient.ZapUpdate{Status: &to})
			}
			return r
		})
	})
}

func (a *app) zapsDelete() *cobra.Command {
	f := &writeFlags{}
	return a.many("delete ID|NAME…", "Delete zaps and end their subscriptions", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		found := map[string]apiclient.Zap{}
		var question strings.Builder
		for _, ref := range refs {
			z, err := zapOf(ctx, api, ref)
			if err != nil {
				if apiclient.KindOf(err) == apiclient.NotFound {
					continue // its result says so
				}
				return err
			}
			found[ref] = z
			fmt.Fprintf(&question, "%s, %d active subscriptions\n", zapName(z), max(z.Subscriptions, 0))
		}
		if err := a.confirmDelete(ctx, api, f, question.String(), len(found), "zaps"); err != nil {
			return err
		}
		return a.forEach(f.format, refs, func(ref string) result {
			z, ok := found[ref]
			if !ok {
				_, err := zapOf(ctx, api, ref)
				return result{Err: err}
			}
			r := result{Subject: zapName(z), Word: "deleted"}
			if f.dryRun {
				r.Word = "would be deleted"
			} else {
				r.Err = api.DeleteZap(ctx, z.ID)
			}
			return r
		})
	})
}

// confirmDelete asks before n things are removed; list names them, a line each.
func (a *app) confirmDelete(ctx context.Context, api apiclient.API, f *writeFlags, list string, n int, what string) error {
	if f.dryRun || f.yes || n == 0 {
		return nil
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	return a.confirm(f, list+fmt.Sprintf("Remove %d %s from %s?", n, what, site))
}

type zapsSample struct {
	*app
	format format
	user   string
	ref    string
}

func (a *app) zapsSample() *cobra.Command {
	o := &zapsSample{app: a}
	cmd := &cobra.Command{
		Use:   "sample ID|NAME",
		Short: "Show the body that a trigger zap would send",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.format = formatJSON
	o.format.bind(cmd)
	cmd.Flags().StringVar(&o.user, "user", "", "for this user, by id, login or e-mail address (default: placeholders)")
	return cmd
}

func (o *zapsSample) run(ctx context.Context, api apiclient.API) error {
	z, err := zapOf(ctx, api, o.ref)
	if err != nil {
		return err
	}
	var user apiclient.UserID
	if o.user != "" {
		u, err := api.FindUser(ctx, o.user)
		if err != nil {
			return err
		}
		user = u.ID
	}
	p, err := api.SampleZap(ctx, z.ID, user)
	if err != nil {
		return err
	}
	return one(o.app, o.format, p)
}
