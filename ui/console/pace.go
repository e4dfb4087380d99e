package console

import (
	"io"
	"os"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

const (
	// farGap is how long a frame stays over SSH before another one that nobody has asked
	// for: four a second, so that keys are not behind them in the line.
	farGap = 250 * time.Millisecond
	// answerWithin is how long after a key what it has begun is drawn at once.
	answerWithin = time.Second
)

// A pace says when a frame may be drawn. What a key asks for is drawn at once; what
// happens by itself waits until the last frame has stood for long enough.
type pace struct {
	last    time.Time // when a frame was drawn
	now     bool      // what was asked for is not drawn yet
	waiting bool      // a drawMsg is on its way
}

// gap is how long a frame stays; 0: no time at all.
func (m *Model) gap() time.Duration {
	gap := time.Duration(0)
	if m.env.Slow {
		gap = farGap
	}
	if m.link != nil {
		gap = max(gap, m.link.gap())
	}
	return gap
}

// asked reports whether a person waits for what the message changes.
func (m *Model) asked(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.KeyMsg, tea.WindowSizeMsg, panicMsg, patienceMsg:
		return true
	case stepMsg:
		return !msg.late
	case workMsg:
		return msg.cause == m.keys && m.keys > 0 && m.now().Sub(m.lastKey) < answerWithin
	}
	return false
}

// paced notes that there is something to draw, and sees to it that it is.
func (m *Model) paced(msg tea.Msg) {
	m.drawn = false
	if m.asked(msg) {
		m.pace.now = true
	}
	if m.pace.now || m.pace.waiting {
		return
	}
	if left := m.gap() - m.now().Sub(m.pace.last); left > 0 {
		m.pace.waiting = true
		m.late = true // nobody has asked for what comes of it
		m.wait(min(left, m.gap()), drawMsg{})
		m.late = false
	}
}

// mayDraw reports whether the time for a frame has come.
func (m *Model) mayDraw() bool {
	return m.pace.now || !m.pace.waiting
}

// drawMsg says that the last frame has stood for long enough.
type drawMsg struct{}

func (drawMsg) apply(m *Model) { m.pace.now, m.pace.waiting = true, false }

// A link is the terminal, with a watch on how long it takes what is written. Bubble Tea
// holds the event loop while it writes, so a line that is slow is written to less often.
type link struct {
	io.Writer
	mean atomic.Int64 // of the last writes, in nanoseconds
}

// slowWrite is from when on a write holds up the keys noticeably.
const slowWrite = 25 * time.Millisecond

// maxGap is the longest that a frame stays: somebody still looks at it.
const maxGap = 2 * time.Second

func (l *link) Write(p []byte) (int, error) {
	begun := time.Now()
	n, err := l.Writer.Write(p)
	l.took(time.Since(begun))
	return n, err
}

func (l *link) took(d time.Duration) {
	mean := time.Duration(l.mean.Load())
	l.mean.Store(int64(mean + (d-mean)/4))
}

// gap is how long a frame is to stay so that writing takes a small part of the time.
func (l *link) gap() time.Duration {
	mean := time.Duration(l.mean.Load())
	if mean < slowWrite {
		return 0
	}
	return min(max(farGap, 8*mean), maxGap)
}

// A fileLink is a link to a terminal whose size Bubble Tea can ask for.
type fileLink struct {
	*os.File
	link *link
}

// Write implements io.Writer.
func (l fileLink) Write(p []byte) (int, error) { return l.link.Write(p) }

// linkTo returns a link to out, and what Bubble Tea is to write to.
func linkTo(out io.Writer) (*link, io.Writer) {
	l := &link{Writer: out}
	if f, ok := out.(*os.File); ok {
		return l, fileLink{f, l}
	}
	return l, l
}
