package table

import (
	"cmp"
	"slices"

	"umdeck/theme"
)

// An Align says on which side of its column a value stands.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Right
)

// A Column shows one thing of every row. Key, Title and Value are required.
type Column[T any] struct {
	Key   string // stable name, such as "user_email"
	Title string // what stands above it, upper-case by convention
	Min   int    // narrowest useful width in cells; 0: that of the title
	Max   int    // widest useful width; 0: Min, or no limit for a column with Flex
	Flex  int    // its share of the room that is left; 0: none
	// Priority says how soon the column goes when there is no room: the highest
	// goes first, of equals the last one. The first column never goes.
	Priority int
	Align    Align
	Value    func(T) string      // of a row; it is cleaned and cut when it is drawn
	Style    func(T) theme.Token // nil: theme.Text
	Sort     string              // what to sort by, for whoever sorts; empty: it cannot be
	Hidden   bool                // left out until somebody asks for it
}

// gap is the room between two columns, gutter the one before the first: a space, the
// cursor and the mark; margin is the room behind the last one.
const (
	gap    = 2
	gutter = 3
	margin = 1
)

// A place is where a column is drawn.
type place struct {
	col   int // index of the column
	width int
}

// A layout is how the columns share a width.
type layout struct {
	width       int
	places      []place
	left, right bool // there are columns beyond the edge
	maxShift    int  // how far one can scroll to the right
}

func (c Column[T]) min() int { return max(cmp.Or(c.Min, theme.Width(c.Title)), 1) }

func (c Column[T]) max() int {
	if c.Max > 0 {
		return max(c.Max, c.min())
	}
	if c.Flex > 0 {
		return 1 << 20
	}
	return c.min()
}

// arrange lays the columns out in width cells. With a shift of 0 columns go by
// priority; with more, the first one is followed by those from there on.
func arrange[T any](cols []Column[T], width, shift int) layout {
	shown := make([]int, 0, len(cols))
	for i := range cols {
		if !cols[i].Hidden {
			shown = append(shown, i)
		}
	}
	l := layout{width: width}
	if len(shown) == 0 || width <= gutter+margin {
		return l
	}
	room := width - gutter - margin
	kept := drop(cols, shown, room)
	if len(kept) < len(shown) {
		l.maxShift = lastShift(cols, shown, room)
		l.right = true
		if shift > 0 {
			shift = min(shift, l.maxShift)
			kept = from(cols, shown, shift, room)
			l.left, l.right = true, shift < l.maxShift
		}
	}
	l.places = share(cols, kept, room)
	return l
}

// need returns the least width of the columns, gaps included.
func need[T any](cols []Column[T], which []int) int {
	n := gap * (len(which) - 1)
	for _, i := range which {
		n += cols[i].min()
	}
	return n
}

func drop[T any](cols []Column[T], shown []int, room int) []int {
	kept := slices.Clone(shown)
	for len(kept) > 1 && need(cols, kept) > room {
		worst := len(kept) - 1
		for i := worst - 1; i > 0; i-- {
			if cols[kept[i]].Priority > cols[kept[worst]].Priority {
				worst = i
			}
		}
		kept = slices.Delete(kept, worst, worst+1)
	}
	return kept
}

// from returns the first column and as many of those from shift+1 on as there is room for.
func from[T any](cols []Column[T], shown []int, shift, room int) []int {
	kept := []int{shown[0]}
	for _, i := range shown[min(1+shift, len(shown)):] {
		if need(cols, append(kept, i)) > room {
			break
		}
		kept = append(kept, i)
	}
	if len(kept) == 1 && len(shown) > 1 && shift+1 < len(shown) {
		return []int{shown[shift+1]} // too narrow for both: what was scrolled to counts
	}
	return kept
}

// lastShift returns the shift at which the last column comes into sight.
func lastShift[T any](cols []Column[T], shown []int, room int) int {
	for s := 1; s < len(shown)-1; s++ {
		kept := from(cols, shown, s, room)
		if kept[len(kept)-1] == shown[len(shown)-1] {
			return s
		}
	}
	return max(len(shown)-2, 0)
}

// share gives every column its least width, and what is left to those that flex.
func share[T any](cols []Column[T], kept []int, room int) []place {
	places := make([]place, len(kept))
	for n, i := range kept {
		places[n] = place{i, min(cols[i].min(), room)}
	}
	left := room - need(cols, kept)
	for left > 0 {
		total := 0
		for _, p := range places {
			if p.width < cols[p.col].max() {
				total += weight(cols[p.col])
			}
		}
		if total == 0 {
			break
		}
		given, pot := 0, left
		for n := range places {
			p := &places[n]
			c := cols[p.col]
			if p.width >= c.max() {
				continue
			}
			more := min(max(pot*weight(c)/total, 1), c.max()-p.width, left-given)
			p.width += more
			given += more
		}
		left -= given
	}
	return places
}

// weight returns a column's share; one that may grow but does not flex takes little.
func weight[T any](c Column[T]) int { return max(c.Flex, 1) }
