package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/views/column"
)

// A change collects what is to be written of an account, from flags or from the
// cells of a file; the keys are field keys.
type change struct {
	login      string
	nicename   string
	registered time.Time
	lastLogin  time.Time
	hash       apiclient.Secret // of the password
	update     apiclient.UserUpdate
}

// set writes the value of a field key as people and files spell it.
func (c *change) set(key, text string, statuses []apiclient.AccountStatus) error {
	switch key {
	case "user_login", "username":
		c.login = strings.TrimSpace(text)
	case "user_email":
		text = strings.TrimSpace(text)
		c.update.Email = &text
	case "user_password":
		secret := apiclient.NewSecret(text)
		c.update.Password = &secret
	case "display_name":
		c.update.DisplayName = &text
	case "user_url":
		c.update.URL = &text
	case "role", "roles":
		c.update.Roles = rolesOf(text)
	case "account_status":
		s, err := apiclient.ParseStatus(text, statuses...)
		if err != nil {
			return err
		}
		c.update.Status = &s
	case "user_registered":
		t, err := momentOf(key, text)
		if err != nil {
			return err
		}
		c.registered = t
	case "_um_last_login":
		return apiclient.FieldErrorf(key, "The site itself writes %s; leave it away.", key)
	default:
		if c.update.Fields == nil {
			c.update.Fields = map[string]apiclient.Value{}
		}
		c.update.Fields[key] = apiclient.Text(text)
	}
	return nil
}

func rolesOf(text string) []apiclient.RoleSlug {
	roles := []apiclient.RoleSlug{}
	for r := range strings.SplitSeq(text, ",") {
		if r = strings.TrimSpace(r); r != "" {
			roles = append(roles, apiclient.RoleSlug(r))
		}
	}
	return roles
}

// momentOf reads a time as Ultimate Member stores it, today or before version 2.8 in
// seconds since 1970, or as export writes it. MySQL's 0000-00-00 is no time. UTC.
func momentOf(key, text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "0000-00-00 00:00:00" {
		return time.Time{}, nil
	}
	for _, layout := range []string{apiclient.TimeFormat, time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) >= 9 && len(text) <= 10 {
		return time.Unix(seconds, 0).UTC(), nil
	}
	return time.Time{}, apiclient.FieldErrorf(key, "%q is no time; write it as 2026-01-31 15:04:05.", text)
}

// newUser returns the change as an account to be registered.
func (c *change) newUser() apiclient.NewUser {
	n := apiclient.NewUser{
		Login: c.login, Nicename: c.nicename, Roles: c.update.Roles, Registered: c.registered, LastLogin: c.lastLogin,
		PasswordHash: c.hash, Fields: c.update.Fields,
	}
	if c.update.Email != nil {
		n.Email = *c.update.Email
	}
	if c.update.Password != nil {
		n.Password = *c.update.Password
	}
	if c.update.DisplayName != nil {
		n.DisplayName = *c.update.DisplayName
	}
	if c.update.URL != nil {
		n.URL = *c.update.URL
	}
	if c.update.Status != nil {
		n.Status = *c.update.Status
	}
	return n
}

// check compares the values with the catalogue, as the site will.
func (c *change) check(catalogue []apiclient.Field) error {
	for _, key := range slices.Sorted(maps.Keys(c.update.Fields)) {
		i := slices.IndexFunc(catalogue, func(f apiclient.Field) bool { return f.Key == key })
		if i < 0 {
			return apiclient.FieldErrorf(key, "The site has no field %s; `umdeck fields list` shows those that it has.", key)
		}
		if _, err := catalogue[i].Accept(c.update.Fields[key]); err != nil {
			return err
		}
	}
	for _, own := range []struct {
		key  string
		text *string
	}{{"user_email", c.update.Email}, {"display_name", c.update.DisplayName}, {"user_url", c.update.URL}} {
		i := slices.IndexFunc(catalogue, func(f apiclient.Field) bool { return f.Key == own.key })
		if i < 0 || own.text == nil {
			continue
		}
		if _, err := catalogue[i].Accept(apiclient.Text(*own.text)); err != nil {
			return err
		}
	}
	return nil
}

// userFlags are the flags that describe an account.
type userFlags struct {
	login, email, displayName, url, status string
	roleSlugs, sets                        []string
	password                               bool
}

func (f *userFlags) bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.email, "email", "", "e-mail address")
	flags.StringVar(&f.displayName, "display-name", "", "name as shown")
	flags.StringVar(&f.url, "url", "", "website")
	flags.StringSliceVar(&f.roleSlugs, "role", nil, "role, by its slug; several by commas")
	flags.StringVar(&f.status, "status", "", "account status, such as approved")
	flags.StringArrayVar(&f.sets, "set", nil, "value of a field, as `KEY=VALUE`; may be repeated")
	flags.BoolVar(&f.password, "password-stdin", false, "read the member's password from stdin")
}

// change returns what the flags say.
func (f *userFlags) change(ctx context.Context, a *app, api apiclient.API, flags *pflag.FlagSet) (*change, error) {
	c := &change{login: f.login}
	var statuses []apiclient.AccountStatus
	if f.status != "" || slices.ContainsFunc(f.sets, func(s string) bool { return strings.HasPrefix(s, "account_status=") }) {
		var err error
		if statuses, err = api.Statuses(ctx); err != nil {
			return nil, err
		}
		statuses = beyond(statuses)
	}
	given := map[string]bool{}
	for _, g := range []struct{ flag, key, text string }{
		{"email", "user_email", f.email},
		{"display-name", "display_name", f.displayName},
		{"url", "user_url", f.url},
		{"role", "role", strings.Join(f.roleSlugs, ",")},
		{"status", "account_status", f.status},
	} {
		if !changed(flags, g.flag) {
			continue
		}
		given[g.key] = true
		if err := c.set(g.key, g.text, statuses); err != nil {
			return nil, err
		}
	}
	for _, s := range f.sets {
		key, text, ok := strings.Cut(s, "=")
		switch {
		case !ok || key == "":
			return nil, apiclient.FieldErrorf("set", "%q sets nothing; write it as first_name=Ada.", s)
		case key == "user_password":
			return nil, apiclient.FieldErrorf(key, "A password on the command line can be read by everyone on this machine; use --password-stdin.")
		case given[key]:
			return nil, apiclient.FieldErrorf(key, "%s is given twice; give it once.", key)
		}
		given[key] = true
		if err := c.set(key, text, statuses); err != nil {
			return nil, err
		}
	}
	if f.password {
		secret, err := a.secret()
		if err != nil {
			return nil, err
		}
		c.update.Password = &secret
	}
	return c, nil
}

// beyond returns the statuses that Ultimate Member does not define: the others are
// known to whoever reads one.
func beyond(list []apiclient.AccountStatus) []apiclient.AccountStatus {
	return slices.DeleteFunc(list, func(a apiclient.AccountStatus) bool {
		return slices.ContainsFunc(apiclient.DefaultStatuses(), func(d apiclient.AccountStatus) bool { return d.Slug == a.Slug })
	})
}

// secret reads one line from stdin.
func (a *app) secret() (apiclient.Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(a.stdin, 4096)).ReadString('\n')
	if err != nil && err != io.EOF {
		return apiclient.Secret{}, fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return apiclient.Secret{}, apiclient.FieldErrorf("user_password", "stdin holds no password; write it there in one line.")
	}
	return apiclient.NewSecret(line), nil
}

// all reads stdin to its end, without the line's end there.
func (a *app) all() (string, error) {
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(a.stdin, most+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read stdin: %w", err)
	case len(text) > most:
		return "", apiclient.FieldErrorf("stdin", "stdin holds more than %d bytes; give less.", most)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

type usersCreate struct {
	*app
	writeFlags
	userFlags
	mail func() *bool
}

func (a *app) usersCreate() *cobra.Command {
	o := &usersCreate{app: a}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Register an account, as an administrator does",
		Example: `  umdeck users create --login ada --email ada@example.com --role subscriber --status approved --set first_name=Ada --yes`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.userFlags.bind(cmd.Flags())
	cmd.Flags().StringVar(&o.login, "login", "", "user name; without one it is the e-mail address")
	o.mail = mailFlag(cmd)
	return cmd
}

func (o *usersCreate) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	c, err := o.change(ctx, o.app, api, flags)
	if err != nil {
		return err
	}
	n := c.newUser()
	n.Mail = o.mail()
	if n.Email == "" {
		return apiclient.FieldErrorf("user_email", "The account has no e-mail address; give one with --email.")
	}
	if o.dryRun {
		return o.plan(ctx, api, c)
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	if err := o.confirm(&o.writeFlags, fmt.Sprintf("Create the account %s on %s?", loginOf(n), site)); err != nil {
		return err
	}
	u, err := api.CreateUser(ctx, n)
	if err != nil {
		return err
	}
	v := userView()
	return o.said(o.format, fmt.Sprintf("Created %s: %s.", userName(u), strings.ToLower(u.Status.Label())), v.object(v.all, u))
}

func loginOf(n apiclient.NewUser) string {
	if n.Login == "" {
		return n.Email
	}
	return n.Login
}

// plan checks what can be checked without registering, and shows the account.
func (o *usersCreate) plan(ctx context.Context, api apiclient.API, c *change) error {
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return err
	}
	if err := c.check(catalogue); err != nil {
		return err
	}
	n := c.newUser()
	for _, ref := range []string{loginOf(n), n.Email} {
		u, err := api.FindUser(ctx, ref)
		if err == nil {
			return apiclient.Errorf(apiclient.Conflict, "%s is taken by %s; choose another.", ref, userName(u))
		}
		if apiclient.KindOf(err) != apiclient.NotFound {
			return err
		}
	}
	shown := apiclient.Payload{{Key: "action", Value: "create"}, {Key: "login", Value: loginOf(n)}, {Key: "email", Value: n.Email}}
	if n.Status != "" {
		shown = append(shown, apiclient.Member{Key: "status", Value: string(n.Status)})
	}
	if len(n.Roles) > 0 {
		shown = append(shown, apiclient.Member{Key: "roles", Value: textsOf(n.Roles)})
	}
	for _, key := range slices.Sorted(maps.Keys(n.Fields)) {
		shown = append(shown, apiclient.Member{Key: key, Value: column.ValueOf(n.Fields[key])})
	}
	return one(o.app, o.format, shown)
}

// userName names a user in a sentence.
func userName(u apiclient.User) string { return fmt.Sprintf("user %d (%s)", u.ID, u.Login) }

func textsOf[S ~string](list []S) []string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return texts
}
