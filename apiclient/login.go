package apiclient

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLogin is how many characters WordPress's column for logins has.
const maxLogin = 60

var (
	// storedLogin is what WordPress's strict sanitising of user names leaves as it is
	// (sanitize_user): letters and digits of ASCII, single spaces inside, and _ . - @.
	storedLogin = regexp.MustCompile(`^[A-Za-z0-9_.@-]+( [A-Za-z0-9_.@-]+)*$`)
	noLogin     = regexp.MustCompile(`[^A-Za-z0-9 _.@-]`)
)

// CheckLogin returns an Error of kind Invalid for a login that WordPress would not
// store as it is. An e-mail address is one: it is the forms of Ultimate Member that
// refuse it.
func CheckLogin(login string) error {
	switch {
	case len(login) > maxLogin:
		return FieldErrorf("user_login", "The login has %d characters; use at most %d.", utf8.RuneCountInString(login), maxLogin)
	case !storedLogin.MatchString(login):
		return FieldErrorf("user_login", "%s is no login; use letters from a to z, digits, single spaces and _ . - @.", quote(login))
	}
	return nil
}

// CheckNewLogin is [CheckLogin] for an account that is to be made: nobody may choose a
// blocked word, on whatever way, since Ultimate Member 2.13 adds its list to WordPress's
// illegal_user_logins.
func (o Options) CheckNewLogin(login string) error {
	if err := CheckLogin(login); err != nil {
		return err
	}
	if o.BlockedWord(login) {
		return FieldErrorf("user_login", "The login %s is a blocked word; choose another, or change the setting blocked_words.", login)
	}
	return nil
}

// BlockedWord reports whether a text is one of the blocked words, in any case. Forms ask
// it of logins and of e-mail addresses, and answer MessageBlockedWord.
func (o Options) BlockedWord(text string) bool {
	return slices.ContainsFunc(o.Lines("blocked_words"), func(word string) bool { return strings.EqualFold(word, strings.TrimSpace(text)) })
}

// MessageBlockedWord is what Ultimate Member's forms say of a blocked word.
const MessageBlockedWord = "You are not allowed to use this word as your username."

// SanitizeLogin returns what WordPress's strict sanitising of user names makes of a text
// (sanitize_user): accents, tags and all that no login has are left out.
func SanitizeLogin(text string) string {
	text = noLogin.ReplaceAllString(withoutAccents(stripTags(text)), "")
	return strings.Join(strings.Fields(text), " ")
}

// LoginFrom returns the login that Ultimate Member gives to who registers without one and
// with both names: they are joined as addresses of profiles are (permalink_base), in lower
// case and without accents. It is empty where that leaves no letter or digit, or more than
// a login has room for; whether it is taken is for the site to know. The + of the base name_plus
// does not survive WordPress's sanitising, and neither does it here.
func (o Options) LoginFrom(first, last string) string {
	if first == "" || last == "" {
		return ""
	}
	joint := ""
	switch o.Text("permalink_base") {
	case "name":
		joint = "."
	case "name_dash":
		joint = "-"
	case "name_plus":
		joint = "+"
	}
	login := SanitizeLogin(strings.ToLower(strings.ReplaceAll(withoutAccents(first+" "+last), " ", joint)))
	if len(login) > maxLogin || strings.Trim(login, " _.@-") == "" {
		return ""
	}
	return login
}

// The reasons for which Ultimate Member's forms turn an e-mail address away, as it writes
// them into addresses (err=blocked_email).
const (
	BlockedAddress = "blocked_email"
	BlockedDomain  = "blocked_domain"
)

// BlockedEmail returns why who has the e-mail address may neither register nor log in on
// the site's forms: [BlockedAddress], [BlockedDomain], or nothing.
func (o Options) BlockedEmail(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	_, domain, ok := strings.Cut(email, "@")
	if !ok {
		return ""
	}
	lines := o.Lines("blocked_emails")
	for i := range lines {
		lines[i] = strings.ToLower(lines[i])
	}
	switch {
	case slices.Contains(lines, email):
		return BlockedAddress
	case slices.Contains(lines, "*@"+domain):
		return BlockedDomain
	}
	return ""
}
