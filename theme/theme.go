package theme

import (
	"cmp"
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Options say how a theme is to look. The zero value is the dark palette in true
// colour with Unicode glyphs.
type Options struct {
	Palette Palette         // empty: Dark
	Glyphs  GlyphSet        // empty: Unicode
	Profile termenv.Profile // how many colours the terminal has; termenv.Ascii: no escape sequence at all
}

// A Theme is a palette for one kind of terminal, and a glyph set. It never
// changes, so it may be shared; a session that looks different has another one.
type Theme struct {
	// Glyph holds the drawing characters.
	Glyph Glyphs

	opts     Options
	renderer *lipgloss.Renderer
	lip      [tokens]lipgloss.Style
	style    [tokens]Style
	over     [tokens][tokens]Style
}

// New returns the theme that o describes. An unknown palette or glyph set counts
// as the default one: [ParsePalette] and [ParseGlyphSet] are for what people write.
func New(o Options) *Theme {
	o.Palette = cmp.Or(o.Palette, Dark)
	o.Glyphs = cmp.Or(o.Glyphs, Unicode)
	t := &Theme{Glyph: unicodeGlyphs, opts: o}
	if o.Glyphs == ASCII {
		t.Glyph = asciiGlyphs
	}
	// The renderer is told everything: left alone it would ask the terminal, and
	// the answer would arrive as keys once the program reads them.
	t.renderer = lipgloss.NewRenderer(io.Discard)
	t.renderer.SetColorProfile(o.Profile)
	t.renderer.SetHasDarkBackground(o.Palette != Light)
	t.build()
	return t
}

func (t *Theme) build() {
	looks := looksOf(t.opts.Palette)
	for i := range tokens {
		t.lip[i] = looks[i].lip(t.renderer, t.opts.Profile)
		t.style[i] = looks[i].style(t.opts.Profile)
	}
	for base := range tokens {
		for i := range tokens {
			if t.keepsColour(looks, base, i) {
				t.over[base][i] = Style{Pre: t.style[i].Pre, Suf: looks[base].after(looks[i], t.opts.Profile)}
			}
		}
	}
}

// keepsColour reports whether a cell's own look may be laid over that of its row.
// Reversed rows swap the two colours, and on sixteen colours too few pairs can be
// read, so a row with a background of its own is in one colour there, as it is in high
// contrast.
func (t *Theme) keepsColour(looks [tokens]look, base, cell Token) bool {
	b := looks[base]
	if b.reverse || looks[cell].reverse || looks[cell].bg != (colour{}) {
		return false
	}
	return b.bg == (colour{}) || t.opts.Profile <= termenv.ANSI256 && t.opts.Palette != HighContrast
}

// Options returns what the theme was made from, with its defaults filled in.
func (t *Theme) Options() Options { return t.opts }

// Renderer returns the theme's own Lip Gloss renderer, for widgets that want one.
func (t *Theme) Renderer() *lipgloss.Renderer { return t.renderer }

// Style returns the look of a token.
func (t *Theme) Style(k Token) Style { return t.style[k] }

// Over returns the look of a token inside a line that has the look of base, such as a
// bad state on the cursor row. Its end restores base.
func (t *Theme) Over(base, k Token) Style { return t.over[base][k] }

// Lip returns the look of a token as a Lip Gloss style. Rendering with it costs
// microseconds: it is for the styles of foreign widgets, not for cells.
func (t *Theme) Lip(k Token) lipgloss.Style { return t.lip[k] }

// Paint returns s in the look of a token.
func (t *Theme) Paint(k Token, s string) string { return t.style[k].Wrap(s) }
