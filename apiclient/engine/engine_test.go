package engine_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// childDatabase is the environment variable that tells a test in a process of its own
// which database of PostgreSQL is the one of its folder.
const childDatabase = "ENGINE_TEST_DATABASE"

// migrated gives a new database its tables.
func migrated(url string) error {
	db, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		return err
	}
	return db.Close()
}

// shortLease is after how long engines take over from one that was killed, where a test
// waits for that. Elsewhere it is a minute, so that no engine of a slow machine loses its
// lease, and a test has it [ended].
const shortLease = 4 * time.Second

// ended lets the leases be over that engines had on the folder's database when they were
// killed.
func ended(t testing.TB, dir string) {
	t.Helper()
	if pgtest.On() {
		memberSite{dir: dir}.execute(t, `UPDATE engines SET lease_until = 1`)
	}
}

// inherit is the environment of a child that works in the folder.
func inherit(dir string, more ...string) []string {
	env := append(os.Environ(), more...)
	if url, there := databases.Load(dir); there {
		// With the server named, the child starts none.
		env = append(env, childDatabase+"="+url.(string), "UMDECK_TEST_ON=postgres", "UMDECK_TEST_POSTGRES="+url.(string))
	}
	return env
}

// databases are those of PostgreSQL, by the data folder.
var databases sync.Map

// placed lets an engine keep its data where this pass of the tests wants it: that of a
// folder is the same for as long as a test runs.
func placed(t testing.TB, c engine.Config) engine.Config {
	t.Helper()
	if url := os.Getenv(childDatabase); url != "" {
		c.Database = url
		return c
	}
	if !pgtest.On() {
		if err := enginetest.Fill(c.Dir); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if url, there := databases.Load(c.Dir); there {
		c.Database = url.(string)
		return c
	}
	c.Database = pgtest.Copy(t, migrated)
	databases.Store(c.Dir, c.Database)
	t.Cleanup(func() { databases.Delete(c.Dir) })
	return c
}

// open opens an engine in dir; it is closed at the end of the test.
func open(t testing.TB, dir string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true}))
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
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true}))
	if err != nil {
		t.Fatal(err)
	}
	return runOn(t, e)
}

// runOn runs an engine that is open.
func runOn(t testing.TB, e *engine.Engine) running {
	t.Helper()
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
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir()}))
	if err == nil {
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	return e, err
}
