package detail

import (
	"strings"

	"umdeck/theme"
)

// Options say how sections are rendered.
type Options struct {
	Width  int  // in cells
	Reveal bool // masked values are shown
	Whole  bool // long strings of JSON are shown in full
}

// Render returns the sections as lines of at most o.Width cells.
func Render(th *theme.Theme, sections []Section, o Options) []string {
	var lines []string
	for _, s := range sections {
		part := renderSection(th, s, o)
		if len(part) == 0 {
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, part...)
	}
	return lines
}

func renderSection(th *theme.Theme, s Section, o Options) []string {
	var lines []string
	if s.Title != "" {
		lines = append(lines, th.Paint(theme.Header, th.Cut(theme.Clean(s.Title), o.Width)))
	}
	lines = append(lines, fields(th, s.Fields, o)...)
	if s.Text != "" {
		lines = append(lines, wrap(s.Text, o.Width)...)
	}
	if s.JSON != "" {
		lines = append(lines, JSON(th, s.JSON, s.Mask, o)...)
	}
	if s.Lines != nil {
		lines = append(lines, s.Lines(th, o.Width)...)
	}
	return lines
}

// maxText is how much of one text is shown. More is for an export, not for reading.
const maxText = 256 << 10

// wrap returns text in lines of at most w cells.
func wrap(text string, w int) []string {
	if len(text) <= maxText {
		return theme.Wrap(theme.CleanLines(text), w)
	}
	shown := strings.ToValidUTF8(text[:maxText], "")
	lines := theme.Wrap(theme.CleanLines(shown), w)
	return append(lines, theme.Clip(theme.Count(len(text)-len(shown))+" more bytes are not shown.", w))
}

// fields puts the values in a column of their own as long as it leaves them room.
func fields(th *theme.Theme, fs []Field, o Options) []string {
	wide := 0
	for _, f := range fs {
		wide = max(wide, theme.Width(theme.Clean(f.Key)))
	}
	wide = min(wide, max(o.Width*2/5, 4))
	var lines []string
	for _, f := range fs {
		lines = append(lines, field(th, f, wide, o)...)
	}
	return lines
}

func field(th *theme.Theme, f Field, wide int, o Options) []string {
	value := f.Value
	if len(value) > maxText {
		value = strings.ToValidUTF8(value[:maxText], "") + th.Glyph.Ellipsis
	}
	value = theme.CleanLines(value)
	tok := f.Token
	switch {
	case strings.TrimSpace(value) == "":
		value, tok = th.Glyph.Dash, theme.Muted
	case f.Secret && !o.Reveal:
		value, tok = mask(th), theme.Muted
	}
	key := th.Paint(theme.Muted, th.Fit(theme.Clean(f.Key), wide)) + "  "
	room := o.Width - wide - 2
	if room < 4 {
		return []string{th.Paint(theme.Muted, th.Cut(theme.Clean(f.Key), o.Width)), th.Paint(tok, th.Cut(strings.ReplaceAll(value, "\n", " "), o.Width))}
	}
	var lines []string
	for i, part := range theme.Wrap(value, room) {
		if i > 0 {
			key = theme.Spaces(wide + 2)
		}
		lines = append(lines, key+th.Paint(tok, part))
	}
	return lines
}

// mask hides how long the value is, too.
func mask(th *theme.Theme) string { return strings.Repeat(th.Glyph.Mask, 8) + " (m reveals)" }
