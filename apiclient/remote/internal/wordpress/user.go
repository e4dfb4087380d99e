package wordpress

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// User returns the account as core's REST API shows it, with the status and the
// fields that the sample of a trigger zap adds.
func (c *Client) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	if err := c.need(ctx, apiclient.CanListUsers); err != nil {
		return apiclient.User{}, err
	}
	u, err := c.account(ctx, id)
	if err != nil {
		return apiclient.User{}, err
	}
	return c.complete(ctx, u)
}

// account reads the account through core's REST API.
func (c *Client) account(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	if id <= 0 {
		return apiclient.User{}, apiclient.Errorf(apiclient.NotFound, "There is no user %d; the first one is 1.", id)
	}
	var row wire.WordPressUser
	err := c.core(ctx, request{path: "/wp/v2/users/" + idText(id), query: url.Values{"context": {"edit"}, "_fields": {wire.WordPressUserFields}}}, &row)
	if e, ok := errors.AsType[*apiclient.Error](err); ok && e.Kind == apiclient.NotFound {
		return apiclient.User{}, &apiclient.Error{Kind: apiclient.NotFound, Message: "There is no user " + idText(id) + " on the site.", Err: e.Err}
	}
	if err != nil {
		return apiclient.User{}, err
	}
	u, err := row.User(true)
	if err == nil && u.ID != id {
		err = apiclient.Errorf(apiclient.Unavailable, "The site answered with user %d instead of %d; a cache is in the way.", u.ID, id)
	}
	return u, err
}

// complete adds what the sample of a trigger zap tells of the user.
func (c *Client) complete(ctx context.Context, u apiclient.User) (apiclient.User, error) {
	if !c.hasZapier() {
		return u, nil
	}
	z, tells, ok, err := c.statusZap(ctx)
	if err != nil || !ok {
		return u, err
	}
	p, err := c.sample(ctx, z, u.ID)
	if err = c.tolerate(z, err); err != nil {
		return u, err
	}
	for _, f := range z.fields {
		if v, ok := p.Get(f.Key); ok && !isAccountKey(f.Key) {
			if _, known := u.Fields[f.Key]; !known {
				u.Fields[f.Key] = valueOf(v)
			}
		}
	}
	if tells && u.Status == apiclient.StatusUnknown {
		u.Status = c.statusIn(p, z.statusField())
	}
	return u, nil
}

// tolerate keeps what core says where the zap was stopped meanwhile, or tells
// nothing of a user; other errors are the caller's.
func (c *Client) tolerate(z zap, err error) error {
	switch apiclient.KindOf(err) {
	case apiclient.Conflict, apiclient.NotFound, apiclient.Invalid:
		c.cfg.Logger.Debug("the zap's sample is not readable", "zap", z.id, "err", err)
		return nil
	default:
		return err
	}
}

// sample reads the zap's sample for a user, and makes sure that it is that user's.
func (c *Client) sample(ctx context.Context, z zap, id apiclient.UserID) (apiclient.Payload, error) {
	form := url.Values{"group_field_id": {idText(z.id)}}
	if id > 0 {
		form.Set("user_id", idText(id))
	}
	const action = "um_zapier_activity_perform_list"
	a, err := c.post(ctx, action, form, true)
	if err != nil {
		return nil, err
	}
	if r, ok := wire.ReadWordPressReply(a.JSON); ok && (!*r.Success || a.Status >= 300) {
		return nil, c.refused(a, r)
	}
	p, err := wire.ReadWordPressPayload(a.JSON)
	if err != nil || a.Status >= 300 {
		return nil, strange(action, a)
	}
	if got := text(p, "user_id"); id > 0 && got != idText(id) {
		return nil, apiclient.Errorf(apiclient.NotFound, "The site's sample is of user %q and not of %d.", got, id)
	}
	return p, nil
}

// statusIn reads the status in a sample: a slug, or a label as a select has it.
// An empty one is what a user has to whom none was ever given.
func (c *Client) statusIn(p apiclient.Payload, key string) apiclient.Status {
	got, ok := p.Get(key)
	s, isText := got.(string)
	switch {
	case !ok || !isText && got != nil:
		return apiclient.StatusUnknown
	case strings.TrimSpace(s) == "":
		return apiclient.StatusUndefined
	}
	if status, err := apiclient.ParseStatus(s); err == nil {
		return status
	}
	return apiclient.Status(strings.TrimSpace(s)) // one of the site's own
}

func text(p apiclient.Payload, key string) string {
	v, _ := p.Get(key)
	return valueOf(v).String()
}

// valueOf returns a member of a payload as a value in its sent form.
func valueOf(v any) apiclient.Value {
	switch v := v.(type) {
	case string:
		return apiclient.Text(v)
	case bool:
		return apiclient.Text(strconv.FormatBool(v))
	case []string:
		return apiclient.List(v...)
	case json.Number:
		return apiclient.Text(v.String())
	}
	return apiclient.Value{}
}

func isAccountKey(key string) bool {
	return slices.Contains(append(apiclient.AccountKeys(), "um_account_status", "user_pass", "id", "ID", "user_id"), key)
}

// FindUser asks by slug, which follows the login, then by search, and compares
// the whole login and address.
func (c *Client) FindUser(ctx context.Context, ref string) (apiclient.User, error) {
	if err := c.need(ctx, apiclient.CanListUsers); err != nil {
		return apiclient.User{}, err
	}
	u, err := c.lookup(ctx, ref)
	if err != nil {
		return apiclient.User{}, err
	}
	return c.complete(ctx, u)
}

func (c *Client) lookup(ctx context.Context, ref string) (apiclient.User, error) {
	ref = strings.TrimSpace(ref)
	nobody := apiclient.Errorf(apiclient.NotFound, "There is no user %q; give an id such as #7, a login or an e-mail address.", ref)
	if ref == "" || strings.ContainsFunc(ref, func(r rune) bool { return r < ' ' }) {
		return apiclient.User{}, nobody
	}
	digits, signed := strings.CutPrefix(ref, "#")
	id, err := strconv.ParseInt(digits, 10, 64)
	if signed {
		if err != nil || id <= 0 {
			return apiclient.User{}, nobody
		}
		return c.account(ctx, apiclient.UserID(id))
	}
	if u, found, err := c.named(ctx, ref); err != nil || found {
		return u, err
	}
	if err == nil && id > 0 {
		return c.account(ctx, apiclient.UserID(id))
	}
	return apiclient.User{}, nobody
}

// named returns the user whose login or e-mail address is exactly ref, case apart.
func (c *Client) named(ctx context.Context, ref string) (apiclient.User, bool, error) {
	slug := strings.ToLower(strings.ReplaceAll(ref, " ", "-"))
	for _, params := range []url.Values{{"slug": {slug}}, {"search": {ref}}} {
		if params.Has("slug") && strings.Contains(ref, "@") {
			continue
		}
		u, found, err := c.among(ctx, params, ref)
		if err != nil || found {
			return u, found, err
		}
	}
	return apiclient.User{}, false, nil
}

// among looks through the users that the parameters give, at most maxScan.
func (c *Client) among(ctx context.Context, params url.Values, ref string) (apiclient.User, bool, error) {
	params.Set("orderby", "id")
	for at := 0; at < maxScan; at += pageSize {
		rows, all, err := c.window(ctx, params, at, pageSize, true)
		if err != nil {
			return apiclient.User{}, false, err
		}
		for _, u := range rows {
			if strings.EqualFold(u.Login, ref) || strings.EqualFold(u.Email, ref) {
				return u, true, nil
			}
		}
		if at+len(rows) >= all || len(rows) == 0 {
			return apiclient.User{}, false, nil
		}
	}
	return apiclient.User{}, false, apiclient.Errorf(apiclient.Unsupported, "More than %d users match %q, and WordPress finds only parts of logins; give the e-mail address or the id.", maxScan, ref)
}
