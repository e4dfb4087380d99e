package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

type streamsKey struct{}

// streamsOf returns a context that ends when streams are to end, which is before
// other requests are; without Serve that is ctx.
func streamsOf(ctx context.Context) context.Context {
	if streams, ok := ctx.Value(streamsKey{}).(context.Context); ok {
		return streams
	}
	return ctx
}

// Serve answers on the listener until ctx ends. Streams end then, requests under
// way have [Config].Grace to finish, and nothing of them runs any more when Serve
// returns. It closes the listener, and returns nil when it ended because of ctx.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	streams, endStreams := context.WithCancel(requests)
	defer endStreams()
	var running sync.WaitGroup
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			running.Add(1)
			defer running.Done()
			s.ServeHTTP(w, r)
		}),
		BaseContext:       func(net.Listener) context.Context { return context.WithValue(requests, streamsKey{}, streams) },
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(listener) }()
	select {
	case err := <-served:
		cancel()
		running.Wait()
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	endStreams()
	grace, stop := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Grace)
	defer stop()
	err := srv.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.WarnContext(ctx, "requests cut off", "grace", s.cfg.Grace)
		cancel()
		err = srv.Close()
		running.Wait()
	}
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
