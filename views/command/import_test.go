package command_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/command"
)

// members writes a CSV of n accounts of which every hundredth is faulty, and returns
// its name and the numbers of the faulty lines.
func members(tb testing.TB, dir string, n int) (path string, faulty []int) {
	tb.Helper()
	var b bytes.Buffer
	b.WriteString("user_login,user_email,first_name,last_name,roles,account_status,user_registered,birth_date,country,user_pass\n")
	for i := range n {
		email, born := fmt.Sprintf("member%d@example.com", i), "1990/12/08"
		if i%100 == 50 {
			faulty = append(faulty, i+2)
			switch i / 100 % 3 {
			case 0:
				email = "nowhere"
			case 1:
				email = "MEMBER0@example.com"
			case 2:
				born = "31.31.1990"
			}
		}
		fmt.Fprintf(&b, "member%d,%s,Ada %d,Lovelace,um_member,approved,2020-01-02 03:04:05,%s,ES,$P$BemhK4AcJKctVV8MxEmSCx2ilh5S/J.\n", i, email, i, born)
	}
	path = filepath.Join(dir, "members.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path, faulty
}

// TestImportFaulty takes the good ones of many lines and reports each of the others.
func TestImportFaulty(t *testing.T) {
	s := session{dir: t.TempDir()}
	path, faulty := members(t, t.TempDir(), 2345)
	code, out, errs := s.run(t.Context(), t, "", "users", "import", path, "--skip-faulty", "--problems", "--yes", "--output", "csv")
	if code != command.Partly {
		t.Fatalf("umdeck ended with %d: %s", code, errs)
	}
	var got []int
	for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
		var n int
		if _, err := fmt.Sscanf(line, "%d,", &n); err != nil {
			t.Fatal(err)
		}
		got = append(got, n)
	}
	if diff := cmp.Diff(faulty, got); diff != "" {
		t.Errorf("the lines that were not taken (-want +got):\n%s", diff)
	}
	if want := fmt.Sprintf("Created %s, changed 0; %d lines were not taken.", theme.Count(2345-len(faulty)), len(faulty)); !strings.Contains(errs, want) {
		t.Errorf("stderr is %q; want %q", errs, want)
	}
	logins := strings.Split(strings.TrimSpace(s.must(t, "users", "list", "--sort", "id", "--columns", "login", "--limit", "0", "-o", "csv")), "\n")[2:]
	want := []string{}
	for i := range 2345 {
		if i%100 != 50 {
			want = append(want, fmt.Sprintf("member%d", i))
		}
	}
	if diff := cmp.Diff(want, logins); diff != "" {
		t.Errorf("the accounts, in the order of the file (-want +got):\n%s", diff)
	}
}

// A silent site does not answer the nth batch: before it does the work, or after.
type silent struct {
	apiclient.API
	at    int
	after bool
	calls *atomic.Int64
}

func (b silent) CreateUsers(ctx context.Context, batch apiclient.UserBatch) ([]apiclient.Outcome, error) {
	if batch.Check || int(b.calls.Add(1)) != b.at {
		return b.API.CreateUsers(ctx, batch)
	}
	if b.after {
		if _, err := b.API.CreateUsers(ctx, batch); err != nil {
			return nil, err
		}
	}
	return nil, apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
}

// TestImportResume breaks an import off at each place and goes on: every account is
// there once, in its order, and each line is reported once.
func TestImportResume(t *testing.T) {
	for _, c := range []struct {
		at    int
		after bool
	}{{1, false}, {1, true}, {3, true}, {4, false}} {
		t.Run(fmt.Sprint(c.at, c.after), func(t *testing.T) {
			dir := t.TempDir()
			path, faulty := members(t, dir, 1700)
			s := session{dir: filepath.Join(dir, "data")}
			args := []string{"users", "import", path, "--skip-faulty", "--yes", "--rejects", filepath.Join(dir, "faulty.csv"), "-o", "csv"}
			var first bytes.Buffer
			root := command.New(command.Config{Stdout: &first, Stderr: &first, Open: func(ctx context.Context, t command.Target) (apiclient.API, error) {
				api, err := openEngine(ctx, t)
				return silent{api, c.at, c.after, &atomic.Int64{}}, err
			}})
			if code := command.Run(t.Context(), root, append(args, "--local="+s.dir)); code != command.Unavailable || !strings.Contains(first.String(), "go on with --resume") {
				t.Fatalf("the import ended with %d: %s", code, first.String())
			}
			if code, _, errs := s.run(t.Context(), t, "", args...); code != command.Refused || !strings.Contains(errs, "pass --resume") {
				t.Fatalf("without --resume it ended with %d: %s", code, errs)
			}
			if code, _, errs := s.run(t.Context(), t, "", append(args, "--resume", "--map", "country=")...); code != command.Refused || !strings.Contains(errs, "differ") {
				t.Fatalf("with other columns it ended with %d: %s", code, errs)
			}
			code, out, errs := s.run(t.Context(), t, "", append(args, "--resume")...)
			if code != command.Partly || !strings.Contains(errs, fmt.Sprintf("Created %s, changed 0; %d lines", theme.Count(1700-len(faulty)), len(faulty))) {
				t.Fatalf("it went on and ended with %d: %s%s", code, out, errs)
			}
			checkImported(t, s, 1700, filepath.Join(dir, "faulty.csv"), faulty)
			if _, err := os.Stat(path + ".umdeck-import"); !os.IsNotExist(err) {
				t.Errorf("the note of how far it came is still there: %v", err)
			}
		})
	}
}

func checkImported(t *testing.T, s session, n int, rejects string, faulty []int) {
	t.Helper()
	logins := strings.Split(strings.TrimSpace(s.must(t, "users", "list", "--sort", "id", "--columns", "login", "--limit", "0", "-o", "csv")), "\n")[2:]
	kept, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	left := strings.Split(strings.TrimSpace(string(kept)), "\n")[1:]
	want, wantLeft := []string{}, []string{}
	for i := range n {
		if login := fmt.Sprintf("member%d", i); i%100 == 50 {
			wantLeft = append(wantLeft, login)
		} else {
			want = append(want, login)
		}
	}
	if diff := cmp.Diff(want, logins); diff != "" {
		t.Errorf("the accounts (-want +got):\n%s", diff)
	}
	for i := range left {
		left[i], _, _ = strings.Cut(left[i], ",")
	}
	if diff := cmp.Diff(wantLeft, left); diff != "" || len(left) != len(faulty) {
		t.Errorf("the lines that were kept (-want +got):\n%s", diff)
	}
}

// TestImportInterrupted ends an import as Ctrl-C does.
func TestImportInterrupted(t *testing.T) {
	dir := t.TempDir()
	path, _ := members(t, dir, 1200)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	root := command.New(command.Config{Stdout: &out, Stderr: &out, Open: func(_ context.Context, target command.Target) (apiclient.API, error) {
		api, err := openEngine(t.Context(), target)
		return stopping{api, cancel}, err
	}})
	code := command.Run(ctx, root, []string{"users", "import", path, "--skip-faulty", "--problems", "--yes", "--local=" + filepath.Join(dir, "data")})
	if code != command.Failed || !strings.Contains(out.String(), "Interrupted. The import stopped after 500 lines of the file; go on with --resume.") {
		t.Errorf("it ended with %d: %s", code, out.String())
	}
}

// stopping ends the context with its first batch.
type stopping struct {
	apiclient.API
	cancel context.CancelFunc
}

func (s stopping) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	out, err := s.API.CreateUsers(ctx, b)
	s.cancel()
	return out, err
}

// TestImportAsks asks at a terminal what a column is.
func TestImportAsks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.csv")
	if err := os.WriteFile(path, []byte("Email,Colour,Shoe\nada@example.com,Blue,38\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := session{dir: filepath.Join(dir, "data"), terminal: true, env: map[string]string{"COLUMNS": "100"}}
	code, out, errs := s.run(t.Context(), t, "nickname\n\ny\n", "users", "import", path)
	if code != command.Done || !strings.Contains(errs, "Which field is that column?") || !strings.Contains(errs, "Created 1, changed 0") {
		t.Fatalf("it ended with %d: %s%s", code, out, errs)
	}
	s.terminal = false
	if got := s.must(t, "users", "get", "ada@example.com", "--columns", "nickname", "-o", "json"); !strings.Contains(got, "Blue") {
		t.Errorf("the user is %s", got)
	}
}

// TestRoundTrip exports users, imports them into an empty instance and exports them
// again: the same bytes.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	path, _ := members(t, dir, 40)
	fields := [][]string{
		{"fields", "create", "--key", "hobbies", "--type", "multiselect", "--label", "Hobbies", "--options", `Chess,"Rowing, indoor",Tea`},
		{"fields", "create", "--key", "code", "--type", "text", "--label", "Code"},
	}
	prepare := func(name string) session {
		s := session{dir: filepath.Join(dir, name)}
		for _, f := range fields {
			s.must(t, f...)
		}
		return s
	}
	old := prepare("old")
	old.run(t.Context(), t, "", "users", "import", path, "--skip-faulty", "--yes")
	for i, set := range []string{"hobbies=Tea,\"Rowing, indoor\"", "hobbies=Tea,Rowing, indoor", "code==1+1", `code=a:1:{i:0;s:1:"x";}`, "code=[\"x\"]", "description=One\nTwo \"three\", four; five\tsix", "gender=Female", "code=Zoë \U0001f469"} {
		old.run(t.Context(), t, "", "users", "edit", fmt.Sprintf("member%d", i+1), "--set", set, "--yes")
	}
	for _, format := range []string{"csv", "jsonl"} {
		export := []string{"users", "export", "--filter", "login:member*", "--with-password-hashes", "-o", format}
		want := old.must(t, export...)
		if !strings.Contains(want, "Rowing, indoor") || !strings.Contains(want, "$P$Bemh") {
			t.Fatalf("the export is not what it was made to be:\n%s", want)
		}
		file := filepath.Join(dir, "export."+format)
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		s := prepare("new-" + format)
		s.must(t, "users", "import", file, "--yes")
		if diff := cmp.Diff(want, s.must(t, export...)); diff != "" {
			t.Errorf("%s, exported again (-want +got):\n%s", format, diff)
		}
		again := s.must(t, "users", "import", file, "--update", "--yes", "-o", "csv")
		if n := strings.Count(again, ",changed"); n != 40 {
			t.Errorf("%s: %d lines changed users; want 40", format, n)
		}
		if diff := cmp.Diff(want, s.must(t, export...)); diff != "" {
			t.Errorf("%s, after an import of what is there (-want +got):\n%s", format, diff)
		}
	}
}

// importMany imports n lines of which 1 % is faulty into an empty instance, and
// returns how long that took and the highest heap that was seen.
func importMany(tb testing.TB, n int) (took time.Duration, heap uint64) {
	tb.Helper()
	dir := tb.TempDir()
	path, faulty := members(tb, dir, n)
	runtime.GC()
	peak := watchHeap(tb)
	var out, errs bytes.Buffer
	begin := time.Now()
	code := session{dir: filepath.Join(dir, "data")}.start(context.Background(), "", &out, &errs, "users", "import", path, "--skip-faulty", "--problems", "--yes", "-o", "csv")
	took, heap = time.Since(begin), peak()
	if lines := strings.Count(out.String(), "\n") - 1; code != command.Partly || lines != len(faulty) {
		tb.Fatalf("the import ended with %d and reported %d lines; want %d and %d: %s", code, lines, command.Partly, len(faulty), errs.String())
	}
	return took, heap
}

// watchHeap looks at the heap until the function that it returns is called, which
// returns the most that was in use beyond what was at the start.
func watchHeap(tb testing.TB) func() uint64 {
	tb.Helper()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before) // what the tests before have left is not of this one
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		var most uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-stop:
				done <- most - min(most, before.HeapInuse)
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 { close(stop); return <-done }
}

// maxHeap is what an import may take, whatever its size.
const maxHeap = 150 << 20

// TestImportMemory imports more lines than the memory that it may take would hold
// many of; BenchmarkImport imports 100,000.
func TestImportMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("its memory is looked at without the race detector")
	}
	const lines = 10_000
	// Cobra keeps the flags of all the command lines that the tests before have made;
	// the collector would let as much garbage lie beside them.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	took, heap := importMany(t, lines)
	t.Logf("%d lines in %v, at most %d MiB of heap in use", lines, took.Round(time.Millisecond), heap>>20)
	if heap > maxHeap {
		t.Errorf("%d MiB of heap were in use; want at most %d", heap>>20, maxHeap>>20)
	}
}

// BenchmarkImport imports 100,000 lines of which 1 % is faulty.
func BenchmarkImport(b *testing.B) {
	const lines = 100_000
	var took time.Duration
	var heap uint64
	for b.Loop() {
		t, h := importMany(b, lines)
		took += t
		heap = max(heap, h)
	}
	if heap > maxHeap {
		b.Errorf("%d MiB of heap were in use; want at most %d", heap>>20, maxHeap>>20)
	}
	b.ReportMetric(float64(b.N*lines)/took.Seconds(), "users/s")
	b.ReportMetric(float64(heap>>20), "MiB-heap")
}
