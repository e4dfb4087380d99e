package theme

import (
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Detect reads from the environment how a terminal wants to be drawn on. In order of weight:
// UMDECK_THEME (dark, light, high-contrast, none), NO_COLOR, COLORFGBG, then
// probe, which asks the terminal whether its background is dark; a nil probe or one that
// does not know leaves it at dark. Glyphs are UMDECK_GLYPHS (unicode, ascii); without
// it TERM=linux and TERM=dumb get ASCII, and so does a locale that is not UTF-8.
//
// It must be called before the program reads keys: a later answer to probe would
// be read as typing. Words that are none of those above come back as problems, one
// sentence each.
func Detect(getenv func(string) string, probe func() (dark, known bool)) (o Options, problems []error) {
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
		o.Palette = background(getenv("COLORFGBG"), probe)
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
// background, one of the sixteen colours.
func background(colorfgbg string, probe func() (dark, known bool)) Palette {
	if i := strings.LastIndexByte(colorfgbg, ';'); i >= 0 {
		if n, err := strconv.Atoi(colorfgbg[i+1:]); err == nil && n >= 0 && n <= 15 {
			if n == 7 || n >= 9 {
				return Light
			}
			return Dark
		}
	}
	if probe != nil {
		if dark, known := probe(); known && !dark {
			return Light
		}
	}
	return Dark
}

// BackgroundIsDark returns what the terminal said about its background, for [Detect]. It asks
// nothing: Bubble Tea does so when the program starts, and Lip Gloss keeps the answer.
func BackgroundIsDark() (dark, known bool) { return lipgloss.HasDarkBackground(), true }
