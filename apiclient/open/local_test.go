package open_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/open"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func local(t *testing.T, dir string) *open.Instance {
	t.Helper()
	i, err := open.Local(t.Context(), open.Target{Dir: dir}, open.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func closed(t *testing.T, i *open.Instance) {
	t.Helper()
	if err := i.Close(); err != nil {
		t.Error(err)
	}
}

// TestTheSecondJoinsTheFirst is a console beside a server: one folder, one engine,
// and both see what the other does. The folder's name is too long for a socket in
// one of the cases.
func TestTheSecondJoinsTheFirst(t *testing.T) {
	for name, dir := range map[string]string{"short": "d", "long": strings.Repeat("very-long-name-", 8)} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), dir)
			first := local(t, dir)
			second := local(t, dir)
			if !first.Owns() || second.Owns() {
				t.Fatalf("first owns: %v, second: %v", first.Owns(), second.Owns())
			}
			made, err := second.CreateUser(t.Context(), apiclient.NewUser{Login: "ada", Email: "ada@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := first.FindUser(t.Context(), "ADA"); err != nil || got.ID != made.ID {
				t.Errorf("the first found %v, %v", got.ID, err)
			}
			page, err := first.Audits(t.Context(), apiclient.AuditQuery{Limit: 1})
			if err != nil || len(page.Audits) != 1 || page.Audits[0].Actor != open.SystemActor().Login {
				t.Errorf("audit %+v, %v; want the system's user", page.Audits, err)
			}
			if err := second.Serve(t.Context(), nil, false); apiclient.KindOf(err) != apiclient.Conflict {
				t.Errorf("the second served: %v", err)
			}
			closed(t, first)
			_, err = second.Site(t.Context())
			if apiclient.KindOf(err) != apiclient.Unavailable || !strings.Contains(apiclient.MessageOf(err), dir+" open has ended") {
				t.Errorf("without the first: %v; want unavailable, and that the first has ended", err)
			}
			closed(t, second)

			third := local(t, dir)
			if !third.Owns() {
				t.Error("the folder is not free again")
			}
			closed(t, third)
		})
	}
}

func TestTheSocketIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	i := local(t, dir)
	defer closed(t, i)
	for _, name := range []string{"", "umdeck.sock", "umdeck.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestOpenLocalReadOnly(t *testing.T) {
	api, err := open.Open(t.Context(), open.Target{Local: true, Dir: t.TempDir(), ReadOnly: true}, open.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.CreateUser(t.Context(), apiclient.NewUser{Login: "ada", Email: "ada@example.com"})
	if apiclient.KindOf(err) != apiclient.Forbidden {
		t.Errorf("got %v", err)
	}
	if err := api.Close(); err != nil {
		t.Error(err)
	}
}

func TestARemoteWithoutCredentialsSaysHowToGiveThem(t *testing.T) {
	_, err := open.Open(t.Context(), open.Target{Site: "https://example.com"}, open.Config{Profiles: open.Profiles{Dir: t.TempDir()}})
	if apiclient.KindOf(err) != apiclient.Unauthorized || !strings.Contains(err.Error(), "umdeck connect https://example.com") {
		t.Errorf("got %v", err)
	}
}

func TestServeAnswersWithCredentialsOnly(t *testing.T) {
	dir := t.TempDir()
	i := local(t, dir)
	defer closed(t, i)
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- i.Serve(ctx, listener, false) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	_, secret, err := i.CreatePassword(t.Context(), 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	address := open.Profile{URL: "http://" + listener.Addr().String()}
	for _, test := range []struct {
		password apiclient.Secret
		want     apiclient.Kind
	}{{secret, -1}, {apiclient.NewSecret("abcd EFGH ijkl MNOP qrst UVWX"), apiclient.Unauthorized}} {
		api, err := open.Remote(t.Context(), address, open.Config{User: "admin", Password: test.password})
		if test.want < 0 {
			if err != nil {
				t.Fatal(err)
			}
			site, err := api.Site(t.Context())
			if err != nil || site.User != "admin" {
				t.Errorf("site %+v, %v", site, err)
			}
			if err := api.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		if apiclient.KindOf(err) != test.want {
			t.Errorf("got %v", err)
		}
	}
}
