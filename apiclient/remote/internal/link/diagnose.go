package link

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
)

// diagnose names what came instead of an answer.
func (c *Client) diagnose(r Request, resp *http.Response, body []byte) *fault {
	p := page{r: r, status: resp.StatusCode, head: resp.Header, body: body, title: c.Redact(Title(body))}
	f := p.fault(c.wantedWait(resp.Header))
	f.err.Err = fmt.Errorf("%s: status %d, %q, %d bytes, titled %q", r.Name, p.status, Clean(p.head.Get("Content-Type"), 60), len(body), p.title)
	f.mark(!r.Safe && (p.status < 300 || p.status == 500 || p.status == 502 || p.status == 504))
	return f
}

// A page is an answer that does not count.
type page struct {
	r      Request
	status int
	head   http.Header
	body   []byte
	title  string
}

func (p page) fault(wait time.Duration) *fault {
	switch {
	case p.status >= 300 && p.status < 400:
		return p.redirect()
	case p.status == http.StatusUnauthorized:
		return newFault(apiclient.Unauthorized, "The web server itself asks for a password before WordPress sees %s (401%s); exempt /wp-json/ and /?action= from that protection, because both passwords travel in the same header.", p.r.Name, p.named())
	case p.status == http.StatusForbidden:
		return p.forbidden()
	case p.status == http.StatusNotFound || p.status == http.StatusGone:
		return newFault(apiclient.NotFound, "There is no WordPress at %s (%d%s); check the address, and name the folder too if WordPress is in a subdirectory, as in https://example.com/blog.", baseOf(p.r.URL), p.status, p.named())
	case p.status == http.StatusMethodNotAllowed || p.status == http.StatusNotAcceptable:
		return newFault(apiclient.Forbidden, "The web server refuses %s (%d%s); a rule of the server or of a firewall is in the way: allow GET and POST for /wp-json/ and POST for /?action=um_*.", p.r.Name, p.status, p.named())
	case p.status == http.StatusTooManyRequests:
		f := newFault(apiclient.Unavailable, "The site answers that there are too many requests (429)%s; wait, or allow this machine's address in the rate limit.", waitText(wait))
		f.retry, f.after = true, wait
		return f
	case p.status >= 500:
		return p.broken(wait)
	case p.status >= 400:
		return newFault(apiclient.Invalid, "The web server refuses %s (%d%s); look at its log.", p.r.Name, p.status, p.named())
	}
	return p.instead()
}

// redirect reports where the site sends the request; it is never followed.
func (p page) redirect() *fault {
	from, err := url.Parse(p.r.URL)
	if err != nil {
		from = &url.URL{}
	}
	to, err := from.Parse(p.head.Get("Location"))
	if err != nil || p.head.Get("Location") == "" {
		return newFault(apiclient.Unavailable, "The site answers %s with a redirect (%d) to nowhere; look at the web server's rules.", p.r.Name, p.status)
	}
	base := baseOf(to.String())
	switch {
	case strings.Contains(to.Path, "wp-login.php"):
		return newFault(apiclient.Unauthorized, "The site sends %s to its login page; a plugin closes the site to visitors: exempt /wp-json/ and /?action= in it.", p.r.Name)
	case to.Scheme == "https" && from.Scheme == "http" && to.Host == from.Host:
		return newFault(apiclient.Unavailable, "The site answers on https only (%d); connect to %s.", p.status, base)
	}
	return newFault(apiclient.Unavailable, "The site redirects %s to %s (%d), and a redirected POST loses its content; connect to %s.", p.r.Name, Clean(to.Scheme+"://"+to.Host+to.Path, 120), p.status, base)
}

func (p page) forbidden() *fault {
	lower := strings.ToLower(p.title)
	if p.head.Get("Cf-Mitigated") == "challenge" || strings.Contains(lower, "just a moment") || strings.Contains(lower, "attention required") {
		return newFault(apiclient.Forbidden, "Cloudflare asks for proof of a browser before %s (403); add a rule there that skips the challenge for /wp-json/ and /?action=um_*.", p.r.Name)
	}
	return newFault(apiclient.Forbidden, "A firewall or security plugin refused %s (403%s); allow this machine's address, or /wp-json/ and POST to /?action=um_*, in its settings.", p.r.Name, p.named())
}

func (p page) broken(wait time.Duration) *fault {
	lower := bytes.ToLower(p.body)
	var f *fault
	switch {
	case p.status == 503 && bytes.Contains(lower, []byte("maintenance")):
		f = newFault(apiclient.Unavailable, "The site is in maintenance mode (503)%s; try again when its update is done.", waitText(wait))
	case p.status == 502 || p.status == 504 || p.status == 503 || p.status > 511:
		f = newFault(apiclient.Unavailable, "The web server gets no answer from WordPress (%d%s)%s; PHP is overloaded or down.", p.status, p.named(), waitText(wait))
	case len(p.body) == 0:
		return newFault(apiclient.Unavailable, "The site broke while answering %s (%d, an empty page); the PHP error log has the reason.", p.r.Name, p.status)
	default:
		return newFault(apiclient.Unavailable, "The site broke while answering %s (%d%s); the PHP error log has the reason.", p.r.Name, p.status, p.named())
	}
	f.retry, f.after = true, wait
	return f
}

// instead names a page that came with a good status.
func (p page) instead() *fault {
	trimmed := bytes.TrimSpace(p.body)
	switch {
	case len(trimmed) == 0:
		return newFault(apiclient.Unavailable, "The site answered %s with nothing (%d, an empty page); the PHP error log has the reason.", p.r.Name, p.status)
	case trimmed[0] == '{' || trimmed[0] == '[':
		f := newFault(apiclient.Unavailable, "The answer to %s is broken off or no valid JSON; something between PHP and here cuts or changes it: look at the PHP error log and at proxies.", p.r.Name)
		f.retry = true
		return f
	}
	if why := p.cache(); why != "" {
		return newFault(apiclient.Unavailable, "A page cache answered %s with a stored page%s (%s); exclude requests with action=um_* and /wp-json/ in the cache plugin or at the CDN.", p.r.Name, p.named(), why)
	}
	if p.r.Zapier {
		return newFault(apiclient.Unavailable, "The Zapier extension did not answer: the site gave a page%s instead (200); activate Ultimate Member - Zapier, and check that the address is the site's home.", p.named())
	}
	return newFault(apiclient.Unavailable, "The site answered %s with a page%s and not with JSON (%d); the REST API is off, or the address is not WordPress's.", p.r.Name, p.named(), p.status)
}

// cache says how a stored page shows itself; empty: it does not.
func (p page) cache() string {
	for _, name := range []string{"X-Cache", "Cf-Cache-Status", "X-Litespeed-Cache", "X-Proxy-Cache", "X-Nginx-Cache", "X-Fastcgi-Cache", "X-Wp-Cf-Super-Cache-Cache"} {
		if v := p.head.Get(name); strings.HasPrefix(strings.ToLower(v), "hit") {
			return name + ": " + Clean(v, 30)
		}
	}
	if age, err := strconv.Atoi(p.head.Get("Age")); err == nil && age > 0 {
		return "Age: " + strconv.Itoa(age)
	}
	tail := bytes.ToLower(p.body[max(0, len(p.body)-2048):])
	for _, mark := range []string{"cached page", "wp-super-cache", "w3 total cache", "wp rocket", "wp fastest cache", "litespeed cache"} {
		if bytes.Contains(tail, []byte(mark)) {
			return "it is marked " + mark
		}
	}
	return ""
}

func (p page) named() string {
	if p.title == "" {
		return ""
	}
	return fmt.Sprintf(", %q", p.title)
}

func waitText(wait time.Duration) string {
	if wait <= 0 {
		return ""
	}
	return " and asks to come back in " + wait.Round(time.Second).String()
}

// baseOf returns the address of the site that a request's address belongs to.
func baseOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return Clean(raw, 120)
	}
	path := u.Path
	if i := strings.Index(path, "/wp-json"); i >= 0 {
		path = path[:i]
	}
	return Clean(u.Scheme+"://"+u.Host+strings.TrimRight(path, "/"), 120)
}

func hostOf(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return Clean(u.Host, 120)
	}
	return "the site"
}
