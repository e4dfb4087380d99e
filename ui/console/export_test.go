package console

import (
	"io"
	"time"
)

// DrawAt returns the frame for a size.
func (m *Model) DrawAt(w, h int) string {
	m.resize(w, h)
	return m.draw()
}

// Names of what the tests look at.
var (
	OSC52    = osc52
	Copyable = copyable
)

// Limits of the grace period.
const (
	GraceQuiet = graceQuiet
	GraceLimit = graceLimit
)

// GapOf returns how long a frame is to stay on a line, and that line with the watch on it.
func GapOf(out io.Writer) (gap func() time.Duration, w io.Writer) {
	l, w := linkTo(out)
	return l.gap, w
}
