package dialog

import (
	"strings"

	"umdeck/theme"
)

// A Box is a frame with a title round lines of text.
type Box struct {
	Title string
	Lines []string // styled or plain; longer ones are cut
	Foot  string   // the keys, under the lines; may be empty
	Bad   bool     // what it says is dangerous: the title is drawn so
	Width int      // of the text, in cells; 0: as wide as the widest line needs
}

// Frame is how many cells the frame and its margin take from the width.
const Frame = 4

// Draw draws the box at most maxW cells wide and maxH lines high: lines that do not
// fit are left off, the foot never.
func (b Box) Draw(t *theme.Theme, maxW, maxH int) string {
	lines := b.Lines
	if b.Foot != "" {
		room := max(maxH-3, 0)
		lines = append(append([]string(nil), lines[:min(len(lines), room)]...), b.Foot)
	}
	lines = lines[:min(len(lines), max(maxH-2, 0))]
	w := b.Width
	if w == 0 {
		w = theme.Width(b.Title) + 2
		for _, l := range lines {
			w = max(w, theme.Width(l))
		}
	}
	w = max(min(w, maxW-Frame), 1)
	return b.draw(t, lines, w)
}

func (b Box) draw(t *theme.Theme, lines []string, w int) string {
	frame, title := t.Style(theme.BorderFocus), t.Style(theme.Title)
	if b.Bad {
		frame, title = t.Style(theme.Bad), t.Style(theme.Bad)
	}
	g := t.Glyph
	var s strings.Builder
	name := t.Cut(b.Title, max(w-2, 0))
	if name != "" {
		name = " " + name + " "
	}
	frame.Write(&s, g.TL+g.H)
	title.Write(&s, name)
	frame.Write(&s, strings.Repeat(g.H, max(w+1-theme.Width(name), 0))+g.TR)
	side := frame.Wrap(g.V)
	for _, l := range lines {
		s.WriteString("\n" + side + " " + t.Fit(l, w) + " " + side)
	}
	s.WriteString("\n" + frame.Wrap(g.BL+strings.Repeat(g.H, w+2)+g.BR))
	return s.String()
}

// Hint draws keys and what they do, such as "enter apply  esc close". The pairs are key,
// meaning, key, meaning.
func Hint(t *theme.Theme, pairs ...string) string {
	var s strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			s.WriteString("  ")
		}
		t.Style(theme.Key).Write(&s, KeyName(t, pairs[i]))
		s.WriteString(" ")
		t.Style(theme.Muted).Write(&s, pairs[i+1])
	}
	return s.String()
}

// KeyName returns how a key that is spelled as Bubble Tea spells it is shown.
func KeyName(t *theme.Theme, key string) string {
	switch key {
	case "enter":
		return t.Glyph.Enter
	case " ":
		return "space"
	case "shift+tab":
		return "S-tab"
	case "pgdown":
		return "pgdn"
	}
	return key
}
