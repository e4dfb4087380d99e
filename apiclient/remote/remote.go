package remote

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/remote/internal/umdeck"
	"umdeck/apiclient/remote/internal/wordpress"
	"umdeck/apiclient/wire"
)

// Config says which site to open and as whom. URL is required; WordPress wants
// User and Password too.
type Config struct {
	URL      string // the site's home, with the folder of a site in a subdirectory; https:// where no scheme is given
	User     string // login or e-mail address
	Password apiclient.Secret
	ReadOnly bool // refuse every change here, before any request

	Transport http.RoundTripper // nil: TCP through the environment's proxy; another one for a Unix socket
	Header    http.Header       // sent with every request
	Logger    *slog.Logger      // nil means silence
	Now       func() time.Time  // nil means time.Now
	Timeout   time.Duration     // of one request; zero: 30 s, for slow sites
	UserAgent string            // empty: "umdeck"
}

// Open finds out what the site is, proves the credentials and returns its API.
// It fails with Invalid for an address that is none, Unauthorized when the
// credentials are refused, and else with what came instead of an answer.
func Open(ctx context.Context, cfg Config) (apiclient.API, error) {
	home, err := Address(cfg.URL)
	if err != nil {
		return nil, err
	}
	l := link.New(link.Config{
		User: cfg.User, Password: cfg.Password, Transport: cfg.Transport, Timeout: cfg.Timeout, UserAgent: cfg.UserAgent,
		Logger: cfg.Logger, Now: cfg.Now, ReadOnly: cfg.ReadOnly, Header: cfg.Header,
	})
	api, err := open(ctx, cfg, l, home)
	if err != nil {
		l.Close()
		return nil, err
	}
	if cfg.ReadOnly {
		return apiclient.ReadOnly(api), nil
	}
	return api, nil
}

func open(ctx context.Context, cfg Config, l *link.Client, home string) (apiclient.API, error) {
	found := discover(ctx, l, home)
	if found.index.HasNamespace(wire.Namespace) {
		return umdeck.Open(ctx, umdeck.Config{Link: l, Home: home})
	}
	if found.fatal() {
		return nil, found.err
	}
	warnPlain(l, home)
	return wordpress.Open(ctx, wordpress.Config{
		Link: l, Home: found.home, REST: found.rest, NoREST: found.err, Index: found.index, Logger: cfg.Logger, Now: cfg.Now,
	})
}

// Address returns the home address of a site as people write it: without the
// slash at the end, a page of WordPress or a question mark.
func Address(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", apiclient.FieldErrorf("url", "The site has no address; give one such as https://example.com.")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", &apiclient.Error{Kind: apiclient.Invalid, Field: "url", Message: "The site's address is no URL; write it as https://example.com.", Err: withoutURL(err)}
	case u.Scheme != "http" && u.Scheme != "https":
		return "", apiclient.FieldErrorf("url", "The site's address starts with %q; use https://.", u.Scheme)
	case u.Hostname() == "":
		return "", apiclient.FieldErrorf("url", "The site's address has no host; write it as https://example.com.")
	case u.User != nil:
		return "", apiclient.FieldErrorf("url", "The site's address has a user name or a password in it; give them by themselves.")
	}
	path := u.Path
	for _, page := range []string{"/wp-json", "/wp-admin", "/wp-login.php", "/index.php"} {
		if i := strings.Index(path+"/", page+"/"); i >= 0 {
			path = path[:i]
		}
	}
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}
	return clean.String(), nil
}

// withoutURL takes the address out of an error, since a mistyped one may hold a password.
func withoutURL(err error) error {
	if e, ok := err.(*url.Error); ok { //nolint:errorlint // url.Parse returns it bare
		return e.Err
	}
	return err
}

// warnPlain keeps a warning on screen while the password crosses a network bare.
func warnPlain(l *link.Client, home string) {
	u, err := url.Parse(home)
	if err != nil || u.Scheme != "http" {
		return
	}
	switch host := u.Hostname(); {
	case host == "localhost", host == "::1", strings.HasPrefix(host, "127."), strings.HasSuffix(host, ".localhost"):
	default:
		l.Warn("The connection to " + cmp.Or(u.Host, home) + " is not encrypted, and the application password with it; use https.")
	}
}
