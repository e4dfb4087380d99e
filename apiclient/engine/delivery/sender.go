package delivery

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
)

// What is kept of an answer.
const (
	maxBody    = 16 << 10
	maxHeaders = 64
	maxHead    = 32 << 10 // more is no answer
)

// A Hook is what one delivery posts.
type Hook struct {
	URL       string             // as it is now: what waits for a changed target goes to the new one
	Body      []byte             // as it was made, whatever has changed since; not written to
	WebhookID string             // the same on every attempt
	Secrets   []apiclient.Secret // the subscription's, "whsec_..."; two while one replaces the other
	Event     apiclient.EventID  // 0: it is about none
	Test      bool
	ReplayOf  string // webhook-id of the delivery that this one repeats; empty: none
}

// ErrWithdrawn is a Source's answer for what must not be sent any more, or not
// now: its subscription was paused or has ended since the claim.
var ErrWithdrawn = errors.New("delivery: withdrawn")

// A Source has the deliveries.
type Source interface {
	// Hook returns what the delivery is to post now, or ErrWithdrawn. After any
	// other error the delivery's lane pauses for a moment.
	Hook(ctx context.Context, i outbox.Item) (Hook, error)
}

// Config is what a Sender needs. Source is required.
type Config struct {
	Source    Source
	Guard     Guard
	UserAgent string // empty means "umdeck"

	Connect   time.Duration // for finding and reaching the host; zero means 5 s
	TLS       time.Duration // for the TLS handshake; zero means 5 s
	FirstByte time.Duration // from the request's end to the answer's head; zero means 15 s
	Total     time.Duration // for all of it, the answer's body included; zero means 20 s

	Resolver *net.Resolver    // nil means net.DefaultResolver
	Roots    *x509.CertPool   // who may sign certificates; nil means whom the system trusts
	Now      func() time.Time // nil means time.Now
	Logger   *slog.Logger     // nil means silence
}

// A Sender posts webhooks. It is the outbox's sender for lanes of subscriptions:
// an item's ID is the delivery's.
type Sender struct {
	cfg       Config
	dialer    *net.Dialer // the transport's
	transport *http.Transport
}

var _ outbox.Sender = (*Sender)(nil)

// New returns a Sender without connections.
func New(cfg Config) (*Sender, error) {
	if cfg.Source == nil {
		return nil, errors.New("delivery: Source is required")
	}
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "umdeck")
	cfg.Connect = cmp.Or(cfg.Connect, 5*time.Second)
	cfg.TLS = cmp.Or(cfg.TLS, 5*time.Second)
	cfg.FirstByte = cmp.Or(cfg.FirstByte, 15*time.Second)
	cfg.Total = cmp.Or(cfg.Total, 20*time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	dialer := &net.Dialer{Timeout: cfg.Connect, Resolver: cfg.Resolver, Control: cfg.Guard.control}
	return &Sender{cfg: cfg, dialer: dialer, transport: &http.Transport{
		Proxy:                  nil, // not even from the environment, see the package comment
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.TLS,
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1 alone: a request is recorded as it is sent
		ResponseHeaderTimeout:  cfg.FirstByte,
		MaxResponseHeaderBytes: maxHead,
		DisableCompression:     true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        30 * time.Second,
	}}, nil
}

// Close closes the connections that wait to be used again. Sends under way go on.
func (s *Sender) Close() { s.transport.CloseIdleConnections() }

// Send makes one attempt at a delivery. The result's Report is the
// [apiclient.Attempt]; it has none where no request was made because the Source
// failed or withdrew the delivery.
func (s *Sender) Send(ctx context.Context, i outbox.Item) outbox.Result {
	h, err := s.cfg.Source.Hook(ctx, i)
	switch {
	case errors.Is(err, ErrWithdrawn):
		return outbox.Result{Verdict: outbox.Skip}
	case apiclient.KindOf(err) == apiclient.Unavailable:
		// The store is away, which is nobody's fault: it goes back as it was, so that what
		// is about the same user stays behind it.
		s.cfg.Logger.Warn("load a delivery", "delivery", i.ID, "err", err)
		return outbox.Result{Verdict: outbox.Skip}
	case err != nil:
		s.cfg.Logger.Error("load a delivery", "delivery", i.ID, "err", err)
		return outbox.Result{Verdict: outbox.Wait, After: 5 * time.Second, Error: "the delivery could not be read"}
	}
	a := s.try(ctx, h.URL, func(ctx context.Context, at time.Time) (*http.Request, error) { return s.request(ctx, h, at) })
	a.Number = i.Attempt()
	return Judge(a, s.cfg.Now())
}

// A build makes the request of an attempt that begins at a time.
type build func(ctx context.Context, at time.Time) (*http.Request, error)

// try makes the request.
func (s *Sender) try(ctx context.Context, target string, b build) apiclient.Attempt {
	begin := s.cfg.Now()
	a := apiclient.Attempt{At: begin}
	t := &trace{}
	if err := s.exchange(ctx, target, b, &a, t); err != nil {
		a.Code, a.Response, a.Body = 0, nil, nil
		a.Class, a.Error = s.explain(err, t)
	}
	a.Request = t.head()
	a.Duration = s.cfg.Now().Sub(begin)
	return a
}

// exchange sends the request and reads the answer into a. Once the answer's head
// was read, nothing is an error.
func (s *Sender) exchange(ctx context.Context, target string, b build, a *apiclient.Attempt, t *trace) error {
	if err := s.cfg.Guard.CheckURL(target); err != nil {
		return &RefusedError{Why: apiclient.MessageOf(err)}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.cfg.Total, errTotal)
	defer cancel()
	req, err := b(httptrace.WithClientTrace(ctx, t.hooks()), a.At)
	if err != nil {
		return err
	}
	// Not a Client: that would follow redirects.
	resp, err := s.transport.RoundTrip(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	}
	defer func() { _ = resp.Body.Close() }() // whatever it says, the answer counts
	if resp.StatusCode < 100 {
		return fmt.Errorf("the answer's status %03d is none", resp.StatusCode)
	}
	a.Code, a.Response, a.Error = resp.StatusCode, headOf(resp.Header), failure(resp.StatusCode)
	if resp.StatusCode != http.StatusSwitchingProtocols {
		a.Body = read(resp.Body)
	}
	return nil
}

// request builds the POST. Names that are ours or the Standard Webhooks' are
// written as they are documented: in lower case.
func (s *Sender) request(ctx context.Context, h Hook, at time.Time) (*http.Request, error) {
	signature, err := Sign(h.Secrets, h.WebhookID, at, h.Body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(h.Body))
	if err != nil {
		return nil, errors.New("the target is no URL that can be posted to") // err would quote it
	}
	req.Header = http.Header{
		"User-Agent":        {s.cfg.UserAgent},
		"content-type":      {"application/json"},
		"webhook-id":        {h.WebhookID},
		"webhook-timestamp": {strconv.FormatInt(at.Unix(), 10)},
		"webhook-signature": {signature},
		// Sends nothing. It tells the transport that this POST may be sent again,
		// which it does only when a kept connection turns out to be closed.
		"X-Idempotency-Key": {},
	}
	if h.Event != 0 {
		req.Header["x-um-event-seq"] = []string{strconv.FormatInt(int64(h.Event), 10)}
	}
	if h.Test {
		req.Header["x-um-test"] = []string{"1"}
	}
	if h.ReplayOf != "" {
		req.Header["x-um-replay-of"] = []string{h.ReplayOf}
	}
	return req, nil
}

// headOf returns the answer's header lines by name, and at most maxHeaders.
func headOf(h http.Header) []apiclient.Header {
	var list []apiclient.Header
	for name, values := range h {
		for _, v := range values {
			list = append(list, apiclient.Header{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(list, func(a, b apiclient.Header) int { return cmp.Compare(a.Name, b.Name) })
	return list[:min(len(list), maxHeaders)]
}

// read returns the first maxBody bytes. It reads one more, so that a body of
// exactly that length is read to its end and its connection can be used again.
func read(r io.Reader) []byte {
	b, _ := io.ReadAll(io.LimitReader(r, maxBody+1)) // what came before an error is what there is
	return b[:min(len(b), maxBody)]
}

// failure says in words what is wrong with an answer of that status; empty: nothing.
func failure(code int) string {
	switch {
	case code >= 200 && code <= 299:
		return ""
	case code >= 300 && code <= 399:
		return fmt.Sprintf("answered %s; redirects are never followed", status(code))
	}
	return "answered " + status(code)
}

// status returns a code with its registered name; the far side's own words for it
// are not to be trusted.
func status(code int) string {
	if text := http.StatusText(code); text != "" {
		return fmt.Sprintf("%d %s", code, text)
	}
	return strconv.Itoa(code)
}
