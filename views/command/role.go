package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) roles() *cobra.Command {
	cmd := group("roles", "Read and change the roles of the site",
		bareList(a, "List roles, by priority", column.Roles(),
			func(ctx context.Context, api apiclient.API) ([]apiclient.Role, error) { return api.Roles(ctx) }),
		a.rolesGet(), a.rolesCreate(), a.rolesEdit(), a.rolesReset(), a.rolesDelete())
	cmd.Aliases = []string{"role"}
	return cmd
}

// roleOf finds a role by its slug, by Ultimate Member's key of it or by its name.
func roleOf(ctx context.Context, api apiclient.API, ref string) (apiclient.Role, error) {
	all, err := api.Roles(ctx)
	if err != nil {
		return apiclient.Role{}, err
	}
	if r, ok := apiclient.RoleNamed(all, ref); ok {
		return r, nil
	}
	return apiclient.Role{}, apiclient.Errorf(apiclient.NotFound, "There is no role %q; `umdeck roles list` shows those that there are.", ref)
}

func roleName(r apiclient.Role) string { return fmt.Sprintf("role %s (%s)", r.Slug, r.Name) }

func (a *app) rolesGet() *cobra.Command {
	return a.byRef("get ROLE", "Show one role with its settings", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		r, err := roleOf(ctx, api, ref)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Roles(), r))
	})
}

// roleFlags are the flags that describe a role.
type roleFlags struct {
	name, registration string
	priority           int
	caps, remove, sets []string
}

func (f *roleFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.name, "name", "", "title of the role; the slug is made from the first one and stays")
	flags.IntVar(&f.priority, "priority", 0, "of a user's roles the settings of the one with the highest apply")
	flags.StringVar(&f.registration, "registration", "", "status of new accounts: approved, checkmail or pending")
	flags.StringSliceVar(&f.caps, "cap", nil, "WordPress capability to have; several by commas")
	flags.StringSliceVar(&f.remove, "remove-cap", nil, "WordPress capability not to have")
	flags.StringArrayVar(&f.sets, "set", nil, "value of a setting, as `KEY=VALUE`, such as can_edit_profile=yes; may be repeated")
	complete(cmd, "registration", apiclient.RegistrationApproved, apiclient.RegistrationCheckmail, apiclient.RegistrationPending)
	complete(cmd, "cap", apiclient.WordPressCapabilities()...)
	complete(cmd, "remove-cap", apiclient.WordPressCapabilities()...)
	var keys []string
	for _, d := range apiclient.RoleSettingCatalogue() {
		keys = append(keys, d.Key+"=\t"+d.Label)
	}
	complete(cmd, "set", keys...)
}

// update returns what the flags change of a role, and whether it is anything.
func (f *roleFlags) update(r apiclient.Role, flags *pflag.FlagSet) (u apiclient.RoleUpdate, given bool, err error) {
	if changed(flags, "name") {
		u.Name, given = &f.name, true
	}
	if changed(flags, "priority") {
		u.Priority, given = &f.priority, true
	}
	if changed(flags, "registration") {
		u.Registration, given = &f.registration, true
	}
	if changed(flags, "cap") || changed(flags, "remove-cap") {
		given = true
		u.Capabilities = slices.DeleteFunc(append(append([]string{}, r.Capabilities...), f.caps...), func(c string) bool { return slices.Contains(f.remove, c) })
		for _, c := range f.remove {
			if !slices.Contains(r.Capabilities, c) {
				return u, given, apiclient.FieldErrorf("remove-cap", "The role does not have the capability %s.", c)
			}
		}
	}
	for _, s := range f.sets {
		key, text, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return u, given, apiclient.FieldErrorf("set", "%q sets nothing; write it as can_edit_profile=yes.", s)
		}
		if _, twice := u.Settings[key]; twice {
			return u, given, apiclient.FieldErrorf(key, "%s is given twice; give it once.", key)
		}
		if u.Settings == nil {
			u.Settings = map[string]apiclient.Value{}
		}
		u.Settings[key], given = apiclient.Text(text), true
	}
	return u, given, nil
}

type rolesCreate struct {
	*app
	writeFlags
	roleFlags
	clone string
}

func (a *app) rolesCreate() *cobra.Command {
	o := &rolesCreate{app: a}
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make a role of Ultimate Member's own",
		Example: `  umdeck roles create --name "Gold Member" --priority 10 --cap read --set can_edit_profile=yes
  umdeck roles create --name Silver --clone um_gold-member --registration pending`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.roleFlags.bind(cmd)
	cmd.Flags().StringVar(&o.clone, "clone", "", "begin with what this role has")
	return cmd
}

func (o *rolesCreate) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	r := apiclient.Role{Capabilities: []string{"read"}}
	if o.clone != "" {
		from, err := roleOf(ctx, api, o.clone)
		if err != nil {
			return err
		}
		r = from
	}
	r.Slug, r.Name, r.Custom, r.Users, r.Warnings = "", "", true, 0, nil
	u, _, err := o.update(r, flags)
	if err != nil {
		return err
	}
	if r, err = u.Apply(r); err != nil {
		return err
	}
	if o.dryRun {
		if key := apiclient.RoleKey(r.Name); key != "" {
			r.Slug = apiclient.CustomRole(key)
		}
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "create"}}, column.Object(column.Roles(), r)...))
	}
	made, err := api.CreateRole(ctx, r)
	if err != nil {
		return err
	}
	o.warn(made)
	return o.said(o.format, fmt.Sprintf("Created %s.", roleName(made)), column.Object(column.Roles(), made))
}

// warn says on stderr what one may not expect of a role.
func (a *app) warn(r apiclient.Role) {
	for _, w := range r.Warnings {
		a.note("%s", w)
	}
}

type rolesEdit struct {
	*app
	writeFlags
	roleFlags
	ref string
}

func (a *app) rolesEdit() *cobra.Command {
	o := &rolesEdit{app: a}
	cmd := &cobra.Command{
		Use:   "edit ROLE",
		Short: "Change a role; what is not named stays as it is",
		Example: `  umdeck roles edit um_member --registration checkmail --set login_email_activate=yes
  umdeck roles edit um_member --cap edit_posts --remove-cap upload_files`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ref = args[0]
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.roleFlags.bind(cmd)
	return cmd
}

func (o *rolesEdit) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	r, err := roleOf(ctx, api, o.ref)
	if err != nil {
		return err
	}
	u, given, err := o.update(r, flags)
	if err != nil {
		return err
	}
	if !given {
		return apiclient.FieldErrorf("set", "Nothing is to be changed; say what with --name, --priority, --registration, --cap, --remove-cap or --set.")
	}
	if o.dryRun {
		after, err := u.Apply(r)
		if err != nil {
			return err
		}
		after.Warnings = nil // those of before; the site says them of what is there
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "edit"}}, column.Object(column.Roles(), after)...))
	}
	if r, err = api.UpdateRole(ctx, r.Slug, u); err != nil {
		return err
	}
	o.warn(r)
	return o.said(o.format, fmt.Sprintf("Changed %s.", roleName(r)), column.Object(column.Roles(), r))
}

func (a *app) rolesReset() *cobra.Command {
	f := &writeFlags{}
	return a.many("reset ROLE…", "Give WordPress's own roles the settings that Ultimate Member installs", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		return a.forEach(f.format, refs, func(ref string) result {
			r, err := roleOf(ctx, api, ref)
			if err != nil {
				return result{Err: err}
			}
			done := result{Subject: roleName(r), Word: "reset"}
			switch {
			case !f.dryRun:
				_, done.Err = api.ResetRole(ctx, r.Slug)
			case r.Custom:
				done.Err = apiclient.Errorf(apiclient.Conflict, "It is a role of your own and has nothing to be reset to.")
			default:
				done.Word = "would be reset"
			}
			return done
		})
	})
}

func (a *app) rolesDelete() *cobra.Command {
	f := &writeFlags{}
	return a.many("delete ROLE…", "Delete custom roles; members without another one become subscribers", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		found := map[string]apiclient.Role{}
		var question strings.Builder
		for _, ref := range refs {
			r, err := roleOf(ctx, api, ref)
			if err != nil {
				if apiclient.KindOf(err) == apiclient.NotFound {
					continue // its result says so
				}
				return err
			}
			found[ref] = r
			fmt.Fprintf(&question, "%s, %d users lose it\n", roleName(r), max(r.Users, 0))
		}
		if err := a.confirmDelete(ctx, api, f, question.String(), len(found), "roles"); err != nil {
			return err
		}
		return a.forEach(f.format, refs, func(ref string) result {
			r, ok := found[ref]
			if !ok {
				_, err := roleOf(ctx, api, ref)
				return result{Err: err}
			}
			done := result{Subject: roleName(r), Word: fmt.Sprintf("would be deleted; %d users lose it", max(r.Users, 0))}
			if f.dryRun && !r.Custom {
				done.Err = apiclient.Errorf(apiclient.Conflict, "It is WordPress's own and cannot be deleted; its settings can be reset.")
			}
			if f.dryRun {
				return done
			}
			moved, err := api.DeleteRole(ctx, r.Slug)
			done.Word, done.Err = fmt.Sprintf("deleted; %d users are subscribers now", moved), err
			return done
		})
	})
}
