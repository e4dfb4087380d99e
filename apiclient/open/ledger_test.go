package open_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/open"
)

// What the ledger test does. UMDECK_LEDGER, a duration such as 5m, makes it last.
const (
	ledgerLasts  = "UMDECK_LEDGER"
	ledgerRate   = 300 // changes a second that are to be accepted
	ledgerActors = 24  // who make them
	ledgerSends  = 64  // requests that may be in flight when the process is killed
)

// serveDir is the environment variable that makes TestServeChild the process that is
// killed: the data folder to serve.
const serveDir = "OPEN_TEST_SERVE_DIR"

// TestServeChild serves a folder as `umdeck serve` does, until it is killed or told to
// end, and prints its address. It is no test by itself.
func TestServeChild(t *testing.T) {
	dir := os.Getenv(serveDir)
	if dir == "" {
		t.Skip("only tests that kill run this, in a process of its own")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	i, err := open.Local(ctx, dir, true, open.Config{})
	if err != nil {
		t.Fatal(err)
	}
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

// A child is a process that serves a folder.
type child struct {
	cmd *exec.Cmd
	url string
}

// serveChild starts one and waits until it says its address.
func serveChild(t *testing.T, dir string) *child {
	t.Helper()
	c := &child{cmd: exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServeChild$")}
	c.cmd.Env = append(os.Environ(), serveDir+"="+dir)
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

// kill ends the child at once, whatever it does.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = c.cmd.Wait() // it was killed: that is its error
}

// end asks the child to end.
func (c *child) end(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the child ended with %v", err)
	}
}

// A ledger is what was accepted, and who keeps asking for more.
type ledger struct {
	t        *testing.T
	sink     *ledgerSink
	password apiclient.Secret
	users    []apiclient.UserID

	mu       sync.Mutex    // guards what follows
	api      apiclient.API // nil: nobody serves at the moment
	up       chan struct{} // closed when api is set
	accepted []int         // numbers of changes that were acknowledged
	refused  int           // changes of which nobody knows what became
}

// TestLedger makes changes of users through the API while the process that serves it is
// killed again and again. What was acknowledged must arrive; what arrives twice are the
// same bytes under the same id, and no more than what was in flight at the kills.
func TestLedger(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	lasts, every := 4*time.Second, time.Second
	if text := os.Getenv(ledgerLasts); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		lasts, every = d, 3*time.Second
	}
	dir := t.TempDir()
	l := newLedger(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var next atomic.Int64
	begin := time.Now()
	for a := range ledgerActors {
		all.Go(func() { l.change(ctx, a, begin, &next) })
	}
	kills := 0
	for time.Since(begin) < lasts {
		c := serveChild(t, dir)
		l.connect(c.url)
		await(ctx, time.Now().Add(every))
		l.disconnect()
		c.kill(t)
		kills++
	}
	stop()
	took := time.Since(begin)
	all.Wait()
	l.settle(dir)
	l.check(kills, took)
}

// newLedger prepares the folder: a password, users, a zap that fires for changes from
// here, and two subscriptions, one of them to a receiver that fails now and then.
func newLedger(t *testing.T, dir string) *ledger {
	l := &ledger{t: t, sink: newLedgerSink(t), up: make(chan struct{})}
	i, err := open.Local(t.Context(), dir, true, open.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, i)
	if _, l.password, err = i.CreatePassword(t.Context(), 1, "ledger"); err != nil {
		t.Fatal(err)
	}
	if _, err := i.ChangeSettings(t.Context(), map[string]string{"umdeck_loop_limit": "0"}); err != nil {
		t.Fatal(err)
	}
	n := apitest.TriggerZap("Ledger", apiclient.TriggerEditProfile, "user_email", "first_name")
	n.Origins = []apiclient.Origin{apiclient.OriginConsole}
	z, err := i.CreateZap(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/well", "/flaky"} {
		s, _, err := i.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: l.sink.url + path})
		if err != nil {
			t.Fatal(err)
		}
		l.sink.expect(path, s.Signing)
	}
	for a := range 4 * ledgerActors {
		u, err := i.CreateUser(t.Context(), apitest.User(fmt.Sprintf("member%d", a)))
		if err != nil {
			t.Fatal(err)
		}
		l.users = append(l.users, u.ID)
	}
	return l
}

// change makes changes at the pace of all actors together until ctx ends. After a time
// without a server they come faster, until they are on time again.
func (l *ledger) change(ctx context.Context, actor int, begin time.Time, next *atomic.Int64) {
	for turn := 0; ctx.Err() == nil; turn++ {
		n := int(next.Add(1))
		await(ctx, begin.Add(time.Duration(n)*time.Second/ledgerRate))
		api := l.client(ctx)
		if api == nil {
			return
		}
		name := apiclient.Text(fmt.Sprintf("change %d", n))
		user := l.users[actor+ledgerActors*(turn%4)]
		_, err := api.UpdateUser(ctx, user, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"first_name": name}})
		l.mu.Lock()
		if err == nil {
			l.accepted = append(l.accepted, n)
		} else {
			l.refused++
		}
		l.mu.Unlock()
		if err != nil && ctx.Err() == nil && apiclient.KindOf(err) != apiclient.Unavailable {
			l.t.Errorf("change %d: %v", n, err)
			return
		}
	}
}

// client waits until somebody serves; nil: ctx has ended before.
func (l *ledger) client(ctx context.Context) apiclient.API {
	for {
		l.mu.Lock()
		api, up := l.api, l.up
		l.mu.Unlock()
		if api != nil {
			return api
		}
		select {
		case <-ctx.Done():
			return nil
		case <-up:
		}
	}
}

func (l *ledger) connect(url string) apiclient.API {
	api, err := open.Remote(l.t.Context(), open.Profile{URL: url}, open.Config{User: "admin", Password: l.password})
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.api = api
	close(l.up)
	return api
}

// disconnect lets nobody begin a change any more; those under way go on, into the kill.
func (l *ledger) disconnect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.api.Close(); err != nil {
		l.t.Error(err)
	}
	l.api, l.up = nil, make(chan struct{})
}

// settle serves until nothing waits any more, and compares the counters with what came.
func (l *ledger) settle(dir string) {
	t := l.t
	c := serveChild(t, dir)
	api := l.connect(c.url)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var list []apiclient.Subscription
	for waiting := 1; waiting > 0 && ctx.Err() == nil; await(ctx, time.Now().Add(100*time.Millisecond)) {
		var err error
		if list, err = api.Subscriptions(ctx, 0); err != nil {
			t.Fatal(err)
		}
		waiting = 0
		for _, s := range list {
			waiting += s.Waiting
		}
	}
	for _, s := range list {
		came := l.sink.delivered(s.URL)
		if s.Waiting != 0 || s.Dead != 0 || s.Done != came {
			t.Errorf("subscription %d: %d wait, %d are dead, %d done; %d came", s.ID, s.Waiting, s.Dead, s.Done, came)
		}
	}
	l.disconnect()
	c.end(t)
}

// check compares what was accepted with what came.
func (l *ledger) check(kills int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sink
	s.mu.Lock()
	defer s.mu.Unlock()
	came, repeats := 0, 0
	for path, paths := range s.paths {
		lost := 0
		for _, n := range l.accepted {
			if !paths.changes[n] {
				lost++
			}
		}
		if lost > 0 {
			l.t.Errorf("%s: %d of %d accepted changes were lost", path, lost, len(l.accepted))
		}
		came, repeats = came+len(paths.hooks), repeats+paths.repeats
	}
	for _, p := range s.problems {
		l.t.Error(p)
	}
	if len(l.accepted) == 0 || repeats > ledgerSends*kills {
		l.t.Errorf("%d changes were accepted, %d hooks came twice after %d kills", len(l.accepted), repeats, kills)
	}
	l.t.Logf("%d kills in %.0f s: %d changes accepted (%.0f/s), %d unknown; %d hooks received, %d of them repeated (at most %d), 0 lost means no error above",
		kills, took.Seconds(), len(l.accepted), float64(len(l.accepted))/took.Seconds(), l.refused, came, repeats, ledgerSends*kills)
}

// await waits until a moment, or until ctx ends.
func await(ctx context.Context, t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
