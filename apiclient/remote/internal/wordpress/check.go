package wordpress

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// checkNew refuses what WordPress would refuse or, worse, change.
func (c *Client) checkNew(ctx context.Context, n apiclient.NewUser) error {
	if err := checkEmail(n.Email); err != nil {
		return err
	}
	if err := checkLogin(n.Login); err != nil {
		return err
	}
	if !n.Registered.IsZero() {
		return apiclient.FieldErrorf("user_registered", "WordPress sets the registration date itself; leave it away.")
	}
	if len([]rune(n.DisplayName)) > maxDisplayName {
		return invalid("display_name", "The display name has %d characters; WordPress keeps %d.", len([]rune(n.DisplayName)), maxDisplayName)
	}
	if err := c.checkNicename(ctx, n.Nicename); err != nil {
		return err
	}
	if err := c.checkRoles(ctx, n.Roles); err != nil {
		return err
	}
	return c.checkStatus(ctx, n.Status)
}

func checkEmail(email string) error {
	local, domain, ok := strings.Cut(email, "@")
	bad := strings.ContainsFunc(email, func(r rune) bool { return r <= ' ' || r > 126 || strings.ContainsRune(`<>()[]\,;:"`, r) })
	if !ok || bad || local == "" || !strings.Contains(domain, ".") || strings.Contains(domain, "@") || strings.Contains(email, "..") || len(email) > 100 {
		return invalid("user_email", "%q is no e-mail address that WordPress takes; write it as ada@example.com.", email)
	}
	return nil
}

// checkLogin refuses a login from which WordPress would strip characters
// (sanitize_user in wp-includes/formatting.php).
func checkLogin(login string) error {
	const field = "user_login"
	switch {
	case len(login) > 60:
		return invalid(field, "The login has %d characters; WordPress keeps 60.", len(login))
	case login != strings.Join(strings.Fields(login), " "):
		return invalid(field, "The login %q has spaces that WordPress would strip; leave one between words.", login)
	}
	for _, r := range login {
		if !strings.ContainsRune("_.-@ ", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return invalid(field, "The login %q has %q in it, which WordPress would strip or change; use the letters a to z, digits, spaces and _ . - @.", login, r)
		}
	}
	return nil
}

func (c *Client) checkRoles(ctx context.Context, roles []apiclient.RoleSlug) error {
	if len(roles) == 0 {
		return nil
	}
	known, err := c.choices(ctx, "um_account_roles")
	if err != nil {
		return err
	}
	for _, r := range roles {
		if !slices.ContainsFunc(known, func(k apiclient.Choice) bool { return k.Value == string(r) }) {
			return invalid("role", "The site has no role %q; use one of %s.", string(r), values(known))
		}
	}
	return nil
}

func (c *Client) checkStatus(ctx context.Context, s apiclient.Status) error {
	if s == "" {
		return nil
	}
	known, err := c.choices(ctx, "um_get_account_statuses")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(known, func(k apiclient.Choice) bool { return k.Value == string(s) }) {
		return invalid("um_account_status", "The site has no account status %q; use one of %s.", string(s), values(known))
	}
	return nil
}

func values(list []apiclient.Choice) string {
	var all []string
	for _, k := range list {
		all = append(all, k.Value)
	}
	return strings.Join(all, ", ")
}

// checkUpdate refuses before anything is written.
func (c *Client) checkUpdate(ctx context.Context, now apiclient.User, u apiclient.UserUpdate) error {
	if u.Email != nil && *u.Email != now.Email {
		if err := c.checkAddress(ctx, now, *u.Email); err != nil {
			return err
		}
	}
	if u.Password != nil && u.Password.IsZero() {
		return invalid("user_password", "The password is empty; leave it away to keep the present one.")
	}
	if u.Status != nil && (*u.Status == "" || *u.Status == apiclient.StatusUnknown) {
		return invalid("um_account_status", "The status is empty; name one, such as approved.")
	}
	if u.Roles != nil {
		if err := c.checkRoles(ctx, u.Roles); err != nil {
			return err
		}
		if err := c.checkOwnRoles(ctx, now, u.Roles); err != nil {
			return err
		}
	}
	if u.Nicename != nil && *u.Nicename != "" {
		if err := apiclient.CheckNicename(*u.Nicename); err != nil {
			return err
		}
	}
	return checkFields(u.Fields)
}

// checkNicename refuses, for a new account, a nicename that is none or that
// somebody has: WordPress would put a number behind it.
func (c *Client) checkNicename(ctx context.Context, nicename string) error {
	if nicename == "" {
		return nil
	}
	if err := apiclient.CheckNicename(nicename); err != nil {
		return err
	}
	var rows []wire.WordPressUser
	query := url.Values{"context": {"edit"}, "slug": {nicename}, "_fields": {"id"}}
	if err := c.core(ctx, request{path: "/wp/v2/users", query: query}, &rows); err != nil {
		return err
	}
	if len(rows) > 0 {
		return apiclient.Errorf(apiclient.Conflict, "The nicename %s belongs to user %d already; choose another.", nicename, rows[0].ID)
	}
	return nil
}

// checkFields refuses keys and values before anything is written.
func checkFields(fields map[string]apiclient.Value) error {
	for key, v := range fields {
		if isAccountKey(key) {
			return invalid(key, "%s is no field of its own; name it as a part of the account.", key)
		}
		if err := apiclient.CheckKey(key); err != nil {
			return err
		}
		if !slices.Contains(coreKeys, key) {
			if v.Empty() {
				return invalid(key, "The Zapier extension cannot clear a field; clear %s in WP Admin > Users.", key)
			}
			continue
		}
		if _, err := accept(coreField(key), v); err != nil {
			return err
		}
	}
	return nil
}

// checkOwnRoles keeps oneself and the last administrator in that role.
func (c *Client) checkOwnRoles(ctx context.Context, now apiclient.User, roles []apiclient.RoleSlug) error {
	if !isAdmin(now.Roles) || isAdmin(roles) {
		return nil
	}
	if int64(now.ID) == c.me.ID {
		return apiclient.Errorf(apiclient.Conflict, "This is the account that umdeck works with; it would lock itself out by giving up the role administrator.")
	}
	n, err := c.count(ctx, administrator)
	if err == nil && n <= 1 {
		err = apiclient.Errorf(apiclient.Conflict, "%s is the last administrator; make another one first.", now.Login)
	}
	return err
}

// checkAddress refuses an address that is none or another user's.
func (c *Client) checkAddress(ctx context.Context, now apiclient.User, email string) error {
	if err := checkEmail(email); err != nil {
		return err
	}
	other, found, err := c.named(ctx, email)
	if err == nil && found && other.ID != now.ID {
		err = apiclient.Errorf(apiclient.Conflict, "The e-mail address %s belongs to %s (user %d); give another.", email, other.Login, other.ID)
	}
	return err
}
