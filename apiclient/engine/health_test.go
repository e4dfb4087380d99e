package engine_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

func health(t *testing.T, e *engine.Engine) apiclient.Health {
	t.Helper()
	return must(e.Health(t.Context()))(t)
}

// TestOverdue: what waits for the engine alone makes its health bad after a minute, what
// waits for an operator does not.
func TestOverdue(t *testing.T) {
	c := newClock()
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir(), AllowPrivateTargets: true, Now: c.now, DiskFree: roomy})))(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if diff := cmp.Diff(apiclient.Health{DiskFree: 0.5, Engines: 1}, health(t, e)); diff != "" {
		t.Errorf("a new engine (-want +got):\n%s", diff)
	}
	zap := subscribed(t, e, apitest.TriggerZap("Late", apiclient.TriggerLogin, "user_email"), "late")
	u := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	c.pass(time.Minute)
	if h := health(t, e); !h.OK() || h.Due != 1 || h.OldestDue != time.Minute {
		t.Errorf("after a minute %+v", h)
	}
	c.pass(time.Second)
	if h := health(t, e); len(h.Problems) != 1 || !strings.Contains(h.Problems[0], "overdue by 1m1s") {
		t.Errorf("after a minute and a second %+v", h)
	}
	stopped := apiclient.ZapStopped
	must(e.UpdateZap(t.Context(), zap.ID, apiclient.ZapUpdate{Status: &stopped}))(t)
	if h := health(t, e); !h.OK() || h.Held != 1 || h.Due != 0 || h.OldestDue != 0 {
		t.Errorf("held it is %+v", h)
	}
}

// TestDiskFree warns below 5 %, and not where nobody knows.
func TestDiskFree(t *testing.T) {
	free := 0.05
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir(), DiskFree: func() float64 { return free }})))(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct {
		free float64
		want string
	}{{0.05, ""}, {0.0499, "The disk with the data folder has 5.0 % free; make room before it is full."}, {0, "0.0 % free"}, {-1, ""}} {
		free = c.free
		if got := strings.Join(health(t, e).Problems, " "); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q; want %q", c.free, got, c.want)
		}
	}
}

// TestDiskIsAsked reads the free share of the disk with the folder.
func TestDiskIsAsked(t *testing.T) {
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir()})))(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if h := health(t, e); h.DiskFree <= 0 || h.DiskFree > 1 {
		t.Errorf("%v of the disk is free", h.DiskFree)
	}
}

// TestWriterLag holds the database's lock, as a disk that hangs does: health is bad after
// 10 s without a commit, and well with the next one.
func TestWriterLag(t *testing.T) {
	dir, c := t.TempDir(), newTicking()
	c.ticks[time.Second] = make(chan time.Time)
	e := c.run(t, dir)
	c.tick(t, time.Second) // it looks by now
	if h := health(t, e); !h.OK() || h.WriterLag != 0 {
		t.Errorf("%+v", h)
	}
	unlock := lockDatabase(t, dir)
	c.pass(10 * time.Second)
	if h := health(t, e); !h.OK() || h.WriterLag != 10*time.Second {
		t.Errorf("after 10 s %+v", h)
	}
	c.pass(time.Second)
	if h := health(t, e); len(h.Problems) != 1 || !strings.Contains(h.Problems[0], "no change for 11s") {
		t.Errorf("after 11 s %+v", h)
	}
	scrape := httptest.NewRecorder()
	e.Metrics().ServeHTTP(scrape, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if text := scrape.Body.String(); !strings.Contains(text, "umdeck_ready 0\n") || !strings.Contains(text, "umdeck_writer_lag_seconds 11\n") {
		t.Errorf("Prometheus reads %s", text)
	}
	unlock()
	for range 5 { // at least one probe has ended when the last of them is taken
		c.tick(t, time.Second)
	}
	if h := health(t, e); !h.OK() || h.WriterLag != 0 {
		t.Errorf("unlocked it is %+v", h)
	}
}

// lockDatabase lets nobody else write until unlock.
func lockDatabase(t *testing.T, dir string) (unlock func()) {
	t.Helper()
	pool := must(sql.Open("sqlite", "file:"+filepath.Join(dir, "umdeck.db")+"?_pragma=busy_timeout(15000)"))(t)
	conn := must(pool.Conn(t.Context()))(t)
	if _, err := conn.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := conn.ExecContext(context.WithoutCancel(t.Context()), `ROLLBACK`); err != nil {
			t.Error(err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}
}
