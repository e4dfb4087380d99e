package apiclient

import (
	"fmt"
	"strings"
)

// Doubts returns what an administrator may not expect of the role, as sentences:
// members who are never told because a mail is off (on says which are not), a
// redirection without an address, capabilities that keep the role from
// forms, and those that WordPress does not know.
func (r Role) Doubts(on func(MailSlug) bool) []string {
	var list []string
	switch {
	case r.Registration == RegistrationApproved && !on(MailWelcome):
		list = append(list, "New accounts are approved at once, but welcome_email is off: members are told nothing.")
	case r.Registration == RegistrationPending && !on(MailReviewToAdmin):
		list = append(list, "New accounts wait for review, but notification_review is off: no administrator is told; switch the mail on, or look at the list of users.")
	case r.Registration == RegistrationCheckmail && !on(MailCheckmail):
		list = append(list, "New accounts wait for e-mail activation, but checkmail_email is off: nobody gets the link; switch the mail on, or choose another registration status.")
	}
	for _, d := range r.aimless() {
		list = append(list, fmt.Sprintf("%s is %s, but %s is empty: members go to the home page.", d[0], RedirectURL, d[1]))
	}
	if r.Custom && r.Privileged() {
		list = append(list, "Front-end forms do not offer the role, because it has administrative capabilities.")
	}
	if unknown := r.UnknownCapabilities(); r.Custom && len(unknown) > 0 {
		list = append(list, "WordPress does not know "+strings.Join(unknown, ", ")+": a plugin may, or it is misspelt.")
	}
	return list
}

// aimless returns the settings that redirect to an address, each with the setting
// that should have it and has not. Those of registration count for the role's own
// registration status alone.
func (r Role) aimless() [][2]string {
	s := r.Settings
	var list [][2]string
	for _, c := range []struct {
		next     RoleNext
		act, to  string
		url      string
		register string // the registration status that asks for it; empty: any
	}{
		{s.AutoApproveAct, "auto_approve_act", "auto_approve_url", s.AutoApproveURL, RegistrationApproved},
		{s.CheckmailAction, "checkmail_action", "checkmail_url", s.CheckmailURL, RegistrationCheckmail},
		{s.PendingAction, "pending_action", "pending_url", s.PendingURL, RegistrationPending},
		{s.AfterLogin, "after_login", "login_redirect_url", s.LoginRedirectURL, ""},
		{s.AfterLogout, "after_logout", "logout_redirect_url", s.LogoutRedirectURL, ""},
		{s.AfterDelete, "after_delete", "delete_redirect_url", s.DeleteRedirectURL, ""},
	} {
		if c.next == RedirectURL && c.url == "" && (c.register == "" || c.register == r.Registration) {
			list = append(list, [2]string{c.act, c.to})
		}
	}
	return list
}
