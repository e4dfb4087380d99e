package apiclient

import (
	"regexp"
	"unicode/utf8"
)

// maxLogin is how many characters WordPress's column for logins has.
const maxLogin = 60

// storedLogin is what WordPress's strict sanitising of user names leaves as it is
// (sanitize_user): letters and digits of ASCII, single spaces inside, and _ . - @.
var storedLogin = regexp.MustCompile(`^[A-Za-z0-9_.@-]+( [A-Za-z0-9_.@-]+)*$`)

// CheckLogin returns an Error of kind Invalid for a login that WordPress would not
// store as it is. The words that Ultimate Member blocks on its forms are allowed:
// an administrator gives this one.
func CheckLogin(login string) error {
	switch {
	case len(login) > maxLogin:
		return FieldErrorf("user_login", "The login has %d characters; use at most %d.", utf8.RuneCountInString(login), maxLogin)
	case !storedLogin.MatchString(login):
		return FieldErrorf("user_login", "%s is no login; use letters from a to z, digits, single spaces and _ . - @.", quote(login))
	}
	return nil
}
