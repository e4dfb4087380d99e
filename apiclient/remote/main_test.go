package remote_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/remote/remotetest"
)

var sites remotetest.Sites

func TestMain(m *testing.M) {
	code := m.Run()
	sites.Close()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}

// connect opens a site as its administrator. Whatever it logs is searched for the
// password when the test ends.
func connect(t *testing.T, site *remotetest.Site) apiclient.API {
	t.Helper()
	api, err := tryConnect(t, site, nil)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return api
}

func tryConnect(t *testing.T, site *remotetest.Site, change func(*remote.Config)) (apiclient.API, error) {
	t.Helper()
	var log bytes.Buffer
	cfg := remote.Config{
		URL: site.URL, User: site.User, Password: site.Password,
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&cfg)
	}
	api, err := remote.Open(t.Context(), cfg)
	t.Cleanup(func() {
		if api != nil {
			if err := api.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		}
		noSecret(t, "the log", log.String(), cfg.Password)
	})
	if err != nil {
		noSecret(t, "the error", chain(err), cfg.Password)
	}
	return api, err
}

// noSecret fails when a text shows the password, with or without its spaces.
func noSecret(t *testing.T, what, text string, password apiclient.Secret) {
	t.Helper()
	for _, form := range []string{password.Reveal(), strings.ReplaceAll(password.Reveal(), " ", "")} {
		if form != "" && strings.Contains(text, form) {
			t.Errorf("%s shows the application password", what)
		}
	}
}

// chain returns the texts of an error and of what it wraps.
func chain(err error) string {
	var b strings.Builder
	for err != nil {
		b.WriteString(err.Error() + "\n")
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			break
		}
		err = u.Unwrap()
	}
	return b.String()
}
