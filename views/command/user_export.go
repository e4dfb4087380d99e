package command

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

type usersExport struct {
	*app
	listFlags
	hashes bool
}

func (a *app) usersExport() *cobra.Command {
	o := &usersExport{app: a}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write users so that import can read them",
		Long: `Write users under their field keys, so that import can read them: as CSV unless
--output says otherwise, every field of the site that is no secret unless --columns
says otherwise. Cells hold the values as they are stored, also those that begin with
a = sign: import such a file into a spreadsheet as text.

--with-password-hashes adds the column user_pass, with which members keep their
passwords where they go. Only the administrator of the machine gets it, for a local
instance; who has such a file can try passwords, so keep it like one.`,
		Example: "  umdeck users export --filter 'role:um_member' --columns user_login,user_email,first_name > members.csv",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.format = formatCSV
	o.bind(cmd, 0, apiclient.AccountKeys())
	o.bindSort(cmd, apiclient.UserColumns())
	cmd.Flags().BoolVar(&o.hashes, "with-password-hashes", false, "add the column user_pass")
	return cmd
}

func (o *usersExport) run(ctx context.Context, api apiclient.API) error {
	q, err := o.query(ctx, api, usersQuery{o.filter, o.sort})
	if err != nil {
		return err
	}
	if q.Sort.Column == "" {
		q.Sort = o.order(ctx, api)
	}
	q.WithFields, q.WithHashes = true, o.hashes
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return err
	}
	v := view[apiclient.User]{
		all: exportColumns(catalogue),
		extra: func(key string) (column.Column[apiclient.User], bool) {
			return answerAsStored(key), apiclient.CheckKey(key) == nil
		},
	}
	if o.hashes {
		v.all = append(v.all, hashColumn())
		if len(o.columns) > 0 && !slices.Contains(o.columns, "user_pass") {
			o.columns = append(o.columns, "user_pass")
		}
	}
	return paged(ctx, o.app, &o.listFlags, v, o.fetchUsers(api, q))
}

// order is by id, so that users who register meanwhile come last; where the site
// cannot sort it is the site's own.
func (o *usersExport) order(ctx context.Context, api apiclient.API) apiclient.Sort {
	if s, err := api.Site(ctx); err == nil {
		if ok, _ := s.Can(apiclient.CanFilterFields); ok {
			return apiclient.Sort{Column: "id"}
		}
	}
	return apiclient.Sort{}
}

// exportColumns are the account's columns and the fields of the catalogue, by their
// keys.
func exportColumns(catalogue []apiclient.Field) []column.Column[apiclient.User] {
	keys := []string{"user_login", "user_email", "display_name", "user_url", "roles", "account_status", "user_registered", "_um_last_login"}
	for _, f := range catalogue {
		if f.Secret || f.Type == apiclient.FieldPassword || slices.Contains(keys, f.Key) || slices.Contains(apiclient.AccountKeys(), f.Key) || strings.HasPrefix(f.Key, "role_") {
			continue
		}
		keys = append(keys, f.Key)
	}
	columns := make([]column.Column[apiclient.User], len(keys))
	for i, key := range keys {
		columns[i] = answerAsStored(key)
		columns[i].Default = true
	}
	return columns
}

func answerAsStored(key string) column.Column[apiclient.User] {
	c := column.Answer(key, key)
	switch key {
	case "user_registered":
		c.Value = func(u apiclient.User) any { return moment(u.Registered) }
	case "_um_last_login":
		c.Value = func(u apiclient.User) any { return moment(u.LastLogin) }
	}
	return c
}

// hashColumn is the hash of a member's password.
func hashColumn() column.Column[apiclient.User] {
	hash := func(u apiclient.User) string { return u.PasswordHash.Reveal() }
	return column.Column[apiclient.User]{
		Key: "user_pass", Title: "USER_PASS", Help: "hash of the password", Default: true,
		Text: hash,
		Value: func(u apiclient.User) any {
			if u.PasswordHash.IsZero() {
				return nil
			}
			return hash(u)
		},
	}
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}
