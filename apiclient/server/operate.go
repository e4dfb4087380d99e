package server

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// The addresses for those who operate the site.
const (
	alivePath   = "/healthz"
	readyPath   = "/readyz"
	metricsPath = "/metrics"
)

// readyWait is how long the site may take to say how it does.
const readyWait = 5 * time.Second

func (s *Server) routeOperators() {
	s.mux.HandleFunc("GET "+alivePath, s.alive)
	s.mux.HandleFunc("GET "+readyPath, s.ready)
	if s.cfg.Metrics != nil {
		s.mux.HandleFunc("GET "+metricsPath, s.metrics)
	}
}

// forOperators reports whether a path is asked for over and over by programs.
func forOperators(path string) bool {
	return path == alivePath || path == readyPath || path == metricsPath
}

// Readiness is the answer of /readyz.
type Readiness struct {
	Ready    bool     `json:"ready"`
	Problems []string `json:"problems"` // sentences
}

// alive answers that the process does.
func (s *Server) alive(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, http.StatusOK, Readiness{Ready: true, Problems: []string{}})
}

// ready answers 200 while the site takes work and does it, and 503 with the reasons
// while it does not.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	answer := Readiness{Problems: s.problems(r.Context())}
	answer.Ready = len(answer.Problems) == 0
	status := http.StatusOK
	if !answer.Ready {
		status = http.StatusServiceUnavailable
	}
	s.write(w, r, status, answer)
}

func (s *Server) problems(ctx context.Context) []string {
	if s.draining.Load() {
		return []string{"This umdeck is ending; it takes no more requests."}
	}
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	h, err := s.api.Health(ctx)
	switch {
	case err != nil:
		s.log.WarnContext(ctx, "health not known", "id", requestOf(ctx), "error", err)
		return []string{"How the site does cannot be found out: " + apiclient.MessageOf(err)}
	case h.Problems == nil:
		return []string{}
	}
	return h.Problems
}

// metrics answers programs on this machine, and others with the credentials of who
// may manage the site.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	if !s.isLocal(r) {
		ctx, err := s.login(r, apiclient.OriginConsole)
		if err == nil {
			err = callerOf(ctx).need(wire.CapManageOptions)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.cfg.Metrics.ServeHTTP(w, r)
}

// isLocal reports whether a program on this machine asks for itself. A proxy asks for
// others: what it does not say of itself, [Config].BehindProxy says. A page that a
// browser on this machine shows knows this server by another name.
func (s *Server) isLocal(r *http.Request) bool {
	if s.cfg.BehindProxy {
		return false
	}
	for _, header := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}
