package password_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"umdeck/apiclient/engine/password"
)

// A vector is a hash that PHP 8.2 made of a text with WordPress's class-phpass.php,
// with password_hash or as WordPress 6.8 does.
type vector struct{ by, hash, text string }

func vectors(tb testing.TB) (list []vector) {
	tb.Helper()
	f, err := os.Open("testdata/php.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var v [3]string
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			tb.Fatal(err)
		}
		list = append(list, vector{v[0], v[1], v[2]})
	}
	if len(list) == 0 {
		tb.Fatal("there are no vectors")
	}
	return list
}

func TestVerifyPHP(t *testing.T) {
	for _, v := range vectors(t) {
		if err := password.Check(v.hash); err != nil {
			t.Errorf("%s %q: %v", v.by, v.text, err)
		}
		if ok, upgrade := password.Verify(v.hash, v.text); !ok || !upgrade {
			t.Errorf("%s %q: verified %t, upgrade %t; want both", v.by, v.text, ok, upgrade)
		}
		for _, wrong := range []string{v.text[1:], "x" + v.text, strings.ToUpper(v.text), v.hash} {
			if wrong == v.text || strings.TrimSpace(wrong) == strings.TrimSpace(v.text) {
				continue
			}
			// Bcrypt alone ends a text at its 72nd byte, in PHP, too.
			if strings.Contains(v.by, "bcrypt") && min(len(v.text), len(wrong)) > 72 && wrong[:72] == v.text[:72] {
				continue
			}
			if ok, upgrade := password.Verify(v.hash, wrong); ok || upgrade {
				t.Errorf("%s %q: verified %q", v.by, v.text, wrong)
			}
		}
	}
}

func TestHash(t *testing.T) {
	for _, text := range []string{"a", "correct horse", " with spaces ", "pässwörd€", strings.Repeat("x", 4096)} {
		hash, err := password.Hash(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := password.Check(hash); err != nil {
			t.Error(err)
		}
		if ok, upgrade := password.Verify(hash, text); !ok || upgrade {
			t.Errorf("%q: verified %t, upgrade %t; want the first alone", text, ok, upgrade)
		}
		if ok, _ := password.Verify(hash, text+" "); ok {
			t.Errorf("%q is verified with a space more", text)
		}
	}
	for _, text := range []string{"", strings.Repeat("x", 4097)} {
		if hash, err := password.Hash(text); err == nil {
			t.Errorf("%d bytes became %s", len(text), hash)
		}
	}
}

func TestNeedsUpgrade(t *testing.T) {
	const rest = "$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b+dWRWJTmaaJObGRdescudvJCs"
	for hash, want := range map[string]bool{
		"":                                       true,
		"$argon2id$":                             true,
		"$argon2id$v=19$m=19456,t=2,p=1" + rest:  false,
		"$argon2id$v=19$m=65536,t=1,p=8" + rest:  false,
		"$argon2id$v=19$m=19456,t=1,p=1" + rest:  true,
		"$argon2id$v=19$m=4096,t=3,p=1" + rest:   true,
		"$wp$2y$10$" + strings.Repeat("a", 53):   true,
		"5f4dcc3b5aa765d61d8327deb882cf99":       true,
		"$P$B" + strings.Repeat("a", 30):         true,
		"$argon2id$v=19$m=19456,t=2,p=1$YWJj$YQ": true,
	} {
		if got := password.NeedsUpgrade(hash); got != want {
			t.Errorf("%s: %t; want %t", hash, got, want)
		}
	}
}

// hostile are hashes that must cost nothing.
var hostile = []string{
	"", "*", "*0", "x", "plain text", "$", "$$$$$$", "$P$", "$wp$", "$wp", "$2y$", "$argon2id$",
	"5F4DCC3B5AA765D61D8327DEB882CF99", "5f4dcc3b5aa765d61d8327deb882cf9", "5f4dcc3b5aa765d61d8327deb882cf99\n",
	"$P$S" + strings.Repeat("a", 30), "$P$4" + strings.Repeat("a", 30), "$P$z" + strings.Repeat("a", 30), "$P$B" + strings.Repeat("a", 29), "$P$B" + strings.Repeat("a", 31),
	"$2y$31$" + strings.Repeat("a", 53), "$2y$16$" + strings.Repeat("a", 53), "$2y$03$" + strings.Repeat("a", 53), "$2x$10$" + strings.Repeat("a", 53), "$2y$10$" + strings.Repeat("a", 52),
	"$wp$2y$31$" + strings.Repeat("a", 53), "$wp$wp$2y$10$" + strings.Repeat("a", 53),
	"$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=19$m=65536,t=1,p=0$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=19$m=65536,t=1,p=999$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=19$m=1,t=1,p=255$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2id$v=16$m=65536,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
	"$argon2i$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG",
}

func TestHostile(t *testing.T) {
	for _, hash := range hostile {
		err := password.Check(hash)
		if err == nil {
			t.Errorf("%q is taken", hash)
		} else if len(hash) > 20 && strings.Contains(err.Error(), hash[3:]) {
			t.Errorf("the error shows the hash: %v", err)
		}
		if ok, upgrade := password.Verify(hash, "secret"); ok || upgrade {
			t.Errorf("%q is verified", hash)
		}
	}
	for _, v := range vectors(t) {
		for _, text := range []string{"", strings.Repeat("x", 4097)} {
			if ok, _ := password.Verify(v.hash, text); ok {
				t.Errorf("%s is verified with %d bytes", v.by, len(text))
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.hash)
	}
	for _, hash := range hostile {
		f.Add(hash)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		if password.Check(hash) != nil {
			if ok, _ := password.Verify(hash, "secret"); ok {
				t.Errorf("%q is refused and verified", hash)
			}
			return
		}
		if !strings.HasPrefix(hash, "$argon2id$") && !password.NeedsUpgrade(hash) {
			t.Errorf("%q is as good as argon2id", hash)
		}
		if len(hash) > 250 {
			t.Errorf("%d bytes are a hash", len(hash))
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	hash, err := password.Hash("secret")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if ok, _ := password.Verify(hash, "secret"); !ok {
			b.Fatal("it is not verified")
		}
	}
}
