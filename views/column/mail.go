package column

import (
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
)

// Mails returns the columns of mails.
func Mails() []Column[apiclient.Mail] {
	type mail = apiclient.Mail
	return []Column[mail]{
		number("id", "ID", "number of the mail", func(m mail) apiclient.MailID { return m.ID }).shown().wide(5, 0).after(5),
		when("at", "AT", "when it was posted", func(m mail) time.Time { return m.At }).shown().after(3),
		text("slug", "MAIL", "which of the e-mails", func(m mail) string { return string(m.Slug) }).shown().wide(14, 1).oneOf(slugs(apiclient.MailSlugs())...),
		text("to", "TO", "address that it goes to", func(m mail) string { return m.To }).shown().wide(14, 2).after(1),
		text("subject", "SUBJECT", "its subject", func(m mail) string { return m.Subject }).shown().wide(12, 2).after(4),
		text("state", "STATE", "due, claimed, held, done, dead or suppressed", func(m mail) string { return string(m.State) }).shown().fixed(10).
			marked(func(t *theme.Theme, m mail) theme.Mark { return mailMark(t, m.State) }).oneOf(slugs(apiclient.MailStates())...),
		maybe("why", "WHY", "why it is not sent, or what went wrong last", WhyNot).shown().wide(12, 2).after(2),
		count("user", "UID", "number of the user", 0, func(m mail) apiclient.UserID { return m.User }).after(9),
		maybe("login", "USER", "login of the user, as it was then", func(m mail) string { return m.Login }).wide(8, 1).after(6),
		text("cause", "CAUSE", "what it was posted for, and who did that", func(m mail) string { return m.Cause }).wide(14, 1).after(7),
		number("attempts", "TRY", "how often it was tried", func(m mail) int { return m.Attempts }).wide(3, 0).after(8),
		count("code", "CODE", "SMTP code of the last answer", 0, func(m mail) int { return m.Code }).after(8),
		when("next_at", "NEXT", "when it is tried next", func(m mail) time.Time { return m.NextAt }).after(9),
		when("sent_at", "SENT", "when the mail server took it", func(m mail) time.Time { return m.SentAt }).after(9),
		text("message_id", "MESSAGE-ID", "header Message-ID, the same on every attempt", func(m mail) string { return m.MessageID }).wide(12, 1).after(10),
		count("resend_of", "RESEND OF", "mail that it sends again", 0, func(m mail) apiclient.MailID { return m.ResendOf }).after(10),
	}
}

// WhyNot says why a mail is not sent, or what went wrong last; empty: nothing did.
func WhyNot(m apiclient.Mail) string {
	if m.Why != "" {
		return m.Why
	}
	return m.Error
}

// mailMark shows a state as that of a delivery that fares alike.
func mailMark(t *theme.Theme, s apiclient.MailState) theme.Mark {
	if s == apiclient.MailSuppressed {
		return t.Delivery(string(apiclient.DeliveryGone))
	}
	return t.Delivery(string(s))
}

// MailAttempts returns the columns of a mail's attempts.
func MailAttempts() []Column[apiclient.MailAttempt] {
	type attempt = apiclient.MailAttempt
	return []Column[attempt]{
		number("number", "TRY", "number of the attempt, from 1 on", func(a attempt) int { return a.Number }).shown().wide(3, 0),
		when("at", "AT", "when it began", func(a attempt) time.Time { return a.At }).shown().after(2),
		text("server", "SERVER", "host and port", func(a attempt) string { return a.Server }).shown().wide(12, 1).after(3),
		count("code", "CODE", "SMTP code of the answer", 0, func(a attempt) int { return a.Code }).shown().wide(4, 0),
		millis("ms", "MS", "how long it took", func(a attempt) (time.Duration, bool) { return a.Duration, true }).shown().after(2),
		maybe("error", "ERROR", "what went wrong", func(a attempt) string { return a.Error }).shown().wide(12, 2),
	}
}

// A MailTemplate is one of the e-mails and how the site has it.
type MailTemplate struct {
	apiclient.MailTemplate
	Changed bool   // the site has another text or subject
	Warning string // about its placeholders, as a sentence
}

// MailTemplates returns the columns of the e-mails.
func MailTemplates() []Column[MailTemplate] {
	whom := func(t MailTemplate) string {
		if t.Slug.ToAdmin() {
			return "administrators"
		}
		return "member"
	}
	return []Column[MailTemplate]{
		text("slug", "MAIL", "name of the e-mail; its settings begin with it", func(t MailTemplate) string { return string(t.Slug) }).shown().wide(21, 0),
		flag("on", "ON", "whether it is sent", func(t MailTemplate) bool { return t.On }).shown(),
		text("to", "TO", "who gets it", whom).shown().wide(8, 0).after(2),
		text("title", "TITLE", "Ultimate Member's name of it", func(t MailTemplate) string { return t.Slug.Title() }).wide(14, 1).after(4),
		text("moment", "WHEN", "when it is sent", func(t MailTemplate) string { return t.Slug.Moment() }).shown().wide(14, 2).after(3),
		text("subject", "SUBJECT", "its subject", func(t MailTemplate) string { return t.Subject }).shown().wide(14, 2).after(5),
		flag("changed", "CHANGED", "whether the site has a subject or a text of its own", func(t MailTemplate) bool { return t.Changed }).after(6),
		maybe("warning", "WARNING", "what is wrong with it", func(t MailTemplate) string { return t.Warning }).wide(12, 2).after(6),
	}
}

// TemplatesOf returns the e-mails as the settings of a site have them.
func TemplatesOf(settings []apiclient.Setting) []MailTemplate {
	by := map[string]apiclient.Setting{}
	o := apiclient.DefaultOptions()
	for _, s := range settings {
		by[s.Key] = s
		if !s.Secret {
			o[s.Key] = s.Value
		}
	}
	var list []MailTemplate
	for _, slug := range apiclient.MailSlugs() {
		subject, body := by[string(slug)+"_sub"], by[string(slug)]
		list = append(list, MailTemplate{
			MailTemplate: o.MailTemplate(slug), Changed: subject.Set || body.Set,
			Warning: strings.TrimSpace(subject.Warning() + " " + body.Warning()),
		})
	}
	return list
}
