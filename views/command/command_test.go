package command_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/views/command"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// update rewrites the expected outputs of the scripts with what the commands print.
var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

// TestScripts runs the commands as a person does, on an instance of their own:
//
//	umdeck ARGS        must end with 0
//	exits N ARGS       umdeck with those arguments must end with N
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"umdeck": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg {
					ts.Fatalf("say which exit code: exits N ARGS")
				}
				runScript(ts, command.Done, args)
			},
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				code, err := strconv.Atoi(args[0])
				ts.Check(err)
				runScript(ts, command.Exit(code), args[1:])
			},
		},
	})
}

func runScript(ts *testscript.TestScript, want command.Exit, args []string) {
	if args[0] != "completion" && args[0] != "version" {
		args = append(args, "--local="+ts.MkAbs("data"))
	}
	for i, a := range args {
		if slices.Contains([]string{".csv", ".jsonl", ".json", ".map", ".gz"}, filepath.Ext(a)) && !strings.HasPrefix(a, "-") {
			args[i] = ts.MkAbs(a)
		}
	}
	root := command.New(command.Config{Open: openEngine, Stdout: ts.Stdout(), Stderr: ts.Stderr(), Version: "1.2.3"})
	ctx := apiclient.WithActor(context.Background(), apiclient.Actor{Login: "tester"})
	if got := command.Run(ctx, root, args); got != want {
		ts.Fatalf("umdeck ended with %d; want %d\n%s%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// running is an engine that sends until it is closed.
type running struct {
	apiclient.API
	stop context.CancelFunc
	done chan error
}

func (r running) Close() error {
	r.stop()
	return errors.Join(<-r.done, r.API.Close())
}

// openEngine opens the instance of the folder that --local names.
func openEngine(ctx context.Context, t command.Target) (apiclient.API, error) {
	_ = os.MkdirAll(t.Dir, 0o700) // what cannot be a folder the engine refuses
	if err := enginetest.Fill(t.Dir); err != nil {
		return nil, err
	}
	e, err := engine.Open(ctx, engine.Config{Dir: t.Dir, SiteName: "Test site", AllowPrivateTargets: t.AllowPrivate})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	r := running{e, stop, make(chan error, 1)}
	go func() { r.done <- e.Run(ctx) }()
	if t.ReadOnly {
		return apiclient.ReadOnly(r), nil
	}
	return r, nil
}

// A session runs commands on one instance from Go.
type session struct {
	dir      string
	terminal bool
	env      map[string]string
}

// run runs a command line and returns what it printed.
func (s session) run(ctx context.Context, t *testing.T, stdin string, args ...string) (code command.Exit, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = s.start(ctx, stdin, &out, &errs, args...)
	return code, out.String(), errs.String()
}

func (s session) start(ctx context.Context, stdin string, stdout, stderr io.Writer, args ...string) command.Exit {
	root := command.New(command.Config{
		Open: openEngine, Stdin: bytes.NewBufferString(stdin), Stdout: stdout, Stderr: stderr, Terminal: s.terminal,
		Getenv: func(key string) string { return s.env[key] },
	})
	return command.Run(ctx, root, append(args, "--local="+s.dir))
}

// must runs a command line that must end with 0.
func (s session) must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := s.run(t.Context(), t, "", args...)
	if code != command.Done {
		t.Fatalf("umdeck %v ended with %d: %s", args, code, errs)
	}
	return out
}
