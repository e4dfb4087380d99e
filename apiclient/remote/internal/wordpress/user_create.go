package wordpress

import (
	"context"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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
	if n.Login == "" {
		n.Login = n.Email
	}
	if err := c.checkNew(ctx, n); err != nil {
		return apiclient.User{}, err
	}
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
		return apiclient.User{}, err
	}
	if wants := z.wants(given); len(wants) > 0 {
		return apiclient.User{}, invalid(wants[0], "The zap %s wants %s; give it, or set up an action zap that does not.", z.name, strings.Join(wants, ", "))
	}
	form, err := registration(z, n)
	if err != nil {
		return apiclient.User{}, err
	}
	for _, ref := range []string{n.Login, n.Email} {
		if u, found, err := c.named(ctx, ref); err != nil {
			return apiclient.User{}, err
		} else if found {
			return apiclient.User{}, apiclient.Errorf(apiclient.Conflict, "The site has a user %s (%s) with id %d already; edit that one, or choose another login and e-mail address.", u.Login, u.Email, u.ID)
		}
	}
	id, err := c.register(ctx, n.Login, form)
	if err != nil {
		return apiclient.User{}, err
	}
	return c.finish(ctx, id, n)
}

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

// addFields adds the values in the form that the document names: lists separated
// by commas, or as JSON where an item has a comma in it.
func addFields(form url.Values, z zap, fields map[string]apiclient.Value) error {
	for key, v := range fields {
		if v.Empty() {
			continue // absent and empty alike leave a field as it is
		}
		f := coreField(key)
		if i := slices.IndexFunc(z.fields, func(f apiclient.Field) bool { return f.Key == key }); i >= 0 {
			f = z.fields[i]
		}
		text, err := accept(f, v)
		if err != nil {
			return err
		}
		if slices.Contains(coreKeys, key) {
			text = asHTML(text)
		}
		if text != "" {
			form.Set(key, text)
		}
	}
	return nil
}

// coreField returns Ultimate Member's definition of a field that core keeps.
func coreField(key string) apiclient.Field {
	for _, f := range apiclient.PredefinedFields() {
		if f.Key == key {
			return f
		}
	}
	return apiclient.Field{Key: key, Label: key, Type: apiclient.FieldText}
}

// asHTML returns a name as core must be sent it. WordPress keeps names as HTML: it
// makes &amp; of &, but leaves &amp; as it is, and both are read back as &.
func asHTML(text string) string {
	if html.UnescapeString(text) == text {
		return text
	}
	return strings.ReplaceAll(text, "&", "&amp;")
}

// accept returns the text to send for a value, or an error of kind Invalid. Where
// the type is known, Ultimate Member's rules are applied here, because the
// extension answers "updated" to what it drops or bends.
func accept(f apiclient.Field, v apiclient.Value) (string, error) {
	switch f.Type {
	case apiclient.FieldCheckbox:
		if len(f.Choices) == 0 {
			f.Type = apiclient.FieldText // um_get_fields tells no choices of a checkbox: yes, no or the label
		}
	case apiclient.FieldText:
		if f.Source == apiclient.FieldCustom && f.Key != "" {
			if err := checkDate(f, v.Text); err != nil {
				return "", err
			}
		}
	}
	stored, err := f.Accept(v)
	if err != nil {
		return "", err
	}
	if f.Type == apiclient.FieldDate {
		if day, ok := f.Send(stored, 0, apiclient.SiteInfo{}).(string); ok {
			return day, nil
		}
	}
	if stored.List == nil {
		return stored.Text, nil
	}
	if !slices.ContainsFunc(stored.List, func(s string) bool { return strings.Contains(s, ",") }) {
		return strings.Join(stored.List, ","), nil
	}
	list, err := json.Marshal(stored.List)
	return string(list), err
}

// checkDate refuses a day that no calendar has: PHP would take the next month's.
// The extension does not tell which of a zap's texts are dates, so the key and
// the label decide.
func checkDate(f apiclient.Field, text string) error {
	dated := f.Type == apiclient.FieldDate || f.Type == apiclient.FieldText && strings.Contains(strings.ToLower(f.Key+" "+f.Label), "date")
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' })
	if !dated || len(parts) != 3 || len(parts[0]) != 4 {
		return nil
	}
	if _, err := time.Parse("2006-1-2", strings.Join(parts, "-")); err != nil {
		return invalid(f.Key, "%q is no day of the calendar; write %s as YYYY-MM-DD.", text, f.Label)
	}
	return nil
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	u, found, err := c.named(ctx, login)
	switch {
	case err != nil:
		return 0, &apiclient.Error{Kind: apiclient.Unavailable, Err: cause,
			Message: "The site did not say whether it made the account " + login + ", and cannot be asked now; look for it before you try again. " + apiclient.MessageOf(cause)}
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
