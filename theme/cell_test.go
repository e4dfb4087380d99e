package theme_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
)

// hostile are texts that a member may have put into a name.
var hostile = []string{
	"", "plain", "山田太郎", "Siobhán O’Brien", "e\u0301\u0302", "\u0301lead", "👨‍👩‍👧‍👦 family", "👍🏽", "🇩🇪🇫🇷", "🇩",
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07after", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x1b]unclosed rest",
	"a\u202eb\u2066c\u2069", "zero\u200bwidth\ufeff", "tab\there", "two\r\nlines", "\xff\xfe bytes", "a\x00b\x7f", "\u009b31m",
	"שלום عليكم", "☎️", "\u200d\u200d", "a\u200db", strings.Repeat("a\u0300", 40), "a" + strings.Repeat("\u0300", 40), "\u0d4e", "ᄀ", "각", "ก็", "\u1100\u1161\u11a8",
	"🏴\U000e0067\U000e0062\U000e007f", "\ufdd0\uffff", "ﷺ", "\u0903", "क्षि",
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "ada", "ada"},
		{"wide", "山田", "山田"},
		{"accent", "e\u0301", "e\u0301"},
		{"sequence", "\x1b[1;31mred\x1b[0m", "red"},
		{"title", "\x1b]0;pwned\x07after", "after"},
		{"link", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"},
		{"unclosed sequence hides nothing", "\x1b]0;seen", "]0;seen"},
		{"lone escape", "a\x1bcb", "acb"},
		{"control", "a\x00b\x7fc", "a\ufffdb\ufffdc"},
		{"bytes", "\xffx", "\ufffdx"},
		{"eight-bit CSI as a byte", "\x9b31mx", "\ufffd31mx"},
		{"eight-bit CSI as a rune", "\u009b31mx", "x"},
		{"line break", "a\r\nb\nc\td", "a b c d"},
		{"override", "a\u202eb\u2066c\u2069d\u200fe\u061cf", "abcdef"},
		{"zero width", "a\u200b\u2060\ufeff\u00adb", "ab"},
		{"joiner in an emoji", "👨‍👩‍👧", "👨‍👩‍👧"},
		{"joiner elsewhere", "a\u200db", "ab"},
		{"leading mark", "\u0301a", "\ufffda"},
		{"too many marks", "a" + strings.Repeat("\u0300", 40), "a" + strings.Repeat("\u0300", 6)},
		{"skin", "👍🏽", "👍🏽"},
	} {
		if diff := cmp.Diff(c.want, theme.Clean(c.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestCleanLines(t *testing.T) {
	got := theme.CleanLines("a\tb\r\n日本\tc\x1b[2J\rd")
	if diff := cmp.Diff("a       b\n日本    c\nd", got); diff != "" {
		t.Error(diff)
	}
}

func checkClean(t *testing.T, s string) {
	t.Helper()
	got := theme.Clean(s)
	if !utf8.ValidString(got) {
		t.Errorf("Clean(%q) = %q is not UTF-8", s, got)
	}
	for _, r := range got {
		if unicode.IsControl(r) || (unicode.Is(unicode.Cf, r) && r != 0x200d) || r == 0x2028 || r == 0x2029 {
			t.Errorf("Clean(%q) = %q has %U in it", s, got, r)
		}
	}
	w := theme.Width(got)
	if w != ansi.StringWidth(got) {
		t.Errorf("Width(%q) = %d, the renderer counts %d", got, w, ansi.StringWidth(got))
	}
	if in := theme.Width("| " + got + " |"); in != w+4 {
		t.Errorf("%q takes %d cells alone and %d between others", got, w, in-4)
	}
	if again := theme.Clean(got); again != got {
		t.Errorf("Clean(%q) = %q, and cleaned again %q", s, got, again)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkClean(t, s)
		for line := range strings.SplitSeq(theme.CleanLines(s), "\n") {
			if theme.Clean(line) != line {
				t.Errorf("CleanLines(%q) has the line %q, which is not clean", s, line)
			}
		}
	})
}

// FuzzWidth compares Width with what the renderer counts, for text that is not clean too.
func FuzzWidth(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
		f.Add("\x1b[1;38;2;1;2;3m" + s + "\x1b[0m")
		f.Add("a" + s + "\x1b[0m" + s + "b")
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := theme.Width(s), ansi.StringWidth(s); got != want {
			t.Errorf("Width(%q) = %d, the renderer counts %d", s, got, want)
		}
	})
}

func FuzzCut(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, i%12)
	}
	unicodeTheme, ascii := theme.New(theme.Options{}), theme.New(theme.Options{Glyphs: theme.ASCII})
	f.Fuzz(func(t *testing.T, s string, w int) {
		w = min(max(w, -3), 300)
		s = theme.Clean(s)
		for _, th := range []*theme.Theme{unicodeTheme, ascii} {
			for name, got := range map[string]string{"Cut": th.Cut(s, w), "CutLeft": th.CutLeft(s, w), "Clip": theme.Clip(s, w)} {
				if theme.Width(got) > max(w, 0) {
					t.Errorf("%s(%q, %d) = %q, %d cells", name, s, w, got, theme.Width(got))
				}
				if theme.Width(s) <= w && got != s {
					t.Errorf("%s(%q, %d) = %q although it fits", name, s, w, got)
				}
			}
			if got := th.Fit(s, w); theme.Width(got) != max(w, 0) {
				t.Errorf("Fit(%q, %d) = %q, %d cells", s, w, got, theme.Width(got))
			}
			if got := th.FitRight(s, w); theme.Width(got) != max(w, 0) {
				t.Errorf("FitRight(%q, %d) = %q, %d cells", s, w, got, theme.Width(got))
			}
		}
		for _, line := range theme.Wrap(s, w) {
			if theme.Width(line) > max(w, 2) {
				t.Errorf("Wrap(%q, %d) has the line %q, %d cells", s, w, line, theme.Width(line))
			}
		}
	})
}

func TestCut(t *testing.T) {
	u, a := theme.New(theme.Options{}), theme.New(theme.Options{Glyphs: theme.ASCII})
	for _, c := range []struct {
		name, got, want string
	}{
		{"fits", u.Cut("ada", 3), "ada"},
		{"cut", u.Cut("lovelace", 5), "love…"},
		{"ascii", a.Cut("lovelace", 5), "love~"},
		{"wide character does not stick out", u.Cut("山田太郎", 4), "山…"},
		{"styled", u.Cut("\x1b[1mlovelace\x1b[0m", 5), "\x1b[1mlove…\x1b[0m"},
		{"left", u.CutLeft("hooks.example.com/8f2c1a", 8), "…/8f2c1a"},
		{"left, wide", u.CutLeft("山田太郎", 4), "…郎"},
		{"nothing", u.Cut("x", 0), ""},
		{"fit", u.Fit("山", 4), "山  "},
		{"right", u.FitRight("12", 4), "  12"},
		{"centre", theme.Center("ab", 5), " ab  "},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	u := theme.New(theme.Options{})
	for _, c := range []struct{ got, want string }{
		{theme.Age(0), "0s"},
		{theme.Age(4 * time.Second), "4s"},
		{theme.Age(119 * time.Second), "1m"},
		{theme.Age(23 * time.Hour), "23h"},
		{theme.Age(3 * day), "3d"},
		{theme.Age(800 * day), "2y"},
		{theme.Age(-40 * time.Second), "in 40s"},
		{u.Since(now, now.Add(-2*time.Minute)), "2m"},
		{u.Since(now, time.Time{}), "—"},
		{theme.Count(0), "0"},
		{theme.Count(999), "999"},
		{theme.Count(12480), "12 480"},
		{theme.Count(-1234567), "-1 234 567"},
		{theme.Count(-123), "-123"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestWrapKeepsDates(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want []string
	}{
		{"probed at 2026-11-22 03:55:21Z", 18, []string{"probed at", "2026-11-22", "03:55:21Z"}},
		{"a new webhook-id and 2026-11-22", 14, []string{"a new webhook-", "id and", "2026-11-22"}},
		{"-1 to 5- and 6", 6, []string{"-1 to", "5- and", "6"}},
		{"+1-555-0100", 6, []string{"+1-555", "-0100"}},
		{"own\u2011made 2026-11-22", 14, []string{"own\u2011made 2026-", "11-22"}},
	} {
		if diff := cmp.Diff(c.want, theme.Wrap(c.in, c.w)); diff != "" {
			t.Errorf("Wrap(%q, %d) (-want +got):\n%s", c.in, c.w, diff)
		}
	}
}
