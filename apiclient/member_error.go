package apiclient

import "fmt"

// A Refusal is a no of the site that the visitor is told on another page.
type Refusal struct { //nolint:errname // what a visitor meets: a refusal, as Problems are problems
	Kind     Kind   // Forbidden, Unauthorized or Conflict
	Code     string // Ultimate Member's err= or updated=, see [Notice]; empty: none, the redirect says it all
	Redirect string // a path of the site, the code in it
}

// Error returns the sentence of the code.
func (r *Refusal) Error() string {
	if text := Notice(r.Code); text != "" {
		return text
	}
	return fmt.Sprintf("The site sends you to %s.", r.Redirect)
}

// Unwrap gives the refusal its kind.
func (r *Refusal) Unwrap() error { return &Error{Kind: r.Kind, Message: r.Error()} }

// Notice returns Ultimate Member's sentence for the parameter err or updated of a
// page's address (includes/core/um-actions-misc.php and the template of the
// password reset); empty for a code that it does not know.
func Notice(code string) string {
	switch code {
	case "account":
		return "Your account was updated successfully."
	case "password_changed":
		return "You have successfully changed your password."
	case "account_active":
		return "Your account is now active! You can login."
	case "checkemail":
		return "If an account matching the provided details exists, we will send a password reset link. Please check your inbox."
	case "activation_link_used":
		return "This activation link is expired or have already been used."
	case "activation_link_expired":
		return "This activation link is expired."
	case "expiredkey":
		return "Your password reset link has expired. Please request a new link below."
	case "invalidkey":
		return "Your password reset link appears to be invalid. Please request a new link below."
	}
	return refusalText(code)
}

// refusalText is Notice for who may not come in.
func refusalText(code string) string {
	switch code {
	case "registration_disabled":
		return "Registration is currently disabled"
	case "blocked_email":
		return "This email address has been blocked."
	case "blocked_domain":
		return "We do not accept registrations from that domain."
	case string(StatusInactive):
		return "Your account has been disabled."
	case string(StatusAwaitingReview):
		return "Your account has not been approved yet."
	case string(StatusAwaitingEmail):
		return "Your account is awaiting email verification."
	case string(StatusRejected):
		return "Your membership request has been rejected."
	case "invalid_nonce":
		return "An error has been encountered. Probably page was cached. Please try again."
	}
	return ""
}
