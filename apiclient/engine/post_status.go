package engine

import (
	"context"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// postStatus posts the mail that a change of status brings about; an empty slug is
// none.
func (e *Engine) postStatus(ctx context.Context, tx *store.Tx, a store.Account, slug apiclient.MailSlug, what string, wish *bool) error {
	if slug == "" {
		return nil
	}
	m := posting{Slug: slug, User: a.User, Cause: cause(ctx, what), Data: map[string]string{}}.choice(wish)
	switch slug {
	case apiclient.MailCheckmail:
		m.Data[apiclient.PlaceActivation] = e.activationLink(a)
	case apiclient.MailWelcome, apiclient.MailApproved:
		link, err := e.passwordLink(ctx, tx, a, m)
		if err != nil {
			return err
		}
		m.Data[apiclient.PlaceReset] = link
		m.Data["action_url"], m.Data["action_title"] = e.siteURL()+apiclient.PathLogin, "Login to our site"
		if a.MustSetPassword {
			m.Data["action_url"], m.Data["action_title"] = link, "Set your password"
		}
	default: // the others lead nowhere
	}
	return e.post(ctx, tx, m)
}

// passwordLink is the link for a new password in a mail. One that does not go has no
// key: a key ends the link that the member was mailed before.
func (e *Engine) passwordLink(ctx context.Context, tx *store.Tx, a store.Account, m posting) (string, error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return "", err
	}
	if state, _ := stateOf(o, m, a.Email); state == apiclient.MailSuppressed {
		return e.siteURL() + apiclient.PathReset, nil
	}
	return e.resetLink(ctx, tx, a)
}

// mailOfNew is the mail about an account that is made in that status; empty: there
// is none.
func mailOfNew(s apiclient.Status) apiclient.MailSlug {
	switch s {
	case apiclient.StatusApproved:
		return apiclient.MailWelcome
	case apiclient.StatusAwaitingEmail:
		return apiclient.MailCheckmail
	case apiclient.StatusAwaitingReview:
		return apiclient.MailPending
	default:
		return ""
	}
}

// farewells are the mails about a deletion. Ultimate Member suppresses both for an
// account that is not approved, which one without a status is.
func farewells(a store.Account, wish *bool) []posting {
	list := make([]posting, 2)
	for i, slug := range []apiclient.MailSlug{apiclient.MailDeletion, apiclient.MailDeletionToAdmin} {
		list[i] = posting{Slug: slug, User: a.User}.choice(wish)
		if list[i].Suppressed == "" && a.Status != apiclient.StatusApproved && a.Status != apiclient.StatusUndefined {
			list[i].Suppressed = whyDeleted
		}
	}
	return list
}

// planMails says which of the mails would go.
func (e *Engine) planMails(ctx context.Context, tx *store.Tx, list []posting) ([]apiclient.PlannedMail, error) {
	if len(list) == 0 {
		return nil, nil
	}
	o, err := e.options(ctx, tx)
	if err != nil {
		return nil, err
	}
	var planned []apiclient.PlannedMail
	for _, m := range list {
		to := m.User.Email
		if m.Slug.ToAdmin() {
			to = addresses(o.Text("admin_email"))[0]
		}
		_, why := stateOf(o, m, to)
		planned = append(planned, apiclient.PlannedMail{Slug: m.Slug, Off: why})
	}
	return planned, nil
}

// settleMails lets the mails wait or go, as there is a mail server or not.
func (e *Engine) settleMails(ctx context.Context, tx *store.Tx) error {
	why, err := e.whyHeld(ctx, tx)
	if err != nil {
		return err
	}
	if why != "" {
		return tx.HoldMails(ctx, why)
	}
	return tx.FreeMails(ctx, tx.Now().Add(-apiclient.MailHeldFor), whyTooOld)
}

// mailChanged reports whether a change of settings may let mails through that the
// mail server did not take.
func mailChanged(was, is apiclient.Options) bool {
	for key, value := range is {
		if was[key] != value && (strings.HasPrefix(key, "smtp_") || strings.HasPrefix(key, "mail_") || strings.HasPrefix(key, "umdeck_mail_") || key == "umdeck_smtp_plain") {
			return true
		}
	}
	return false
}
