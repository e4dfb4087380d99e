package wordpress

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// maxDisplayName is the length of the column, in characters.
const maxDisplayName = 249

// coreKeys are the fields that core's REST API reads and writes itself.
var coreKeys = []string{"first_name", "last_name", "nickname", "description"}

// CreateUser registers the account through um_register_user, which wants a
// running action zap. Login and address are looked up first, because WordPress
// keeps neither unique by itself, and the account is read back, because it
// changes logins without a word.
func (c *Client) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	if err := c.need(ctx, apiclient.CanCreateUsers); err != nil {
		return apiclient.User{}, err
	}
	n, form, err := c.prepareNew(ctx, n)
	if err != nil {
		return apiclient.User{}, err
	}
	id, err := c.register(ctx, n.Login, form)
	if err != nil {
		return apiclient.User{}, err
	}
	return c.finish(ctx, id, n)
}

// prepareNew returns the account with its login and the parameters that register it,
// or the reason why the site would not take it.
func (c *Client) prepareNew(ctx context.Context, n apiclient.NewUser) (apiclient.NewUser, url.Values, error) {
	if n.Moves() {
		return n, nil, absent(apiclient.CanMoveUsers)
	}
	if n.Mail != nil {
		return n, nil, apiclient.Errorf(apiclient.Unsupported, "%s", reasonMailWish)
	}
	if n.Login == "" {
		n.Login = n.Email
	}
	if err := c.checkNew(ctx, n); err != nil {
		return n, nil, err
	}
	z, err := c.zapForNew(ctx, n)
	if err != nil {
		return n, nil, err
	}
	form, err := registration(z, n)
	if err != nil {
		return n, nil, err
	}
	return n, form, c.checkFree(ctx, n)
}

// checkFree fails with Conflict when the login or the address is taken.
func (c *Client) checkFree(ctx context.Context, n apiclient.NewUser) error {
	for _, ref := range []string{n.Login, n.Email} {
		u, found, err := c.named(ctx, ref)
		if err != nil {
			return err
		}
		if found {
			return apiclient.Errorf(apiclient.Conflict, "The site has a user %s (%s) with id %d already; edit that one, or choose another login and e-mail address.", u.Login, u.Email, u.ID)
		}
	}
	return nil
}

// zapForNew returns an action zap that takes the user's fields and wants no others.
func (c *Client) zapForNew(ctx context.Context, n apiclient.NewUser) (zap, error) {
	given := []string{"user_email", "user_login", "username"}
	for key, v := range n.Fields {
		if !v.Empty() {
			given = append(given, key)
		}
	}
	for key, text := range map[string]string{"display_name": n.DisplayName, "user_url": n.URL, "user_password": n.Password.Reveal()} {
		if text != "" {
			given = append(given, key)
		}
	}
	z, err := c.zapFor(ctx, n.Fields, given)
	if err != nil {
		return zap{}, err
	}
	if wants := z.wants(given); len(wants) > 0 {
		return zap{}, invalid(wants[0], "The zap %s wants %s; give it, or set up an action zap that does not.", z.name, strings.Join(wants, ", "))
	}
	return z, nil
}

// choices reads the roles or the statuses.
func (c *Client) choices(ctx context.Context, action string) ([]apiclient.Choice, error) {
	r, err := c.act(ctx, action, nil, true)
	if err != nil {
		return nil, err
	}
	var list wire.WordPressChoices
	if err := json.Unmarshal(r.Data, &list); err != nil {
		return nil, undocumented(action, err)
	}
	return list, nil
}

// zapFor returns the action zap that takes the fields that core does not; given
// are all keys that have a value, for zaps that require some.
func (c *Client) zapFor(ctx context.Context, fields map[string]apiclient.Value, given []string) (zap, error) {
	var keys []string
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		if isAccountKey(k) {
			return zap{}, invalid(k, "%s is no field of its own; name it as a part of the account.", k)
		}
		if err := apiclient.CheckKey(k); err != nil {
			return zap{}, err
		}
		if !slices.Contains(coreKeys, k) {
			keys = append(keys, k)
		}
	}
	z, lacks, err := c.actionZap(ctx, keys, given)
	if err == nil && len(lacks) > 0 {
		err = invalid(lacks[0], "No running action zap takes the field %s; add it to one in WP Admin > Ultimate Member > Zaps, or leave it away.", strings.Join(lacks, ", "))
	}
	return z, err
}

// registration returns the parameters of um_register_user. WordPress does not
// tell its default role and what status that gives; subscriber and approved are
// the defaults of WordPress and of Ultimate Member.
func registration(z zap, n apiclient.NewUser) (url.Values, error) {
	role, status := apiclient.RoleSlug("subscriber"), apiclient.StatusApproved
	if len(n.Roles) > 0 {
		role = n.Roles[0]
	}
	if n.Status != "" {
		status = n.Status
	}
	form := url.Values{
		"username": {n.Login}, "um_actions_triggers": {idText(z.id)}, "um_account_role": {string(role)}, "um_account_status": {string(status)},
		"um_update_on_exists": {"No"}, "user_email": {n.Email},
	}
	if n.DisplayName == "" && len(n.Fields["first_name"].Text)+len(n.Fields["last_name"].Text) > maxDisplayName {
		n.DisplayName = n.Login // WordPress would make one of the names, and fail at its length
	}
	for key, text := range map[string]string{"user_password": n.Password.Reveal(), "display_name": asHTML(n.DisplayName), "user_url": n.URL} {
		if text != "" {
			form.Set(key, text)
		}
	}
	return form, addFields(form, z, n.Fields)
}

// register sends the form once. An answer that was lost is looked up.
func (c *Client) register(ctx context.Context, login string, form url.Values) (apiclient.UserID, error) {
	r, err := c.act(ctx, "um_register_user", form, false)
	if link.Lost(err) {
		return c.lostRegistration(ctx, login, err)
	}
	if err != nil {
		return 0, err
	}
	var made wire.WordPressCreated
	if r.status != http.StatusCreated || json.Unmarshal(r.Data, &made) != nil {
		return c.lostRegistration(ctx, login, undocumented("um_register_user", nil))
	}
	id, err := strconv.ParseInt(made.ID.String(), 10, 64)
	if err != nil || id <= 0 {
		return c.lostRegistration(ctx, login, undocumented("um_register_user", err))
	}
	return apiclient.UserID(id), nil
}

func (c *Client) lostRegistration(ctx context.Context, login string, cause error) (apiclient.UserID, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAfter)
	defer cancel()
	u, found, err := c.named(ctx, login)
	switch {
	case err != nil:
		return 0, &apiclient.Error{
			Kind: apiclient.Unavailable, Err: cause,
			Message: "The site did not say whether it made the account " + login + ", and cannot be asked now; look for it before you try again. " + apiclient.MessageOf(cause),
		}
	case !found:
		return 0, &apiclient.Error{Kind: apiclient.Unavailable, Err: cause, Message: "The account " + login + " was not made: the site has none now. " + apiclient.MessageOf(cause)}
	}
	c.cfg.Logger.Info("the answer was lost, but the account was made", "id", u.ID)
	return u.ID, nil
}

// finish reads the account back, gives it its further roles and fields, and
// compares the login.
func (c *Client) finish(ctx context.Context, id apiclient.UserID, n apiclient.NewUser) (apiclient.User, error) {
	extra := url.Values{}
	for _, key := range coreKeys {
		if v := n.Fields[key]; !v.Empty() {
			text, _ := accept(coreField(key), v) // checked before
			extra.Set(key, asHTML(text))
		}
	}
	if n.Nicename != "" {
		extra.Set("slug", n.Nicename)
	}
	if len(n.Roles) > 1 {
		extra["roles[]"] = roleTexts(n.Roles)
	}
	if len(extra) > 0 {
		if err := c.write(ctx, id, extra); err != nil {
			return apiclient.User{}, partly(err, "The account "+n.Login+" was made, but not all of it was written")
		}
	}
	u, err := c.account(ctx, id)
	if err != nil {
		return apiclient.User{}, partly(err, "The account "+n.Login+" was made, but cannot be read")
	}
	if !strings.EqualFold(u.Login, n.Login) {
		return apiclient.User{}, apiclient.Errorf(apiclient.Conflict, "WordPress made the account, but with the login %s instead of %s; it has id %d.", u.Login, n.Login, id)
	}
	return c.complete(ctx, u)
}

func roleTexts(roles []apiclient.RoleSlug) []string {
	out := []string{}
	for _, r := range roles {
		out = append(out, string(r))
	}
	return out
}

func partly(err error, what string) error {
	return &apiclient.Error{Kind: apiclient.KindOf(err), Message: what + ": " + apiclient.MessageOf(err), Err: err}
}
