package open_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/open"
)

// smallDisk mounts a file system of that many bytes, which only root may.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size))
	if err != nil {
		unable(t, "a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// unable ends a test that needs what only root may do: in CI root must be able to.
func unable(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" && os.Getuid() == 0 {
		t.Fatalf("even as root: "+format, args...)
	}
	t.Skipf(format, args...)
}

// fill writes a file until the disk is full.
func fill(t *testing.T, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1 << 20, 4096, 1} {
		block := bytes.Repeat([]byte{1}, size)
		for err = nil; err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// A catcher counts the hooks that it is sent, by the event that they are about.
type catcher struct {
	*httptest.Server
	slow atomic.Int64                 // how long it takes to answer
	mu   sync.Mutex                   // guards what follows
	came map[apiclient.EventID]int    // hooks
	ids  map[apiclient.EventID]string // webhook-id
	odd  []string                     // what is wrong
}

func newCatcher(t *testing.T) *catcher {
	c := &catcher{came: map[apiclient.EventID]int{}, ids: map[apiclient.EventID]string{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct{ ID apiclient.EventID }
		err := json.NewDecoder(r.Body).Decode(&body)
		c.mu.Lock()
		defer c.mu.Unlock()
		id := r.Header.Get("webhook-id")
		if before := c.ids[body.ID]; err != nil || before != "" && before != id {
			c.odd = append(c.odd, fmt.Sprintf("event %d is %s and %s: %v", body.ID, before, id, err))
		}
		c.came[body.ID]++
		c.ids[body.ID] = id
		c.mu.Unlock()
		<-time.After(time.Duration(c.slow.Load()))
		c.mu.Lock()
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *catcher) has(id apiclient.EventID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.came[id] > 0
}

// check looks for hooks that came twice, though the process lives.
func (c *catcher) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, odd := range c.odd {
		t.Error(odd)
	}
	for id, n := range c.came {
		if n > 1 {
			t.Errorf("event %d came %d times", id, n)
		}
	}
}

// served is an instance behind a real listener.
type served struct {
	*open.Instance
	url    string
	secret apiclient.Secret
	halt   func() error // ends it
}

// serveIn serves an instance until end is called, or the test ends.
func serveIn(t *testing.T, dir string, logger *slog.Logger) (s served, end func()) {
	t.Helper()
	i, err := open.Local(t.Context(), open.Target{Dir: dir, AllowPrivate: true}, open.Config{Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- i.Serve(ctx, listener, false) }()
	s = served{Instance: i, url: "http://" + listener.Addr().String()}
	if _, s.secret, err = i.CreatePassword(t.Context(), 1, "test of "+s.url); err != nil {
		t.Fatal(err)
	}
	s.halt = sync.OnceValue(func() error {
		stop()
		return errors.Join(<-ended, i.Close())
	})
	t.Cleanup(func() { _ = s.halt() }) // of a test that has failed before it called end, which says what is wrong
	return s, func() {
		t.Helper()
		if err := s.halt(); err != nil {
			t.Error(err)
		}
	}
}

// subscribe lets logins go to the targets, and returns the secrets that sign them.
func (s served) subscribe(t *testing.T, zap string, targets ...string) (signing []string) {
	t.Helper()
	z, err := s.CreateZap(t.Context(), apiclient.NewZap{Name: zap, Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapRunning, Fields: []string{"user_email", "first_name"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		sub, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: target})
		if err != nil {
			t.Fatal(err)
		}
		signing = append(signing, sub.Signing.Reveal())
	}
	return signing
}

// ask calls the API as the administrator.
func (s served) ask(t *testing.T, method, path, body string) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("admin", s.secret.Reveal())
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

// fire raises a login over HTTP.
func (s served) fire(t *testing.T, u apiclient.UserID) (id apiclient.EventID, status int, text string) {
	t.Helper()
	status, text = s.ask(t, http.MethodPost, "/wp-json/umdeck/v1/triggers/um_user_login/fire", fmt.Sprintf(`{"user":%d}`, u))
	var e struct{ ID apiclient.EventID }
	if status == http.StatusCreated {
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
	}
	return e.ID, status, text
}

// settled reports whether nothing waits.
func (s served) settled(t *testing.T) bool {
	t.Helper()
	h, err := s.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h.Due+h.Claimed == 0
}

// logins is what is asked of an instance whose disk may fail.
type logins struct {
	served
	t        *testing.T
	user     apiclient.UserID
	accepted []apiclient.EventID
}

func newLogins(t *testing.T, s served) *logins {
	t.Helper()
	u, err := s.CreateUser(t.Context(), apiclient.NewUser{Login: "ada", Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangeSettings(t.Context(), map[string]string{"umdeck_loop_limit": "0"}); err != nil {
		t.Fatal(err)
	}
	return &logins{served: s, t: t, user: u.ID}
}

// next raises one, which is accepted or refused because of the disk.
func (l *logins) next() (status int) {
	l.t.Helper()
	id, status, text := l.fire(l.t, l.user)
	switch status {
	case http.StatusCreated:
		l.accepted = append(l.accepted, id)
	case http.StatusServiceUnavailable:
		if !strings.Contains(text, "disk") {
			l.t.Fatalf("refused with %s", text)
		}
	default:
		l.t.Fatalf("%d %s", status, text)
	}
	return status
}

// many raises n for each of so many users, at once.
func (l *logins) many(users, n int) {
	l.t.Helper()
	var all sync.WaitGroup
	ids := make([]apiclient.EventID, users*n)
	for i := range users {
		all.Go(func() {
			u, err := l.CreateUser(l.t.Context(), apiclient.NewUser{Login: fmt.Sprint("u", i), Email: fmt.Sprintf("u%d@example.com", i)})
			for k := range n {
				if err != nil {
					l.t.Error(err)
					return
				}
				var e apiclient.Event
				e, err = l.FireTrigger(l.t.Context(), apiclient.TriggerLogin, u.ID)
				ids[i*n+k] = e.ID
			}
		})
	}
	all.Wait()
	l.accepted = append(l.accepted, ids...)
}

// until asks again and again.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(60 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s does not come", what)
		}
	}
}

// TestDiskFull fills the disk below an instance and makes room again: changes are refused
// with 503 and nothing of them stays, nothing that was accepted is lost, and it goes on by itself.
func TestDiskFull(t *testing.T) {
	dir := smallDisk(t, 24<<20)
	s, end := serveIn(t, filepath.Join(dir, "data"), nil)
	defer end()
	hooks := newCatcher(t)
	s.subscribe(t, "Logins", hooks.URL+"/hook")
	l := newLogins(t, s)
	for range 5 {
		if status := l.next(); status != http.StatusCreated {
			t.Fatal(status)
		}
	}
	ballast := filepath.Join(dir, "ballast")
	for round := range 2 {
		fill(t, ballast)
		login := fmt.Sprint("refused", round)
		l.wantRefusals(login)
		until(t, "/readyz that says why", func() bool {
			_, text := s.ask(t, http.MethodGet, "/readyz", "")
			return strings.Contains(text, "disk")
		})
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		l.wantAll(login, hooks)
	}
	end()
	hooks.check(t)
	checkFile(t, filepath.Join(dir, "data", "umdeck.db"), len(l.accepted))
}

// checkFile looks into the database of an instance that has ended.
func checkFile(t *testing.T, file string, events int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var whole string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&whole); err != nil || whole != "ok" {
		t.Errorf("the database is %s, %v", whole, err)
	}
	var logins, left int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM events WHERE trigger = 'um_user_login'`).Scan(&logins); err != nil || logins != events {
		t.Errorf("%d events are kept, %v; %d were accepted", logins, err, events)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM deliveries WHERE state <> 'done'`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d deliveries are not done, %v", left, err)
	}
}
