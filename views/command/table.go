package command

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"umdeck/theme"
	"umdeck/views/column"
)

// A tableSheet writes aligned columns. Their widths are those of the first page;
// on a terminal columns shrink, and those that matter least go, until a line fits.
type tableSheet[T any] struct {
	app     *app
	out     *bufio.Writer
	columns []column.Column[T]
	rows    []T  // not written yet
	steady  bool // every column is as wide as its Min at least, whatever the first page has
	widths  []int
}

func (s *tableSheet[T]) add(row T) error {
	s.rows = append(s.rows, row)
	return nil
}

func (s *tableSheet[T]) end() error { return s.page() }

func (s *tableSheet[T]) page() error {
	if len(s.rows) == 0 {
		return nil
	}
	if s.widths == nil {
		s.arrange()
		if err := s.head(); err != nil {
			return err
		}
	}
	for _, row := range s.rows {
		if err := s.line(row); err != nil {
			return err
		}
	}
	s.rows = s.rows[:0]
	return written(0, s.out.Flush())
}

// cell returns what a row has in a column, clean.
func (s *tableSheet[T]) cell(c column.Column[T], row T) string {
	text := theme.Clean(c.Text(row))
	if c.Mark != nil && s.app.cfg.Terminal {
		return c.Mark(s.app.theme, row).With(text)
	}
	return text
}

// arrange finds the widths, and drops what does not fit.
func (s *tableSheet[T]) arrange() {
	s.widths = make([]int, len(s.columns))
	for i, c := range s.columns {
		s.widths[i] = theme.Width(c.Title)
		if s.steady {
			s.widths[i] = max(s.widths[i], c.Min)
		}
		for _, row := range s.rows {
			s.widths[i] = max(s.widths[i], theme.Width(s.cell(c, row)))
		}
	}
	room := s.app.width()
	if room == 0 {
		return
	}
	for len(s.columns) > 1 && s.least() > room {
		worst := len(s.columns) - 1
		for i := worst - 1; i > 0; i-- {
			if s.columns[i].Priority > s.columns[worst].Priority {
				worst = i
			}
		}
		s.columns = append(s.columns[:worst:worst], s.columns[worst+1:]...)
		s.widths = append(s.widths[:worst:worst], s.widths[worst+1:]...)
	}
	for s.total() > room && s.shrink() {
	}
}

// floor is the least width of a column.
func (s *tableSheet[T]) floor(i int) int {
	return min(s.widths[i], max(s.columns[i].Min, theme.Width(s.columns[i].Title)))
}

func (s *tableSheet[T]) least() int {
	n := -gap
	for i := range s.columns {
		n += s.floor(i) + gap
	}
	return n
}

func (s *tableSheet[T]) total() int {
	n := -gap
	for _, w := range s.widths {
		n += w + gap
	}
	return n
}

// shrink takes one cell from the widest column that has one to give.
func (s *tableSheet[T]) shrink() bool {
	widest := -1
	for i := range s.columns {
		if s.widths[i] > s.floor(i) && (widest < 0 || s.widths[i] > s.widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	s.widths[widest]--
	return true
}

// gap is the room between columns.
const gap = 2

func (s *tableSheet[T]) head() error {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = s.fit(i, c.Title)
	}
	line := strings.TrimRight(strings.Join(cells, theme.Spaces(gap)), " ")
	return written(s.out.WriteString(s.paint(theme.Header, line) + "\n"))
}

func (s *tableSheet[T]) line(row T) error {
	cells := make([]string, len(s.columns))
	for i, c := range s.columns {
		cells[i] = s.fit(i, s.cell(c, row))
		if i == len(cells)-1 {
			cells[i] = strings.TrimRight(cells[i], " ")
		}
		if c.Mark != nil {
			cells[i] = s.paint(c.Mark(s.app.theme, row).Token, cells[i])
		}
	}
	return written(s.out.WriteString(strings.TrimRight(strings.Join(cells, theme.Spaces(gap)), " ") + "\n"))
}

// fit pads a cell to its width and cuts it there, the latter on a terminal alone.
func (s *tableSheet[T]) fit(i int, text string) string {
	if s.app.cfg.Terminal {
		text = s.app.theme.Cut(text, s.widths[i])
	}
	if s.columns[i].Right {
		return theme.PadLeft(text, s.widths[i])
	}
	return theme.Pad(text, s.widths[i])
}

// paint colours a text on a terminal.
func (s *tableSheet[T]) paint(k theme.Token, text string) string { return s.app.paint(k, text) }

func (a *app) paint(k theme.Token, text string) string {
	if !a.cfg.Terminal {
		return text
	}
	return a.theme.Paint(k, text)
}

// width returns how many cells a line has, 0 for no limit.
func (a *app) width() int {
	if !a.cfg.Terminal {
		return 0
	}
	if f, ok := a.cfg.Stdout.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	if w, err := strconv.Atoi(a.cfg.Getenv("COLUMNS")); err == nil && w > 0 {
		return w
	}
	return 80
}
