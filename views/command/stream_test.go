package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/command"
)

// What is secret or long comes in through stdin.
func TestStdin(t *testing.T) {
	s := session{dir: t.TempDir()}
	create := []string{"users", "create", "--login", "ada", "--email", "ada@example.com", "--password-stdin", "--yes"}
	code, _, stderr := s.run(t.Context(), t, "", create...)
	if code != command.Usage || !strings.Contains(stderr, "stdin holds no password") {
		t.Errorf("no password: %d %s", code, stderr)
	}
	code, stdout, stderr := s.run(t.Context(), t, "Corr3ct horse battery\n", append(create, "--output", "json")...)
	if code != command.Done || strings.Contains(stdout+stderr, "Corr3ct") {
		t.Errorf("a password: %d %s%s", code, stdout, stderr)
	}
	if audit := s.must(t, "audit", "list", "--output", "jsonl"); strings.Contains(audit, "Corr3ct") {
		t.Errorf("the audit tells the password: %s", audit)
	}

	file := "\ufeffuser_login\tuser_email\nbob\tbob@example.com\n"
	if code, _, stderr := s.run(t.Context(), t, file, "users", "import", "-"); code != command.Usage || !strings.Contains(stderr, "pass --yes or --dry-run") {
		t.Errorf("a file on stdin without --yes: %d %s", code, stderr)
	}
	if code, stdout, stderr := s.run(t.Context(), t, file, "users", "import", "-", "--yes", "--output", "jsonl"); code != command.Done || !strings.Contains(stdout, `"login":"bob"`) {
		t.Errorf("a file on stdin: %d %s%s", code, stdout, stderr)
	}
}

// A hundred users at once are acted on in parts, and every format tells of each.
func TestMany(t *testing.T) {
	s := session{dir: t.TempDir()}
	var file strings.Builder
	file.WriteString("user_email,account_status\n")
	for i := range 1200 {
		file.WriteString("m" + string(rune('a'+i%26)) + jsonInt(int64(i)) + "@example.com,awaiting_admin_review\n")
	}
	if code, _, stderr := s.run(t.Context(), t, file.String(), "users", "import", "-", "--yes"); code != command.Done {
		t.Fatalf("import: %d %s", code, stderr)
	}
	var rows []struct{ Done bool }
	out := s.must(t, "users", "approve", "--filter", "status:awaiting_admin_review", "--yes", "--output", "json")
	if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) != 1200 {
		t.Fatalf("%d rows, %v; want 1200", len(rows), err)
	}
	lines := s.must(t, "users", "list", "--filter", "status:approved email:m*", "--limit", "0", "--columns", "id", "--output", "csv")
	if got := strings.Count(lines, "\n") - 1; got != 1200 {
		t.Errorf("%d users in the list; want 1200", got)
	}
	if got := strings.Count(s.must(t, "users", "list", "--limit", "701", "--output", "jsonl"), "\n"); got != 701 {
		t.Errorf("%d users with a limit of 701", got)
	}
}

func TestInterrupt(t *testing.T) {
	s := session{dir: t.TempDir()}
	s.must(t, "users", "list")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, stdout, stderr := s.run(ctx, t, "", "users", "create", "--login", "ada", "--email", "ada@example.com", "--yes")
	if code == command.Done || stdout != "" || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%d %q %q; want a failure in one sentence", code, stdout, stderr)
	}
	if out := s.must(t, "users", "list", "--filter", "login:ada", "--output", "json"); out != "[]\n" {
		t.Errorf("the user was made: %s", out)
	}
}

// run runs a root of its own with an Open that answers as given.
func run(t *testing.T, cfg command.Config, args ...string) (code command.Exit, stderr string) {
	t.Helper()
	var errs strings.Builder
	cfg.Stderr = &errs
	return command.Run(t.Context(), command.New(cfg), args), errs.String()
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		args []string
		want command.Exit
		text string
	}{
		{"a sentence", apiclient.Errorf(apiclient.Unavailable, "Nobody \x1b[31manswers."), nil, command.Unavailable, "umdeck: Nobody answers.\n"},
		{"a defect", errors.New("sql: no such table"), nil, command.Failed, "umdeck: internal error; the log has the cause\n"},
		{
			"with its cause", &apiclient.Error{Kind: apiclient.Unavailable, Message: "Nobody answers.", Err: errors.New("dial tcp\x1b[2J")},
			[]string{"--debug"},
			command.Unavailable, "umdeck: Nobody answers.\numdeck: cause: Nobody answers.\numdeck: cause: dial tcp\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			open := func(context.Context, command.Target) (apiclient.API, error) { return nil, c.err }
			code, stderr := run(t, command.Config{Open: open}, append([]string{"site"}, c.args...)...)
			if code != c.want || stderr != c.text {
				t.Errorf("%d %q; want %d %q", code, stderr, c.want, c.text)
			}
		})
	}
}

// The flags arrive at whoever opens the site, and at the console.
func TestTarget(t *testing.T) {
	for _, c := range []struct {
		args []string
		want command.Target
	}{
		{nil, command.Target{}},
		{[]string{"--site", "club"}, command.Target{Site: "club"}},
		{[]string{"--local"}, command.Target{Local: true}},
		{[]string{"--database", "postgres://u@h/n"}, command.Target{Database: "postgres://u@h/n"}},
		{[]string{"--allow-targets", "10.1.0.0/16,fd00::/8", "--allow-targets=127.0.0.0/8"}, command.Target{AllowTargets: "10.1.0.0/16,fd00::/8,127.0.0.0/8"}},
		{[]string{"--local=/srv/um", "--read-only", "--allow-private-targets"}, command.Target{Local: true, Dir: "/srv/um", ReadOnly: true, AllowPrivate: true}},
	} {
		var console, opened, extra command.Target
		enough := apiclient.Errorf(apiclient.NotFound, "Seen enough.")
		cfg := command.Config{
			Open:    func(_ context.Context, t command.Target) (apiclient.API, error) { opened = t; return nil, enough },
			Console: func(_ context.Context, t command.Target) error { console = t; return nil },
			Extra: []*cobra.Command{{Use: "extra", RunE: func(cmd *cobra.Command, _ []string) error {
				extra = command.TargetOf(cmd.Root())
				return nil
			}}},
		}
		if code, stderr := run(t, cfg, c.args...); code != command.Done || console != c.want {
			t.Errorf("umdeck %v: %d %s, the console has %+v; want %+v", c.args, code, stderr, console, c.want)
		}
		if code, _ := run(t, cfg, append([]string{"site"}, c.args...)...); code != command.NotFound || opened != c.want {
			t.Errorf("umdeck site %v: %d, Open has %+v; want %+v", c.args, code, opened, c.want)
		}
		if code, _ := run(t, cfg, append([]string{"extra"}, c.args...)...); code != command.Done || extra != c.want {
			t.Errorf("umdeck extra %v: %d, it has %+v; want %+v", c.args, code, extra, c.want)
		}
	}
}
