// Package theme is how umdeck looks: the only place with a colour, with the
// drawing characters, and with the arithmetic of terminal cells.
//
// # Styles
//
// A [Theme] turns a [Token], which says what a text means, into a [Style], which
// is a pair of ready-made escape sequences:
//
//	t.Paint(theme.Bad, "410 Gone")
//
// A style is never the only carrier of a meaning: the cursor row has a glyph, so
// has a mark, and a state is a glyph and a word ([Theme.Status] and its
// neighbours). With [None], the palette of NO_COLOR, bold, underline and reverse
// remain.
//
// A widget that comes from elsewhere takes a [Theme.Lip] style, which says the
// same through Lip Gloss.
//
// # Text from outside
//
// Everything that a site, a person or a network has written passes [Clean] or
// [CleanLines] before it is drawn. What they return has no control character, no
// escape sequence and no bidirectional override in it, and takes exactly the
// cells that [Width] says, wherever it is put on a line.
//
// # Cells
//
// [Width], [Theme.Cut], [Pad] and [Wrap] count grapheme clusters the way Bubble
// Tea's renderer does, so that a line that is full here is full on the screen.
// They take styled text too, and never cut a sequence in two.
package theme
