package link

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"umdeck/apiclient"
)

// A fault is a request without an answer that counts.
type fault struct {
	err   *apiclient.Error
	retry bool          // it may go better soon
	after time.Duration // what the site asked to wait; zero: it did not say
}

func newFault(k apiclient.Kind, format string, args ...any) *fault {
	return &fault{err: apiclient.Errorf(k, format, args...)}
}

// mark says whether the site may have carried the request out.
func (f *fault) mark(maybeDone bool) {
	if maybeDone {
		f.err.Err = &lostError{f.err.Err}
	}
}

type lostError struct{ err error }

func (e *lostError) Error() string {
	if e.err == nil {
		return "the answer was lost"
	}
	return "the answer was lost: " + e.err.Error()
}

func (e *lostError) Unwrap() error { return e.err }

// Lost reports whether the request that failed with err may have been carried
// out all the same: it reached the site, and what came back does not tell.
func Lost(err error) bool {
	_, ok := errors.AsType[*lostError](err)
	return ok
}

// A readError is a connection that ended within an answer.
type readError struct{ err error }

func (e *readError) Error() string { return "reading the answer: " + e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

// failed names the reason why no answer came.
func (c *Client) failed(r Request, err error) *fault {
	f := c.reason(r, err)
	f.err.Err = redacted{c, err}
	var dial *net.OpError
	dialing := errors.As(err, &dial) && dial.Op == "dial"
	_, naming := errors.AsType[*net.DNSError](err)
	unsent := dialing || naming || isCertificate(err) || errors.Is(err, http.ErrSchemeMismatch)
	f.mark(!unsent)
	return f
}

func (c *Client) reason(r Request, err error) *fault {
	host := hostOf(r.URL)
	if known, ok := errors.AsType[*apiclient.Error](err); ok { // the transport's own word
		f := newFault(known.Kind, "%s", known.Message)
		f.retry = known.Kind == apiclient.Unavailable
		return f
	}
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return newFault(apiclient.Unavailable, "The request %s was stopped before the site answered.", r.Name)
	case errors.As(err, &dns):
		return newFault(apiclient.Unavailable, "There is no address for the host %s; check its spelling, and this machine's DNS.", host)
	case isCertificate(err):
		return certificate(host, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		f := newFault(apiclient.Unavailable, "Nothing listens at %s; check the address and the port, and that the web server runs.", host)
		f.retry = true
		return f
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return newFault(apiclient.Unavailable, "%s did not answer %s within %s; try again when it is less busy, or allow more time.", host, r.Name, c.cfg.Timeout)
	}
	if _, cut := errors.AsType[*readError](err); cut || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		f := newFault(apiclient.Unavailable, "The connection to %s was cut in the middle of the answer to %s; if it happens again, look at the server's log for a crashed PHP or a proxy's limit.", host, r.Name)
		f.retry = true
		return f
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		return newFault(apiclient.Unavailable, "%s does not speak TLS on that port; connect to it with http://, or to its https port.", host)
	}
	f := newFault(apiclient.Unavailable, "The connection to %s failed: %s.", host, Clean(c.Redact(lastCause(err)), 160))
	f.retry = true
	return f
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

func isCertificate(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

func certificate(host string, err error) *fault {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired && e.Cert != nil {
		return newFault(apiclient.Unavailable, "The certificate of %s is not valid now (it holds from %s to %s); renew it, or set this machine's clock.",
			host, e.Cert.NotBefore.UTC().Format(time.DateOnly), e.Cert.NotAfter.UTC().Format(time.DateOnly))
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return newFault(apiclient.Unavailable, "The certificate that %s shows is for another name; connect to the name that it is for, or have one made for this name.", host)
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return newFault(apiclient.Unavailable, "The certificate of %s is signed by nobody this machine trusts; add the signer to the system's certificates, or send the whole chain from the server.", host)
	}
	return newFault(apiclient.Unavailable, "The certificate of %s is not accepted: %s.", host, Clean(lastCause(err), 160))
}

func lastCause(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// redacted is an error whose text does not show the credentials.
type redacted struct {
	c   *Client
	err error
}

func (e redacted) Error() string { return e.c.Redact(e.err.Error()) }
func (e redacted) Unwrap() error { return e.err }

// wantedWait reads Retry-After: seconds or a date.
func (c *Client) wantedWait(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if s, err := strconv.Atoi(text); err == nil && s > 0 {
		return time.Duration(min(s, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(c.cfg.Now()))
	}
	return 0
}
