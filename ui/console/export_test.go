package console

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
