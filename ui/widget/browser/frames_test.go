package browser_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"umdeck/theme"
)

var update = flag.Bool("update", false, "rewrite the frames in testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	var b strings.Builder
	for line := range strings.SplitSeq(got, "\n") {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestFrames(t *testing.T) {
	ascii := theme.New(theme.Options{Palette: theme.None, Glyphs: theme.ASCII, Profile: termenv.Ascii})
	for _, c := range []struct {
		name string
		w, h int
		th   *theme.Theme
		n    int
		keys []string
	}{
		{"list-120x36", 120, 36, plain(), 200, []string{"j", " ", " ", "j"}},
		{"list-80x24", 80, 24, plain(), 200, []string{"j", " ", " ", "j"}},
		{"list-ascii-80x24", 80, 24, ascii, 200, []string{"j", " ", " ", "j"}},
		{"list-50x12", 50, 12, plain(), 200, []string{"j"}},
		{"page-80x24", 80, 24, plain(), 20, []string{"j", "enter"}},
		{"below-100x30", 100, 30, plain(), 20, []string{"j"}},
		{"empty-80x24", 80, 24, plain(), 0, nil},
		{"sort-80x24", 80, 24, plain(), 20, []string{"s", "j"}},
		{"filter-80x24", 80, 24, plain(), 20, []string{"/", "u", "1"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, config(site(c.n), c.th), c.w, c.h)
			d.press(c.keys...)
			golden(t, c.name, d.View(c.w, c.h))
		})
	}
}
