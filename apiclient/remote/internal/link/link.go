// Package link is the HTTP connection to one site: it sends a request, and gives
// back an answer that is JSON or an error that says what came instead.
//
// # What counts as an answer
//
// A WordPress answers 200 to nearly everything: its home page to an unknown
// action, a cached page to a POST, a login page to a program. So an answer counts
// only when its body is JSON. A PHP warning printed before the JSON is cut off and
// reported ([Answer.Notice]); everything else is a fault of the site, the server
// or the way there, and diagnose.go names it from the status, the head and the
// title of the page.
//
// # What is repeated
//
// A request that is marked Safe changes nothing and is tried three times when
// nobody answered or the site said "not now" (429, 502, 503, 504, a connection
// that broke), with growing waits and jitter, or after the time that Retry-After
// names where that is at most 20 s. Others are sent once. Whether one that failed
// may have been carried out is asked with [Lost].
//
// Redirects are never followed: a client would turn a POST into a GET without a
// body and drop the credentials on the way to another host.
package link

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	"umdeck/apiclient"
)

// MaxBody is how many bytes of an answer are read.
const MaxBody = 8 << 20

// Config is what a Client needs; everything has a default.
type Config struct {
	User      string
	Password  apiclient.Secret
	Transport http.RoundTripper // nil: a copy of http.DefaultTransport
	Timeout   time.Duration     // of one request, its body included; zero: 30 s
	UserAgent string            // empty: "umdeck"
	Logger    *slog.Logger      // nil means silence; secrets are never logged
	Now       func() time.Time  // nil means time.Now
	ReadOnly  bool              // refuse requests that are not Safe
	Header    http.Header       // sent with every request
}

// A Client talks to one site. It is safe for concurrent use.
type Client struct {
	cfg  Config
	http *resty.Client

	mu       sync.Mutex // guards the fields below
	closed   bool
	warnings []string
}

// New returns a Client that has sent nothing yet.
func New(cfg Config) *Client {
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "umdeck")
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Client{cfg: cfg}
	transport := cfg.Transport
	if transport == nil {
		if t, ok := http.DefaultTransport.(*http.Transport); ok {
			transport = t.Clone()
		} else {
			transport = &http.Transport{Proxy: http.ProxyFromEnvironment}
		}
	}
	c.http = resty.NewWithClient(&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}).SetDoNotParseResponse(true).SetDisableWarn(true).SetLogger(silence{}).
		SetHeader("User-Agent", cfg.UserAgent).SetHeader("Accept", "application/json")
	if cfg.User != "" || !cfg.Password.IsZero() {
		c.http.SetBasicAuth(cfg.User, cfg.Password.Reveal())
	}
	for name := range cfg.Header {
		c.http.SetHeader(name, cfg.Header.Get(name))
	}
	return c
}

// Credentials reports whether requests carry a user and a password.
func (c *Client) Credentials() bool { return c.cfg.User != "" && !c.cfg.Password.IsZero() }

// Warnings returns what the site's answers showed to be wrong with it, each
// once, as sentences.
func (c *Client) Warnings() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.warnings...)
}

// Warn keeps a sentence for [Client.Warnings].
func (c *Client) Warn(sentence string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.warnings, sentence) {
		c.warnings = append(c.warnings, sentence)
	}
}

// Close drops idle connections; requests after it fail with Unavailable.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.http.GetClient().CloseIdleConnections()
}

// A Request is one question to the site.
type Request struct {
	Method string     // empty: GET
	URL    string     // absolute
	Name   string     // what is asked, for messages and logs, such as "um_register_user"
	Form   url.Values // form-encoded body; nil: none
	Body   []byte     // a body of another type; nil: none
	Stream io.Reader  // a body that is sent as it is read, once; nil: none
	Type   string     // content type of Body or Stream
	Header http.Header
	Safe   bool // it changes nothing, so it may be repeated
	Zapier bool // it asks the Zapier extension and not the REST API
}

// An Answer is JSON that a site gave, with whatever status.
type Answer struct {
	Status int
	Header http.Header
	JSON   []byte // valid JSON; empty for 204
	Notice string // what PHP printed before the JSON; empty: nothing
}

// Do sends the request, again where that is safe, and returns its answer.
func (c *Client) Do(ctx context.Context, r Request) (Answer, error) {
	if err := c.refused(r); err != nil {
		return Answer{}, err
	}
	for n := 1; ; n++ {
		a, f := c.once(ctx, r)
		result := func() (Answer, error) {
			if f == nil {
				return a, nil
			}
			return Answer{}, f.err
		}
		asked, retry := c.notNow(a)
		if f != nil {
			asked, retry = f.after, f.retry
		}
		wait, again := retryAfter(n, asked, rand.Float64())
		if !r.Safe || !retry || !again || ctx.Err() != nil {
			return result()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return result()
		case <-timer.C:
		}
	}
}

// notNow reports whether an answer says to come back, and when.
func (c *Client) notNow(a Answer) (wait time.Duration, yes bool) {
	yes = a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable
	return c.wantedWait(a.Header), yes
}

// Open sends the request once and returns the answer as it comes, for streams.
// The caller closes its body. Statuses other than 200 are errors as in Do.
func (c *Client) Open(ctx context.Context, r Request) (*http.Response, error) {
	if err := c.refused(r); err != nil {
		return nil, err
	}
	resp, err := c.send(ctx, r)
	if err != nil {
		return nil, c.failed(r, err).err
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }() // only read
	a, f := c.read(r, resp)
	if f != nil {
		return nil, f.err
	}
	return nil, &StatusError{a}
}

// A StatusError is a JSON answer that is not what [Client.Open] wants.
type StatusError struct{ Answer Answer }

// Error returns the status.
func (e *StatusError) Error() string { return http.StatusText(e.Answer.Status) }

func (c *Client) refused(r Request) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	switch {
	case closed:
		return apiclient.Errorf(apiclient.Unavailable, "The connection to the site is closed; open it again.")
	case c.cfg.ReadOnly && !r.Safe:
		return apiclient.Errorf(apiclient.Forbidden, "This session is read-only, so %s was not sent; start without --read-only to change something.", r.Name)
	}
	return nil
}

func (c *Client) once(ctx context.Context, r Request) (Answer, *fault) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	start := c.cfg.Now()
	resp, err := c.send(ctx, r)
	if err != nil {
		f := c.failed(r, err)
		c.cfg.Logger.Debug("request failed", "request", r.Name, "duration", c.cfg.Now().Sub(start), "err", f.err.Err)
		return Answer{}, f
	}
	defer func() { _ = resp.Body.Close() }() // only read
	a, f := c.read(r, resp)
	c.cfg.Logger.Debug("request answered", "request", r.Name, "status", resp.StatusCode, "duration", c.cfg.Now().Sub(start))
	return a, f
}

func (c *Client) send(ctx context.Context, r Request) (*http.Response, error) {
	req := c.http.R().SetContext(ctx)
	for name := range r.Header {
		req.SetHeader(name, r.Header.Get(name))
	}
	switch {
	case r.Form != nil:
		req.SetFormDataFromValues(r.Form)
	case r.Stream != nil:
		req.SetBody(r.Stream).SetHeader("Content-Type", r.Type)
	case r.Body != nil:
		req.SetBody(r.Body).SetHeader("Content-Type", r.Type)
	}
	resp, err := req.Execute(cmp.Or(r.Method, http.MethodGet), r.URL)
	if err != nil {
		if resp != nil && resp.RawResponse != nil {
			_ = resp.RawResponse.Body.Close() // the error is the news
		}
		return nil, err
	}
	return resp.RawResponse, nil
}

// read takes the answer's body and finds the JSON in it.
func (c *Client) read(r Request, resp *http.Response) (Answer, *fault) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	switch {
	case err != nil:
		return Answer{}, c.failed(r, &readError{err})
	case len(body) > MaxBody:
		f := newFault(apiclient.Unavailable, "The site answered %s with more than 8 MiB; ask for less at a time, or look at what it sends.", r.Name)
		f.mark(resp.StatusCode < 400)
		return Answer{}, f
	}
	c.checkClock(resp.Header)
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Status == http.StatusNoContent {
		return a, nil
	}
	json, notice, ok := findJSON(body)
	if !ok || a.Status >= 300 && a.Status < 400 {
		return Answer{}, c.diagnose(r, resp, body)
	}
	a.JSON = json
	if notice != "" {
		a.Notice = notice
		c.Warn("PHP prints messages into the site's answers (" + Clean(notice, 120) + "); switch display_errors off in php.ini, or WP_DEBUG_DISPLAY in wp-config.php.")
	}
	return a, nil
}

// skew is how far the clocks may be apart: certificates, activation links and the
// times on screen are wrong beyond it.
const skew = 5 * time.Minute

func (c *Client) checkClock(h http.Header) {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return // it does not say
	}
	switch ahead := at.Sub(c.cfg.Now()).Round(time.Minute); {
	case ahead > skew:
		c.Warn("The site's clock is about " + ahead.String() + " ahead of this machine's; set the wrong one.")
	case ahead < -skew && h.Get("Age") == "":
		c.Warn("The site's clock is about " + (-ahead).String() + " behind this machine's; set the wrong one.")
	}
}

const (
	maxTries    = 3
	firstWait   = 300 * time.Millisecond
	longestWait = 20 * time.Second
)

// retryAfter returns the wait after try n: what the site asked for, or a time
// that doubles with each try, of which jitter (0 to 1) decides the second half.
// False means that n was the last try, or that the site asked for too long a wait.
func retryAfter(n int, asked time.Duration, jitter float64) (time.Duration, bool) {
	if n >= maxTries || asked > longestWait {
		return 0, false
	}
	if asked > 0 {
		return asked + time.Duration(jitter*float64(firstWait)), true
	}
	wait := firstWait << (n - 1)
	return wait/2 + time.Duration(jitter*float64(wait/2)), true
}

// Redact replaces the credentials in a text that came from outside.
func (c *Client) Redact(s string) string {
	secret := c.cfg.Password.Reveal()
	if secret == "" {
		return s
	}
	for _, form := range []string{secret, strings.ReplaceAll(secret, " ", ""), basic(c.cfg.User, secret)} {
		s = strings.ReplaceAll(s, form, "••••••••")
	}
	return s
}

type silence struct{}

func (silence) Errorf(string, ...any) {}
func (silence) Warnf(string, ...any)  {}
func (silence) Debugf(string, ...any) {}

// Links returns the Link headers of a page, or none when it cannot be read. The
// credentials are sent, as to any page of the site.
func (c *Client) Links(ctx context.Context, address string) []string {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	resp, err := c.send(ctx, Request{Method: http.MethodHead, URL: address})
	if err != nil {
		c.cfg.Logger.Debug("the home page is not readable", "err", redacted{c, err})
		return nil
	}
	_ = resp.Body.Close() // a HEAD has none
	return resp.Header.Values("Link")
}
