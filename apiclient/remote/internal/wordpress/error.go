package wordpress

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

func asError(err error) *apiclient.Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*apiclient.Error](err); ok {
		return e
	}
	return &apiclient.Error{Kind: apiclient.Internal, Err: err}
}

// strange is JSON that is not the documented one.
func strange(name string, a link.Answer) *apiclient.Error {
	return &apiclient.Error{
		Kind:    apiclient.Unavailable,
		Message: fmt.Sprintf("The site answered %s with JSON that is not the documented one (%d); another plugin answers for the Zapier extension, or its version is not 1.0.", name, a.Status),
		Err:     errors.New(link.Clean(string(a.JSON), 200)),
	}
}

// noReply is JSON without the extension's envelope: PHP died, and WordPress told so
// in its own way, or something else answers.
func (c *Client) noReply(action string, a link.Answer) *apiclient.Error {
	if _, ok := wire.ReadWordPressError(a.JSON); ok {
		return c.refusal(a, action)
	}
	return strange(action, a)
}

// The extension's messages that a program must know, from its API document.
const (
	textUnauthorized = "zapier authorization failed"
	textNotRunning   = "not running or disabled"
	textNoAccount    = "account not found"
	textTaken        = "already registered"
)

// refused turns an envelope with success false into an error that has the
// extension's own words.
func (c *Client) refused(a link.Answer, r wire.WordPressReply) *apiclient.Error {
	text := link.Clean(c.cfg.Link.Redact(r.Text()), 300)
	lower := strings.ToLower(text)
	switch {
	case a.Status == http.StatusUnauthorized || strings.Contains(lower, textUnauthorized):
		return c.unauthorized("Zapier Authorization Failed")
	case a.Status == http.StatusForbidden:
		return apiclient.Errorf(apiclient.Forbidden, "The site refuses: %s", sentence(text))
	case strings.Contains(lower, textNotRunning):
		return apiclient.Errorf(apiclient.Conflict, "The site answers: %s Set it to running in WP Admin > Ultimate Member > Zaps.", sentence(text))
	case strings.Contains(lower, textNoAccount):
		return apiclient.Errorf(apiclient.NotFound, "The site answers: %s", sentence(text))
	case strings.Contains(lower, textTaken):
		return apiclient.Errorf(apiclient.Conflict, "The e-mail address or the login is taken already.")
	case a.Status >= 500 || a.Status == http.StatusTooManyRequests:
		return apiclient.Errorf(apiclient.Unavailable, "The site failed (%d): %s", a.Status, sentence(text))
	}
	return apiclient.Errorf(apiclient.Invalid, "The site refuses: %s", sentence(text))
}

// refusal turns an error body of the REST API into an error.
func (c *Client) refusal(a link.Answer, name string) *apiclient.Error {
	body, ok := wire.ReadWordPressError(a.JSON)
	if !ok {
		return strange(name, a)
	}
	text := link.Clean(c.cfg.Link.Redact(body.Text()), 300)
	e := &apiclient.Error{Err: fmt.Errorf("%s: status %d, code %s", name, a.Status, link.Clean(body.Code, 60))}
	switch {
	case body.Code == "rest_user_invalid_id":
		e.Kind, e.Message = apiclient.NotFound, "There is no such user on the site."
	case body.Code == "existing_user_login" || body.Code == "existing_user_email":
		e.Kind, e.Message = apiclient.Conflict, "The e-mail address or the login is taken already."
	case body.Code == "rest_user_invalid_slug":
		e.Kind, e.Message = apiclient.Conflict, "The nicename is taken already."
	case body.Code == "application_password_duplicate_name":
		e.Kind, e.Message = apiclient.Conflict, "The user has an application password of that name; choose another name."
	case body.Code == "rest_no_route":
		e.Kind, e.Message = apiclient.Unsupported, "The site's REST API has no "+name+"; a plugin has closed it, or WordPress is older than 5.6."
	case body.Code == "application_passwords_disabled" || body.Code == "application_passwords_disabled_for_user":
		e.Kind, e.Message = apiclient.Unsupported, "Application passwords are switched off on the site."
	case a.Status == http.StatusUnauthorized:
		return c.unauthorized(body.Code)
	case a.Status == http.StatusForbidden:
		e.Kind, e.Message = apiclient.Forbidden, "The site refuses: "+sentence(text)+" Use an administrator's application password."
	case a.Status == http.StatusNotFound:
		e.Kind, e.Message = apiclient.NotFound, "The site answers: "+sentence(text)
	case a.Status == http.StatusConflict:
		e.Kind, e.Message = apiclient.Conflict, "The site answers: "+sentence(text)
	case a.Status >= 500 || a.Status == http.StatusTooManyRequests:
		e.Kind, e.Message = apiclient.Unavailable, fmt.Sprintf("The site failed (%d): %s", a.Status, sentence(text))
	default:
		e.Kind, e.Message = apiclient.Invalid, "The site refuses: "+sentence(text)+parameters(body)
	}
	return e
}

func parameters(body wire.WordPressError) string {
	details := body.Details()
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(details)) {
		fmt.Fprintf(&b, " %s: %s", link.Clean(name, 40), sentence(link.Clean(details[name], 120)))
	}
	return b.String()
}

// unauthorized names the causes of a refused login that the site's index and the
// error's code leave possible.
func (c *Client) unauthorized(code string) *apiclient.Error {
	e := &apiclient.Error{Kind: apiclient.Unauthorized, Err: errors.New(link.Clean(code, 60))}
	switch code {
	case "incorrect_password":
		e.Message = "The application password is wrong for that user; make a new one under Users > Profile > Application Passwords (the account's own password never works)."
	case "invalid_username", "invalid_email":
		e.Message = "The site has no user of that name; give the login or the e-mail address of the account, not the name of the application password."
	case "rest_cannot_access":
		e.Message = "A plugin closes the REST API to visitors, and the credentials were not accepted; check the user and the application password, and that the server hands the Authorization header to PHP."
	default:
		e.Message = "The site does not know who asks: the user or the application password is wrong, or the web server drops the Authorization header. " +
			"Check the password (Users > Profile > Application Passwords); if it is right, save Settings > Permalinks once, which writes the missing rule to .htaccess, or set CGIPassAuth On."
		if !c.cfg.Link.Credentials() {
			e.Message = "The site wants a user and an application password; make one under Users > Profile > Application Passwords."
		}
	}
	if c.noPasswords() {
		e.Message = "Application passwords are switched off on the site; a security plugin does that, or the site has no https: allow them there."
	}
	return e
}

// noPasswords reports whether the site's index says that application passwords are
// off. An index that is closed to visitors says nothing.
func (c *Client) noPasswords() bool {
	return len(c.cfg.Index.Namespaces) > 0 && c.cfg.Index.PasswordsAt() == ""
}

func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "(no reason given)."
	}
	if strings.ContainsAny(text[len(text)-1:], ".!?") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// total reads X-WP-Total.
func total(a link.Answer) (int, error) {
	n, err := strconv.Atoi(a.Header.Get("X-WP-Total"))
	if err != nil || n < 0 {
		return 0, apiclient.Errorf(apiclient.Unavailable, "The site's list of users lacks the header X-WP-Total; a proxy or a plugin takes it away.")
	}
	return n, nil
}

func invalid(field, format string, args ...any) error {
	return apiclient.FieldErrorf(field, format, args...)
}
