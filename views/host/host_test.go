package host_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/host"
)

// execute runs a command line and returns its error.
func execute(t *testing.T, cmd *cobra.Command, args ...string) error {
	t.Helper()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	return cmd.ExecuteContext(t.Context())
}

func TestServeChecksItsFlags(t *testing.T) {
	tests := []struct {
		args []string
		want string // in the error; empty: run is called
	}{
		{nil, ""},
		{[]string{"--listen", "127.0.0.1:0", "--data", "d"}, ""},
		{[]string{"--listen", "[::1]:8420"}, ""},
		{[]string{"--listen", "localhost:8420"}, ""},
		{[]string{"--listen", "0.0.0.0:8420"}, "--behind-proxy"},
		{[]string{"--listen", ":8420"}, "--behind-proxy"},
		{[]string{"--listen", "0.0.0.0:8420", "--behind-proxy", "--url", "https://members.example.com"}, ""},
		{[]string{"--listen", "nonsense"}, "127.0.0.1:8420"},
		{[]string{"--url", "members.example.com"}, "https://members.example.com"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			called := false
			err := execute(t, host.Serve(func(context.Context, host.ServeOptions) error {
				called = true
				return nil
			}), test.args...)
			if called != (test.want == "") || (err == nil) != called {
				t.Fatalf("called: %v, error: %v", called, err)
			}
			if err != nil && (apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestDemoChecksItsFlags(t *testing.T) {
	for args, ok := range map[string]bool{"": true, "--members=1": true, "--members=0": false, "--every=1ms": false} {
		called := false
		err := execute(t, host.Demo(true, func(context.Context, host.DemoOptions) error {
			called = true
			return nil
		}), strings.Fields(args)...)
		if called != ok || (err == nil) != ok {
			t.Errorf("demo %s: called %v, %v", args, called, err)
		}
	}
	if err := execute(t, host.Demo(false, nil)); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("without a terminal: %v", err)
	}
}

// site is a Connector that lets one password in.
type site struct {
	tried []host.ConnectOptions
	saved []host.ConnectOptions
}

func (s *site) Address(text string) (string, error) {
	if !strings.Contains(text, ".") {
		return "", apiclient.FieldErrorf("url", "The site's address has no host.")
	}
	return "https://" + text, nil
}

func (s *site) Try(_ context.Context, o host.ConnectOptions) (apiclient.Site, error) {
	s.tried = append(s.tried, o)
	if o.Password.Reveal() != "let me in" {
		return apiclient.Site{}, apiclient.Errorf(apiclient.Unauthorized, "The password is refused.")
	}
	return apiclient.Site{Name: "Members\x1b[2J", User: o.User}, nil
}

func (s *site) Save(o host.ConnectOptions) (string, error) {
	s.saved = append(s.saved, o)
	return "in the keyring", nil
}

func (s *site) Profiles() ([]string, error) { return []string{"prod  https://example.com  admin"}, nil }

func TestConnect(t *testing.T) {
	tests := []struct {
		name     string
		args     []string
		stdin    string
		env      map[string]string
		terminal bool
		secret   string
		out      string // in stdout
		fails    apiclient.Kind
	}{
		{name: "by the environment", args: []string{"example.com"}, env: map[string]string{"UMDECK_USER": "admin", "UMDECK_PASSWORD": "let me in"}, out: `Connected to Members as admin. Profile "example.com"`},
		{name: "by stdin", args: []string{"example.com", "--user", "admin", "--name", "prod", "--password-stdin"}, stdin: "let me in\n", out: `Profile "prod"`},
		{name: "asked", args: []string{"example.com"}, stdin: "admin\n", terminal: true, secret: "let me in", out: "umdeck --site example.com"},
		{name: "refused", args: []string{"example.com", "--user", "admin", "--password-stdin"}, stdin: "wrong\n", fails: apiclient.Unauthorized},
		{name: "nobody to ask", args: []string{"example.com"}, fails: apiclient.Invalid},
		{name: "no address", fails: apiclient.Invalid},
		{name: "a bad address", args: []string{"example"}, fails: apiclient.Invalid},
		{name: "list", args: []string{"--list"}, out: "prod  https://example.com  admin\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out, said strings.Builder
			s := &site{}
			streams := host.Streams{In: strings.NewReader(test.stdin), Out: &out, Err: &said, Terminal: test.terminal, Secret: func() (string, error) { return test.secret, nil }}
			err := execute(t, host.Connect(streams, func(k string) string { return test.env[k] }, s), test.args...)
			if test.fails != apiclient.Internal {
				if apiclient.KindOf(err) != test.fails || len(s.saved) != 0 {
					t.Errorf("got %v, saved %d; want kind %v and nothing saved", err, len(s.saved), test.fails)
				}
				return
			}
			if err != nil || !strings.Contains(out.String(), test.out) || strings.Contains(out.String(), "\x1b") {
				t.Errorf("printed %q, %v", out.String(), err)
			}
			if test.terminal && !strings.Contains(said.String(), "https://example.com/wp-admin/authorize-application.php?app_name=umdeck+on+") {
				t.Errorf("explained %q", said.String())
			}
			if diff := cmp.Diff(len(s.tried), len(s.saved)); diff != "" {
				t.Error(diff)
			}
			for _, text := range []string{out.String(), said.String()} {
				if strings.Contains(text, "let me in") {
					t.Error("the password was printed")
				}
			}
		})
	}
}

func TestConnectPassesOnAFailureToStore(t *testing.T) {
	streams := host.Streams{In: strings.NewReader("let me in"), Out: &strings.Builder{}, Err: &strings.Builder{}}
	err := execute(t, host.Connect(streams, func(string) string { return "" }, broken{&site{}}), "example.com", "--user", "admin", "--password-stdin")
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

var errFull = errors.New("no space left on device")

type broken struct{ *site }

func (broken) Save(host.ConnectOptions) (string, error) { return "", errFull }
