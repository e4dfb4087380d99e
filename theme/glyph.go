package theme

import (
	"fmt"
	"strings"
)

// A GlyphSet is a choice of drawing characters.
type GlyphSet string

// The glyph sets.
const (
	Unicode GlyphSet = "unicode"
	ASCII   GlyphSet = "ascii" // for consoles without the font, and terminals that draw ambiguous characters two cells wide
)

// ParseGlyphSet reads a glyph set's name in any case.
func ParseGlyphSet(s string) (GlyphSet, error) {
	for _, g := range []GlyphSet{Unicode, ASCII} {
		if strings.EqualFold(strings.TrimSpace(s), string(g)) {
			return g, nil
		}
	}
	return "", fmt.Errorf("%q is no glyph set; use unicode or ascii", s)
}

// Glyphs are the drawing characters. Each of them is one cell wide, but for those
// that say otherwise.
type Glyphs struct {
	Cursor, Mark       string // of a row
	Ellipsis           string // stands for what was cut off
	Asc, Desc          string // the sort order, beside a column's title
	Up, Down           string // there is more above, below
	Left, Right        string // there is more to the left, to the right
	OK, Fail, Warn     string // what became of something; OK may be two cells
	Dot, Ring, Half    string // on, off, between the two
	Retry              string // it will be tried again
	Dash               string // there is nothing to show
	Arrow              string // from one to the other; may be two cells
	Bullet             string // an item of a list
	Sep                string // between two pieces of a line
	Open, Closed       string // a section that is open, folded
	Enter              string // the enter key; may be several cells
	Full, Empty        string // of a progress bar
	Spark              []string
	Spinner            []string
	H, V               string // lines
	TL, TR, BL, BR     string // corners
	TDown, TUp         string // a line that branches down, up
	TRight, TLeft      string // a line that branches right, left
	Cross              string
	Mask               string // one character of a secret
	Approved, Awaiting string // account statuses
	Inactive, Rejected string
	Undefined, Unknown string
}

var unicodeGlyphs = Glyphs{
	Cursor: "▸", Mark: "•", Ellipsis: "…", Asc: "↑", Desc: "↓", Up: "▲", Down: "▼", Left: "‹", Right: "›",
	OK: "✓", Fail: "✗", Warn: "!", Dot: "●", Ring: "◌", Half: "◐", Retry: "↻", Dash: "—", Arrow: "→", Bullet: "•",
	Sep: "─", Open: "▾", Closed: "▸", Enter: "⏎", Full: "█", Empty: "░",
	Spark:   []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	Spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	H:       "─", V: "│", TL: "┌", TR: "┐", BL: "└", BR: "┘", TDown: "┬", TUp: "┴", TRight: "├", TLeft: "┤", Cross: "┼",
	Mask:     "•",
	Approved: "●", Awaiting: "◐", Inactive: "◌", Rejected: "✗", Undefined: "·", Unknown: "?",
}

var asciiGlyphs = Glyphs{
	Cursor: ">", Mark: "*", Ellipsis: "~", Asc: "^", Desc: "v", Up: "^", Down: "v", Left: "<", Right: ">",
	OK: "ok", Fail: "x", Warn: "!", Dot: "o", Ring: "-", Half: "%", Retry: "r", Dash: "-", Arrow: "->", Bullet: "*",
	Sep: "-", Open: "v", Closed: ">", Enter: "enter", Full: "#", Empty: ".",
	Spark:   []string{"_", ".", ":", "-", "=", "+", "*", "#"},
	Spinner: []string{"|", "/", "-", "\\"},
	H:       "-", V: "|", TL: "+", TR: "+", BL: "+", BR: "+", TDown: "+", TUp: "+", TRight: "+", TLeft: "+", Cross: "+",
	Mask:     "*",
	Approved: "o", Awaiting: "%", Inactive: "-", Rejected: "x", Undefined: ".", Unknown: "?",
}

// Spell returns what was written with typographic signs as the glyph set can show it: with
// ASCII, "…tter" becomes "~tter". Names in other scripts are left alone, and the width stays.
func (t *Theme) Spell(s string) string {
	if t.opts.Glyphs != ASCII {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '…':
			return '~'
		case '“', '”', '„':
			return '"'
		case '‘', '’':
			return '\''
		case '–', '—', '−':
			return '-'
		case '•':
			return '*'
		case '·':
			return '.'
		case '×':
			return 'x'
		case '→', '›':
			return '>'
		case '←', '‹':
			return '<'
		case '↓':
			return 'v'
		case '↑':
			return '^'
		}
		return r
	}, s)
}
