// Package pgtest gives tests databases of a real PostgreSQL.
//
// The server is started once for a test binary, from Debian's package postgresql or
// whatever else has initdb and postgres, with its files in a folder of its own, and ends
// when the binary does. UMDECK_TEST_POSTGRES names another server instead, by the URL of
// a user who may make databases. Where there is neither, tests are skipped; where CI is
// set in the environment they fail.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Server is a running PostgreSQL.
type Server struct {
	url  *url.URL // of its first database
	dir  string   // its files; empty: it is somebody else's
	bin  string
	next atomic.Int64

	mu       sync.Mutex // guards template
	template string     // a database that others are copies of; empty: not made yet
}

// shared is the server of the test binary.
var shared = sync.OnceValues(func() (*Server, error) {
	if text := os.Getenv("UMDECK_TEST_POSTGRES"); text != "" {
		u, err := url.Parse(text)
		return &Server{url: u}, err
	}
	return start("fsync=off", "full_page_writes=off", "synchronous_commit=off")
})

// Missing returns why there is no server for tests, or nothing.
func Missing() string {
	if _, err := shared(); err != nil {
		return "there is no PostgreSQL for tests (" + err.Error() + "); install the package postgresql, or name a server in UMDECK_TEST_POSTGRES"
	}
	return ""
}

// New returns the URL of a new database, which is dropped at the end of the test.
func New(t testing.TB) string {
	t.Helper()
	if why := Missing(); why != "" {
		if os.Getenv("CI") != "" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.New(t)
}

// Copy returns the URL of a new database that is a copy of one that was prepared by fn,
// once for all: to make tables takes long.
func Copy(t testing.TB, fn func(url string) error) string {
	t.Helper()
	if why := Missing(); why != "" {
		return New(t) // which says so
	}
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	template, err := s.prepared(t.Context(), fn)
	if err != nil {
		t.Fatal(err)
	}
	return s.create(t, `TEMPLATE `+template)
}

// prepared returns the database that was prepared by fn.
func (s *Server) prepared(ctx context.Context, fn func(url string) error) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.template != "" {
		return s.template, nil
	}
	name := fmt.Sprintf("umdeck_%d_template", os.Getpid())
	if err := s.exec(ctx, `CREATE DATABASE `+name+` ENCODING 'UTF8' TEMPLATE template0`); err != nil {
		return "", err
	}
	if err := fn(s.at(name)); err != nil {
		return "", err
	}
	s.template = name
	return name, nil
}

func (s *Server) at(name string) string {
	u := *s.url
	u.Path = "/" + name
	return u.String()
}

// Start returns a server of the test's own, which writes to the disk as one in use does
// and ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("there is no PostgreSQL for tests: " + err.Error())
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(s.dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

// New returns the URL of a new database, which is dropped at the end of the test.
func (s *Server) New(t testing.TB) string {
	t.Helper()
	return s.create(t, `ENCODING 'UTF8' TEMPLATE template0`)
}

func (s *Server) create(t testing.TB, how string) string {
	t.Helper()
	name := fmt.Sprintf("umdeck_%d_%d", os.Getpid(), s.next.Add(1))
	if err := s.exec(t.Context(), `CREATE DATABASE `+name+` `+how); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec(context.WithoutCancel(t.Context()), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return s.at(name)
}

func (s *Server) exec(ctx context.Context, query string) (err error) {
	conn, err := pgx.Connect(ctx, s.url.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, query)
	return err
}

// Stop ends the server, as an administrator does who does not wait for anybody.
func (s *Server) Stop() error { return s.control("stop", "-m", "fast") }

// Restart ends the server and starts it again.
func (s *Server) Restart() error { return s.control("restart", "-m", "fast") }

func (s *Server) control(args ...string) error {
	out, err := as(exec.Command(filepath.Join(s.bin, "pg_ctl"), append([]string{"-w", "-D", filepath.Join(s.dir, "data"), "-l", filepath.Join(s.dir, "log")}, args...)...)).CombinedOutput() //nolint:noctx // it has its own limit
	if err != nil {
		return fmt.Errorf("pg_ctl %s: %w: %s", args[0], err, out)
	}
	return nil
}

// start makes a new server with those settings.
func start(settings ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "umdeck-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin, url: &url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(dir)}}
	if err := own(dir); err != nil {
		return nil, err
	}
	// Somebody has to end it and to remove its files when this process is gone, however that ends.
	watch := exec.Command("sh", "-c", //nolint:noctx // it outlives everything
		`while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
		if [ -f "$2/data/postmaster.pid" ]; then kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")"; sleep 1; fi; rm -rf "$2"`,
		"watch", strconv.Itoa(os.Getpid()), dir)
	watch.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := watch.Start(); err != nil {
		return nil, err
	}
	if err := watch.Process.Release(); err != nil {
		return nil, err
	}
	init := as(exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")) //nolint:noctx // takes a second
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	options := []string{"listen_addresses=", "unix_socket_directories=" + dir, "max_connections=400", "log_min_messages=fatal", "shared_buffers=128MB"}
	return s, s.control("start", "-t", "60", "-o", "-c "+strings.Join(slices.Concat(options, settings), " -c "))
}

// programs finds initdb, postgres and pg_ctl.
func programs() (string, error) {
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	if err != nil || len(found) == 0 {
		return "", errors.New("pg_ctl is not installed")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// PostgreSQL does not run as root; the user of Debian's package does then.
const servant = "postgres"

func servantIDs() (uid, gid int, err error) {
	u, err := user.Lookup(servant)
	if err != nil {
		return 0, 0, err
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	return uid, gid, errors.Join(uidErr, gidErr)
}

func own(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := servantIDs()
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

// as lets a command run as somebody whom PostgreSQL runs as.
func as(c *exec.Cmd) *exec.Cmd {
	c.WaitDelay = time.Minute
	c.Dir = "/"
	if os.Geteuid() != 0 {
		return c
	}
	if uid, gid, err := servantIDs(); err == nil {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // ids of users are small
	}
	return c
}
