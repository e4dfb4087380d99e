// Package remotetest starts real WordPress sites on this machine, for tests of
// what talks to them. The folder wordpress holds the scripts; its README says what
// the sites have and how they can be made to misbehave.
//
// A test package keeps its sites in one [Sites] and stops them in TestMain:
//
//	var sites remotetest.Sites
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		sites.Close()
//		os.Exit(code)
//	}
//
// Where no site can be started (it takes Debian, and root the first time), tests
// are skipped with the reason; in CI they fail.
package remotetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
)

// Sites are the WordPress sites of a test program. Its zero value has none yet.
type Sites struct {
	mu   sync.Mutex // guards the fields below
	dir  string
	list map[Options]*Site
	err  error // why none can be started
}

// Options say what kind of site is wanted.
type Options struct {
	Subdir string // its address has this folder; empty: none
	Users  int    // members beside the administrator
}

// A Site is a running WordPress.
type Site struct {
	URL      string                     // without a slash at the end
	User     string                     // the administrator's login
	Password apiclient.Secret           // application password of User
	Zaps     map[string]apiclient.ZapID // "action", and the trigger zaps by event
	State    string                     // folder with its logs, see the README
	scripts  string
}

// Site returns a running site of that kind, which all tests of the program share.
func (s *Sites) Site(t testing.TB, o Options) *Site {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if site, ok := s.list[o]; ok {
		return site
	}
	if s.err == nil {
		var site *Site
		if site, s.err = s.start(o); s.err == nil {
			return site
		}
	}
	if os.Getenv("CI") != "" { //nolint:forbidigo // a test has no main that could read it
		t.Fatalf("no WordPress: %v", s.err)
	}
	t.Skipf("no WordPress: %v", s.err)
	return nil
}

// Close stops the sites and removes them.
func (s *Sites) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, site := range s.list {
		if _, err := site.run("down", site.State); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	s.list = nil
	if s.dir == "" {
		return
	}
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	s.dir = ""
}

func (s *Sites) start(o Options) (*Site, error) {
	scripts, err := scripts()
	if err != nil {
		return nil, err
	}
	if s.dir == "" { // short, because a Unix socket stands in it
		if s.dir, err = os.MkdirTemp("", "wp"); err != nil {
			return nil, err
		}
		s.list = map[Options]*Site{}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	site := &Site{State: filepath.Join(s.dir, strconv.Itoa(len(s.list))), scripts: scripts}
	args := []string{strconv.Itoa(port), site.State}
	if o.Subdir != "" {
		args = append(args, o.Subdir)
	}
	s.list[o] = site // what was started in part is stopped too
	out, err := site.run("up", args...)
	if err == nil {
		err = site.read(out)
	}
	if err == nil && o.Users > 0 {
		_, err = site.run("seed-users", site.State, strconv.Itoa(o.Users))
	}
	if err != nil {
		if _, e := os.Stat(site.State); e == nil {
			_, downErr := site.run("down", site.State)
			err = errors.Join(err, downErr)
		}
		delete(s.list, o)
	}
	return site, err
}

func (s *Site) read(out []byte) error {
	var rig struct {
		URL      string                     `json:"url"`
		User     string                     `json:"user"`
		Password string                     `json:"app_password"`
		Zaps     map[string]apiclient.ZapID `json:"zaps"`
	}
	if err := json.Unmarshal(out, &rig); err != nil {
		return fmt.Errorf("read what up printed: %w", err)
	}
	s.URL, s.User, s.Password, s.Zaps = rig.URL, rig.User, apiclient.NewSecret(rig.Password), rig.Zaps
	return nil
}

// Behave makes the site misbehave in the ways that the README names, until the
// test ends. Tests that share the site must not run meanwhile.
func (s *Site) Behave(t testing.TB, words ...string) {
	t.Helper()
	set := func(words ...string) {
		if _, err := s.run("behave", append([]string{s.State}, words...)...); err != nil {
			t.Fatal(err)
		}
	}
	set(words...)
	t.Cleanup(func() { set() })
}

// Zap lets a zap run or stops it, until the test ends.
func (s *Site) Zap(t testing.TB, id apiclient.ZapID, running bool) {
	t.Helper()
	set := func(running bool) {
		state := map[bool]string{true: "on", false: "off"}[running]
		out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "php", filepath.Join(s.scripts, "rig.php"), s.State, "zap", strconv.FormatInt(int64(id), 10), state).CombinedOutput()
		if err != nil {
			t.Fatalf("zap %d %s: %v: %s", id, state, err, out)
		}
	}
	set(running)
	t.Cleanup(func() { set(true) })
}

// Mails returns the mails that the site would have sent, one JSON object each.
func (s *Site) Mails(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.State, "mail.log"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// run runs a script and returns what it prints. What up leaves in the background
// writes to files of its own and keeps no pipe open.
func (s *Site) run(script string, args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(s.scripts, script), args...) //nolint:noctx // a script must not be stopped half-way
	out, err := cmd.Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s: %w: %s", script, err, bytes.TrimSpace(e.Stderr))
	}
	return out, err
}

// scripts returns the folder of the scripts: it is found from the module's root,
// because tests run in the folder of their package.
func scripts() (string, error) {
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		return "", errors.New("the site is made of Debian packages, and this is no Debian")
	}
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			return filepath.Join(dir, "apiclient", "remote", "remotetest", "wordpress"), nil
		}
	}
	return "", errors.Join(errors.New("the test does not run within the module"), err)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // nothing to cancel
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
