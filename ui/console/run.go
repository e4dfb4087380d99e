package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"umdeck/theme"
	"umdeck/ui/input"
)

const (
	fpsNear = 60
	fpsFar  = 15 // over SSH: fewer frames, so that keys are not behind them in the line
	// exitWait is how long the end waits for commands that do not heed their context.
	exitWait = 3 * time.Second
)

// Run shows the console on a terminal until the person quits, ctx ends or the terminal
// is gone, and leaves the terminal as it was. Env.Ctx is replaced by one that ends with
// the console. A fault in the console is returned as an error that names the crash file.
func Run(ctx context.Context, cfg Config, in io.Reader, out io.Writer) error {
	m, err := New(cfg)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cfg.Env.Ctx = ctx
	keys, ended, done, err := m.source(in)
	if err != nil {
		return fmt.Errorf("read the terminal: %w", err)
	}
	defer done()
	if m.out == nil {
		m.out = out
	}
	m.kill = func() { cancel(errQuit) }
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		select {
		case <-ended:
			cancel(errGone)
		case <-ctx.Done():
		}
	})
	err = m.loop(ctx, keys, out)
	cancel(errQuit)
	if left := m.tasks.wait(exitWait); left > 0 {
		m.log.Warn("commands did not end", "count", left)
	}
	if m.crash != nil {
		return m.report()
	}
	if errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	if errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic) {
		if errors.Is(context.Cause(ctx), errGone) {
			return errGone
		}
		return nil
	}
	return err
}

var (
	errQuit = errors.New("the console has ended")
	errGone = errors.New("the terminal is gone")
)

// source returns what Bubble Tea reads, and what says that nothing more will come. The
// console of Windows hands over keys and no bytes: there is nothing to put together.
func (m *Model) source(in io.Reader) (keys io.Reader, ended <-chan struct{}, done func(), err error) {
	if _, ok := in.(*os.File); ok && runtime.GOOS == "windows" {
		return in, nil, func() {}, nil
	}
	r, err := input.Open(in)
	if err != nil {
		return nil, nil, nil, err
	}
	m.said = r.Answers()
	return r.ForTea(), r.Ended(), func() { _ = r.Close() }, nil // it has read what it could
}

// loop runs Bubble Tea until the console ends.
func (m *Model) loop(ctx context.Context, keys io.Reader, out io.Writer) error {
	// huh's text area draws with Lip Gloss's default renderer, which would ask the terminal
	// for its colours, and the answer would arrive as keys.
	o := m.env.Theme.Options()
	lipgloss.SetColorProfile(o.Profile)
	lipgloss.SetHasDarkBackground(o.Palette != theme.Light)
	fps := fpsNear
	if m.env.Slow {
		fps = fpsFar
	}
	var to io.Writer
	m.link, to = linkTo(out)
	_, err := tea.NewProgram(m,
		tea.WithContext(ctx), tea.WithInput(keys), tea.WithOutput(to), tea.WithAltScreen(), tea.WithFPS(fps),
		// Signals are the caller's, who ends ctx. Bubble Tea's own handler sends its message
		// to a loop that has ended by then, and waits for ever.
		tea.WithoutSignalHandler(),
	).Run()
	return err
}

var _ tea.Model = (*Model)(nil)
