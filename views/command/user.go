package command

import (
	"context"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/column"
)

func (a *app) users() *cobra.Command {
	cmd := group("users", "Find, read and change users",
		a.usersList(), a.usersGet(), a.usersCreate(), a.usersEdit(), a.usersUpload(), a.usersFile(),
		a.usersAct(apiclient.ActionApprove, "Approve accounts"),
		a.usersAct(apiclient.ActionReject, "Reject accounts that await review"),
		a.usersAct(apiclient.ActionPending, "Put accounts as pending administrator review"),
		a.usersAct(apiclient.ActionResend, "Send the activation e-mail, or send it again"),
		a.usersAct(apiclient.ActionDeactivate, "Deactivate accounts"),
		a.usersAct(apiclient.ActionReactivate, "Reactivate inactive accounts"),
		a.usersAct(apiclient.ActionRole, "Give accounts exactly one role, or one more, or one less"),
		a.usersAct(apiclient.ActionDelete, "Delete accounts"),
		a.usersImport(), a.usersExport())
	cmd.Aliases = []string{"user"}
	return cmd
}

// userView is what of users is written; any field key is a column.
func userView() view[apiclient.User] {
	return view[apiclient.User]{
		all:  column.Users(),
		more: func(u apiclient.User) apiclient.Payload { return column.Answers(column.Users(), u) },
		extra: func(key string) (column.Column[apiclient.User], bool) {
			return column.Answer(key, key), apiclient.CheckKey(key) == nil
		},
	}
}

// usersQuery is the choice of users, shared by list, export and the actions.
type usersQuery struct {
	filter string
	sort   sortFlag
}

// query returns the query of a text filter.
func (a *app) query(ctx context.Context, api apiclient.API, q usersQuery) (apiclient.UserQuery, error) {
	out := apiclient.UserQuery{Sort: apiclient.Sort(q.sort)}
	if q.filter == "" {
		return out, nil
	}
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return out, err
	}
	statuses, err := api.Statuses(ctx)
	if err != nil {
		return out, err
	}
	out.Filter, err = filter.Parse(q.filter, filter.Options{
		Columns: append(filter.Users(), filter.Fields(catalogue)...), AnyField: true, Now: a.cfg.Now, Statuses: statuses,
	})
	return out, err
}

// catalogueOf returns the site's fields, or Ultimate Member's own where the site
// does not tell.
func catalogueOf(ctx context.Context, api apiclient.API) ([]apiclient.Field, error) {
	fields, err := api.Fields(ctx)
	if apiclient.KindOf(err) == apiclient.Unsupported {
		fields, err = apiclient.PredefinedFields(), nil
	}
	return fields, err
}

// fetchUsers returns the pages of a query, and says once how the site filtered.
func (a *app) fetchUsers(api apiclient.API, q apiclient.UserQuery) fetch[apiclient.User] {
	told := ""
	return func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.User, apiclient.Cursor, error) {
		q.After, q.Limit = after, limit
		p, err := api.Users(ctx, q)
		if p.Note != "" && p.Note != told {
			told = p.Note
			a.note("%s", p.Note)
		}
		return p.Users, p.Next, err
	}
}

type usersList struct {
	*app
	listFlags
}

func (a *app) usersList() *cobra.Command {
	o := &usersList{app: a}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List users, newest first",
		Example: `  umdeck users list --filter 'status:awaiting_admin_review' --sort registered:desc
  umdeck users list --columns login,email,first_name --limit 0 --output csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Users()))
	o.bindSort(cmd, apiclient.UserColumns())
	return cmd
}

func (o *usersList) run(ctx context.Context, api apiclient.API) error {
	q, err := o.query(ctx, api, usersQuery{o.filter, o.sort})
	if err != nil {
		return err
	}
	q.WithFields = wantsFields(o.format, o.columns)
	return paged(ctx, o.app, &o.listFlags, userView(), o.fetchUsers(api, q))
}

// wantsFields reports whether the output has values beyond the account's columns.
func wantsFields(f format, names []string) bool {
	for _, n := range names {
		if _, ok := column.Find(column.Users(), n); !ok {
			return true
		}
	}
	return len(names) == 0 && f != formatTable && f != formatCSV
}

type usersGet struct {
	*app
	format  format
	columns []string
	ref     string
}

func (a *app) usersGet() *cobra.Command {
	o := &usersGet{app: a}
	cmd := &cobra.Command{
		Use:   "get ID|LOGIN|EMAIL",
		Short: "Show one user with all fields",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.format.bind(cmd)
	cmd.Flags().StringSliceVar(&o.columns, "columns", nil, "these columns, in this order")
	return cmd
}

func (o *usersGet) run(ctx context.Context, api apiclient.API) error {
	u, err := api.FindUser(ctx, o.ref)
	if err != nil {
		return err
	}
	// FindUser may know less than what the site tells of a single user.
	if u, err = api.User(ctx, u.ID); err != nil {
		return err
	}
	v := userView()
	v.names = o.columns
	columns, err := v.chosen(formatJSON)
	if err != nil {
		return err
	}
	return one(o.app, o.format, v.object(columns, u))
}
