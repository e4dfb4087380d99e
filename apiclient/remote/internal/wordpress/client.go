package wordpress

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// Config is what a Client needs. Link and Home are required.
type Config struct {
	Link   *link.Client
	Home   string              // the site's address without a slash at the end: the base of /?action=
	REST   string              // what comes before a REST route, such as "https://example.com/wp-json"; empty: the site has none
	NoREST *apiclient.Error    // why REST is empty
	Index  wire.WordPressIndex // what REST says of itself
	Logger *slog.Logger        // nil means silence
	Now    func() time.Time    // nil means time.Now
}

// A Client is the API of one WordPress site.
type Client struct {
	cfg Config
	me  wire.WordPressUser // whose credentials these are; zero without REST
	// noZapier says why the extension cannot be used; nil: it can.
	noZapier *apiclient.Error

	zaps      inventory
	mu        sync.Mutex                  // guards passwords
	passwords map[string]apiclient.UserID // owners of the application passwords seen, by UUID
}

var _ apiclient.API = (*Client)(nil)

// Open proves the credentials on both surfaces. One that answers is enough; the
// error names what is wrong with both.
func Open(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Client{cfg: cfg, passwords: map[string]apiclient.UserID{}}
	c.zaps.lock = make(chan struct{}, 1)
	_, zapErr := c.act(ctx, "um_zapier_auth_test", nil, true)
	c.noZapier = asError(zapErr)
	coreErr := c.readMe(ctx)
	switch {
	case coreErr == nil, zapErr == nil && cfg.REST == "":
		return c, nil
	case zapErr == nil:
		cfg.Logger.Warn("the REST API does not answer", "err", coreErr)
		c.cfg.REST, c.cfg.NoREST = "", asError(coreErr)
		return c, nil
	}
	return nil, c.cannotLogIn(coreErr, zapErr)
}

// readMe proves the credentials on the REST API: only /users/me does, because a
// request with wrong ones is answered as a visitor's.
func (c *Client) readMe(ctx context.Context) error {
	if c.cfg.REST == "" {
		return c.cfg.NoREST
	}
	var me wire.WordPressUser
	err := c.core(ctx, request{path: "/wp/v2/users/me", query: url.Values{"context": {"edit"}, "_fields": {wire.WordPressUserFields + ",capabilities"}}}, &me)
	if err != nil {
		return err
	}
	if me.ID <= 0 || me.Username == "" {
		return apiclient.Errorf(apiclient.Unauthorized, "The site did not say who %s is; check the user and the application password.", c.cfg.Home)
	}
	c.me = me
	return nil
}

// cannotLogIn chooses among two refusals: what is wrong with the way to the site
// says more than that nobody is logged in.
func (c *Client) cannotLogIn(coreErr, zapErr error) error {
	for _, err := range []error{coreErr, zapErr} {
		if e := asError(err); e != nil && e.Kind != apiclient.Unauthorized && e.Kind != apiclient.Unsupported && e.Kind != apiclient.NotFound {
			return e
		}
	}
	if e := asError(coreErr); e != nil && e.Kind == apiclient.Unauthorized {
		return e
	}
	return asError(zapErr)
}

// hasZapier reports whether the extension answers.
func (c *Client) hasZapier() bool { return c.noZapier == nil }

// Close drops the connections; what comes after fails with Unavailable.
func (c *Client) Close() error {
	c.cfg.Link.Close()
	return nil
}

// login returns the login of who asks; empty without REST.
func (c *Client) login() string { return c.me.Username }

// can reports whether who asks has a WordPress capability.
func (c *Client) can(capability string) bool { return c.me.Capabilities.Has(capability) }

// A request is one question to the REST API.
type request struct {
	method string // empty: GET
	path   string // such as "/wp/v2/users"
	query  url.Values
	form   url.Values
	head   *head // filled from the answer where it is not nil
}

type head struct{ total int }

// core asks the REST API and decodes the answer into out, which may be nil.
func (c *Client) core(ctx context.Context, r request, out any) error {
	if c.cfg.REST == "" {
		return c.cfg.NoREST
	}
	name := r.path
	address := c.cfg.REST + r.path
	if len(r.query) > 0 {
		separator := "?"
		if strings.Contains(c.cfg.REST, "?") {
			separator = "&"
		}
		address += separator + r.query.Encode()
	}
	a, err := c.cfg.Link.Do(ctx, link.Request{Method: r.method, URL: address, Name: name, Form: r.form, Safe: r.method == ""})
	if err != nil {
		return err
	}
	if a.Status >= 300 {
		return c.refusal(a, name)
	}
	if r.head != nil {
		if r.head.total, err = total(a); err != nil {
			return err
		}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.JSON, out); err != nil {
		return &apiclient.Error{Kind: apiclient.Unavailable, Message: "The site answered " + name + " with JSON of another shape than WordPress's; a plugin changes its REST API.", Err: err}
	}
	return nil
}

// act posts to the Zapier extension and returns the data of its envelope.
func (c *Client) act(ctx context.Context, action string, form url.Values, safe bool) (reply, error) {
	a, err := c.post(ctx, action, form, safe)
	if err != nil {
		return reply{}, err
	}
	r, ok := wire.ReadWordPressReply(a.JSON)
	switch {
	case !ok:
		return reply{}, c.noReply(action, a)
	case !*r.Success || a.Status >= 300:
		return reply{}, c.refused(a, r)
	}
	return reply{a.Status, r}, nil
}

type reply struct {
	status int
	wire.WordPressReply
}

func (c *Client) post(ctx context.Context, action string, form url.Values, safe bool) (link.Answer, error) {
	if c.noZapier != nil {
		return link.Answer{}, c.noZapier
	}
	if form == nil {
		form = url.Values{}
	}
	return c.cfg.Link.Do(ctx, link.Request{
		Method: "POST", URL: c.cfg.Home + "/?action=" + action, Name: action, Form: form,
		Header: map[string][]string{"X-Request": {"um_zapier"}}, Safe: safe, Zapier: true,
	})
}
