package engine_test

import (
	"context"
	"errors"
	"testing"

	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open opens an engine in dir; it is closed at the end of the test.
func open(t testing.TB, dir string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Config{Dir: dir, AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return e
}

// running is an engine that sends until it is closed.
type running struct {
	*engine.Engine
	stop context.CancelFunc
	done chan error
}

func (r running) Close() error {
	r.stop()
	return errors.Join(<-r.done, r.Engine.Close())
}

// run opens an engine in dir and runs it. The caller closes it.
func run(t testing.TB, dir string) running {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Config{Dir: dir, AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := running{e, stop, make(chan error, 1)}
	go func() { r.done <- e.Run(ctx) }()
	return r
}

func TestAPI(t *testing.T) {
	apitest.Run(t, func(t *testing.T) apiclient.API { return run(t, t.TempDir()) })
}

// openPublic opens an engine that posts to public addresses alone.
func openPublic(t *testing.T) (*engine.Engine, error) {
	e, err := engine.Open(t.Context(), engine.Config{Dir: t.TempDir()})
	if err == nil {
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	return e, err
}
