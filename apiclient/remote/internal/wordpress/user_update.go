package wordpress

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// lookAfter is how long a look at what became of a write may take, even when who
// asked has gone.
const lookAfter = 15 * time.Second

// UpdateUser writes what core's REST API knows through it, which leaves the
// status alone. A status and a field that only a zap takes go through
// um_update_user, which wants the role and the status of the user too: both are
// read first, and where the status cannot be read it must be given.
func (c *Client) UpdateUser(ctx context.Context, id apiclient.UserID, u apiclient.UserUpdate) (apiclient.User, error) {
	if err := c.need(ctx, apiclient.CanEditUsers); err != nil {
		return apiclient.User{}, err
	}
	now, err := c.account(ctx, id)
	switch {
	case err != nil:
		return apiclient.User{}, err
	case u.IsZero():
		return c.complete(ctx, now)
	}
	if u.Roles, err = rolesAfter(now, u); err != nil {
		return apiclient.User{}, err
	}
	u.UMRole = nil
	if err := c.checkUpdate(ctx, now, u); err != nil {
		return apiclient.User{}, err
	}
	change, err := c.zapPart(ctx, now, u)
	if err != nil {
		return apiclient.User{}, err
	}
	if change != nil {
		if err := c.send(ctx, *change); err != nil {
			return apiclient.User{}, err
		}
	}
	if form := corePart(u); len(form) > 0 {
		if err := c.write(ctx, id, form); err != nil {
			if change != nil {
				err = partly(err, "The status and the member fields were written, the rest was not")
			}
			return apiclient.User{}, err
		}
	}
	return c.User(ctx, id)
}

// rolesAfter returns the roles that the update gives to the user; nil: unchanged. A
// UM role is one whose slug begins with um_, and the first of them is the one that
// goes: the site does not tell in which order they were made.
func rolesAfter(now apiclient.User, u apiclient.UserUpdate) ([]apiclient.RoleSlug, error) {
	if u.UMRole == nil {
		return u.Roles, nil
	}
	if u.Roles != nil {
		return nil, apiclient.FieldErrorf("um_role", "Both the roles and the UM role are given; choose one of them.")
	}
	to := *u.UMRole
	at := slices.IndexFunc(now.Roles, custom)
	if to != "" && slices.Contains(now.Roles, to) && (!custom(to) || now.Roles[at] == to) {
		return nil, nil
	}
	roles := slices.Clone(now.Roles)
	if at >= 0 {
		roles = slices.Delete(roles, at, at+1)
	}
	if to != "" && !slices.Contains(roles, to) {
		roles = append(roles, to)
	}
	return append([]apiclient.RoleSlug{}, roles...), nil
}

func custom(r apiclient.RoleSlug) bool { return strings.HasPrefix(string(r), "um_") }

// corePart returns the parameters of POST /wp/v2/users/ID.
func corePart(u apiclient.UserUpdate) url.Values {
	form := url.Values{}
	if u.Email != nil {
		form.Set("email", *u.Email)
	}
	if u.DisplayName != nil {
		form.Set("name", asHTML(*u.DisplayName))
	}
	if u.Nicename != nil {
		form.Set("slug", *u.Nicename)
	}
	if u.URL != nil {
		form.Set("url", *u.URL)
	}
	if u.Password != nil {
		form.Set("password", u.Password.Reveal())
	}
	for _, key := range coreKeys {
		if v, ok := u.Fields[key]; ok {
			text, _ := accept(coreField(key), v) // checked before
			form.Set(key, asHTML(text))
		}
	}
	switch {
	case u.Roles == nil:
	case len(u.Roles) == 0:
		form.Set("roles", "")
	default:
		form["roles[]"] = roleTexts(u.Roles)
	}
	return form
}

// write posts to core's REST API and reads the answer's roles back.
func (c *Client) write(ctx context.Context, id apiclient.UserID, form url.Values) error {
	var row wire.WordPressUser
	err := c.core(ctx, request{method: "POST", path: "/wp/v2/users/" + idText(id), query: url.Values{"context": {"edit"}, "_fields": {wire.WordPressUserFields}}, form: form}, &row)
	if link.Lost(err) {
		return c.lostWrite(ctx, id, form, err)
	}
	if err != nil {
		return err
	}
	if apiclient.UserID(row.ID) != id {
		return apiclient.Errorf(apiclient.Unavailable, "The site answered with another user than the one that was written; look at user %d.", id)
	}
	return differs(row, form)
}

// lostWrite says what became of a change whose answer was lost.
func (c *Client) lostWrite(ctx context.Context, id apiclient.UserID, form url.Values, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAfter)
	defer cancel()
	var row wire.WordPressUser
	err := c.core(ctx, request{path: "/wp/v2/users/" + idText(id), query: url.Values{"context": {"edit"}, "_fields": {wire.WordPressUserFields}}}, &row)
	if err == nil && form.Get("password") == "" && differs(row, form) == nil {
		c.cfg.Logger.Info("the answer was lost, but the change was made", "id", id)
		return nil
	}
	what := "The change of user " + idText(id) + " was not made: the site has the old values. "
	if err != nil || form.Get("password") != "" {
		what = "The site did not say whether it changed user " + idText(id) + "; look at it before you try again. "
	}
	return &apiclient.Error{Kind: apiclient.Unavailable, Message: what + apiclient.MessageOf(cause), Err: cause}
}

// differs fails with Conflict when the account is not as the form wants it.
func differs(row wire.WordPressUser, form url.Values) error {
	u, err := row.User(true)
	if err != nil {
		return err
	}
	want := map[string]string{"email": u.Email}
	for key, got := range want {
		if form.Has(key) && !strings.EqualFold(form.Get(key), got) {
			return apiclient.Errorf(apiclient.Conflict, "The site has %q for the %s of %s after the change, and not %q.", got, key, u.Login, form.Get(key))
		}
	}
	if roles, ok := form["roles[]"]; ok {
		for _, r := range roles {
			if !slices.Contains(u.Roles, apiclient.RoleSlug(r)) || len(roles) != len(u.Roles) {
				return apiclient.Errorf(apiclient.Conflict, "The site gave %s the roles %s, and not %s.", u.Login, strings.Join(roleTexts(u.Roles), ", "), strings.Join(roles, ", "))
			}
		}
	}
	return nil
}

// A change is a call of um_update_user with all that it wants.
type change struct {
	user   apiclient.User // as it was read
	zap    zap
	role   apiclient.RoleSlug
	status apiclient.Status
	fields map[string]apiclient.Value
	roles  []apiclient.RoleSlug // to be given back: um_update_user leaves the user one role
}

// zapPart returns what must go through um_update_user; nil: nothing.
func (c *Client) zapPart(ctx context.Context, now apiclient.User, u apiclient.UserUpdate) (*change, error) {
	own := map[string]apiclient.Value{}
	for key, v := range u.Fields {
		if !slices.Contains(coreKeys, key) {
			own[key] = v
		}
	}
	if len(own) == 0 && u.Status == nil {
		return nil, nil
	}
	if c.noZapier != nil {
		return nil, apiclient.Errorf(apiclient.Unsupported, "Status and member fields are written by the Zapier extension, which does not answer: %s", c.noZapier.Message)
	}
	z, err := c.zapFor(ctx, own, nil)
	if err != nil {
		return nil, err
	}
	if err := addFields(url.Values{}, z, own); err != nil { // before anything is written
		return nil, err
	}
	full, err := c.complete(ctx, now)
	if err != nil {
		return nil, err
	}
	status, err := c.statusToSend(ctx, full, u.Status)
	if err != nil {
		return nil, err
	}
	if u.Roles != nil {
		full.Roles = u.Roles
	}
	return newChange(full, z, status, own)
}

// statusToSend returns the status that is asked for, or the present one, which
// must be known.
func (c *Client) statusToSend(ctx context.Context, now apiclient.User, asked *apiclient.Status) (apiclient.Status, error) {
	switch {
	case asked == nil && (now.Status == apiclient.StatusUnknown || now.Status == apiclient.StatusUndefined):
		return "", apiclient.Errorf(apiclient.Conflict, "The Zapier extension wants a status with every change of a member field, and the site does not tell that of %s; give the status too, or add the field account_status to a trigger zap.", now.Login)
	case asked == nil:
		return now.Status, nil
	case *asked != now.Status && int64(now.ID) == c.me.ID:
		return "", apiclient.Errorf(apiclient.Conflict, "This is the account that umdeck works with; Ultimate Member refuses to change its own status.")
	}
	return *asked, c.checkStatus(ctx, *asked)
}

// nameOf returns what names the user to the extension. It takes a login or an
// address, and which one it looks for first is not documented: a login that looks
// like an address may be somebody else's.
func nameOf(u apiclient.User) string {
	if strings.Contains(u.Login, "@") && u.Email != "" {
		return u.Email
	}
	return u.Login
}

func newChange(u apiclient.User, z zap, status apiclient.Status, fields map[string]apiclient.Value) (*change, error) {
	if len(u.Roles) == 0 {
		return nil, apiclient.Errorf(apiclient.Conflict, "The Zapier extension wants a role with every change of a status or a member field, and %s has none; give the user a role first.", u.Login)
	}
	ch := &change{user: u, zap: z, role: u.Roles[0], status: status, fields: fields}
	if len(u.Roles) > 1 {
		ch.roles = u.Roles
	}
	return ch, nil
}

// send posts the change once and gives the user its other roles back.
func (c *Client) send(ctx context.Context, ch change) error {
	form := url.Values{
		"username": {nameOf(ch.user)}, "um_actions_triggers": {idText(ch.zap.id)},
		"um_account_role": {string(ch.role)}, "um_account_status": {string(ch.status)},
	}
	if err := addFields(form, ch.zap, ch.fields); err != nil {
		return err
	}
	_, err := c.act(ctx, "um_update_user", form, false)
	if link.Lost(err) {
		err = c.lostChange(ctx, ch, err)
	}
	if err != nil {
		return err
	}
	if ch.roles != nil {
		if err := c.write(ctx, ch.user.ID, url.Values{"roles[]": roleTexts(ch.roles)}); err != nil {
			return partly(err, "The change was made, but it left "+ch.user.Login+" the one role "+string(ch.role))
		}
	}
	return nil
}

// lostChange says what became of um_update_user whose answer was lost.
func (c *Client) lostChange(ctx context.Context, ch change, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAfter)
	defer cancel()
	u, err := c.account(ctx, ch.user.ID)
	if err == nil {
		u, err = c.complete(ctx, u)
	}
	what := "The site did not say whether it changed " + ch.user.Login + "; look at the account before you try again. "
	if err == nil && u.Status != apiclient.StatusUnknown && ch.status != ch.user.Status {
		if u.Status == ch.status && len(ch.fields) == 0 {
			return nil
		}
		if u.Status == ch.user.Status {
			what = ch.user.Login + " was not changed: the status is still " + string(u.Status) + ". "
		}
	}
	return &apiclient.Error{Kind: apiclient.Unavailable, Message: what + apiclient.MessageOf(cause), Err: errors.Join(cause, err)}
}
