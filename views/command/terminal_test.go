package command_test

import (
	"strings"
	"testing"

	"umdeck/theme"
	"umdeck/views/command"
)

// member makes an account that waits for review.
func (s session) member(t *testing.T, login string, more ...string) {
	t.Helper()
	s.must(t, append([]string{"users", "create", "--login", login, "--email", login + "@example.com", "--status", "awaiting_admin_review", "--yes"}, more...)...)
}

func TestConfirm(t *testing.T) {
	s := session{dir: t.TempDir()}
	s.member(t, "ada")
	s.member(t, "bob")
	s.terminal = true
	for _, c := range []struct {
		name, answer string
		want         command.Exit
		status       string
	}{
		{"nothing typed", "", command.Failed, "awaiting_admin_review"},
		{"return", "\n", command.Failed, "awaiting_admin_review"},
		{"no", "n\n", command.Failed, "awaiting_admin_review"},
		{"something else", "yeah\n", command.Failed, "awaiting_admin_review"},
		{"yes", "Y\n", command.Done, "approved"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := s.run(t.Context(), t, c.answer, "users", "approve", "ada", "bob")
			if code != c.want {
				t.Errorf("ended with %d; want %d: %s", code, c.want, stderr)
			}
			for _, part := range []string{"Approve 2 users on Test site? [y/N]", "Trigger um_admin_approve_account: 2"} {
				if !strings.Contains(stderr, part) {
					t.Errorf("the question is %q; want %q in it", stderr, part)
				}
			}
			if got := s.must(t, "users", "get", "ada", "--columns", "status", "-o", "jsonl"); got != `{"status":"`+c.status+"\"}\n" {
				t.Errorf("the user is %s; want %s", got, c.status)
			}
		})
	}
	_, _, stderr := s.run(t.Context(), t, "n\n", "users", "resend", "ada", "nobody")
	for _, part := range []string{"1 of 2 are refused.", "The member is logged out and cannot log in until the link in the e-mail is opened. (1)"} {
		if !strings.Contains(stderr, part) {
			t.Errorf("the question is %q; want %q in it", stderr, part)
		}
	}
}

// A table fits the terminal, shows nothing that the terminal would obey, and has
// colour on a terminal alone.
func TestTerminalTable(t *testing.T) {
	s := session{dir: t.TempDir()}
	s.member(t, "ada", "--display-name", "Ada \u202egnp 李小龍 👩‍👩‍👧", "--set", "first_name=x")
	plain := s.must(t, "users", "list", "--sort", "id")
	if strings.ContainsAny(plain, "\x1b\u009b\u202e") {
		t.Errorf("escape sequences without a terminal: %q", plain)
	}
	if strings.Contains(plain, theme.New(theme.Options{}).Glyph.Ellipsis) {
		t.Errorf("cut without a terminal: %s", plain)
	}
	s.terminal = true
	for _, width := range []string{"40", "60", "80", "120", "200"} {
		for _, env := range []map[string]string{{"TERM": "xterm-256color", "LANG": "C.UTF-8"}, {"TERM": "dumb"}, {"TERM": "xterm-256color", "NO_COLOR": "1"}} {
			s.env = env
			s.env["COLUMNS"] = width
			out := s.must(t, "users", "list", "--sort", "id")
			most := map[string]int{"40": 40, "60": 60, "80": 80, "120": 120, "200": 200}[width]
			for line := range strings.Lines(out) {
				if n := theme.Width(strings.TrimSuffix(line, "\n")); n > most {
					t.Errorf("%v: a line of %d cells on %d: %q", env, n, most, line)
				}
			}
			if colour := strings.Contains(out, "\x1b[38;") || strings.Contains(out, "\x1b[3"); colour != (env["TERM"] != "dumb" && env["NO_COLOR"] == "") {
				t.Errorf("%v: colour is %t: %q", env, colour, out)
			}
			if strings.Contains(out, "\u202e") {
				t.Errorf("%v: the user's own control characters came through: %q", env, out)
			}
			if !strings.Contains(out, "LOGIN") || !strings.Contains(out, "ada") {
				t.Errorf("%v: no login: %q", env, out)
			}
		}
	}
	s.env = map[string]string{"TERM": "xterm-256color"}
	if out := s.must(t, "users", "list", "--no-color"); strings.Contains(out, "\x1b[3") {
		t.Errorf("colour with --no-color: %q", out)
	}
}

// JSON keeps every character, and none reaches the terminal as it is.
func TestJSONIsSafe(t *testing.T) {
	s := session{dir: t.TempDir()}
	s.must(t, "users", "create", "--login", "ada", "--email", "ada@example.com", "--set", "description=a\u202eb<&>é\u2028z", "--yes")
	for _, format := range []string{"json", "jsonl", "yaml"} {
		out := s.must(t, "users", "list", "--filter", "login:ada", "--columns", "description", "--output", format)
		if !strings.Contains(out, `"a\u202eb<&>é\u2028z"`) {
			t.Errorf("%s: %q", format, out)
		}
	}
	if out := s.must(t, "users", "list", "--filter", "login:ada", "--columns", "description", "--output", "csv"); !strings.Contains(out, "a\u202eb<&>é\u2028z") {
		t.Errorf("CSV for programs: %q; want the value as it is", out)
	}
	s.terminal = true
	if out := s.must(t, "users", "list", "--filter", "login:ada", "--columns", "description", "--output", "csv"); strings.ContainsAny(out, "\u202e\u2028") {
		t.Errorf("CSV on a terminal: %q", out)
	}
}
