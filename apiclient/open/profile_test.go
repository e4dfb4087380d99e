package open_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"

	"umdeck/apiclient"
	"umdeck/apiclient/open"
)

func TestProfiles(t *testing.T) {
	secret := apiclient.NewSecret("abcd EFGH ijkl MNOP qrst UVWX")
	for _, test := range []struct {
		name   string
		ring   error // what the system's keyring fails with
		inFile bool
	}{
		{"with a keyring", nil, false},
		{"without a keyring", errors.New("no secret service"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			keyring.MockInit()
			if test.ring != nil {
				keyring.MockInitWithError(test.ring)
			}
			p := open.Profiles{Dir: filepath.Join(t.TempDir(), "deep", "umdeck")}
			profile := open.Profile{Name: "prod", URL: "https://example.com", User: "admin", ReadOnly: true}
			where, err := p.Save(profile, secret)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(where, "0600") != test.inFile {
				t.Errorf("kept %s", where)
			}
			got, err := p.Find("prod")
			if err != nil || got != profile {
				t.Errorf("found %+v, %v", got, err)
			}
			if byURL, err := p.Find("example.com"); err != nil || byURL != profile {
				t.Errorf("by address %+v, %v", byURL, err)
			}
			if last, err := p.Last(); err != nil || last != "prod" {
				t.Errorf("last %q, %v", last, err)
			}
			if kept, err := p.Password(t.Context(), got); err != nil || !kept.Equal(secret) {
				t.Errorf("password %v, %v", kept, err)
			}
			private(t, p.Dir)
		})
	}
}

// private fails unless everything in the folder is for its owner alone, and no
// secret is in config.toml.
func private(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "config.toml"))
	if err != nil || strings.Contains(string(text), "EFGH") {
		t.Errorf("config.toml: %s, %v", text, err)
	}
}

func TestFindRefusesWhatIsNeither(t *testing.T) {
	p := open.Profiles{Dir: t.TempDir()}
	if _, err := p.Find("nowhere"); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("got %v", err)
	}
	got, err := p.Find("https://members.example.com/wp-json/")
	if want := (open.Profile{URL: "https://members.example.com"}); err != nil || got != want {
		t.Errorf("%s, %v", cmp.Diff(want, got), err)
	}
}

func TestPasswordCommand(t *testing.T) {
	p := open.Profiles{Dir: t.TempDir()}
	got, err := p.Password(t.Context(), open.Profile{PasswordCommand: "printf 'one two\\nmore'"})
	if err != nil || got.Reveal() != "one two" {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
	if _, err := p.Password(t.Context(), open.Profile{PasswordCommand: "exit 3"}); apiclient.KindOf(err) != apiclient.Unauthorized {
		t.Errorf("got %v", err)
	}
}

func TestABrokenConfigIsNamed(t *testing.T) {
	p := open.Profiles{Dir: t.TempDir()}
	path := filepath.Join(p.Dir, "config.toml")
	if err := os.WriteFile(path, []byte("site = \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := p.Save(open.Profile{Name: "x", URL: "https://example.com"}, apiclient.Secret{})
	if apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "site = \n" {
		t.Errorf("the file was changed to %q, %v", text, err)
	}
}
