package engine

import (
	"cmp"
	"context"
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"umdeck/apiclient"
	letters "umdeck/apiclient/engine/mail"
	"umdeck/apiclient/engine/store"
)

// Why a mail is kept and not sent.
const (
	whyNoServer = "no mail server is configured"
	whyOff      = "its template is off"
	whyUnwanted = "whoever caused it asked for no mail"
	whyDeleted  = "the account was not approved, and Ultimate Member mails no others when it deletes them"
	whyTooOld   = "no mail server was configured within 24 hours"
	whyAddress  = "the address is none that mail can be sent to"
	whyFake     = "the address is one that Ultimate Member makes up for who has none"
	whyNobody   = "the site has no administrator's address"
)

// A posting is a moment at which one of the mails is due.
type posting struct {
	Slug       apiclient.MailSlug
	User       apiclient.User    // whom it is about, with the fields
	Cause      string            // what brought it about, see Engine.cause
	Data       map[string]string // what placeholders of this mail stand for, by name, as plain text
	Suppressed string            // why it must not go, as a clause; empty: it may
	Wanted     bool              // it goes although its template is off
}

// post renders a mail and stores it in the transaction of what caused it, whether it
// goes or not: then with the reason. A notice to administrators is one mail for each.
func (e *Engine) post(ctx context.Context, tx *store.Tx, m posting) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	to := []string{m.User.Email}
	if m.Slug.ToAdmin() {
		to = addresses(o.Text("admin_email"))
	}
	text := letters.Compose(o.MailTemplate(m.Slug), o.On("email_html"), e.placeholders(o, m))
	for _, address := range to {
		p := store.Post{
			Mail: apiclient.Mail{
				MessageID: e.messageID(o), Slug: m.Slug, To: address, User: m.User.ID, Login: m.User.Login, Cause: m.Cause,
				Subject: text.Subject, Text: text.Plain, HTML: text.HTML,
			},
			Secrets: secretsOf(m.Data),
		}
		p.State, p.Why = stateOf(o, m, address)
		if _, err := tx.InsertMail(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// addresses splits the setting admin_email; there is always one, empty where the
// setting is.
func addresses(text string) []string {
	list := strings.Split(text, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// stateOf says whether a mail goes, and why not.
func stateOf(o apiclient.Options, m posting, to string) (apiclient.MailState, string) {
	why := cmp.Or(m.Suppressed, suppressed(o, m), unreachable(m.Slug, to))
	switch {
	case why != "":
		return apiclient.MailSuppressed, why
	case o.Text("smtp_host") == "":
		return apiclient.MailHeld, whyNoServer
	}
	return apiclient.MailDue, ""
}

func suppressed(o apiclient.Options, m posting) string {
	if m.Wanted || o.MailTemplate(m.Slug).On {
		return ""
	}
	return whyOff
}

// fakeAddress is what Ultimate Member 2.13 makes up for who registers without an
// address (includes/core/class-user.php): nobody, a number, the site's host.
var fakeAddress = regexp.MustCompile(`(?i)^nobody[0-9a-f]{8,}@`)

// unreachable says why no mail can be sent to an address; empty: one can.
func unreachable(slug apiclient.MailSlug, to string) string {
	a, err := mail.ParseAddress(to)
	switch {
	case to == "" && slug.ToAdmin():
		return whyNobody
	case err != nil || a.Address != to:
		return whyAddress
	case fakeAddress.MatchString(to):
		return whyFake
	}
	return ""
}

// messageID returns a new Message-ID at the sender's domain.
func (e *Engine) messageID(o apiclient.Options) string {
	_, domain, _ := strings.Cut(sender(o), "@")
	return strings.ToLower(e.letters(24)) + "@" + cmp.Or(domain, "localhost.localdomain")
}

// sender is the address that mails come from.
func sender(o apiclient.Options) string {
	return cmp.Or(o.Text("mail_from_addr"), addresses(o.Text("admin_email"))[0])
}

// secretsOf are the parts of a mail's links that let their reader in: they are hidden
// wherever the mail is shown.
func secretsOf(data map[string]string) []apiclient.Secret {
	var list []apiclient.Secret
	for _, name := range []string{apiclient.PlaceActivation, apiclient.PlaceReset, "action_url"} {
		u, err := url.Parse(data[name])
		if err != nil {
			continue
		}
		if hash := u.Query().Get("hash"); hash != "" {
			list = append(list, apiclient.NewSecret(hash))
		}
	}
	return list
}

// cause says what brings a mail about: what is done, and who does it.
func cause(ctx context.Context, what string) string {
	a := apiclient.ActorOf(ctx)
	if a.Login != "" {
		return what + " by " + a.Login
	}
	return what + " (" + cmp.Or(string(a.Origin), "unknown") + ")"
}

// choice returns what a caller's wish about mails means for a posting: nil leaves it
// to the settings.
func (m posting) choice(wish *bool) posting {
	switch {
	case wish == nil:
	case *wish:
		m.Wanted = true
	default:
		m.Suppressed = whyUnwanted
	}
	return m
}
