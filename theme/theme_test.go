package theme_test

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"umdeck/theme"
)

func allTokens() []theme.Token {
	var all []theme.Token
	for k := theme.Token(0); k.String() != "?"; k++ {
		all = append(all, k)
	}
	return all
}

func TestGlyphsTakeTheCellsTheyPromise(t *testing.T) {
	wider := map[string]bool{"OK": true, "Arrow": true, "Enter": true}
	for _, set := range []theme.GlyphSet{theme.Unicode, theme.ASCII} {
		v := reflect.ValueOf(theme.New(theme.Options{Glyphs: set}).Glyph)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			glyphs, ok := reflect.TypeAssert[[]string](v.Field(i))
			if !ok {
				glyphs = []string{v.Field(i).String()}
			}
			for _, g := range glyphs {
				if w := theme.Width(g); w != 1 && (!wider[name] || w == 0) {
					t.Errorf("%s %s %q takes %d cells", set, name, g, w)
				}
				if set == theme.ASCII && strings.ContainsFunc(g, func(r rune) bool { return r > '~' }) {
					t.Errorf("%s %s %q is not ASCII", set, name, g)
				}
			}
		}
	}
}

var colourCode = regexp.MustCompile(`[\[;](3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]`)

func TestNoneHasEmphasisAndNoColour(t *testing.T) {
	o, problems := theme.Detect(func(k string) string {
		return map[string]string{"NO_COLOR": "1", "TERM": "xterm-256color"}[k]
	})
	if problems != nil {
		t.Fatal(problems)
	}
	th := theme.New(o)
	for _, k := range allTokens() {
		if got := th.Paint(k, "x"); colourCode.MatchString(got) {
			t.Errorf("%s is coloured: %q", k, got)
		}
		if got := th.Lip(k).Render("x"); colourCode.MatchString(got) {
			t.Errorf("the Lip Gloss style of %s is coloured: %q", k, got)
		}
	}
	for _, got := range []string{th.Paint(theme.Selected, "x"), th.Lip(theme.Selected).Render("x")} {
		if got != "\x1b[7mx\x1b[0m" {
			t.Errorf("the cursor row is %q, want it reversed", got)
		}
	}
}

func TestDumbTerminalGetsNoSequence(t *testing.T) {
	o, _ := theme.Detect(func(k string) string { return map[string]string{"TERM": "dumb"}[k] })
	th := theme.New(o)
	for _, k := range allTokens() {
		if got := th.Paint(k, "x") + th.Lip(k).Render("x"); got != "xx" {
			t.Errorf("%s is %q", k, got)
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want theme.Options
		bad  int
	}{
		{
			"modern",
			map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor"},
			theme.Options{Glyphs: theme.Unicode, Profile: termenv.TrueColor},
			0,
		},
		{
			"256",
			map[string]string{"TERM": "screen-256color"},
			theme.Options{Glyphs: theme.Unicode, Profile: termenv.ANSI256},
			0,
		},
		{
			"console",
			map[string]string{"TERM": "linux"},
			theme.Options{Palette: theme.Dark, Glyphs: theme.ASCII, Profile: termenv.ANSI},
			0,
		},
		{
			"COLORFGBG dark",
			map[string]string{"TERM": "xterm", "COLORFGBG": "15;0"},
			theme.Options{Palette: theme.Dark, Glyphs: theme.Unicode, Profile: termenv.ANSI},
			0,
		},
		{
			"COLORFGBG light",
			map[string]string{"TERM": "xterm", "COLORFGBG": "0;default;15"},
			theme.Options{Palette: theme.Light, Glyphs: theme.Unicode, Profile: termenv.ANSI},
			0,
		},
		{
			"a theme beats NO_COLOR",
			map[string]string{"TERM": "xterm", "NO_COLOR": "1", "UMDECK_THEME": "Light"},
			theme.Options{Palette: theme.Light, Glyphs: theme.Unicode, Profile: termenv.ANSI},
			0,
		},
		{
			"no colours at all",
			map[string]string{"TERM": "vt100"},
			theme.Options{Palette: theme.None, Glyphs: theme.Unicode, Profile: termenv.ANSI},
			0,
		},
		{
			"asked for ASCII",
			map[string]string{"TERM": "xterm", "UMDECK_GLYPHS": "ascii"},
			theme.Options{Glyphs: theme.ASCII, Profile: termenv.ANSI},
			0,
		},
		{
			"Latin-1",
			map[string]string{"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"},
			theme.Options{Glyphs: theme.ASCII, Profile: termenv.ANSI},
			0,
		},
		{
			"no locale sent over SSH",
			map[string]string{"TERM": "xterm", "LANG": "C"},
			theme.Options{Glyphs: theme.Unicode, Profile: termenv.ANSI},
			0,
		},
		{
			"nonsense",
			map[string]string{"TERM": "xterm", "UMDECK_THEME": "pink", "UMDECK_GLYPHS": "emoji"},
			theme.Options{Glyphs: theme.Unicode, Profile: termenv.ANSI},
			2,
		},
	} {
		got, problems := theme.Detect(func(k string) string { return c.env[k] })
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if len(problems) != c.bad {
			t.Errorf("%s: problems %v, want %d", c.name, problems, c.bad)
		}
	}
}

func TestSpell(t *testing.T) {
	const s = "“…tter” – 3×2 • it’s · 山田 Zoë → ↓ ─"
	if got := theme.New(theme.Options{}).Spell(s); got != s {
		t.Errorf("Unicode: %q", got)
	}
	got := theme.New(theme.Options{Glyphs: theme.ASCII}).Spell(s)
	if want := "\"~tter\" - 3x2 * it's . 山田 Zoë > v ─"; got != want || theme.Width(got) != theme.Width(s) {
		t.Errorf("ASCII: %q, want %q", got, want)
	}
}

func TestPaletteOn(t *testing.T) {
	for answer, want := range map[string]theme.Palette{
		"\x1b]11;rgb:0000/0000/0000\a":       theme.Dark,
		"\x1b]11;rgb:ffff/ffff/ffff\x1b\\":   theme.Light,
		"\x1b]11;rgb:fd/f6/e3\a":             theme.Light,
		"\x1b]11;rgb:00/2b/36\x1b\\":         theme.Dark,
		"\x1b]11;rgb:0/0/f\a":                theme.Dark,
		"\x1b]11;rgb:0000/ffff/0000\a":       theme.Light,
		"\x1b]10;rgb:ffff/ffff/ffff\a":       "",
		"\x1b]11;rgb:ffff/ffff\a":            "",
		"\x1b]11;rgb:fffff/ffff/ffff\a":      "",
		"\x1b]11;rgb:/ffff/ffff\a":           "",
		"\x1b]11;?\a":                        "",
		"\x1b]11;rgba:ffff/ffff/ffff/ffff\a": "",
		"ffff":                               "",
		"":                                   "",
	} {
		if got, ok := theme.PaletteOn(answer); got != want || ok != (want != "") {
			t.Errorf("PaletteOn(%q) = %q, %v; want %q", answer, got, ok, want)
		}
	}
}

var rgb = regexp.MustCompile(`([34])8;2;(\d+);(\d+);(\d+)`)

// colours returns what is on the screen after the sequences of pre.
func colours(pre string, fg, bg [3]float64) (text, ground [3]float64) {
	text, ground = fg, bg
	for _, m := range rgb.FindAllStringSubmatch(pre, -1) {
		var c [3]float64
		for i := range c {
			c[i], _ = strconv.ParseFloat(m[i+2], 64)
		}
		if m[1] == "3" {
			text = c
		} else {
			ground = c
		}
	}
	return text, ground
}

func luminance(c [3]float64) float64 {
	var l [3]float64
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

func contrast(a, b [3]float64) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds every text, on the page and on the cursor row, to the 4.5 : 1 of WCAG's
// level AA, on the grounds that terminals commonly have.
func TestContrast(t *testing.T) {
	black, ink, white, paper := [3]float64{0, 0, 0}, [3]float64{30, 33, 40}, [3]float64{255, 255, 255}, [3]float64{253, 246, 227}
	for _, c := range []struct {
		p       theme.Palette
		fg      [3]float64
		grounds [][3]float64
	}{
		{theme.Dark, [3]float64{216, 222, 233}, [][3]float64{black, ink}},
		{theme.Light, black, [][3]float64{white, paper}},
		{theme.HighContrast, white, [][3]float64{black, ink}},
	} {
		th := theme.New(theme.Options{Palette: c.p})
		for _, ground := range c.grounds {
			for _, k := range allTokens() {
				want := 4.5
				if k == theme.Border {
					want = 2.5 // a line, not a text
				}
				fg, bg := colours(th.Style(k).Pre, c.fg, ground)
				if got := contrast(fg, bg); got < want {
					t.Errorf("%s: %s has contrast %.1f on %v", c.p, k, got, ground)
				}
				if k == theme.Border {
					continue // rows have none
				}
				for _, base := range []theme.Token{theme.Selected, theme.SelectedIdle, theme.Bar} {
					fg, bg := colours(th.Style(base).Pre+th.Over(base, k).Pre, c.fg, ground)
					if got := contrast(fg, bg); got < want {
						t.Errorf("%s: %s on %s has contrast %.1f", c.p, k, base, got)
					}
				}
			}
		}
	}
}

// A cell over a row must leave the row as it would be without the cell.
func TestOverRestoresTheRow(t *testing.T) {
	for _, p := range theme.Palettes() {
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI, termenv.Ascii} {
			th := theme.New(theme.Options{Palette: p, Profile: profile})
			for _, base := range allTokens() {
				for _, k := range allTokens() {
					s := th.Over(base, k)
					pre := th.Style(base).Pre
					want, got := pen(pre), pen(pre+s.Pre+s.Suf)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%s, %v: %s on %s (-row +row after the cell):\n%s", p, profile, k, base, diff)
					}
				}
			}
		}
	}
	th := theme.New(theme.Options{})
	if s := th.Over(theme.Selected, theme.Bad); s.Pre == "" {
		t.Error("a bad cell on the cursor row has no look of its own")
	}
}

var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// pen returns what a terminal draws with after the sequences in s.
func pen(s string) map[string]string {
	on := map[string]string{}
	for _, m := range sgr.FindAllStringSubmatch(s, -1) {
		codes := strings.Split(m[1], ";")
		for i := 0; i < len(codes); i++ {
			switch c := codes[i]; {
			case c == "0" || c == "":
				clear(on)
			case c == "22":
				delete(on, "1")
				delete(on, "2")
			case c == "23" || c == "24" || c == "27":
				delete(on, c[1:])
			case c == "39":
				delete(on, "fg")
			case c == "38" || c == "48":
				n := map[string]int{"5": 3, "2": 5}[codes[i+1]]
				on[map[string]string{"38": "fg", "48": "bg"}[c]] = strings.Join(codes[i:i+n], ";")
				i += n - 1
			case len(c) >= 2 && (c[0] == '3' || c[0] == '9'):
				on["fg"] = c
			case len(c) >= 2:
				on["bg"] = c
			default:
				on[c] = "on"
			}
		}
	}
	return on
}

func TestMarksDifferWithoutColour(t *testing.T) {
	for _, set := range []theme.GlyphSet{theme.Unicode, theme.ASCII} {
		th := theme.New(theme.Options{Glyphs: set})
		for name, marks := range map[string][]theme.Mark{
			"status": {
				th.Status("approved"), th.Status("awaiting_admin_review"), th.Status("inactive"), th.Status("rejected"),
				th.Status(""), th.Status("?"), th.Status("on_holiday"),
			},
			"zap":          {th.Zap("running"), th.Zap("stopped"), th.Zap("draft")},
			"subscription": {th.Subscription("active"), th.Subscription("paused"), th.Subscription("suspended"), th.Subscription("gone")},
			"replay":       {th.Replay("running"), th.Replay("stopped"), th.Replay("done"), th.Replay("else")},
			"delivery":     {th.Delivery("due"), th.Delivery("claimed"), th.Delivery("held"), th.Delivery("done"), th.Delivery("dead")},
		} {
			seen := map[string]bool{}
			for _, m := range marks {
				if seen[m.Glyph] {
					t.Errorf("%s: two states of a %s are %q", set, name, m.Glyph)
				}
				seen[m.Glyph] = true
			}
		}
	}
}

func BenchmarkPaint(b *testing.B) {
	th := theme.New(theme.Options{})
	s := th.Style(theme.Bad)
	var sb strings.Builder
	for b.Loop() {
		sb.Reset()
		s.Write(&sb, "410 Gone")
	}
}
