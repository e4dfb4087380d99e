package open

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/server"
)

// An Instance is the local instance of a folder, and the engine itself when this
// process came first.
type Instance struct {
	apiclient.API
	engine *engine.Engine // nil: another process has the folder, and API speaks to it
	url    string
	opened time.Time
	grace  time.Duration
	logger *slog.Logger

	stop  context.CancelFunc
	wait  sync.WaitGroup
	ended error // of the engine's Run; read after wait
}

// attach is how long Local waits for a process that has the folder but does not
// answer yet, because it is starting or ending.
const attach = 10 * time.Second

// Local opens the instance of the target's folder, as its engine or as a client of its
// engine. Of the target, Site and ReadOnly are not looked at.
func Local(ctx context.Context, t Target, c Config) (*Instance, error) {
	c.Database = cmp.Or(t.Database, c.Database)
	dir, err := filepath.Abs(cmp.Or(t.Dir, c.DataDir))
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	waiting, cancel := context.WithTimeout(ctx, attach)
	defer cancel()
	for {
		// To open may take long, with a large database to copy and to migrate.
		instance, err := own(ctx, dir, t, c)
		if err == nil || !errors.Is(err, engine.ErrLocked) {
			return instance, err
		}
		api, dialErr := join(waiting, dir, c)
		if dialErr == nil {
			return &Instance{API: api}, nil
		}
		if apiclient.KindOf(dialErr) != apiclient.Unavailable {
			return nil, dialErr
		}
		if !pause(waiting, 100*time.Millisecond) {
			return nil, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// own starts the folder's engine in this process and lets others join it.
func own(ctx context.Context, dir string, t Target, c Config) (*Instance, error) {
	e, err := engine.Open(ctx, engine.Config{
		Dir: dir, Database: c.Database, Lease: c.Lease, SiteName: cmp.Or(c.SiteName, "local"), URL: c.URL, AllowPrivateTargets: t.AllowPrivate, AllowTargets: t.AllowTargets,
		Version: c.Version, Grace: c.Grace, Logger: c.Logger, Now: c.Now,
	})
	if err != nil {
		return nil, err
	}
	listener, err := mayListen(ctx, dir, c)
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	i := &Instance{API: e, engine: e, url: c.URL, opened: now(c), grace: c.Grace, logger: logger(c), stop: stop}
	i.wait.Go(func() { i.ended = e.Run(running) })
	if listener == nil {
		return i, nil
	}
	actor := SystemActor()
	socket, err := server.New(server.Config{API: e, Trust: &actor, Logger: c.Logger})
	if err != nil {
		return nil, errors.Join(err, listener.Close(), i.Close())
	}
	i.wait.Go(func() {
		if err := socket.Serve(running, listener); err != nil {
			i.logger.Error("socket", "error", err)
		}
	})
	return i, nil
}

// mayListen makes the folder's socket, unless another engine of the same database and
// folder has it.
func mayListen(ctx context.Context, dir string, c Config) (net.Listener, error) {
	if c.Database != "" {
		var d net.Dialer
		if conn, err := d.DialContext(ctx, "unix", socketPath(dir)); err == nil {
			return nil, conn.Close()
		}
	}
	return listenSocket(ctx, dir)
}

func now(c Config) time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func logger(c Config) *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Logger
}

// Owns reports whether this process is the folder's engine.
func (i *Instance) Owns() bool { return i.engine != nil }

// Serve answers on the listener, with credentials, until ctx ends; the engine sends
// nothing more then. behindProxy believes what a proxy says of its callers. It is Conflict when another process is
// the engine.
func (i *Instance) Serve(ctx context.Context, listener net.Listener, behindProxy bool) error {
	if i.engine == nil {
		return apiclient.Errorf(apiclient.Conflict, "Another umdeck has this data folder open; end it first, or serve another folder with --data.")
	}
	s, err := server.New(server.Config{
		API: i.engine, Members: i.engine, Authenticate: i.engine.Authenticate, Uploads: i.engine.Uploads(), Metrics: i.engine.Metrics(),
		URL: i.url, BehindProxy: behindProxy, Grace: i.grace, Logger: i.logger,
	})
	if err != nil {
		return err
	}
	// What the engine has under way ends while requests do, and not after them.
	defer context.AfterFunc(ctx, i.stop)()
	return s.Serve(ctx, listener)
}

// Close ends the engine after the deliveries under way, or leaves it if it is
// another process's.
func (i *Instance) Close() error {
	if i.engine == nil {
		return i.API.Close()
	}
	i.stop()
	i.wait.Wait()
	return errors.Join(i.ended, i.engine.Close())
}

// join becomes a client of the folder's engine in another process.
func join(ctx context.Context, dir string, c Config) (apiclient.API, error) {
	path := socketPath(dir)
	return remote.Open(ctx, remote.Config{
		URL: "http://umdeck.localhost", Logger: c.Logger, UserAgent: "umdeck/" + c.Version,
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			conn, err := d.DialContext(ctx, "unix", path)
			if err != nil && ctx.Err() == nil {
				message := fmt.Sprintf("The umdeck that had the data folder %s open has ended; try again.", dir)
				return nil, &apiclient.Error{Kind: apiclient.Unavailable, Message: message, Err: err}
			}
			return conn, err
		}},
	})
}
