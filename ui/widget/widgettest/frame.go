// Package widgettest checks what widgets draw: that a frame has the size it was asked for,
// that nothing in it moves the cursor, and that the words are there. Whole frames are
// compared with uitest.Golden.
package widgettest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"umdeck/theme"
)

// Plain returns a theme without any escape sequence, so that frames can be read.
func Plain() *theme.Theme {
	return theme.New(theme.Options{Palette: theme.None, Profile: termenv.Ascii})
}

// ASCII returns Plain with ASCII glyphs.
func ASCII() *theme.Theme {
	return theme.New(theme.Options{Palette: theme.None, Glyphs: theme.ASCII, Profile: termenv.Ascii})
}

// Themes returns one theme of every kind that draws differently.
func Themes() []*theme.Theme {
	return []*theme.Theme{
		theme.New(theme.Options{}),
		theme.New(theme.Options{Palette: theme.Light, Profile: termenv.ANSI}),
		theme.New(theme.Options{Palette: theme.HighContrast, Glyphs: theme.ASCII, Profile: termenv.ANSI256}),
		theme.New(theme.Options{Palette: theme.None, Profile: termenv.ANSI}),
		Plain(),
	}
}

// Exact fails the test unless view is h lines of w cells, as Bubble Tea's renderer
// counts them, without a control character outside of a sequence for a look.
func Exact(t *testing.T, view string, w, h int) {
	t.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) != h {
		t.Errorf("%dx%d has %d lines:\n%s", w, h, len(lines), view)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != w {
			t.Errorf("%dx%d: line %d takes %d cells: %q", w, h, i, got, line)
		}
		if bare := ansi.Strip(line); theme.Clean(bare) != bare {
			t.Errorf("%dx%d: line %d is not clean: %q", w, h, i, line)
		}
	}
}

// Contains fails the test unless every text is in view.
func Contains(t *testing.T, view string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(view, text) {
			t.Errorf("%q is not in\n%s", text, view)
		}
	}
}
