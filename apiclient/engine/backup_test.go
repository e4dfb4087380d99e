package engine_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/backup"
	"umdeck/apiclient/engine/store/pgtest"
)

// putFile writes a file of a data folder.
func putFile(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestBackup backs an instance up while it is at work, and restores it elsewhere.
func TestBackup(t *testing.T) {
	pgtest.SQLiteAlone(t, "a server has its own backups")
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "members.tar.gz")
	e := open(t, dir)
	fill(t, e, 0, 50)
	putFile(t, dir, "uploads/ultimatemember/2/profile_photo.jpg", "\xff\xd8")
	putFile(t, dir, "umdeck.db.before-2", "old")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "uploads", "link")); err != nil {
		t.Fatal(err)
	}
	var busy sync.WaitGroup
	busy.Go(func() { fill(t, e, 50, 200) })
	made := must(engine.Backup(t.Context(), engine.BackupConfig{Dir: dir, File: file, Version: "1.2.3"}))(t)
	busy.Wait()
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has the mode %v, %v; want 0600", info.Mode(), err)
	}
	var names []string
	for _, p := range made.Parts {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"umdeck.db", "uploads/ultimatemember/2/profile_photo.jpg"}, names); diff != "" {
		t.Errorf("the parts (-want +got):\n%s", diff)
	}
	if got := must(engine.VerifyBackup(t.Context(), file))(t); !cmp.Equal(made, got) {
		t.Errorf("verified:\n%s", cmp.Diff(made, got))
	}
	into := filepath.Join(t.TempDir(), "a", "new")
	r := must(engine.Restore(t.Context(), engine.RestoreConfig{File: file, Dir: into}))(t)
	if r.Aside != "" {
		t.Errorf("the folder was new, and %s is aside", r.Aside)
	}
	restored := open(t, into)
	counts := must(restored.CountUsers(t.Context(), apiclient.Filter{}))(t)
	if n := made.Counts["users"]; int64(counts.Total) != n || n < 51 || n > 251 {
		t.Errorf("the restored instance has %d users, the manifest says %d; want the same, 51 to 251", counts.Total, n)
	}
	if got, err := os.ReadFile(filepath.Join(into, "uploads/ultimatemember/2/profile_photo.jpg")); err != nil || string(got) != "\xff\xd8" {
		t.Errorf("the photo is %q, %v", got, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".umdeck*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestBackupRefuses(t *testing.T) {
	pgtest.SQLiteAlone(t, "a server has its own backups")
	dir := t.TempDir()
	open(t, dir)
	there := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config engine.BackupConfig
		want   apiclient.Kind
	}{
		"no instance":   {engine.BackupConfig{Dir: t.TempDir(), File: filepath.Join(t.TempDir(), "b")}, apiclient.NotFound},
		"a file":        {engine.BackupConfig{Dir: dir, File: there}, apiclient.Conflict},
		"in the folder": {engine.BackupConfig{Dir: dir, File: filepath.Join(dir, "uploads", "b")}, apiclient.Invalid},
		"no folder":     {engine.BackupConfig{Dir: dir, File: filepath.Join(t.TempDir(), "none", "b")}, apiclient.Invalid},
	} {
		if _, err := engine.Backup(t.Context(), c.config); err == nil || apiclient.KindOf(err) != c.want {
			t.Errorf("%s: %v; want the kind %v", name, err, c.want)
		}
	}
}

// TestRestoreReplaces puts aside what is there, and nothing while anything is wrong.
func TestRestoreReplaces(t *testing.T) {
	pgtest.SQLiteAlone(t, "a server has its own backups")
	from, into, file := t.TempDir(), filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "b.tar.gz")
	e := open(t, from)
	must(e.CreateUser(t.Context(), apiclient.NewUser{Login: "ada", Email: "ada@example.com"}))(t)
	must(engine.Backup(t.Context(), engine.BackupConfig{Dir: from, File: file}))(t)
	old := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: into})))(t)
	must(old.CreateUser(t.Context(), apiclient.NewUser{Login: "bob", Email: "bob@example.com"}))(t)

	replace := engine.RestoreConfig{File: file, Dir: into, Replace: true, Now: func() time.Time { return time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) }}
	refused := func(what string, c engine.RestoreConfig, kind apiclient.Kind, words string) {
		t.Helper()
		_, err := engine.Restore(t.Context(), c)
		if err == nil || apiclient.KindOf(err) != kind || !strings.Contains(apiclient.MessageOf(err), words) {
			t.Errorf("%s: %v; want the kind %v and %q", what, err, kind, words)
		}
	}
	refused("in use", replace, apiclient.Conflict, "Another umdeck")
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	refused("not empty", engine.RestoreConfig{File: file, Dir: into}, apiclient.Conflict, "pass --yes")
	for name, change := range map[string]func([]byte) []byte{
		"cut off": func(b []byte) []byte { return b[:len(b)-20] },
		"damaged": func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"empty":   func([]byte) []byte { return nil },
	} {
		c := replace
		c.File = changed(t, file, change)
		refused(name, c, apiclient.Invalid, "no whole backup")
	}
	newer := replace
	newer.File = changed(t, file, func(b []byte) []byte { return withSchema(t, b, 9999) })
	refused("newer", newer, apiclient.Conflict, "update umdeck")
	none := replace
	none.File = changed(t, file, func([]byte) []byte { return withoutDatabase(t) })
	refused("no database", none, apiclient.Invalid, "damaged, or none of umdeck's")

	if e := open(t, into); must(e.FindUser(t.Context(), "bob"))(t).Login != "bob" {
		t.Error("the old instance is gone")
	} else if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	r := must(engine.Restore(t.Context(), replace))(t)
	if want := into + ".before-20261121-200000"; r.Aside != want {
		t.Errorf("the old folder is %q; want %q", r.Aside, want)
	}
	for dir, login := range map[string]string{into: "ada", r.Aside: "bob"} {
		if u, err := open(t, dir).FindUser(t.Context(), login); err != nil || u.Login != login {
			t.Errorf("%s: %v, %v; want %s", dir, u.Login, err, login)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(into), ".umdeck*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// changed returns another file with changed content.
func changed(t *testing.T, file string, change func([]byte) []byte) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "changed")
	if err := os.WriteFile(other, change(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

// withSchema returns a backup whose manifest names another schema.
func withSchema(t *testing.T, raw []byte, schema int64) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := must(gzip.NewReader(bytes.NewReader(raw)))(t)
	in, packed := tar.NewReader(zip), gzip.NewWriter(&b)
	out := tar.NewWriter(packed)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		text := must(io.ReadAll(in))(t)
		if h.Name == backup.ManifestName {
			var m backup.Manifest
			if err := json.Unmarshal(text, &m); err != nil {
				t.Fatal(err)
			}
			m.Schema = schema
			text = must(json.Marshal(m))(t)
			h.Size = int64(len(text))
		}
		if err := out.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		must(out.Write(text))(t)
	}
	if err := errors.Join(out.Close(), packed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func withoutDatabase(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(backup.Write(t.Context(), &b, backup.Manifest{Schema: 1}, nil))(t)
	return b.Bytes()
}
