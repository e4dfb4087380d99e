package engine

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/mail"
	"umdeck/apiclient/engine/store"
)

// Mails returns one page of mails, newest first.
func (e *Engine) Mails(ctx context.Context, q apiclient.MailQuery) (apiclient.MailPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.MailPage, error) { return tx.Mails(ctx, q) })
}

// Mail returns one mail with its bodies and attempts.
func (e *Engine) Mail(ctx context.Context, id apiclient.MailID) (apiclient.Mail, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Mail, error) { return tx.Mail(ctx, id) })
}

// RevealMail is Mail with the links as they were sent, and says so in the audit.
func (e *Engine) RevealMail(ctx context.Context, id apiclient.MailID) (m apiclient.Mail, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Post(ctx, id)
		if err != nil {
			return err
		}
		m = p.Mail
		return e.audit(ctx, tx, "mails.reveal", subjectMail(m), nil, nil)
	})
	return m, err
}

// ResendMail sends a mail's text once more, as a new mail.
func (e *Engine) ResendMail(ctx context.Context, id apiclient.MailID) (made apiclient.Mail, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Post(ctx, id)
		if err != nil {
			return err
		}
		if err := e.checkLinks(ctx, tx, p); err != nil {
			return err
		}
		if why := unreachable(p.Slug, p.To); why != "" {
			return apiclient.Errorf(apiclient.Conflict, "Mail %d cannot be sent: %s.", id, why)
		}
		o, err := e.options(ctx, tx)
		if err != nil {
			return err
		}
		first := p.Mail
		p.Mail = apiclient.Mail{
			MessageID: e.messageID(o), Slug: first.Slug, To: first.To, User: first.User, Login: first.Login, Cause: cause(ctx, "mails.resend"),
			Subject: first.Subject, Text: first.Text, HTML: first.HTML, ResendOf: first.ID,
		}
		p.State, p.Why = stateOf(o, posting{Slug: p.Slug, Wanted: true}, p.To)
		if made, err = tx.InsertMail(ctx, p); err != nil {
			return err
		}
		return e.audit(ctx, tx, "mails.resend", subjectMail(first), nil, parts{"mail": made.ID})
	})
	return made, err
}

// checkLinks refuses a mail with a link that lets nobody in any more.
func (e *Engine) checkLinks(ctx context.Context, tx *store.Tx, p store.Post) error {
	if len(p.Secrets) == 0 {
		return nil
	}
	a, err := tx.Account(ctx, p.User)
	if apiclient.KindOf(err) == apiclient.NotFound {
		return apiclient.Errorf(apiclient.Conflict, "Mail %d cannot be sent again: its link was for %s, who is gone.", p.ID, p.Login)
	}
	if err != nil {
		return err
	}
	for _, s := range p.Secrets {
		good, err := linkHolds(ctx, tx, a, s)
		if err != nil {
			return err
		}
		if !good {
			return apiclient.Errorf(apiclient.Conflict, "Mail %d cannot be sent again: its link is not valid any more; %s.", p.ID, instead(p.Slug))
		}
	}
	return nil
}

// linkHolds reports whether the secret is the account's activation hash, or its key
// for a new password.
func linkHolds(ctx context.Context, tx *store.Tx, a store.Account, s apiclient.Secret) (bool, error) {
	if a.ActivationHash != "" && s.Equal(apiclient.NewSecret(a.ActivationHash)) {
		return a.ActivationExpiry.IsZero() || tx.Now().Before(a.ActivationExpiry), nil
	}
	stored, made, err := tx.ResetKey(ctx, a.ID)
	sum := sha256.Sum256([]byte(s.Reveal()))
	return subtle.ConstantTimeCompare(stored, sum[:]) == 1 && tx.Now().Before(made.Add(resetLife)), err
}

// instead says how a member gets a new link.
func instead(slug apiclient.MailSlug) string {
	if slug == apiclient.MailCheckmail {
		return "send a new activation e-mail to the member"
	}
	return "the member can ask for a new password on the site"
}

// TestMail sends a test mail to the address at once.
func (e *Engine) TestMail(ctx context.Context, to string) (apiclient.MailTest, error) {
	to = strings.TrimSpace(to)
	if why := unreachable("", to); why != "" {
		return apiclient.MailTest{}, apiclient.FieldErrorf("to", "A test mail cannot go to %q: %s.", to, why)
	}
	o, err := view(ctx, e, e.options)
	if err != nil {
		return apiclient.MailTest{}, err
	}
	if o.Text("smtp_host") == "" {
		return apiclient.MailTest{}, apiclient.Errorf(apiclient.Conflict, "No mail server is configured; set smtp_host, and what else it needs, first.")
	}
	text := mail.Compose(apiclient.MailTemplate{
		Subject: "A test mail of {site_name}",
		Body:    "<p>This is a test mail of {site_name}, sent on demand by umdeck. Mails get through.</p>\n<p><a href=\"{site_url}\">{site_url}</a></p>",
	}, o.On("email_html"), e.placeholders(o, posting{}))
	t := e.mailer.Test(ctx, mail.ServerOf(o, sender(o)), mail.Letter{MessageID: e.messageID(o), To: to, At: e.now(), Text: text})
	if t.Error == "" {
		e.outbox.Resume(mailLane)
	}
	return t, nil
}

// Letter returns a claimed mail as it is sent: it makes the engine the source of its
// sender.
func (e *Engine) Letter(ctx context.Context, id apiclient.MailID) (l mail.Letter, s mail.Server, err error) {
	err = e.db.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		o, err := e.options(ctx, tx)
		if err != nil {
			return err
		}
		if o.Text("smtp_host") == "" {
			return mail.ErrWithdrawn
		}
		p, err := tx.Post(ctx, id)
		if err != nil {
			return err
		}
		l = mail.Letter{MessageID: p.MessageID, To: p.To, At: p.At, Text: mail.Text{Subject: p.Subject, Plain: p.Text, HTML: p.HTML}}
		s = mail.ServerOf(o, sender(o))
		return nil
	})
	return l, s, err
}

// whyHeld says why mails wait; empty: they go.
func (e *Engine) whyHeld(ctx context.Context, tx *store.Tx) (string, error) {
	o, err := e.options(ctx, tx)
	if err != nil || o.Text("smtp_host") != "" {
		return "", err
	}
	return whyNoServer, nil
}

func subjectMail(m apiclient.Mail) string {
	return fmt.Sprintf("mail %d (%s to %s)", m.ID, m.Slug, m.To)
}
