package uitest

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/vt"

	"umdeck/ui/input"
)

const (
	patience = time.Minute            // how long a wait lasts before the test fails
	quiet    = 120 * time.Millisecond // without a write for this long a screen is stable
	step     = 5 * time.Millisecond   // of waits for that
)

// A Terminal is an emulator with a program on it. It ends with its test.
type Terminal struct {
	t      testing.TB
	in     io.WriteCloser
	keys   chan []byte // what is still to be written to in
	resize func(w, h int)
	stop   func()
	wg     sync.WaitGroup
	ended  chan struct{} // closed when the program has ended
	err    error         // what it returned; read it after ended

	mu      sync.Mutex // the emulator has none that holds for all of it
	emu     *vt.Emulator
	bytes   int           // guarded by mu
	writes  int           // guarded by mu
	raw     []byte        // guarded by mu; what was written last
	changed chan struct{} // guarded by mu; closed at the next write
}

func newTerminal(t testing.TB, w, h int) *Terminal {
	return &Terminal{
		t: t, emu: vt.NewEmulator(w, h), changed: make(chan struct{}), ended: make(chan struct{}), keys: make(chan []byte, 4096),
	}
}

// Start runs a model on a terminal of w by h cells.
func Start(t testing.TB, model tea.Model, w, h int) *Terminal {
	t.Helper()
	term := newTerminal(t, w, h)
	r, wr := io.Pipe()
	term.in = wr
	keys, err := input.Open(r)
	if err != nil {
		t.Fatal(err)
	}
	p := tea.NewProgram(model, tea.WithInput(keys), tea.WithOutput(term), tea.WithAltScreen(), tea.WithoutSignalHandler(), tea.WithFPS(120))
	term.resize = func(w, h int) { p.Send(tea.WindowSizeMsg{Width: w, Height: h}) }
	term.stop = func() {
		p.Quit()
		_ = wr.Close()
	}
	term.begin(func() error {
		_, err := p.Run()
		_ = wr.Close()
		return err
	}, func() { _ = keys.Close() })
	term.resize(w, h)
	return term
}

// begin runs the program, and what carries its bytes.
func (term *Terminal) begin(run func() error, after func()) {
	term.wg.Go(func() {
		defer close(term.ended)
		term.err = run()
		after()
	})
	term.wg.Go(func() { // what the emulator answers goes where the keys go
		buf := make([]byte, 1024)
		for {
			n, err := term.emu.Read(buf)
			if err != nil {
				return
			}
			term.send(append([]byte(nil), buf[:n]...))
		}
	})
	term.wg.Go(func() {
		for {
			select {
			case b := <-term.keys:
				if _, err := term.in.Write(b); err != nil {
					return
				}
			case <-term.ended:
				return
			}
		}
	})
	term.t.Cleanup(term.Close)
}

// Close ends the program and waits for it. The test calls it at its end.
func (term *Terminal) Close() {
	term.stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-term.ended:
	case <-limit.C:
		term.t.Errorf("the program does not end\n%s", term.Screen())
		return
	}
	if c, ok := term.emu.InputPipe().(io.Closer); ok {
		_ = c.Close()
	}
	term.wg.Wait()
}

// Write takes what the program draws.
func (term *Terminal) Write(p []byte) (int, error) {
	term.mu.Lock()
	defer term.mu.Unlock()
	term.bytes += len(p)
	term.writes++
	if len(term.raw) > 2*keptRaw {
		term.raw = append(term.raw[:0], term.raw[len(term.raw)-keptRaw:]...)
	}
	term.raw = append(term.raw, p...)
	n, err := term.emu.Write(p)
	close(term.changed)
	term.changed = make(chan struct{})
	return n, err
}

func (term *Terminal) send(b []byte) {
	select {
	case term.keys <- b:
	case <-term.ended:
	}
}

// Keys presses keys: all bytes arrive in one read, as far as one read goes.
func (term *Terminal) Keys(keys string) { term.send([]byte(keys)) }

// Slow presses the same keys with one byte a read.
func (term *Terminal) Slow(keys string) {
	for i := range len(keys) {
		term.send([]byte{keys[i]})
	}
}

// Paste pastes text in brackets, as terminals do.
func (term *Terminal) Paste(text string) { term.Keys("\x1b[200~" + text + "\x1b[201~") }

// Resize gives the terminal another size.
func (term *Terminal) Resize(w, h int) {
	term.mu.Lock()
	term.emu.Resize(w, h)
	term.mu.Unlock()
	term.resize(w, h)
}

// Screen returns the text on the screen, a line each, without blanks at their ends.
func (term *Terminal) Screen() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	var b strings.Builder
	for y := range term.emu.Height() {
		var line strings.Builder
		for x := 0; x < term.emu.Width(); {
			cell := term.emu.CellAt(x, y)
			if cell == nil || cell.Width == 0 {
				line.WriteByte(' ')
				x++
				continue
			}
			line.WriteString(cell.Content)
			x += cell.Width
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// Styled returns the screen with its styles as escape sequences.
func (term *Terminal) Styled() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.emu.Render()
}

// Bytes returns how many bytes the program has written so far.
func (term *Terminal) Bytes() int {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.bytes
}

// Writes returns how often the program has written so far: a frame that changes something
// is one.
func (term *Terminal) Writes() int {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.writes
}

// keptRaw is how much Raw has at least, in bytes.
const keptRaw = 4 << 20

// Raw returns what the program has written so far, as it wrote it; of very much, the end.
func (term *Terminal) Raw() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return string(term.raw)
}

// Err waits until the program has ended and returns its error.
func (term *Terminal) Err() error {
	term.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-term.ended:
		return term.err
	case <-limit.C:
		term.t.Fatalf("the program has not ended\n%s", term.Screen())
		return nil
	}
}

// WaitText waits until text is on the screen.
func (term *Terminal) WaitText(text string) {
	term.t.Helper()
	term.WaitFor("the text "+text, func(screen string) bool { return strings.Contains(screen, text) })
}

// WaitGone waits until text is not on the screen.
func (term *Terminal) WaitGone(text string) {
	term.t.Helper()
	term.WaitFor("the end of the text "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

// WaitFor waits until the screen is as ok wants it.
func (term *Terminal) WaitFor(what string, ok func(screen string) bool) {
	term.t.Helper()
	if term.comes(ok) {
		return
	}
	select {
	case <-term.ended:
		term.t.Fatalf("the program ended (%v) while waiting for %s\n%s", term.err, what, term.Screen())
	default:
		term.t.Fatalf("waited in vain for %s\n%s", what, term.Screen())
	}
}

// comes waits until the screen is as ok wants it; false means that it does not come.
func (term *Terminal) comes(ok func(screen string) bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		term.mu.Lock()
		changed := term.changed
		term.mu.Unlock()
		if ok(term.Screen()) {
			return true
		}
		select {
		case <-changed:
		case <-term.ended:
			return ok(term.Screen())
		case <-limit.C:
			return false
		}
	}
}

// Golden waits until the screen is the one in testdata/name.golden, and compares the two
// when it does not come. go test -update writes the file when the screen is at rest.
func (term *Terminal) Golden(name string) {
	term.t.Helper()
	if *update {
		term.WaitStable()
	} else if want, err := os.ReadFile(goldenFile(name)); err == nil {
		term.comes(func(screen string) bool { return screen == string(want) })
	}
	Golden(term.t, name, term.Screen())
}

// WaitStable waits until nothing was written for a while.
func (term *Terminal) WaitStable() { term.WaitQuiet(quiet) }

// WaitQuiet waits until nothing was written for d. It waits in small steps: on a machine
// that has other things to do, the program gets its turns between them, and one long
// wait could be over before it has had any.
func (term *Terminal) WaitQuiet(d time.Duration) {
	term.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for left := d; left > 0; left -= step {
		term.mu.Lock()
		changed := term.changed
		term.mu.Unlock()
		next := time.NewTimer(min(step, left))
		select {
		case <-changed:
			left = d + step
		case <-next.C:
		case <-limit.C:
			term.t.Fatalf("the screen does not come to rest\n%s", term.Screen())
		}
		next.Stop()
	}
}
