package open_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient/engine/store/pgtest"
	"umdeck/apiclient/open"
)

// The environment of TestServeChild: the data folder to serve, and the database of
// PostgreSQL that has its data; empty: it is SQLite's.
const (
	serveDir      = "OPEN_TEST_SERVE_DIR"
	serveDatabase = "OPEN_TEST_SERVE_DATABASE"
)

// lease is after how long engines of one database take over from one that says nothing.
const lease = 4 * time.Second

// A place is where an instance has its data.
type place struct{ dir, database string }

// newPlace returns one without data, on PostgreSQL if there is a server.
func newPlace(t *testing.T, s *pgtest.Server) place {
	p := place{dir: t.TempDir()}
	if s != nil {
		p.database = s.New(t)
	}
	return p
}

func (p place) config() open.Config { return open.Config{Database: p.database, Lease: lease} }

// open opens the instance in this process.
func (p place) open(t *testing.T) *open.Instance {
	t.Helper()
	i, err := open.Local(t.Context(), open.Target{Dir: p.dir, AllowPrivate: true}, p.config())
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// TestServeChild serves a place as `umdeck serve` does, until it is killed or told to
// end, and prints its address. It is no test by itself.
func TestServeChild(t *testing.T) {
	p := place{os.Getenv(serveDir), os.Getenv(serveDatabase)}
	if p.dir == "" {
		t.Skip("only tests that kill run this, in a process of its own")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	i := p.open(t)
	defer closed(t, i)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	if err := i.Serve(ctx, listener, false); err != nil {
		t.Error(err)
	}
}

// A child is a process that serves a place.
type child struct {
	cmd *exec.Cmd
	url string
}

// serve starts one and waits until it says its address.
func (p place) serve(t *testing.T) *child {
	t.Helper()
	c := &child{cmd: exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServeChild$")}
	c.cmd.Env = append(os.Environ(), serveDir+"="+p.dir, serveDatabase+"="+p.database)
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if c.url = strings.TrimSpace(line); err != nil || !strings.HasPrefix(c.url, "http://") {
		t.Fatalf("the child says %q, %v", line, err)
	}
	return c
}

// signal sends a signal to the child.
func (c *child) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

// kill ends the child at once, whatever it does.
func (c *child) kill(t *testing.T) {
	t.Helper()
	c.signal(t, syscall.SIGKILL)
	_ = c.cmd.Wait() // it was killed: that is its error
}

// end asks the child to end.
func (c *child) end(t *testing.T) {
	t.Helper()
	c.signal(t, syscall.SIGTERM)
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the child ended with %v", err)
	}
}
