package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/backup"
)

var made = time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)

// write makes a backup of files by name.
func write(tb testing.TB, files map[string]string) []byte {
	tb.Helper()
	dir := tb.TempDir()
	var sources []backup.Source
	for name, text := range files {
		file := filepath.Join(dir, fmt.Sprint(len(sources)))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
		sources = append(sources, backup.Source{Name: name, Path: file})
	}
	sources = append(sources, backup.Source{Name: "uploads/gone", Path: filepath.Join(dir, "gone")})
	var b bytes.Buffer
	_, err := backup.Write(tb.Context(), &b, backup.Manifest{Made: made, Umdeck: "1.2.3", Schema: 9, Counts: map[string]int64{"users": 3}}, sources)
	if err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func some() map[string]string {
	return map[string]string{"umdeck.db": strings.Repeat("row", 1000), "uploads/7/photo.jpg": "\xff\xd8", "uploads/7/empty": "", "uploads/Zoë.txt": "text"}
}

func TestRoundTrip(t *testing.T) {
	raw := write(t, some())
	dir := t.TempDir()
	m, err := backup.Extract(t.Context(), bytes.NewReader(raw), dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		text, err := os.ReadFile(path)
		name, relErr := filepath.Rel(dir, path)
		got[filepath.ToSlash(name)] = string(text)
		return errors.Join(err, relErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(some(), got); diff != "" {
		t.Errorf("the files (-want +got):\n%s", diff)
	}
	again, err := backup.Verify(t.Context(), bytes.NewReader(raw))
	if diff := cmp.Diff(m, again); err != nil || diff != "" {
		t.Errorf("Verify: %v (-extracted +verified):\n%s", err, diff)
	}
	if m.Schema != 9 || m.Counts["users"] != 3 || !m.Made.Equal(made) || len(m.Parts) != 4 || m.Parts[0].Name != "umdeck.db" {
		t.Errorf("the manifest is %+v", m)
	}
	if !bytes.Equal(raw, write(t, some())) {
		t.Error("the same files make another backup")
	}
}

// An entry is what a test puts into a tar file.
type entry struct {
	header tar.Header
	text   string
}

func pack(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	out := tar.NewWriter(zip)
	for _, e := range entries {
		h := e.header
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(e.text))
		}
		if err := out.WriteHeader(&h); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(out, e.text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), zip.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func file(name, text string) entry { return entry{tar.Header{Name: name}, text} }

func TestRefuse(t *testing.T) {
	good := write(t, some())
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	empty := `{"format":1,"parts":[]}`
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing":        {nil, "no gzip"},
		"text":           {[]byte("hello, this is no backup"), "no gzip"},
		"half":           {good[:len(good)/2], "cut off"},
		"without an end": {good[:len(good)-9], ""},
		"a flipped bit":  {flipped, ""},
		"no manifest":    {pack(t, file("umdeck.db", "x")), "manifest.json at its end"},
		"up":             {pack(t, file("../x", "x")), "no name of a file"},
		"up within":      {pack(t, file("a/../../x", "x")), "no name of a file"},
		"absolute":       {pack(t, file("/etc/x", "x")), "no name of a file"},
		"unclean":        {pack(t, file("a//x", "x")), "no name of a file"},
		"backslash":      {pack(t, file(`..\x`, "x")), "no name of a file"},
		"long":           {pack(t, file(strings.Repeat("a", 2000), "x")), "no name of a file"},
		"twice":          {pack(t, file("a", "x"), file("A", "y")), "twice"},
		"symlink":        {pack(t, entry{tar.Header{Name: "a", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, ""}), "no regular file"},
		"hard link":      {pack(t, entry{tar.Header{Name: "a", Typeflag: tar.TypeLink, Linkname: "b"}, ""}), "no regular file"},
		"folder":         {pack(t, entry{tar.Header{Name: "a/", Typeflag: tar.TypeDir}, ""}), "no regular file"},
		"device":         {pack(t, entry{tar.Header{Name: "a", Typeflag: tar.TypeChar}, ""}), "no regular file"},
		"no JSON":        {pack(t, file("manifest.json", "x")), "no JSON"},
		"another form":   {pack(t, file("manifest.json", `{"format":2}`)), "the form 2"},
		"too many":       {pack(t, file("a", "x"), file("manifest.json", empty)), "1 files, and its manifest 0"},
		"another sum":    {pack(t, file("a", "x"), file("manifest.json", `{"format":1,"parts":[{"name":"a","size":1,"sha256":"00"}]}`)), "differs"},
		"more behind":    {pack(t, file("manifest.json", empty), file("a", "x")), "behind its manifest"},
		"a bomb":         {pack(t, file("a", strings.Repeat("\x00", 200<<20))), "times larger"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := backup.Extract(t.Context(), bytes.NewReader(c.raw), filepath.Join(dir, "in"))
			if _, ok := errors.AsType[*backup.Error](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want an Error with %q", err, c.want)
			}
			if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
				t.Error("there is a file outside of the folder")
			}
			if _, err := backup.Verify(t.Context(), bytes.NewReader(c.raw)); err == nil {
				t.Error("Verify takes it")
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(write(f, some()))
	f.Add(pack(f, file("a", "x"), file("manifest.json", `{"format":1,"parts":[{"name":"a"}]}`)))
	f.Add(pack(f, entry{tar.Header{Name: "a", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, ""}))
	f.Add([]byte{0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir := t.TempDir()
		m, err := backup.Extract(t.Context(), bytes.NewReader(raw), filepath.Join(dir, "in"))
		entries, readErr := os.ReadDir(dir)
		if readErr != nil || len(entries) > 1 {
			t.Errorf("%d entries beside the folder, %v", len(entries), readErr)
		}
		other, verified := backup.Verify(t.Context(), bytes.NewReader(raw))
		if err != nil {
			if _, ok := errors.AsType[*backup.Error](err); ok && verified == nil {
				t.Errorf("Extract says %v, and Verify nothing", err)
			}
			return
		}
		if diff := cmp.Diff(m, other); verified != nil || diff != "" {
			t.Errorf("Verify says %v, and another manifest:\n%s", verified, diff)
		}
	})
}
