package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	maxBody    = 10 << 20
	maxTargets = 1000 // targets that are told apart; a guess at more paths shares one
)

// Config is what a Sink may be told; its zero value is good.
type Config struct {
	Seed   uint64
	Now    func() time.Time // nil means time.Now
	Logger *slog.Logger     // gets a line for each request; nil means silence
}

// A Sink receives webhooks on a port of the loopback interface.
type Sink struct {
	cfg      Config
	listener net.Listener

	mu      sync.Mutex // guards targets
	targets map[string]*target
}

// A Count is what a target has answered.
type Count struct {
	Path    string
	Answers map[int]int // requests by status; 0: the connection was closed instead
	Hung    int         // requests that got no answer until the client went away
}

// Open listens on a free port of 127.0.0.1. Nobody is answered until Run.
func Open(ctx context.Context, cfg Config) (*Sink, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for webhooks: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Sink{cfg: cfg, listener: l, targets: map[string]*target{}}, nil
}

// Close stops listening. Run does so too when it ends.
func (s *Sink) Close() error {
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the listener for webhooks: %w", err)
	}
	return nil
}

// URL returns the address, such as "http://127.0.0.1:40123", without a slash at the end.
func (s *Sink) URL() string { return "http://" + s.listener.Addr().String() }

// Target returns the URL of a target of that character.
func (s *Sink) Target(c Character, name string) string {
	return s.URL() + "/" + string(c) + "/" + name
}

// Run answers until ctx ends. Requests that wait or hang end with it.
func (s *Sink) Run(ctx context.Context) error {
	srv := &http.Server{
		Handler:           s,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(s.cfg.Logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(s.listener) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := srv.Shutdown(short); err != nil {
			_ = srv.Close() // the connections that would not end
		}
		err = <-ended
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return fmt.Errorf("answer webhooks: %w", err)
}

// Counts returns what each target has answered so far, by path.
func (s *Sink) Counts() []Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Count, 0, len(s.targets))
	for _, path := range slices.Sorted(maps.Keys(s.targets)) {
		c := s.targets[path].count
		c.Answers = maps.Clone(c.Answers)
		list = append(list, c)
	}
	return list
}

// ServeHTTP answers one webhook in its target's character.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	a, n := s.receive(w, r)
	s.cfg.Logger.Info("received", "path", path, "webhook", r.Header.Get("Webhook-Id"), "code", a.code, "hang", a.hang, "wait", a.wait)
	if !s.pause(r.Context(), a) {
		s.count(path, func(c *Count) { c.Hung++ })
		panic(http.ErrAbortHandler) // closes the connection, quietly
	}
	s.count(path, func(c *Count) { c.Answers[a.code]++ })
	if a.code == 0 {
		panic(http.ErrAbortHandler)
	}
	contentType, text := body(a.code, n)
	w.Header().Set("Content-Type", contentType)
	if a.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(a.retry.Seconds()))))
	}
	if a.code == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(a.code)
	_, _ = io.WriteString(w, text) // the client may have gone
}

// receive reads the request and decides on its answer. n is its number.
func (s *Sink) receive(w http.ResponseWriter, r *http.Request) (a answer, n int) {
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return answer{code: http.StatusRequestEntityTooLarge}, 0
		}
		return answer{code: http.StatusBadRequest}, 0
	}
	if r.Method != http.MethodPost {
		return answer{code: http.StatusMethodNotAllowed}, 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.target(r.URL.Path)
	a = t.next(characterOf(r.URL.Path), s.cfg.Seed, r.URL.Path, s.cfg.Now())
	return a, t.requests
}

// target returns what is remembered of a path. The caller holds mu.
func (s *Sink) target(path string) *target {
	t := s.targets[path]
	if t == nil && len(s.targets) >= maxTargets {
		path = "…"
		t = s.targets[path]
	}
	if t == nil {
		t = &target{count: Count{Path: path, Answers: map[int]int{}}}
		s.targets[path] = t
	}
	return t
}

func (s *Sink) count(path string, add func(*Count)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.target(path).count)
}

// pause waits as the answer asks, and reports whether the client is still there.
func (s *Sink) pause(ctx context.Context, a answer) bool {
	if a.hang {
		<-ctx.Done()
		return false
	}
	if a.wait == 0 {
		return true
	}
	t := time.NewTimer(a.wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
