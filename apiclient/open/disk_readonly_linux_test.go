package open_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/open"
)

// A journalDisk is a file system like those of servers: ext4, in a file.
type journalDisk struct {
	t        *testing.T
	dir, img string
}

// newJournalDisk makes and mounts one, which only root may.
func newJournalDisk(t *testing.T, size int64) *journalDisk {
	t.Helper()
	d := &journalDisk{t: t, dir: filepath.Join(t.TempDir(), "disk"), img: filepath.Join(t.TempDir(), "image")}
	err := errors.Join(os.Mkdir(d.dir, 0o700), os.WriteFile(d.img, nil, 0o600), os.Truncate(d.img, size))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"mkfs.ext4", "-q", "-F", d.img}, d.mounting()} {
		if said, err := d.run(command...); err != nil {
			unable(t, "no disk can be made here: %v: %v %s", command, err, said)
		}
	}
	t.Cleanup(d.unmount)
	return d
}

func (d *journalDisk) mounting() []string {
	return []string{"mount", "-o", "loop,errors=remount-ro", d.img, d.dir}
}

func (d *journalDisk) run(command ...string) (string, error) {
	said, err := exec.CommandContext(d.t.Context(), command[0], command[1:]...).CombinedOutput() //nolint:gosec // the test's own
	return string(said), err
}

func (d *journalDisk) mount() {
	d.t.Helper()
	if said, err := d.run(d.mounting()...); err != nil {
		d.t.Fatalf("mount: %v %s", err, said)
	}
}

func (d *journalDisk) unmount() {
	d.t.Helper()
	if err := syscall.Unmount(d.dir, 0); err != nil && !errors.Is(err, syscall.EINVAL) {
		d.t.Errorf("unmount: %v", err)
	}
}

// fail has the file system come upon an error of its own: by its option it is read-only
// from then on, also for those who have files open, until it is mounted anew.
func (d *journalDisk) fail() {
	d.t.Helper()
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		device, rest, _ := strings.Cut(line, " ")
		if !strings.HasPrefix(rest, d.dir+" ") {
			continue
		}
		if err := os.WriteFile(filepath.Join("/sys/fs/ext4", filepath.Base(device), "trigger_fs_error"), []byte("test"), 0); err != nil {
			unable(d.t, "no file system can be made to fail here: %v", err)
		}
		return
	}
	d.t.Fatalf("%s is not mounted", d.dir)
}

// freeze makes files immutable, or what they were again: who has one open cannot write to
// it any more.
func (d *journalDisk) freeze(on bool, files ...string) {
	d.t.Helper()
	flag := map[bool]string{true: "+i", false: "-i"}[on]
	if said, err := d.run(append([]string{"chattr", flag}, files...)...); err != nil {
		d.t.Fatalf("chattr %s: %v %s", flag, err, said)
	}
}

// count returns how many hooks have come.
func (c *catcher) count() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, came := range c.came {
		n += came
	}
	return n
}

// wantRefusals asks for changes until five have been refused, and for a user who must be
// refused too.
func (l *logins) wantRefusals(login string) {
	l.t.Helper()
	refused := 0
	until(l.t, "a refusal", func() bool { // what the system has taken already is used up first
		if l.next() == http.StatusServiceUnavailable {
			refused++
		}
		return refused == 5
	})
	if status, text := l.ask(l.t, http.MethodPost, "/wp-json/umdeck/v1/users", fmt.Sprintf(`{"login":%q,"email":"%s@example.com"}`, login, login)); status != http.StatusServiceUnavailable {
		l.t.Errorf("a user on a disk that takes nothing: %d %s", status, text)
	}
	until(l.t, "/readyz that says so", func() bool {
		status, _ := l.ask(l.t, http.MethodGet, "/readyz", "")
		return status == http.StatusServiceUnavailable
	})
}

// wantAll waits until changes are taken again, nothing is left of the user who was
// refused, and each hook that was accepted has come.
func (l *logins) wantAll(login string, hooks *catcher) {
	l.t.Helper()
	until(l.t, "the next change", func() bool { return l.next() == http.StatusCreated })
	if _, err := l.FindUser(l.t.Context(), login); apiclient.KindOf(err) != apiclient.NotFound {
		l.t.Errorf("who was refused is there: %v", err)
	}
	until(l.t, "/readyz that is well", func() bool { status, _ := l.ask(l.t, http.MethodGet, "/readyz", ""); return status == http.StatusOK })
	for _, id := range l.accepted {
		until(l.t, fmt.Sprintf("the hook of event %d", id), func() bool { return hooks.has(id) })
	}
}

// TestDiskTurnsReadOnly has the file system below an instance turn read-only by an error:
// changes are refused with 503 and nothing of them stays. The system gives the disk back
// only to who mounts it anew; the next instance goes on.
func TestDiskTurnsReadOnly(t *testing.T) {
	d := newJournalDisk(t, 48<<20)
	data := filepath.Join(d.dir, "data")
	s, _ := serveIn(t, data, nil)
	hooks := newCatcher(t)
	s.subscribe(t, "Logins", hooks.URL+"/hook")
	l := newLogins(t, s)
	for range 5 {
		if status := l.next(); status != http.StatusCreated {
			t.Fatal(status)
		}
	}
	for _, id := range l.accepted {
		until(t, fmt.Sprintf("the hook of event %d", id), func() bool { return hooks.has(id) })
	}
	until(t, "the record of all hooks", func() bool { return s.settled(t) })
	d.fail()
	l.wantRefusals("refused")
	if _, err := s.FindUser(t.Context(), "ada"); err != nil {
		t.Errorf("what is there cannot be read: %v", err)
	}
	if err := s.halt(); err != nil {
		t.Logf("the end: %v", err) // it cannot be recorded
	}
	d.unmount()
	d.mount()
	s, end := serveIn(t, data, nil)
	defer end()
	l.served = s
	l.wantAll("refused", hooks)
	end()
	hooks.check(t)
	checkFile(t, filepath.Join(data, "umdeck.db"), len(l.accepted))
}

// TestDiskTakesNothing has the files of an instance refuse what is written to them, in
// the middle of many hooks: senders stop when they cannot record what they have sent, and
// all goes on by itself, nothing sent twice.
func TestDiskTakesNothing(t *testing.T) {
	d := newJournalDisk(t, 48<<20)
	data := filepath.Join(d.dir, "data")
	s, end := serveIn(t, data, nil)
	defer end()
	hooks := newCatcher(t)
	hooks.slow.Store(int64(2 * time.Second)) // many wait, also where to accept 400 takes its time
	s.subscribe(t, "Logins", hooks.URL+"/hook")
	l := newLogins(t, s)
	l.many(20, 20)
	files := []string{data, filepath.Join(data, "umdeck.db"), filepath.Join(data, "umdeck.db-wal")}
	thaw := sync.OnceFunc(func() { d.freeze(false, files...) })
	defer thaw()
	d.freeze(true, files...)
	before := hooks.count()
	if waiting := len(l.accepted) - before; waiting < 200 {
		t.Errorf("%d hooks wait; want most of 400", waiting)
	}
	hooks.slow.Store(0)
	l.wantRefusals("refused")
	until(t, "three seconds without a commit", func() bool {
		h, err := s.Health(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return h.WriterLag > 3*time.Second
	})
	if n := hooks.count() - before; n > 100 {
		t.Errorf("%d hooks were sent that could not be recorded", n)
	}
	thaw()
	l.wantAll("refused", hooks)
	end()
	hooks.check(t)
	checkFile(t, filepath.Join(data, "umdeck.db"), len(l.accepted))
}

// TestStartOnAReadOnlyDisk opens an instance on a disk that is mounted read-only, as
// after an error: it is refused with a sentence, and goes on when the disk can be written.
func TestStartOnAReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, 24<<20)
	data := filepath.Join(dir, "data")
	s, end := serveIn(t, data, nil)
	hooks := newCatcher(t)
	s.subscribe(t, "Logins", hooks.URL+"/hook")
	l := newLogins(t, s)
	l.next()
	end()
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	restore := sync.OnceFunc(func() { remount(0) })
	defer restore()
	_, err := open.Local(t.Context(), open.Target{Dir: data}, open.Config{})
	if apiclient.KindOf(err) != apiclient.Unavailable || !strings.Contains(apiclient.MessageOf(err), data) {
		t.Errorf("on a read-only disk: %v (%s); want a sentence about %s", err, apiclient.MessageOf(err), data)
	}
	restore()
	s, end = serveIn(t, data, nil)
	defer end()
	l.served = s
	l.wantAll("nobody", hooks)
}
