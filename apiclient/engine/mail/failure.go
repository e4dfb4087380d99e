package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
	"unicode"

	"umdeck/apiclient"
)

// A failure is why a letter was not handed over.
type failure struct {
	server Server
	phase  phase
	code   int    // of the server's answer; 0: there was none
	words  string // of the server
	err    error
	lane   bool // it is the server's or the settings', and no fault of the letter
}

func (c *conversation) fail(err error) *failure {
	f := &failure{server: c.server, phase: c.phase, err: err}
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		f.code, f.words = answer.Code, clean(answer.Msg)
		if f.phase == greeting && loginCode(f.code) {
			f.phase = entering
		}
	}
	if f.phase == greeting && strings.Contains(strings.ToLower(err.Error()), "auth") {
		f.phase = entering
	}
	f.lane = f.phase < directing && f.code != 552 || f.code == 421 || loginCode(f.code)
	return f
}

// loginCode reports whether an answer is about who the server talks to (RFC 4954).
func loginCode(code int) bool {
	switch code {
	case 432, 454, 530, 534, 535, 538:
		return true
	}
	return false
}

// clause says what went wrong, for the log and for people.
func (f *failure) clause() string {
	where := f.server.Address()
	if f.code != 0 {
		return fmt.Sprintf("%s answered %d %s%s", where, f.code, f.words, [...]string{
			reaching: "", greeting: " at the start", securing: "", entering: " to the login", naming: " to the sender's address",
			directing: " to the recipient's address", writing: " to the text",
		}[f.phase])
	}
	switch problem := f.problem(); problem {
	case other:
		return clean(fmt.Sprintf("%s: %v", where, f.err))
	default:
		return where + " " + problem.clause
	}
}

// A problem is a failure without an answer, and what to do about it.
type problem struct{ clause, fix string }

var (
	noHost      = problem{"has no address", "Check smtp_host: there is no such name, or the name server of this machine does not answer."}
	noListener  = problem{"refuses the connection", "Check smtp_port (587 for STARTTLS, 465 for TLS, 25 between servers) and that the mail server runs."}
	noAnswer    = problem{"does not answer", "Check smtp_host and smtp_port; a firewall may be in the way, and many hosters block port 25."}
	noStartTLS  = problem{"offers no STARTTLS", "Set smtp_security to tls and smtp_port to 465; for a server on this machine, set smtp_security to none."}
	noTLS       = problem{"does not speak TLS from the start", "Set smtp_security to starttls for this port, or smtp_port to 465."}
	wantsTLS    = problem{"says nothing, as a port for TLS does", "Set smtp_security to tls: port 465 is TLS from the start."}
	unknownRoot = problem{"has a certificate that nobody known has signed", "Install the certificate of the server's authority on this machine, or use the name under which the server has a public certificate."}
	wrongName   = problem{"has a certificate for another name", "Set smtp_host to a name that the certificate has."}
	expired     = problem{"has a certificate that is not valid at this time", "Renew the server's certificate, or set the clock of this machine."}
	noLogin     = problem{"offers no login that can be used", "Leave smtp_user empty if the server wants no login, or secure the connection: many servers offer the login only then."}
	lost        = problem{"closed the connection", "Look into the mail server's log; a limit of connections or a filter may have ended it."}
	slow        = problem{"took too long", "Look into the mail server's log; it may be overloaded, or look up names that do not resolve."}
	other       = problem{"", "Look into the mail server's log."}
)

// problem finds out what a failure without an answer was.
func (f *failure) problem() problem {
	var (
		dns  *net.DNSError
		cert *tls.CertificateVerificationError
		root x509.UnknownAuthorityError
		name x509.HostnameError
		bad  x509.CertificateInvalidError
		head tls.RecordHeaderError
	)
	text := strings.ToLower(f.err.Error())
	switch {
	case errors.As(f.err, &dns):
		return noHost
	case errors.As(f.err, &root):
		return unknownRoot
	case errors.As(f.err, &name):
		return wrongName
	case errors.As(f.err, &bad), errors.As(f.err, &cert):
		return expired
	case errors.As(f.err, &head):
		return noTLS
	case strings.Contains(text, "support starttls"):
		return noStartTLS
	case f.phase == entering:
		return noLogin
	case isTimeout(f.err):
		return f.late()
	case f.phase == reaching:
		return noListener
	case strings.Contains(text, "eof"), strings.Contains(text, "reset"), strings.Contains(text, "closed"), strings.Contains(text, "broken pipe"):
		return lost
	}
	return other
}

// late says what a timeout means.
func (f *failure) late() problem {
	switch {
	case f.phase == reaching:
		return noAnswer
	case f.phase == securing:
		return noTLS
	case f.phase == greeting && f.server.Port == 465 && f.server.Security != apiclient.SMTPTLS:
		return wantsTLS
	}
	return slow
}

// fix says what to do, as a sentence.
func (f *failure) fix() string {
	switch {
	case f.code == 0:
		return f.problem().fix
	case f.phase == entering || loginCode(f.code):
		return "Check smtp_user and smtp_password; Gmail, Microsoft 365 and others want a password made for apps."
	case f.code == 421:
		return "The server is not available now; umdeck tries again by itself."
	case f.phase == greeting:
		return "The server does not talk to this machine; ask who runs it why, such as whether its address is on a block list."
	case f.phase == naming:
		return "Set mail_from_addr to an address that the server lets this account send from."
	case f.phase == directing && f.code >= 500:
		return "Check the address; if the server says that it does not relay, set smtp_user and smtp_password."
	case f.code >= 500:
		return "The server refuses the text, often as spam; its words say why."
	}
	return "The server asks to try again later, as it does with whom it sees for the first time; umdeck does so by itself."
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// clean makes a clause of what may hold a stranger's text: on one line, without
// control characters, and short.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return s
}
