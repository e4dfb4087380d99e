package theme

import (
	"cmp"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

const reset = "\x1b[0m"

// A Style is a pair of escape sequences. The zero value changes nothing.
type Style struct {
	Pre string // begins the style
	Suf string // ends it: a reset, and what was there before
}

// Wrap returns s between the style's sequences; an empty s stays empty.
func (s Style) Wrap(text string) string {
	if text == "" || s.Pre == "" {
		return text
	}
	return s.Pre + text + s.Suf
}

// Write appends text between the style's sequences to b.
func (s Style) Write(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	b.WriteString(s.Pre)
	b.WriteString(text)
	b.WriteString(s.Suf)
}

// A colour in the two spellings that matter: the 256 colours are computed from the
// first, but the nearest of sixteen is seldom the one that is meant.
type colour struct {
	hex  string // "#rrggbb"; empty: the terminal's own
	ansi string // "0" to "15"
}

func (c colour) in(p termenv.Profile) termenv.Color {
	if c.hex == "" {
		return termenv.NoColor{}
	}
	if p == termenv.ANSI {
		return p.Color(c.ansi)
	}
	return p.Color(c.hex)
}

// A look is what one palette makes of one token.
type look struct {
	fg, bg                                  colour
	bold, faint, underline, reverse, italic bool
}

func (l look) style(p termenv.Profile) Style {
	if p == termenv.Ascii {
		return Style{}
	}
	var codes []string
	for _, a := range []struct {
		on   bool
		code string
	}{{l.bold, "1"}, {l.faint, "2"}, {l.italic, "3"}, {l.underline, "4"}, {l.reverse, "7"}} {
		if a.on {
			codes = append(codes, a.code)
		}
	}
	for _, seq := range []string{l.fg.in(p).Sequence(false), l.bg.in(p).Sequence(true)} {
		if seq != "" {
			codes = append(codes, seq)
		}
	}
	if len(codes) == 0 {
		return Style{}
	}
	return Style{Pre: "\x1b[" + strings.Join(codes, ";") + "m", Suf: reset}
}

// after returns what takes l up again after a cell that was drawn over it: only what the
// cell has changed, because a whole look for every cell would double the bytes of a row.
func (l look) after(cell look, p termenv.Profile) string {
	if p == termenv.Ascii {
		return ""
	}
	var codes []string
	if (cell.bold && !l.bold) || (cell.faint && !l.faint) {
		codes = append(codes, "22")
		if l.bold {
			codes = append(codes, "1")
		}
	}
	if cell.italic && !l.italic {
		codes = append(codes, "23")
	}
	if cell.underline && !l.underline {
		codes = append(codes, "24")
	}
	if cell.fg.hex != "" {
		codes = append(codes, cmp.Or(l.fg.in(p).Sequence(false), "39"))
	}
	if len(codes) == 0 {
		return ""
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}

func (l look) lip(r *lipgloss.Renderer, p termenv.Profile) lipgloss.Style {
	s := r.NewStyle().Bold(l.bold).Faint(l.faint).Underline(l.underline).Reverse(l.reverse).Italic(l.italic)
	if l.fg.hex != "" {
		s = s.Foreground(l.fg.lip(p))
	}
	if l.bg.hex != "" {
		s = s.Background(l.bg.lip(p))
	}
	return s
}

func (c colour) lip(p termenv.Profile) lipgloss.TerminalColor {
	code := c.hex
	if p == termenv.ANSI {
		code = c.ansi
	}
	return lipgloss.Color(code) //nolint:forbidigo // this is where colours belong
}
