package theme

import (
	"io"
	"strconv"
	"strings"

	"github.com/muesli/termenv"
)

// Detect reads from the environment how a terminal wants to be drawn on. In order of weight:
// UMDECK_THEME (dark, light, high-contrast, none), NO_COLOR, COLORFGBG; the palette
// stays empty when none of them says it, and the console may ask the terminal
// ([Background], [PaletteOn]). Glyphs are UMDECK_GLYPHS (unicode, ascii); without it
// TERM=linux and TERM=dumb get ASCII, and so does a locale that is not UTF-8. Words that are
// none of those above come back as problems, one sentence each.
func Detect(getenv func(string) string) (o Options, problems []error) {
	term := getenv("TERM")
	o.Glyphs = glyphsFor(term, getenv)
	if v := getenv("UMDECK_GLYPHS"); v != "" {
		g, err := ParseGlyphSet(v)
		if err != nil {
			problems = append(problems, err)
		} else {
			o.Glyphs = g
		}
	}
	if v := getenv("UMDECK_THEME"); v != "" {
		p, err := ParsePalette(v)
		if err != nil {
			problems = append(problems, err)
		}
		o.Palette = p
	}
	o.Profile = profile(term, getenv)
	if o.Palette == "" && (getenv("NO_COLOR") != "" || o.Profile == termenv.Ascii) {
		o.Palette = None
	}
	if o.Palette == "" {
		o.Palette = background(term, getenv("COLORFGBG"))
	}
	// Lip Gloss drops bold and reverse together with the colours on the Ascii
	// profile; every terminal but a dumb one has them.
	if o.Profile == termenv.Ascii && term != "dumb" {
		o.Profile = termenv.ANSI
	}
	return o, problems
}

func glyphsFor(term string, getenv func(string) string) GlyphSet {
	if term == "linux" || term == "dumb" {
		return ASCII
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		v := strings.ToLower(getenv(name))
		if v == "" {
			continue
		}
		if strings.Contains(v, "utf-8") || strings.Contains(v, "utf8") {
			return Unicode
		}
		// POSIX and C say nothing about the terminal at the other end of an SSH
		// session, which sends no locale by default; a named charset does.
		if strings.Contains(v, ".") && !strings.HasPrefix(v, "c.") {
			return ASCII
		}
		break
	}
	return Unicode
}

// envOf lets termenv read the environment that Detect was given, but for NO_COLOR,
// which Detect treats itself.
type envOf func(string) string

func (e envOf) Environ() []string { return nil }

func (e envOf) Getenv(key string) string {
	if key == "NO_COLOR" {
		return ""
	}
	return e(key)
}

func profile(term string, getenv func(string) string) termenv.Profile {
	if term == "dumb" {
		return termenv.Ascii
	}
	return termenv.NewOutput(io.Discard, termenv.WithEnvironment(envOf(getenv)), termenv.WithTTY(true)).ColorProfile()
}

// background reads COLORFGBG, "15;0" or "0;default;15": the last part is the
// background, one of the sixteen colours. A Linux console is dark, and cannot be asked.
func background(term, colorfgbg string) Palette {
	if i := strings.LastIndexByte(colorfgbg, ';'); i >= 0 {
		if n, err := strconv.Atoi(colorfgbg[i+1:]); err == nil && n >= 0 && n <= 15 {
			if n == 7 || n >= 9 {
				return Light
			}
			return Dark
		}
	}
	if term == "linux" {
		return Dark
	}
	return ""
}

// Background is the question for a terminal's background colour. Not every terminal answers.
const Background = "\x1b]11;?\x1b\\"

// PaletteOn returns the palette for the background that a terminal has named in its answer
// to [Background], such as "\x1b]11;rgb:ffff/ffff/dddd\a"; ok is false for anything else.
func PaletteOn(answer string) (p Palette, ok bool) {
	rest, ok := strings.CutPrefix(answer, "\x1b]11;rgb:")
	parts := strings.Split(strings.TrimRight(rest, "\a\x1b\\"), "/")
	if !ok || len(parts) != 3 {
		return "", false
	}
	bright := 0.0
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil {
			return "", false
		}
		bright += weight * float64(n) / float64(uint(1)<<(4*len(parts[i]))-1)
	}
	if bright > 0.5 {
		return Light, true
	}
	return Dark, true
}
