package apiclient

import (
	"regexp"
	"strconv"
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

// Nicename returns what WordPress makes of a login for the addresses of a user: the
// slug of its first 50 characters. It is empty for a login that has no letter or
// digit. Two logins may have the same one; the second user gets it with a number.
func Nicename(login string) string { return Slug(login[:min(len(login), maxNicename)]) }

// Slug returns what WordPress makes of a text of ASCII for addresses
// (sanitize_title): small letters, digits, _ and single dashes.
func Slug(text string) string {
	text = strings.ReplaceAll(strings.ToLower(text), ".", "-")
	text = dashes.ReplaceAllString(noNicename.ReplaceAllString(text, ""), "-")
	return strings.Trim(text, "-")
}

// NumberedNicename returns a nicename with a number behind it, cut as WordPress
// does (wp_insert_user).
func NumberedNicename(nicename string, number int) string {
	suffix := strconv.Itoa(number)
	return nicename[:min(len(nicename), maxNicename-1-len(suffix))] + "-" + suffix
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
