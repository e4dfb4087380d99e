package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Mail is one e-mail to one address, sent or not.
type Mail struct {
	ID        apiclient.MailID    `json:"id"`
	MessageID string              `json:"message_id"`
	Slug      apiclient.MailSlug  `json:"slug"`
	To        string              `json:"to"`
	User      apiclient.UserID    `json:"user,omitempty"`
	Login     string              `json:"login,omitempty"`
	Cause     string              `json:"cause"`
	Subject   string              `json:"subject"`
	State     apiclient.MailState `json:"state"`
	Why       string              `json:"why,omitempty"`
	Attempts  int                 `json:"attempts"`
	Code      int                 `json:"code,omitempty"`
	Error     string              `json:"error,omitempty"`
	At        time.Time           `json:"at,omitzero"`
	NextAt    time.Time           `json:"next_at,omitzero"`
	SentAt    time.Time           `json:"sent_at,omitzero"`
	ResendOf  apiclient.MailID    `json:"resend_of,omitempty"`
	Text      string              `json:"text,omitempty"`
	HTML      string              `json:"html,omitempty"`
	Log       []MailAttempt       `json:"log,omitempty"`
}

// MailOf returns the twin of m.
func MailOf(m apiclient.Mail) Mail {
	return Mail{
		ID: m.ID, MessageID: m.MessageID, Slug: m.Slug, To: m.To, User: m.User, Login: m.Login, Cause: m.Cause, Subject: m.Subject,
		State: m.State, Why: m.Why, Attempts: m.Attempts, Code: m.Code, Error: m.Error, At: m.At.UTC(), NextAt: m.NextAt.UTC(), SentAt: m.SentAt.UTC(),
		ResendOf: m.ResendOf, Text: m.Text, HTML: m.HTML, Log: back(m.Log, mailAttemptOf),
	}
}

// Domain returns the mail.
func (m Mail) Domain() apiclient.Mail {
	return apiclient.Mail{
		ID: m.ID, MessageID: m.MessageID, Slug: m.Slug, To: m.To, User: m.User, Login: m.Login, Cause: m.Cause, Subject: m.Subject,
		State: m.State, Why: m.Why, Attempts: m.Attempts, Code: m.Code, Error: m.Error, At: m.At.UTC(), NextAt: m.NextAt.UTC(), SentAt: m.SentAt.UTC(),
		ResendOf: m.ResendOf, Text: m.Text, HTML: m.HTML, Log: back(m.Log, MailAttempt.domain),
	}
}

// A MailAttempt is one try to hand a mail to the mail server.
type MailAttempt struct {
	Number int       `json:"number"`
	At     time.Time `json:"at,omitzero"`
	Millis Millis    `json:"ms,omitempty"`
	Server string    `json:"server"`
	Code   int       `json:"code,omitempty"`
	Error  string    `json:"error,omitempty"`
}

func mailAttemptOf(a apiclient.MailAttempt) MailAttempt {
	return MailAttempt{a.Number, a.At.UTC(), MillisOf(a.Duration), a.Server, a.Code, a.Error}
}

func (a MailAttempt) domain() apiclient.MailAttempt {
	return apiclient.MailAttempt{Number: a.Number, At: a.At.UTC(), Duration: a.Millis.Duration(), Server: a.Server, Code: a.Code, Error: a.Error}
}

// A MailPage is a part of the list of mails.
type MailPage struct {
	Mails []Mail           `json:"mails"`
	Next  apiclient.Cursor `json:"next,omitempty"`
}

// MailPageOf returns the twin of p.
func MailPageOf(p apiclient.MailPage) MailPage { return MailPage{each(p.Mails, MailOf), p.Next} }

// Domain returns the page.
func (p MailPage) Domain() apiclient.MailPage {
	return apiclient.MailPage{Mails: back(p.Mails, Mail.Domain), Next: p.Next}
}

// A MailRef names a mail.
type MailRef struct {
	ID apiclient.MailID `json:"-" path:"id"`
}

// A MailTestRequest says where a test mail goes.
type MailTestRequest struct {
	To string `json:"to"`
}

// A MailTest is how sending a test mail went.
type MailTest struct {
	To       string   `json:"to"`
	Server   string   `json:"server"`
	Millis   Millis   `json:"ms,omitempty"`
	Dialogue []string `json:"dialogue"`
	Error    string   `json:"error,omitempty"` // absent: the server took the mail
	Fix      string   `json:"fix,omitempty"`
}

// MailTestOf returns the twin of t.
func MailTestOf(t apiclient.MailTest) MailTest {
	return MailTest{t.To, t.Server, MillisOf(t.Duration), some(t.Dialogue), t.Error, t.Fix}
}

// Domain returns the result.
func (t MailTest) Domain() apiclient.MailTest {
	return apiclient.MailTest{To: t.To, Server: t.Server, Duration: t.Millis.Duration(), Dialogue: none(t.Dialogue), Error: t.Error, Fix: t.Fix}
}
