package wire

import (
	"html"
	"net/http"
	"regexp"
	"strings"

	"umdeck/apiclient"
)

// A RestCleaning is what WordPress does with the value of a parameter after it
// passed the schema.
type RestCleaning int

// The cleanings.
const (
	CleanNothing  RestCleaning = iota
	CleanText                  // a name: one line without tags (sanitize_text_field), as text and not as HTML
	CleanProse                 // HTML of several lines, as text
	CleanKey                   // letters, digits, _ and - in lower case (sanitize_key)
	CleanLogin                 // a login that is none is refused
	CleanPassword              // an empty one and one with a backslash are refused
	CleanReassign              // the number of a user, or false; anything else is refused
	CleanSlug                  // as it is: what becomes of it is for the server
	CleanURL                   // with a scheme (sanitize_url)
)

var (
	spaces  = regexp.MustCompile(`[\r\n\t ]+`)
	octet   = regexp.MustCompile(`%[a-fA-F0-9]{2}`)
	notKey  = regexp.MustCompile(`[^a-z0-9_-]`)
	notURL  = regexp.MustCompile(`%0[aAdD]|[^a-zA-Z0-9\-~+_.?#=!&;,/:%@$|*'()\[\]\x{80}-\x{10ffff}]`)
	noColon = regexp.MustCompile(`^[A-Za-z0-9-]+\.php`)
	tag     = regexp.MustCompile(`<[a-zA-Z/!?][^>]*>`)
)

// apply returns the cleaned value, or why it is refused.
func (c RestCleaning) apply(v any) (any, *fault) {
	switch c {
	case CleanText:
		return html.UnescapeString(RestText(RestScalar(v))), nil // names come as HTML, and are texts from here on
	case CleanProse:
		return html.UnescapeString(RestScalar(v)), nil
	case CleanKey:
		return notKey.ReplaceAllString(strings.ToLower(RestScalar(v)), ""), nil
	case CleanLogin:
		return v, checkRestLogin(RestScalar(v))
	case CleanPassword:
		return v, checkRestPassword(RestScalar(v))
	case CleanReassign:
		return cleanReassign(v)
	case CleanURL:
		return cleanURL(RestScalar(v)), nil
	case CleanNothing, CleanSlug:
	}
	return v, nil
}

// RestText returns a text on one line without tags and percent-encoded characters
// (sanitize_text_field).
func RestText(text string) string {
	text = tag.ReplaceAllString(text, "")
	text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	for octet.MatchString(text) {
		text = strings.TrimSpace(spaces.ReplaceAllString(octet.ReplaceAllString(text, ""), " "))
	}
	return text
}

func checkRestLogin(login string) *fault {
	// A login that is too long passes here, and core refuses it when it is stored.
	if apiclient.CheckLogin(login[:min(len(login), 60)]) != nil && apiclient.CheckLogin(strings.TrimRight(login[:min(len(login), 60)], " ")) != nil {
		return &fault{code: "rest_user_invalid_username", status: http.StatusBadRequest, message: "This username is invalid because it uses illegal characters. Please enter a valid username."}
	}
	return nil
}

func checkRestPassword(password string) *fault {
	f := &fault{code: "rest_user_invalid_password", status: http.StatusBadRequest}
	switch {
	case password == "" || password == "0": // what PHP takes for empty
		f.message = "Passwords cannot be empty."
	case strings.Contains(password, `\`):
		f.message = `Passwords cannot contain the "\" character.`
	default:
		return nil
	}
	return f
}

func cleanReassign(v any) (any, *fault) {
	if n, ok := integerOf(v); ok {
		return n, nil
	}
	if !RestTruth(v) || v == "false" {
		return false, nil
	}
	return v, &fault{code: "rest_invalid_param", message: "Invalid user parameter(s).", status: http.StatusBadRequest}
}

// protocols are those that WordPress stores addresses of (wp_allowed_protocols).
var protocols = regexp.MustCompile(`^(?i:https?|ftps?|mailto|news|irc6?|ircs|gopher|nntp|feed|telnet|mms|rtsp|sms|svn|tel|fax|xmpp|webcal|urn)$`)

// cleanURL returns the address as WordPress stores it: without what no address has,
// and with http:// before a text that has no scheme. It is empty for a scheme that
// WordPress does not allow.
func cleanURL(text string) string {
	text = strings.TrimLeft(text, " \t\n\r\v\f\x00")
	for text = strings.ReplaceAll(text, " ", "%20"); notURL.MatchString(text); {
		text = notURL.ReplaceAllString(text, "")
	}
	if text == "" || strings.ContainsAny(text[:1], "/#?") {
		return text
	}
	scheme, _, ok := strings.Cut(text, ":")
	switch {
	case !ok && noColon.MatchString(text):
		return text
	case !ok:
		return "http://" + text
	case !protocols.MatchString(scheme):
		return ""
	}
	return text
}

// RestHTML returns a name as WordPress stores it, and so sends it in every context:
// as HTML (_wp_specialchars).
func RestHTML(text string) string { return htmlEscaper.Replace(text) }

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
