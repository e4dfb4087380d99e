package apiclient

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxNicename is how many characters WordPress's column for nicenames has.
const maxNicename = 50

var (
	nicenameShape = regexp.MustCompile(`^(?:[a-z0-9_-]|%[0-9a-f]{2})+$`)
	noNicename    = regexp.MustCompile(`[^a-z0-9 _-]`)
	dashes        = regexp.MustCompile(`[ -]+`)
)

// Nicename returns what WordPress makes of a login for the addresses of a user
// (sanitize_title of the first 50 characters): small letters, digits, _ and -. It
// is empty for a login that has none of them. Two logins may have the same one;
// the second user gets it with -2 at its end.
func Nicename(login string) string {
	text := strings.ToLower(login[:min(len(login), maxNicename)])
	text = noNicename.ReplaceAllString(strings.ReplaceAll(text, ".", "-"), "")
	return strings.Trim(dashes.ReplaceAllString(text, "-"), "-")
}

// CheckNicename returns an Error of kind Invalid for a text that WordPress would
// not store as a user's nicename.
func CheckNicename(text string) error {
	switch {
	case len(text) > maxNicename:
		return FieldErrorf("user_nicename", "The nicename has %d characters; use at most %d.", utf8.RuneCountInString(text), maxNicename)
	case !nicenameShape.MatchString(text):
		return FieldErrorf("user_nicename", "%s is no nicename; use small letters from a to z, digits, _ and -.", quote(text))
	}
	return nil
}
