package table

import (
	"slices"
	"strings"

	"umdeck/theme"
)

// A Grid draws rows in columns. It holds no rows, so that the table and the log can both
// use it. The zero value draws nothing; use [NewGrid].
type Grid[T any] struct {
	cols   []Column[T]
	lay    layout
	fresh  bool // lay fits cols, width and shift
	shift  int
	sortBy string
	desc   bool
}

// A Look is what is special about a row.
type Look struct {
	Cursor bool // the cursor is on it
	Idle   bool // ... but the keys go elsewhere
	Marked bool
	Match  bool // it is one of those that are searched for
}

// NewGrid returns a grid of columns. It keeps a copy of them.
func NewGrid[T any](cols []Column[T]) *Grid[T] { return &Grid[T]{cols: slices.Clone(cols)} }

// Columns returns the columns, hidden ones included. They are the grid's own.
func (g *Grid[T]) Columns() []Column[T] { return g.cols }

// SetColumns replaces the columns.
func (g *Grid[T]) SetColumns(cols []Column[T]) { g.cols, g.fresh = cols, false }

// SetSort says by which column (its Sort) the rows are sorted, for the arrow in the header.
func (g *Grid[T]) SetSort(by string, desc bool) { g.sortBy, g.desc = by, desc }

// Scroll moves the columns by n to the right and reports whether there was anything to move.
func (g *Grid[T]) Scroll(n int) bool {
	was := g.shift
	g.shift = min(max(g.shift+n, 0), g.lay.maxShift)
	g.fresh = g.fresh && g.shift == was
	return g.shift != was
}

// Resize lays the columns out for lines of width cells.
func (g *Grid[T]) Resize(width int) {
	if g.fresh && g.lay.width == width {
		return
	}
	g.lay = arrange(g.cols, width, g.shift)
	g.shift, g.fresh = min(g.shift, g.lay.maxShift), true
}

// Keys returns the keys of the columns that are in sight.
func (g *Grid[T]) Keys() []string {
	var keys []string
	for _, p := range g.lay.places {
		keys = append(keys, g.cols[p.col].Key)
	}
	return keys
}

// Header returns the line of titles.
func (g *Grid[T]) Header(th *theme.Theme) string {
	var b strings.Builder
	left := min(gutter, g.lay.width)
	if g.lay.left && left > 0 {
		b.WriteString(theme.Spaces(left-1) + th.Glyph.Left)
	} else {
		b.WriteString(theme.Spaces(left))
	}
	used := left
	for n, p := range g.lay.places {
		if n > 0 {
			b.WriteString(theme.Spaces(gap))
			used += gap
		}
		title := g.title(th, p)
		b.WriteString(title)
		used += p.width
	}
	rest := g.lay.width - used
	if g.lay.right && rest > 0 {
		b.WriteString(theme.Spaces(rest-1) + th.Glyph.Right)
	} else {
		b.WriteString(theme.Spaces(rest))
	}
	return th.Paint(theme.Header, b.String())
}

func (g *Grid[T]) title(th *theme.Theme, p place) string {
	c := g.cols[p.col]
	title := c.Title
	if c.Sort != "" && c.Sort == g.sortBy {
		arrow := th.Glyph.Asc
		if g.desc {
			arrow = th.Glyph.Desc
		}
		title = th.Cut(title, p.width-1) + arrow
	}
	if c.Align == Right {
		return th.FitRight(title, p.width)
	}
	return th.Fit(title, p.width)
}

// Line writes one row, exactly as wide as the grid, to b.
func (g *Grid[T]) Line(b *strings.Builder, th *theme.Theme, row T, look Look) {
	base := theme.Text
	switch {
	case look.Cursor && look.Idle:
		base = theme.SelectedIdle
	case look.Cursor:
		base = theme.Selected
	}
	style := th.Style(base)
	b.WriteString(style.Pre)
	g.gutter(b, th, base, look)
	used := min(gutter, g.lay.width)
	for n, p := range g.lay.places {
		if n > 0 {
			b.WriteString(theme.Spaces(gap))
			used += gap
		}
		c := &g.cols[p.col]
		tok := theme.Text
		if c.Style != nil {
			tok = c.Style(row)
		}
		cell(b, th, overlay(th, base, tok), c.Value(row), p.width, c.Align)
		used += p.width
	}
	b.WriteString(theme.Spaces(g.lay.width - used))
	b.WriteString(style.Suf)
}

// overlay returns the look of a cell in a row. A row in the text's own look has
// nothing to restore after the cell.
func overlay(th *theme.Theme, base, tok theme.Token) theme.Style {
	if base == theme.Text && th.Style(base).Pre == "" {
		return th.Style(tok)
	}
	if base == tok {
		return theme.Style{}
	}
	return th.Over(base, tok)
}

func (g *Grid[T]) gutter(b *strings.Builder, th *theme.Theme, base theme.Token, look Look) {
	if g.lay.width < gutter {
		b.WriteString(theme.Spaces(g.lay.width))
		return
	}
	if look.Match {
		overlay(th, base, theme.Match).Write(b, th.Glyph.Right)
	} else {
		b.WriteByte(' ')
	}
	if look.Cursor {
		b.WriteString(th.Glyph.Cursor) // in the look of the row: another one costs as much as the name beside it
	} else {
		b.WriteByte(' ')
	}
	if look.Marked {
		overlay(th, base, theme.Marked).Write(b, th.Glyph.Mark)
	} else {
		b.WriteByte(' ')
	}
}

// head returns as much of value as can matter in w cells, so that a text of a megabyte costs
// what a name does.
func head(value string, w int) string {
	if n := 256 + 16*w; len(value) > n {
		return strings.ToValidUTF8(value[:n], "")
	}
	return value
}

// cell writes one value, exactly w cells wide.
func cell(b *strings.Builder, th *theme.Theme, s theme.Style, value string, w int, a Align) {
	value = th.Cut(theme.Clean(head(value, w)), w)
	pad := theme.Spaces(w - theme.Width(value))
	if a == Right {
		b.WriteString(pad)
	}
	s.Write(b, value)
	if a == Left {
		b.WriteString(pad)
	}
}
