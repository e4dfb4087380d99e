package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// A recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int   // 0: nothing yet
	bytes  int64 // of the body
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write is an answer 200 where nothing was said before.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

type requestKey struct{}

// A request is what the log says of one, as far as it is known. It belongs to the
// goroutine that answers.
type request struct {
	id   string
	user string // login of who was let in; empty: nobody was
}

var requestShape = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID returns the number that the client or a proxy gave the request, or a
// new one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); requestShape.MatchString(id) {
		return id
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

func requestOf(ctx context.Context) string {
	if about, ok := ctx.Value(requestKey{}).(*request); ok {
		return about.id
	}
	return ""
}

// note writes the line of the access log: never the query, which may hold what only
// the caller may know, nor a body.
func (s *Server) note(r *http.Request, rec *recorder, about *request, took time.Duration) {
	level := slog.LevelInfo
	if forOperators(r.URL.Path) || s.cfg.Trust != nil { // a console of one's own asks without end
		level = slog.LevelDebug
	}
	s.log.LogAttrs(r.Context(), level, "request",
		slog.String("id", about.id), slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", rec.status),
		slog.Int64("bytes", rec.bytes), slog.Duration("duration", took), slog.String("address", s.address(r)), slog.String("user", about.user))
}

// recovered turns a panic into an answer 500, or into a cut connection where the
// answer has begun.
func (s *Server) recovered(w *recorder, r *http.Request, p any) {
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	err := s.panicked(r.Context(), r, p)
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.write(w, r, http.StatusInternalServerError, s.bodyOf(r, err))
}

// panicked logs a panic with the stack that it came through, and returns it as
// an error.
func (s *Server) panicked(ctx context.Context, r *http.Request, p any) error {
	s.log.ErrorContext(ctx, "panic", "id", requestOf(ctx), "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
	return errors.New("panic")
}

// fail answers with an error in the shape of the surface that was asked.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		s.lost(r, err)
		return
	}
	status := s.statusOf(r, err)
	switch {
	case status == http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="umdeck", charset="UTF-8"`)
	case status >= 500 && !refusedByCore(err):
		s.log.ErrorContext(r.Context(), "request failed", "id", requestOf(r.Context()), "method", r.Method, "path", r.URL.Path,
			"status", status, "error", err, "cause", errors.Unwrap(err))
	}
	if limited, ok := errors.AsType[*limitedError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(limited.seconds()))
	}
	s.write(w, r, status, s.bodyOf(r, err))
}

// refusedByCore reports whether the status 500 is what WordPress's core answers to a
// mistake of the caller, such as a login that is taken.
func refusedByCore(err error) bool {
	e, ok := errors.AsType[*wire.RestError](err)
	return ok && e.Status == 0
}

func (s *Server) statusOf(r *http.Request, err error) int {
	if e, ok := errors.AsType[*wire.RestError](err); ok {
		return e.HTTPStatus()
	}
	if _, limited := errors.AsType[*limitedError](err); limited {
		return http.StatusTooManyRequests
	}
	if isZapier(r) {
		return wire.ZapierStatus(err)
	}
	return wire.StatusOf(err)
}

func (s *Server) bodyOf(r *http.Request, err error) any {
	if e, ok := errors.AsType[*wire.RestError](err); ok {
		return e
	}
	if isZapier(r) {
		return wire.Envelope{Data: apiclient.MessageOf(err)}
	}
	body := wire.ErrorBodyOf(err)
	body.Data.Status = s.statusOf(r, err)
	return body
}

// write answers with JSON.
func (s *Server) write(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := wire.Marshal(v)
	if err != nil {
		s.log.ErrorContext(r.Context(), "encode an answer", "id", requestOf(r.Context()), "path", r.URL.Path, "error", err)
		http.Error(w, "internal error; the log has the cause", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(body); err != nil {
		s.lost(r, err)
	}
}

// lost notes a client that went away before its answer.
func (s *Server) lost(r *http.Request, err error) {
	s.log.DebugContext(r.Context(), "client gone", "id", requestOf(r.Context()), "path", r.URL.Path, "error", err)
}
