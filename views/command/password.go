package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) passwords() *cobra.Command {
	cmd := group("passwords", "Manage application passwords, which programs log in with", a.passwordsList(), a.passwordsCreate(), a.passwordsRevoke())
	cmd.Aliases = []string{"password"}
	return cmd
}

type passwordsList struct {
	*app
	listFlags
	user string
}

func (a *app) passwordsList() *cobra.Command {
	o := &passwordsList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List application passwords, without their text", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 0, column.Keys(column.Passwords()))
	o.bindSort(cmd, column.Keys(column.Passwords()))
	cmd.Flags().StringVar(&o.user, "user", "", "of this user, by id, login or e-mail address")
	return cmd
}

func (o *passwordsList) run(ctx context.Context, api apiclient.API) error {
	var user apiclient.UserID
	if o.user != "" {
		u, err := api.FindUser(ctx, o.user)
		if err != nil {
			return err
		}
		user = u.ID
	}
	list, err := api.Passwords(ctx, user)
	if err != nil {
		return err
	}
	return whole(o.app, &o.listFlags, view[apiclient.Password]{all: column.Passwords()}, list)
}

type passwordsCreate struct {
	*app
	writeFlags
	user, name string
}

func (a *app) passwordsCreate() *cobra.Command {
	o := &passwordsCreate{app: a}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Make an application password; it is shown once",
		Example: "  umdeck passwords create --user admin --name zapier --output json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&o.user, "user", "", "whose it is, by id, login or e-mail address")
	cmd.Flags().StringVar(&o.name, "name", "", "name of the program that will use it")
	return cmd
}

func (o *passwordsCreate) run(ctx context.Context, api apiclient.API) error {
	switch {
	case o.user == "":
		return apiclient.FieldErrorf("user", "The password belongs to nobody; name a user with --user.")
	case strings.TrimSpace(o.name) == "":
		return apiclient.FieldErrorf("name", "The password has no name; give one with --name, such as zapier.")
	}
	u, err := api.FindUser(ctx, o.user)
	if err != nil {
		return err
	}
	if o.dryRun {
		return one(o.app, o.format, apiclient.Payload{{Key: "action", Value: "create"}, {Key: "user", Value: u.Login}, {Key: "name", Value: o.name}})
	}
	_, secret, err := api.CreatePassword(ctx, u.ID, o.name)
	if err != nil {
		return err
	}
	if o.format != formatTable {
		return one(o.app, o.format, apiclient.Payload{{Key: "user", Value: u.Login}, {Key: "password", Value: secret.Reveal()}})
	}
	if err := written(fmt.Fprintln(o.cfg.Stdout, secret.Reveal())); err != nil {
		return err
	}
	o.note("This is the application password %s of %s. It is not shown again.", o.name, userName(u))
	return nil
}

func (a *app) passwordsRevoke() *cobra.Command {
	f := &writeFlags{}
	return a.many("revoke UUID…", "End application passwords", f, func(ctx context.Context, api apiclient.API, uuids []string) error {
		known, err := api.Passwords(ctx, 0)
		if err != nil {
			return err
		}
		name := func(uuid string) string {
			i := slices.IndexFunc(known, func(p apiclient.Password) bool { return p.UUID == uuid })
			if i < 0 {
				return uuid
			}
			return fmt.Sprintf("%s of %s", known[i].Name, known[i].Login)
		}
		var list strings.Builder
		for _, uuid := range uuids {
			list.WriteString(name(uuid) + "\n")
		}
		if err := a.confirmDelete(ctx, api, f, list.String(), len(uuids), "application passwords"); err != nil {
			return err
		}
		return a.forEach(f.format, uuids, func(uuid string) result {
			r := result{Subject: name(uuid), Word: "revoked"}
			switch {
			case !f.dryRun:
				r.Err = api.RevokePassword(ctx, uuid)
			case r.Subject == uuid:
				r.Err = apiclient.Errorf(apiclient.NotFound, "There is no application password %s; `umdeck passwords list` shows those that there are.", uuid)
			default:
				r.Word = "would be revoked"
			}
			return r
		})
	})
}
