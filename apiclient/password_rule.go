package apiclient

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"
)

// PasswordRules are what a password that a member chooses must be.
type PasswordRules struct {
	Strong   bool // the other rules hold
	Special  bool // a character that is neither a letter nor a number nor a space is needed
	Min, Max int  // characters, both included
}

// PasswordRules returns those that the settings make. A field of a form may ask for
// a strong password where the site does not.
func (o Options) PasswordRules() PasswordRules {
	return PasswordRules{
		Strong: o.On("require_strongpass"), Special: o.On("require_strongpass_special_char"),
		Min: cmp.Or(o.Int("password_min_chars"), 8), Max: cmp.Or(o.Int("password_max_chars"), 30),
	}
}

// Problem returns what is wrong with a password of the account with that login and
// e-mail address, as Ultimate Member 2.13 says it (includes/core/class-password.php
// and class-validation.php, strong_pass); empty: nothing.
func (r PasswordRules) Problem(password, login, email string) string {
	n := utf8.RuneCountInString(password)
	part := strings.ToLower(password)
	switch {
	case strings.Contains(password, `\`):
		return `Passwords may not contain the character "\".`
	case len(password) > 4096:
		return "Your password must contain less than 4096 characters"
	case !utf8.ValidString(password):
		return "Your password is not valid UTF-8"
	case !r.Strong:
		return ""
	case n < r.Min:
		return fmt.Sprintf("Your password must contain at least %d characters", r.Min)
	case n > r.Max:
		return fmt.Sprintf("Your password must contain less than %d characters", r.Max)
	case strings.Contains(strings.ToLower(login), part):
		return "Your password cannot contain the part of your username"
	case strings.Contains(strings.ToLower(email), part):
		return "Your password cannot contain the part of your email address"
	}
	return CheckStrength(password, r.Special)
}
