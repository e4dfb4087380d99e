package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

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
			if status, body := c.get(t, "/readyz"); status != http.StatusOK {
				t.Errorf("/readyz: %d %s", status, body)
			}
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
