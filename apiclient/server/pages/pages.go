package pages

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/httprate"
	"github.com/justinas/nosurf"
	"github.com/microcosm-cc/bluemonday"

	"umdeck/apiclient"
)

// Config is what the pages need. Members and Name are required.
type Config struct {
	Members apiclient.Members

	// Name returns the name of the site, which every page shows.
	Name func(context.Context) (string, error)

	// Secure reports whether a visitor reached the site over TLS; nil means that the
	// connection itself has it.
	Secure func(*http.Request) bool
	// Address is the network address of a visitor; nil means that of the connection.
	Address func(*http.Request) string
	// Base is the path under which the site's home page is, without a slash at its
	// end; usually empty.
	Base string
	// PerMinute is how many submissions one address may send in a minute; zero means 30.
	PerMinute int

	Logger *slog.Logger // nil means silence
}

// Pages is the site's pages as an [http.Handler]. It is safe for concurrent use.
type Pages struct {
	cfg       Config
	templates *template.Template
	policy    *bluemonday.Policy // of HTML that administrators write
	style     []byte
	mux       *http.ServeMux
	handler   http.Handler
}

var _ http.Handler = (*Pages)(nil)

//go:embed templates
var files embed.FS

// New returns the pages of a site.
func New(cfg Config) (*Pages, error) {
	if cfg.Members == nil || cfg.Name == nil {
		return nil, errors.New("pages: Members and Name are required")
	}
	if cfg.Secure == nil {
		cfg.Secure = func(r *http.Request) bool { return r.TLS != nil }
	}
	if cfg.Address == nil {
		cfg.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.PerMinute = cmp.Or(cfg.PerMinute, 30)
	templates, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	style, err := files.ReadFile("templates/style.css")
	if err != nil {
		return nil, err
	}
	p := &Pages{cfg: cfg, templates: templates, policy: bluemonday.UGCPolicy(), style: style, mux: http.NewServeMux()}
	p.routes()
	p.handler = p.limited(p.guarded(p.mux))
	return p, nil
}

// Paths are the patterns under which the pages want to be served, beside the home
// page, which Zapier's calls share.
func Paths() []string {
	return []string{
		"GET /umdeck.css", "/register", "/register/{form}", "/login", "/logout", "/password-reset",
		"/account", "/account/{tab}", "/user", "/user/{name}", "/user/{name}/photo/{key}", "/members",
	}
}

// ServeHTTP answers one request.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin") // the token's guard compares it where a browser sends no better header
	h.Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, limitOf(r))
	p.handler.ServeHTTP(w, r)
}

// How large a submission may be. Files come in multipart bodies alone.
const (
	maxForm  = 1 << 20
	maxFiles = 64 << 20
)

func limitOf(r *http.Request) int64 {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return maxFiles
	}
	return maxForm
}

// limited refuses an address that submits too often.
func (p *Pages) limited(next http.Handler) http.Handler {
	key := func(r *http.Request) (string, error) { return httprate.CanonicalizeIP(p.cfg.Address(r)), nil }
	limit := httprate.LimitBy(p.cfg.PerMinute, time.Minute, key, httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
		p.refuse(w, r, http.StatusTooManyRequests, "Too many attempts came from your address; wait a minute and try again.")
	}))(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		limit.ServeHTTP(w, r)
	})
}

// guarded refuses submissions that another site has caused.
func (p *Pages) guarded(next http.Handler) http.Handler {
	guard := func(secure bool) http.Handler {
		g := nosurf.New(next)
		g.SetIsTLSFunc(p.cfg.Secure)
		g.SetBaseCookie(http.Cookie{Name: "umdeck_csrf", Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
		g.SetFailureHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.cfg.Logger.WarnContext(r.Context(), "submission refused", "path", r.URL.Path, "reason", nosurf.Reason(r))
			p.refuse(w, r, http.StatusBadRequest, "The form was open for too long, or your browser keeps no cookies; go back, load the page again and send it once more.")
		}))
		return g
	}
	plain, secure := guard(false), guard(true)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.cfg.Secure(r) {
			secure.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}
