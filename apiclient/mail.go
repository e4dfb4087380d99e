package apiclient

import (
	"context"
	"time"
)

// Mails reads what was mailed, or would have been, and sends it again.
type Mails interface {
	// Mails returns one page of the mails, newest first, without bodies and attempts.
	Mails(ctx context.Context, q MailQuery) (MailPage, error)
	// Mail returns one mail with its bodies and attempts. What lets its reader in
	// (the secret of an activation or reset link) is dots.
	Mail(ctx context.Context, id MailID) (Mail, error)
	// RevealMail is Mail with the links as they were sent. It is recorded in the audit.
	RevealMail(ctx context.Context, id MailID) (Mail, error)
	// ResendMail sends a mail's text once more as a new mail that names the first
	// one, whatever state that is in and whether its template is on or off. One
	// whose link is not valid any more is Conflict.
	ResendMail(ctx context.Context, id MailID) (Mail, error)
	// TestMail sends a test mail to the address at once and tells how that went. It
	// fails with Invalid for what is no address and Conflict when no mail server is
	// configured; what the server refuses is no error but in the result.
	TestMail(ctx context.Context, to string) (MailTest, error)
}

// MailID is the number of a mail.
type MailID int64

// MailState says what is to become of a mail.
type MailState string

// The states of a mail.
//
//	        claim             250
//	due ──────────► claimed ──────► done
//	 ▲ ▲             │  │
//	 │ └── schedule ─┘  └─ 5xx, out of tries ► dead
//	held ◄─ no mail server is configured, or sending is paused
//	suppressed: it was never meant to go, or waited in held for too long
const (
	MailDue        MailState = "due"        // may be sent from NextAt on
	MailClaimed    MailState = "claimed"    // is being sent
	MailHeld       MailState = "held"       // waits for a mail server; see MailHeldFor
	MailDone       MailState = "done"       // the mail server took it
	MailDead       MailState = "dead"       // the mail server refused it for good, or for too long
	MailSuppressed MailState = "suppressed" // it is not sent; Mail.Why has the reason
)

// MailStates returns the states.
func MailStates() []MailState {
	return []MailState{MailDue, MailClaimed, MailHeld, MailDone, MailDead, MailSuppressed}
}

// MailHeldFor is how old a held mail may be to be sent when a mail server is
// configured at last; an older one is suppressed then, for its links are dead and
// its news is none. It can still be sent again by hand.
const MailHeldFor = 24 * time.Hour

// A Mail is one e-mail to one address, sent or not.
type Mail struct {
	ID        MailID
	MessageID string   // header Message-ID, without <>: the same on every attempt
	Slug      MailSlug // of a test that a person sent: empty
	To        string   // the address
	User      UserID   // whom it is about
	Login     string   // of the user, as it was then
	Cause     string   // what it was posted for, such as "users.approve by admin"
	Subject   string
	State     MailState
	Why       string // of held and suppressed: the reason, as a clause
	Attempts  int    // how many were made
	Code      int    // SMTP code of the last answer; 0: there was none
	Error     string // what went wrong last, as a clause; empty: nothing
	At        time.Time
	NextAt    time.Time // when it is tried next; zero where it is not due
	SentAt    time.Time // when the server took it; zero: it has not
	ResendOf  MailID    // 0: this is the first

	Text string        // the body as text; only from Mail and RevealMail
	HTML string        // the body as HTML; likewise, and empty where mails are text alone (email_html off)
	Log  []MailAttempt // oldest first; likewise
}

// A MailAttempt is one try to hand a mail to the mail server.
type MailAttempt struct {
	Number   int // from 1 on
	At       time.Time
	Duration time.Duration
	Server   string // host and port
	Code     int    // of the answer that decided; 0: there was none
	Error    string // what went wrong, as a clause; empty: nothing
}

// A MailQuery asks for one page of mails, newest first.
type MailQuery struct {
	Filter Filter // columns: id, slug, to, user, login, state, subject, attempts, at
	After  Cursor
	Limit  int // 1 to MaxLimit; 0: 50
}

// A MailPage is a part of the list of mails.
type MailPage struct {
	Mails []Mail
	Next  Cursor // empty: this is the last page
}

// A MailTest is how sending a test mail went.
type MailTest struct {
	To       string
	Server   string // host and port
	Duration time.Duration
	Dialogue []string // what was said, "C: …" by the client and "S: …" by the server, without credentials
	Error    string   // what went wrong, as a clause; empty: the server took the mail
	Fix      string   // what to do about it, as a sentence; empty where nothing went wrong
}
