package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"

	"umdeck/ui/uitest"
)

// asProgram in the environment makes the test's binary the program itself.
const asProgram = "UMDECK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// A place is the folders of one program under test.
type place struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newPlace(t *testing.T) *place {
	dir := t.TempDir()
	return &place{t, dir, map[string]string{
		"UMDECK_DATA": filepath.Join(dir, "data"), "UMDECK_CONFIG": filepath.Join(dir, "config"), "UMDECK_STATE": filepath.Join(dir, "state"),
		"UMDECK_THEME": "none", "TERM": "xterm-256color", "LANG": "C.UTF-8",
	}}
}

func (p *place) getenv(name string) string { return p.env[name] }

// with returns the same place with more in the environment.
func (p *place) with(name, value string) *place {
	q := &place{p.t, p.dir, map[string]string{name: value}}
	for k, v := range p.env {
		if _, ok := q.env[k]; !ok {
			q.env[k] = v
		}
	}
	return q
}

// run runs a command line to its end and returns what it printed.
func (p *place) run(args ...string) (code int, stdout, stderr string) {
	var out, err strings.Builder
	code = run(p.t.Context(), args, p.getenv, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

func (p *place) must(args ...string) string {
	p.t.Helper()
	code, out, err := p.run(args...)
	if code != 0 {
		p.t.Fatalf("umdeck %s: exit %d: %s", strings.Join(args, " "), code, err)
	}
	return out
}

// serve starts `umdeck serve` and returns its URL. It ends with the test.
func (p *place) serve(args ...string) string {
	p.t.Helper()
	ctx, stop := context.WithCancel(p.t.Context())
	read, write := io.Pipe()
	var stderr strings.Builder
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), p.getenv, strings.NewReader(""), write, &stderr)
		_ = write.Close()
		ended <- code
	}()
	p.t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			p.t.Errorf("serve: exit %d: %s", code, stderr.String())
		}
	})
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		p.t.Fatalf("serve printed no address: %v, %s", err, stderr.String())
	}
	return strings.TrimSpace(line)
}

// console starts the console on an emulated terminal.
func (p *place) console(args ...string) *uitest.Terminal {
	p.t.Helper()
	return uitest.StartFunc(p.t, func(in, out *os.File) error {
		var stderr strings.Builder
		if code := run(p.t.Context(), args, p.getenv, in, out, &stderr); code != 0 {
			return fmt.Errorf("exit %d: %s", code, stderr.String())
		}
		return nil
	}, 120, 36)
}

// A receiver keeps the webhooks that it is sent.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []string // "id body", guarded by mu
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(io.LimitReader(q.Body, 1<<20))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, q.Header.Get("webhook-id")+" "+string(body))
	}))
	t.Cleanup(func() {
		r.Close()
		r.Client().CloseIdleConnections()
	})
	return r
}

func (r *receiver) hooks() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.got...)
}

// wait waits until n hooks have come.
func (r *receiver) wait(t *testing.T, n int) []string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for {
		if got := r.hooks(); len(got) >= n {
			return got
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%d hooks came, want %d: %v", len(r.hooks()), n, r.hooks())
		}
	}
}

// zapier posts to the Zapier endpoint as Zapier does and returns the answer.
func zapier(t *testing.T, site, password, action string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site+"/?action="+action, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Request", "um_zapier")
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("admin:"+password)))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func register(t *testing.T, site, password, login, status string) {
	t.Helper()
	got := zapier(t, site, password, "um_register_user", url.Values{
		"username": {login}, "user_email": {login + "@example.com"}, "first_name": {"Grace"}, "um_actions_triggers": {"1"},
		"um_account_role": {"subscriber"}, "um_account_status": {status}, "um_update_on_exists": {"No"},
	})
	if !strings.Contains(got, "User account has been created.") {
		t.Fatal(got)
	}
}

// prepare makes the zaps, the subscription and the credential that the tests need,
// through the socket of the instance that is served.
func prepare(p *place, hook string) (password string) {
	p.must("zaps", "create", "--local", "--name", "Import members", "--action", "--fields", "first_name", "--status", "running")
	p.must("zaps", "create", "--local", "--name", "Approved", "--trigger", "um_admin_approve_account", "--fields", "user_email,first_name,account_status", "--status", "running")
	p.must("subscriptions", "add", "--local", "--zap", "2", "--url", hook)
	var made struct{ Password string }
	out := p.must("passwords", "create", "--local", "--user", "admin", "--name", "zapier", "--output", "json")
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		p.t.Fatalf("%v: %s", err, out)
	}
	return made.Password
}

// TestServeAndConsole is two terminals: what Zapier changes is seen on the other's
// screen, its trigger is posted, the attempt is in the log, and one key sends it again.
func TestServeAndConsole(t *testing.T) {
	for _, way := range []string{"remote", "socket"} {
		t.Run(way, func(t *testing.T) {
			p := newPlace(t)
			hooks := newReceiver(t)
			site := p.serve("--allow-private-targets")
			password := prepare(p, hooks.URL+"/hook")
			register(t, site, password, "grace", "awaiting_admin_review")

			args := []string{"--local"}
			if way == "remote" {
				p, args = p.with("UMDECK_USER", "admin").with("UMDECK_PASSWORD", password), []string{"--site", site}
			}
			term := p.console(args...)
			t.Cleanup(func() {
				if t.Failed() {
					t.Log(term.Screen())
				}
			})
			term.WaitText("grace")
			term.WaitText("Awaiting Admin")

			zapier(t, site, password, "um_update_user", url.Values{
				"username": {"grace"}, "um_actions_triggers": {"1"}, "um_account_role": {"subscriber"}, "um_account_status": {"approved"},
			})
			first := hooks.wait(t, 1)[0]
			if !strings.Contains(first, `"user_email":"grace@example.com","first_name":"Grace","account_status":"approved"`) {
				t.Errorf("hook %s", first)
			}
			term.WaitFor("no account that awaits review", func(screen string) bool {
				return strings.Contains(screen, "grace") && !strings.Contains(screen, "Awaiting Admin")
			})

			term.Keys("5")
			term.WaitFor("the log with the delivery", func(screen string) bool {
				return strings.Contains(screen, "following") && strings.Contains(screen, "um_admin_approve")
			})
			// The edit by the API comes last, and has no delivery.
			term.Keys("kr")
			again := hooks.wait(t, 2)[1]
			if id, body, _ := strings.Cut(again, " "); strings.HasPrefix(first, id) || !strings.HasSuffix(first, body) {
				t.Errorf("sent again: %s, first: %s; want the same body under another id", again, first)
			}
			term.Keys("q")
			if err := term.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestACommandSendsItsHooks is a script without a server: the hooks of what a
// command does are sent before it ends, and the next command finds them in the log.
func TestACommandSendsItsHooks(t *testing.T) {
	p := newPlace(t).with("UMDECK_ALLOW_TARGETS", "10.0.0.0/8,127.0.0.0/8")
	hooks := newReceiver(t)
	p.must("zaps", "create", "--local", "--name", "New members", "--trigger", "um_registration_complete", "--fields", "user_email,first_name", "--status", "running")
	p.must("subscriptions", "add", "--local", "--zap", "1", "--url", hooks.URL+"/hook")
	p.must("users", "create", "--local", "--login", "ada", "--email", "ada@example.com", "--set", "first_name=Ada", "--yes")
	if got := hooks.hooks(); len(got) != 1 || !strings.Contains(got[0], `"first_name":"Ada"`) {
		t.Errorf("hooks %v, want one about Ada", got)
	}
	if out := p.must("deliveries", "list", "--local", "--output", "jsonl"); !strings.Contains(out, `"state":"done"`) {
		t.Errorf("log %s", out)
	}
	if out := p.must("site", "--local", "--output", "json"); !strings.Contains(out, `"private_targets":false,"allow_targets":["10.0.0.0/8","127.0.0.0/8"]`) {
		t.Errorf("the site is %s", out)
	}
	if out := p.must("site", "--local", "--allow-targets", "fd00::/8", "--output", "json"); !strings.Contains(out, `"allow_targets":["fd00::/8"]`) {
		t.Errorf("with the flag the site is %s", out)
	}
}

// TestNetworksAreChecked refuses what is no network before anything is opened.
func TestNetworksAreChecked(t *testing.T) {
	p := newPlace(t)
	for _, args := range [][]string{
		{"site", "--local"}, {"serve", "--listen", "127.0.0.1:0"}, {"backup", filepath.Join(t.TempDir(), "file")}, {"subscriptions", "list", "--site", "https://example.com"},
	} {
		code, _, stderr := p.run(append(args, "--allow-targets", "10.0.0.5/8")...)
		if code != 2 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "10.0.0.5/8 is an address inside of a network; write 10.0.0.0/8") {
			t.Errorf("%v: %d, %s", args, code, stderr)
		}
	}
	if code, _, stderr := p.with("UMDECK_ALLOW_TARGETS", "10/8").run("site", "--local"); code != 2 || !strings.Contains(stderr, `"10/8" is no network`) {
		t.Errorf("%d, %s", code, stderr)
	}
}

func TestDemo(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(term *uitest.Terminal, keys string)) {
		term := newPlace(t).console("demo", "--members", "60", "--every", "20ms")
		term.WaitText("Users")
		press(term, "2")
		term.WaitText("New member")
		press(term, "3")
		term.WaitText("birth_date")
		press(term, "4")
		term.WaitText("active")
		press(term, "5")
		term.WaitText("um_user_login")
		press(term, "1/status:approved\r")
		term.WaitText("match")
		press(term, "q")
		term.Close()
		if err := term.Err(); err != nil {
			t.Error(err)
		}
	})
}

// TestASignalEndsTheConsole sends one at different moments of a console's life: it
// ends in order, and leaves the terminal as it was.
func TestASignalEndsTheConsole(t *testing.T) {
	p := newPlace(t)
	p.must("users", "list", "--local") // the database is there
	for n := range 12 {
		sig := []os.Signal{syscall.SIGTERM, syscall.SIGHUP, os.Interrupt}[n%3]
		t.Run(fmt.Sprintf("%d %v", n, sig), func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "--local")
			cmd.Env = []string{asProgram + "=1"}
			for k, v := range p.env {
				cmd.Env = append(cmd.Env, k+"="+v)
			}
			tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
			if err != nil {
				t.Fatal(err)
			}
			sent := false // a second one would end it at once
			screen := read(tty, func(drawn string) {
				if !sent && strings.Contains(drawn, "Approved") {
					sent = cmd.Process.Signal(sig) == nil
				}
			})
			err = cmd.Wait()
			if closed := tty.Close(); err != nil || closed != nil {
				t.Errorf("ended with %v, %v", err, closed)
			}
			if !strings.Contains(screen, "\x1b[?1049l") || !strings.HasSuffix(strings.TrimSpace(screen[strings.LastIndex(screen, "\x1b[?25"):]), "h") {
				t.Errorf("the terminal is not as it was: %q", screen[max(0, len(screen)-200):])
			}
		})
	}
}

// TestNothingIsAskedBeforeMain runs a command on a terminal that never answers: it
// asks nothing, and so neither waits nor reads what was typed for whoever comes next.
func TestNothingIsAskedBeforeMain(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "version")
	cmd.Env = []string{asProgram + "=1", "TERM=xterm-256color"}
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	said := read(tty, func(string) {})
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if strings.ContainsRune(said, '\x1b') || !strings.Contains(said, "umdeck devel") {
		t.Errorf("it says %q", said)
	}
	if err := tty.Close(); err != nil {
		t.Error(err)
	}
}

// read reads a terminal to its end and tells of everything that came so far.
func read(tty *os.File, each func(string)) string {
	var all strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := tty.Read(buf)
		all.Write(buf[:n])
		if err != nil { // the other side is closed
			return all.String()
		}
		each(all.String())
	}
}

func TestWithoutATerminal(t *testing.T) {
	p := newPlace(t)
	tests := []struct {
		args []string
		code int
		says string
	}{
		{[]string{"demo"}, 2, "umdeck: The demo is a console and needs a terminal; without one, run `umdeck serve --demo --data DIR`.\n"},
		{[]string{"serve", "--listen", "0.0.0.0:0"}, 2, "--behind-proxy"},
		{[]string{"serve", "--listen", "here"}, 2, "127.0.0.1:8420"},
		{[]string{"connect"}, 2, "https://example.com"},
		{[]string{"connect", "https://example.com"}, 2, "--password-stdin"},
		{[]string{"--site", "nowhere", "users", "list"}, 3, `"nowhere"`},
		{[]string{"--site", "http://127.0.0.1:1", "users", "list"}, 4, "umdeck connect"},
		{[]string{"users", "list", "--local", "--site", "x"}, 2, "choose one"},
		{[]string{"users", "get", "--local", "nobody"}, 3, "nobody"},
		{[]string{"users", "delete", "--local", "admin"}, 2, "--yes"},
		{[]string{"zaps", "create", "--local", "--read-only", "--name", "x", "--action"}, 4, "read-only"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			code, out, err := p.run(test.args...)
			if code != test.code || !strings.Contains(err, test.says) || strings.Count(err, "\n") != 1 {
				t.Errorf("exit %d, stderr %q; want %d and one line with %q", code, err, test.code, test.says)
			}
			if out != "" {
				t.Errorf("stdout %q", out)
			}
		})
	}
}

// TestBackup moves an instance to another folder through a file.
func TestBackup(t *testing.T) {
	p := newPlace(t)
	file, into := filepath.Join(p.dir, "b.tar.gz"), filepath.Join(p.dir, "into")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"backup", file}, 3, "There is no local instance"},
		{[]string{"users", "create", "--email", "ada@example.com", "--yes"}, 0, "Created user 2"},
		{[]string{"backup", file}, 0, "2 users"},
		{[]string{"backup", file}, 5, "exists already"},
		{[]string{"backup", "--verify", file, "-o", "json"}, 0, `"users":2`},
		{[]string{"restore", file}, 5, "pass --yes"},
		{[]string{"--local=" + into, "restore", file, "--read-only"}, 4, "read-only"},
		{[]string{"--local=" + into, "restore", file}, 0, "Restored"},
		{[]string{"--local=" + into, "restore", file, "--yes"}, 0, "What was there is in " + into + ".before-"},
		{[]string{"--local=" + into, "users", "list", "-o", "csv"}, 0, "ada@example.com"},
		{[]string{"--site", "https://example.com", "backup", file + "2"}, 5, "is a site elsewhere"},
	} {
		if code, out, errs := p.run(c.args...); code != c.code || !strings.Contains(out+errs, c.want) {
			t.Errorf("umdeck %s ended with %d: %s%s; want %d with %q", strings.Join(c.args, " "), code, out, errs, c.code, c.want)
		}
	}
}

// A gate is a receiver that answers nothing until it is opened.
type gate struct {
	*httptest.Server
	open chan struct{}

	mu    sync.Mutex     // guards what follows
	came  map[string]int // by webhook-id
	ended map[string]int // those that got their answer
}

func newGate(t *testing.T) *gate {
	g := &gate{open: make(chan struct{}), came: map[string]int{}, ended: map[string]int{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("webhook-id")
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		g.count(g.came, id)
		select {
		case <-g.open:
			g.count(g.ended, id)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gate) count(in map[string]int, id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	in[id]++
}

// hooks returns how many have come, how many of them were answered, and how many came twice.
func (g *gate) hooks() (came, ended, twice int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.came {
		if n > 1 {
			twice++
		}
	}
	return len(g.came), len(g.ended), twice
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
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

// A child is `umdeck serve` in a process of its own.
type child struct {
	*exec.Cmd
	url    string
	stderr bytes.Buffer // read it after Wait
}

func (p *place) child(args ...string) *child {
	p.t.Helper()
	c := &child{Cmd: exec.CommandContext(p.t.Context(), os.Args[0], append([]string{"serve", "--listen", "127.0.0.1:0", "--allow-private-targets"}, args...)...)}
	c.Env = []string{asProgram + "=1"}
	for k, v := range p.env {
		c.Env = append(c.Env, k+"="+v)
	}
	c.Stderr = &c.stderr
	out, err := c.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.t.Fatalf("it serves nothing: %v", err)
	}
	c.url = strings.TrimSpace(line)
	return c
}

// get asks the child; 0 means that nobody listens.
func (c *child) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// busy lets ten hooks be due to the gate, and returns when some are under way.
func busy(t *testing.T, p *place, g *gate) {
	t.Helper()
	p.must("zaps", "create", "--local", "--name", "Logins", "--trigger", "um_user_login", "--fields", "user_email", "--status", "running")
	p.must("subscriptions", "add", "--local", "--zap", "1", "--url", g.URL+"/hook")
	for range 10 {
		p.must("triggers", "fire", "um_user_login", "--local", "--user", "admin")
	}
	eventually(t, "a hook", func() bool { came, _, _ := g.hooks(); return came > 0 })
}

// TestStop ends a busy server by a signal: what is under way ends, the rest goes out
// after the next start, and nothing goes twice.
func TestStop(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(sig.String(), func(t *testing.T) {
			p, g := newPlace(t), newGate(t)
			c := p.child("--log-file", filepath.Join(p.dir, "serve.log"), "--log-format", "json", "--log-level", "debug")
			checkReady(t, c)
			busy(t, p, g)
			if status, body := c.get(t, "/metrics"); status != http.StatusOK || !strings.Contains(body, "umdeck_up 1\n") || strings.Contains(body, g.URL) {
				t.Errorf("/metrics: %d %s", status, body)
			}
			if err := c.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the end of listening", func() bool { status, _ := c.get(t, "/healthz"); return status == 0 })
			close(g.open)
			if err := c.Wait(); err != nil {
				t.Errorf("it ended with %v: %s", err, &c.stderr)
			}
			came, ended, twice := g.hooks()
			if ended != came || twice != 0 || came == 10 {
				t.Errorf("%d came, %d were answered, %d came twice; want those that were under way", came, ended, twice)
			}
			checkLog(t, filepath.Join(p.dir, "serve.log"), g.URL)

			p.serve("--allow-private-targets")
			eventually(t, "all hooks", func() bool { came, _, _ := g.hooks(); return came == 10 })
			eventually(t, "the last record", func() bool {
				return strings.Count(p.must("deliveries", "list", "--local", "--output", "jsonl"), `"state":"done"`) == 10
			})
			if _, _, twice := g.hooks(); twice != 0 {
				t.Errorf("%d came twice", twice)
			}
		})
	}
}

// checkReady asks a server that has begun whether all is well; that this machine's disk is
// nearly full is not its fault.
func checkReady(t *testing.T, c *child) {
	t.Helper()
	status, body := c.get(t, "/readyz")
	var is struct {
		Ready    bool
		Problems []string
	}
	if err := json.Unmarshal([]byte(body), &is); err != nil {
		t.Fatalf("/readyz: %d %s: %v", status, body, err)
	}
	is.Problems = slices.DeleteFunc(is.Problems, func(p string) bool { return strings.HasSuffix(p, "free; make room before it is full.") })
	if is.Ready != (status == http.StatusOK) || len(is.Problems) > 0 {
		t.Errorf("/readyz: %d %s", status, body)
	}
}

// checkLog reads the log of a server that was stopped: lines of JSON, requests with ids
// among them, and no target.
func checkLog(t *testing.T, file, target string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), target) {
		t.Errorf("the log names a target: %s", text)
	}
	var paths []string
	for line := range strings.Lines(string(text)) {
		var entry struct{ Msg, ID, Path string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry.Msg == "request" && entry.ID != "" {
			paths = append(paths, entry.Path)
		}
	}
	if !slices.Contains(paths, "/readyz") || !slices.Contains(paths, "/wp-json/umdeck/v1/site") {
		t.Errorf("the log has the requests %q", paths)
	}
}

// TestStopTwice does not wait for a receiver that never answers: what was under way goes
// out again after the next start, under the same id.
func TestStopTwice(t *testing.T) {
	p, g := newPlace(t), newGate(t)
	c := p.child("--log-file", "-")
	c.get(t, "/wp-json/")
	busy(t, p, g)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of listening", func() bool { status, _ := c.get(t, "/healthz"); return status == 0 })
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err := c.Wait()
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); err == nil || !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v", err)
	}
	if !strings.Contains(c.stderr.String(), "msg=request") {
		t.Errorf("stderr is %s", &c.stderr)
	}
	close(g.open)
	p.serve("--allow-private-targets")
	eventually(t, "all hooks", func() bool { _, ended, _ := g.hooks(); return ended == 10 })
}

func TestServeFlags(t *testing.T) {
	p := newPlace(t)
	for _, c := range [][]string{{"--log-level", "loud", "debug, info, warn, error"}, {"--log-format", "xml", "text or json"}, {"--log-file", p.dir, "--log-file"}} {
		if code, _, errs := p.run("serve", "--listen", "127.0.0.1:0", c[0], c[1]); code != 2 || !strings.Contains(errs, c[2]) {
			t.Errorf("%s %s ends with %d: %s", c[0], c[1], code, errs)
		}
	}
}
