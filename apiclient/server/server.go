package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/server/pages"
	"umdeck/apiclient/wire"
)

// Config is what a Server needs: API, and one of Authenticate and Trust.
type Config struct {
	API apiclient.API

	// Authenticate returns who logs in with a user name or e-mail address and an
	// application password, and a role that has all the capabilities which the user
	// has through any of their roles. It fails with Unauthorized.
	Authenticate func(ctx context.Context, user, password string) (apiclient.Actor, apiclient.Role, error)

	// Members, if not nil, is what visitors and members may do: the site's own pages
	// are served then.
	Members apiclient.Members

	// Trust, if not nil, is who makes every request, without credentials and with
	// all capabilities. It is for listeners that nobody else can reach.
	Trust *apiclient.Actor

	// Uploads, if not nil, is the files of users, which are served to everybody below
	// [UploadsPath] by names such as ultimatemember/7/cv.pdf.
	Uploads fs.FS

	// Metrics, if not nil, answers /metrics: to programs on this machine that no proxy
	// asks for, and to callers whose role has manage_options.
	Metrics http.Handler

	SiteName    string           // in the index; empty: the API's own name for the site
	URL         string           // home address without a slash at the end; empty: what the API says, or the request's host
	BehindProxy bool             // believe the last address of X-Forwarded-For and X-Forwarded-Proto
	Heartbeat   time.Duration    // between signs of life in a stream; zero means 15 s
	Grace       time.Duration    // for requests under way when Serve ends; zero means 10 s
	Now         func() time.Time // nil means time.Now
	Logger      *slog.Logger     // nil means silence
}

// A Server is an [http.Handler] over an API. It is safe for concurrent use.
type Server struct {
	cfg      Config
	api      apiclient.API
	log      *slog.Logger
	mux      *http.ServeMux
	origins  *http.CrossOriginProtection
	failures *failures
	calls    map[string]call // by action
	places   places

	restRoutes []wire.RestRoute
	restCalls  map[string]restCall // by the name of the endpoint
	openapi    []byte
	pages      http.Handler // nil: there are none
	entries    entries

	draining atomic.Bool // Serve is ending
}

var _ http.Handler = (*Server)(nil)

// New returns a Server.
func New(cfg Config) (*Server, error) {
	if cfg.API == nil {
		return nil, errors.New("server: an API is required")
	}
	if (cfg.Authenticate == nil) == (cfg.Trust == nil) {
		return nil, errors.New("server: one of Authenticate and Trust is required")
	}
	if cfg.Heartbeat == 0 {
		cfg.Heartbeat = 15 * time.Second
	}
	if cfg.Grace == 0 {
		cfg.Grace = 10 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.URL = strings.TrimRight(cfg.URL, "/")
	openapi, err := wire.OpenAPI()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, api: cfg.API, log: cfg.Logger, mux: http.NewServeMux(), openapi: openapi,
		origins: http.NewCrossOriginProtection(), failures: newFailures(cfg.Now),
	}
	s.places.now = cfg.Now
	s.calls = s.zapierCalls()
	s.restRoutes, s.restCalls = wire.RestRoutes(), s.restEndpoints()
	if err := s.openPages(); err != nil {
		return nil, err
	}
	s.routes()
	return s, nil
}

func (s *Server) routes() {
	s.mux.HandleFunc("/{$}", s.zapier)
	s.mux.HandleFunc("/index.php", s.zapier)
	s.mux.HandleFunc(wire.RestRoot, s.restPath)
	s.mux.HandleFunc(wire.RestRoot+"/", s.restPath)
	s.mux.HandleFunc("GET "+authorizePath, s.authorize)
	s.mux.HandleFunc("GET "+wire.Root+"/openapi.json", s.description)
	s.routeSite()
	s.routeUsers()
	s.routeZaps()
	s.routeForms()
	s.mux.HandleFunc("GET "+UploadsPath+"{path...}", s.upload)
	s.routeSettings()
	s.routeSubscriptions()
	s.routeDeliveries()
	s.routeReplays()
	s.routeMails()
	s.routePasswords()
	s.routeOperators()
	s.mux.HandleFunc("/", s.absent)
	if s.pages != nil {
		for _, path := range pages.Paths() {
			s.mux.Handle(path, s.pages)
		}
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.cfg.Now()
	rec := &recorder{ResponseWriter: w}
	id := requestID(r)
	about := &request{id: id}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, about))
	h := rec.Header()
	h.Set("X-Request-Id", id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	defer func() {
		s.recovered(rec, r, recover())
		s.note(r, rec, about, s.cfg.Now().Sub(start))
	}()
	if err := s.origins.Check(r); err != nil {
		s.fail(rec, r, &apiclient.Error{Kind: apiclient.Forbidden, Message: "The request comes from a page of another website; call the API from a program.", Err: err})
		return
	}
	s.mux.ServeHTTP(rec, r)
}

// absent answers for every address that nothing serves.
func (s *Server) absent(w http.ResponseWriter, r *http.Request) {
	message := "There is nothing at this address; /wp-json/ tells what this site offers."
	switch {
	case strings.HasPrefix(r.URL.Path, wire.Root+"/") || r.URL.Path == wire.Root:
		message = "umdeck/v1 has no " + r.Method + " " + strings.TrimPrefix(r.URL.Path, wire.Root) + "; " + wire.Root + "/openapi.json lists what it has."
	}
	s.fail(w, r, apiclient.Errorf(apiclient.NotFound, "%s", message))
}

// description answers the OpenAPI document.
func (s *Server) description(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if _, err := w.Write(s.openapi); err != nil {
		s.lost(r, err)
	}
}
