package apiclient

import (
	"slices"
	"strings"
)

// MailSlug names one of Ultimate Member's e-mails, such as "welcome_email".
type MailSlug string

// The fourteen e-mails of Ultimate Member 2.13 (includes/class-config.php).
const (
	MailWelcome         MailSlug = "welcome_email"
	MailCheckmail       MailSlug = "checkmail_email"
	MailPending         MailSlug = "pending_email"
	MailApproved        MailSlug = "approved_email"
	MailRejected        MailSlug = "rejected_email"
	MailInactive        MailSlug = "inactive_email"
	MailDeletion        MailSlug = "deletion_email"
	MailReset           MailSlug = "resetpw_email"
	MailChangedPassword MailSlug = "changedpw_email"
	MailChangedAccount  MailSlug = "changedaccount_email"
	MailNewToAdmin      MailSlug = "notification_new_user"
	MailReviewToAdmin   MailSlug = "notification_review"
	MailDeletionToAdmin MailSlug = "notification_deletion"
	MailSuspicious      MailSlug = "suspicious-activity"
)

// MailSlugs returns the fourteen, in the order in which Ultimate Member lists them.
func MailSlugs() []MailSlug {
	list := make([]MailSlug, len(mailKinds))
	for i, k := range mailKinds {
		list[i] = k.slug
	}
	return list
}

// A mailKind is what holds for a mail whatever its template says.
type mailKind struct {
	slug    MailSlug
	title   string   // Ultimate Member's
	admin   bool     // goes to the administrators
	on      bool     // unless told otherwise
	subject string   // likewise
	moment  string   // when it is sent, as a clause
	own     []string // the placeholders that it has beside those of every mail
}

var mailKinds = []mailKind{
	{MailWelcome, "Account Welcome Email", false, true, "Your account at {site_name}", "an account is approved at registration, by its activation link or by reactivation", []string{PlaceReset, "action_url", "action_title"}},
	{MailCheckmail, "Account Activation Email", false, false, "Confirm your e-mail address for {site_name}", "an account awaits its e-mail confirmation", []string{PlaceActivation}},
	{MailPending, "Your account is pending review", false, false, "Your registration at {site_name} is being looked at", "an account is put under review", nil},
	{MailApproved, "Account Approved Email", false, false, "{site_name} has approved your account", "an account that awaited review is approved", []string{PlaceReset}},
	{MailRejected, "Account Rejected Email", false, false, "Your registration at {site_name}", "an account is rejected", nil},
	{MailInactive, "Account Deactivated Email", false, true, "Your account at {site_name} was deactivated", "an account is deactivated", nil},
	{MailDeletion, "Account Deleted Email", false, true, "Your account at {site_name} was deleted", "an account is deleted", nil},
	{MailReset, "Password Reset Email", false, true, "A new password for {site_name}", "somebody asks for a new password", []string{PlaceReset}},
	{MailChangedPassword, "Password Changed Email", false, true, "Your password at {site_name} was changed", "a member changes the password", nil},
	{MailChangedAccount, "Account Updated Email", false, true, "Your account at {site_name} was changed", "a member changes the account", nil},
	{MailNewToAdmin, "New User Notification", true, true, "[{site_name}] {display_name} has registered", "somebody registers on the site", []string{"submitted_registration"}},
	{MailReviewToAdmin, "Account Needs Review Notification", true, false, "[{site_name}] {display_name} waits for review", "somebody registers on the site and awaits review", []string{"submitted_registration"}},
	{MailDeletionToAdmin, "Account Deletion Notification", true, false, "[{site_name}] The account of {display_name} was deleted", "an account is deleted", nil},
	{MailSuspicious, "Security: Suspicious Account Activity", true, true, "[{site_name}] Accounts were blocked", "an account is blocked because of what it sent", []string{"banned_profile_links"}},
}

// kind returns what holds for the mail; its zero value for one that is none of the fourteen.
func (m MailSlug) kind() mailKind {
	i := slices.IndexFunc(mailKinds, func(k mailKind) bool { return k.slug == m })
	if i < 0 {
		return mailKind{slug: m, title: string(m)}
	}
	return mailKinds[i]
}

// Title returns the mail's name in Ultimate Member's words.
func (m MailSlug) Title() string { return m.kind().title }

// ToAdmin reports whether the mail goes to the administrators (admin_email), and
// not to the user that it is about.
func (m MailSlug) ToAdmin() bool { return m.kind().admin }

// Moment returns when the mail is sent, as a clause.
func (m MailSlug) Moment() string { return m.kind().moment }

// OnByDefault reports whether Ultimate Member sends the mail unless told
// otherwise. Several that matter are off: checkmail_email is, so that a role with
// e-mail activation makes accounts that can never be activated.
func (m MailSlug) OnByDefault() bool { return m.kind().on }

// Placeholders returns the names that stand for something in the mail's template
// when they stand in braces, those of every mail first.
func (m MailSlug) Placeholders() []string { return slices.Concat(commonPlaces, m.kind().own) }

// The placeholders whose values are links that let whoever has them in. Nothing
// shows them, and a subject has none.
const (
	PlaceActivation = "account_activation_link"
	PlaceReset      = "password_reset_link"
)

// commonPlaces are the placeholders of every mail.
var commonPlaces = []string{
	"display_name", "first_name", "last_name", "gender", "username", "email", "site_name", "site_url", "user_account_link",
	"user_profile_link", "admin_email", "login_url", "password",
}

// ParseMailSlug returns the mail of that name, in any case. It fails with Invalid
// and names those that there are.
func ParseMailSlug(text string) (MailSlug, error) {
	slug := MailSlug(strings.ToLower(strings.TrimSpace(text)))
	if slices.Contains(MailSlugs(), slug) {
		return slug, nil
	}
	names := make([]string, len(mailKinds))
	for i, k := range mailKinds {
		names[i] = string(k.slug)
	}
	return "", FieldErrorf("slug", "There is no e-mail %q; use one of %s.", text, strings.Join(names, ", "))
}
