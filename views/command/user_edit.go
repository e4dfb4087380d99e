package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

type usersEdit struct {
	*app
	writeFlags
	userFlags
	ref    string
	clear  []string
	umRole string
}

func (a *app) usersEdit() *cobra.Command {
	o := &usersEdit{app: a}
	cmd := &cobra.Command{
		Use:     "edit ID|LOGIN|EMAIL",
		Short:   "Change an account; what is not named stays as it is",
		Example: `  umdeck users edit ada --set first_name='Zoë & Søn' --clear phone_number --yes`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.userFlags.bind(cmd.Flags())
	cmd.Flags().StringSliceVar(&o.clear, "clear", nil, "empty these fields")
	cmd.Flags().StringVar(&o.umRole, "um-role", "", "the UM role: the former one goes, WordPress's own roles stay; empty: none")
	return cmd
}

func (o *usersEdit) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	c, err := o.change(ctx, o.app, api, flags)
	if err != nil {
		return err
	}
	if err := o.cleared(c); err != nil {
		return err
	}
	if changed(flags, "um-role") {
		if c.update.Roles != nil {
			return apiclient.FieldErrorf("um-role", "Both --role and --um-role are given; choose one of them.")
		}
		slug := apiclient.RoleSlug(o.umRole)
		c.update.UMRole = &slug
	}
	if c.login != "" || !c.registered.IsZero() {
		return apiclient.FieldErrorf("user_login", "The login and the date of registration of an account never change; leave them away.")
	}
	if c.update.IsZero() {
		return apiclient.FieldErrorf("set", "Nothing is to be changed; say what with --set, --email, --status and so on.")
	}
	u, err := api.FindUser(ctx, o.ref)
	if err != nil {
		return err
	}
	if u, err = api.User(ctx, u.ID); err != nil {
		return err
	}
	if o.dryRun {
		return o.plan(ctx, api, u, c)
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	if err := o.confirm(&o.writeFlags, o.question(u, c, site)); err != nil {
		return err
	}
	if u, err = api.UpdateUser(ctx, u.ID, c.update); err != nil {
		return err
	}
	v := userView()
	return o.said(o.format, fmt.Sprintf("Changed %s.", userName(u)), v.object(v.all, u))
}

// cleared adds the fields that are to be emptied.
func (o *usersEdit) cleared(c *change) error {
	for _, key := range o.clear {
		if slices.Contains(apiclient.AccountKeys(), key) {
			return apiclient.FieldErrorf(key, "%s cannot be empty; set another value.", key)
		}
		if _, twice := c.update.Fields[key]; twice {
			return apiclient.FieldErrorf(key, "%s is set and cleared; do one of both.", key)
		}
		if c.update.Fields == nil {
			c.update.Fields = map[string]apiclient.Value{}
		}
		c.update.Fields[key] = apiclient.Value{}
	}
	return nil
}

func (o *usersEdit) question(u apiclient.User, c *change, site string) string {
	var keys []string
	for _, e := range c.edits(u) {
		keys = append(keys, e.Key)
	}
	q := fmt.Sprintf("Change %s of %s on %s?", strings.Join(keys, ", "), userName(u), site)
	if c.update.Status != nil && u.Status != apiclient.StatusUnknown {
		e := apiclient.ChangeStatus(u.Status, *c.update.Status)
		if e.Warning != "" {
			q = e.Warning + " " + q
		}
	}
	return q
}

// An edit is one part of an account before and after.
type edit struct{ Key, Before, After string }

// edits returns what a change makes of a user, sorted by key.
func (c *change) edits(u apiclient.User) []edit {
	var list []edit
	add := func(key, after string) { list = append(list, edit{key, u.Value(key).String(), after}) }
	if p := c.update.Email; p != nil {
		add("user_email", *p)
	}
	if p := c.update.DisplayName; p != nil {
		add("display_name", *p)
	}
	if p := c.update.URL; p != nil {
		add("user_url", *p)
	}
	if c.update.Roles != nil {
		add("roles", strings.Join(textsOf(c.update.Roles), ", "))
	}
	if p := c.update.UMRole; p != nil {
		list = append(list, edit{"um_role", u.Value("roles").String(), string(*p)})
	}
	if p := c.update.Status; p != nil {
		add("account_status", string(*p))
	}
	if c.update.Password != nil {
		list = append(list, edit{"user_password", "", c.update.Password.String()})
	}
	for _, key := range slices.Sorted(maps.Keys(c.update.Fields)) {
		add(key, c.update.Fields[key].String())
	}
	return list
}

func (o *usersEdit) plan(ctx context.Context, api apiclient.API, u apiclient.User, c *change) error {
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return err
	}
	if err := c.check(catalogue); err != nil {
		return err
	}
	s, err := sheetOf(o.app, o.format, view[edit]{all: editColumns()})
	if err != nil {
		return err
	}
	for _, e := range c.edits(u) {
		if err := s.add(e); err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	if c.update.Status == nil || u.Status == apiclient.StatusUnknown {
		return nil
	}
	e := apiclient.ChangeStatus(u.Status, *c.update.Status)
	for _, line := range []string{e.Warning, prefixed("E-mail: ", string(e.Mail)), prefixed("Trigger: ", string(e.Trigger))} {
		if line != "" {
			o.note("%s", line)
		}
	}
	return nil
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + theme.Clean(s)
}

func editColumns() []column.Column[edit] {
	c := func(key, title, help string, get func(edit) string) column.Column[edit] {
		return column.Column[edit]{Key: key, Title: title, Help: help, Default: true, Min: 10, Flex: 1, Text: get, Value: func(e edit) any { return get(e) }}
	}
	return []column.Column[edit]{
		c("key", "KEY", "field key", func(e edit) string { return e.Key }),
		c("before", "BEFORE", "what is stored", func(e edit) string { return e.Before }),
		c("after", "AFTER", "what would be", func(e edit) string { return e.After }),
	}
}
