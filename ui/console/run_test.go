//go:build unix

package console_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/uitest"
)

// run starts console.Run on a pseudo terminal of 24 lines.
func (f *fixture) run(t *testing.T, w int) *uitest.Terminal {
	t.Helper()
	return f.runIn(t, t.Context(), w, 24)
}

func (f *fixture) runIn(t *testing.T, ctx context.Context, w, h int) *uitest.Terminal {
	t.Helper()
	screen := uitest.StartFunc(t, func(in, out *os.File) error {
		before, err := term.GetState(int(in.Fd()))
		if err != nil {
			return err
		}
		err = console.Run(ctx, f.cfg, in, out)
		after, stateErr := term.GetState(int(in.Fd()))
		if stateErr != nil {
			return stateErr
		}
		if *before != *after {
			t.Error("the terminal is not as it was")
		}
		return err
	}, w, h)
	screen.WaitText("users cursor")
	return screen
}

func TestRun(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		screen := f.run(t, 100)
		press(screen, "2jjj3jj\x1b[B/föö\r")
		screen.WaitText(`log cursor 3 filter "föö"`)
		screen.Resize(60, 12)
		screen.WaitText("[3 Log·2!]")
		screen.WaitText("1U")
		press(screen, "q")
		if err := screen.Err(); err != nil {
			t.Error(err)
		}
		if raw := screen.Raw(); !strings.Contains(raw, "\x1b[?1049h") || !strings.Contains(raw, "\x1b[?1049l") {
			t.Error("the other screen was not left")
		}
	})
}

func TestContextEnds(t *testing.T) {
	f := newFixture(t, theme.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	screen := f.runIn(t, ctx, 80, 24)
	screen.Keys(":") // with a dialog open
	screen.WaitText("Go to, or do")
	cancel()
	if err := screen.Err(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(screen.Raw(), "\x1b[?1049l") {
		t.Error("the other screen was not left")
	}
}

func TestTerminalGone(t *testing.T) {
	f := newFixture(t, theme.Options{})
	in, keys := io.Pipe()
	done := make(chan error)
	go func() { done <- console.Run(t.Context(), f.cfg, in, io.Discard) }()
	if err := keys.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "the terminal is gone") {
		t.Errorf("got %v", err)
	}
}

func TestInterrupt(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		screen := f.run(t, 80)
		press(screen, "/\x03")
		screen.WaitText("ctrl+c again quits")
		press(screen, "\x03")
		if err := screen.Err(); err != nil {
			t.Error(err)
		}
	})
}

// A fault anywhere gives the terminal back, and leaves a file without secrets.
func TestCrash(t *testing.T) {
	for name, keys := range map[string]string{"in Update": "P", "in a command": "B", "in a job": "J", "in View": "V"} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, theme.Options{})
			f.cfg.CrashDir = filepath.Join(t.TempDir(), "crashes")
			f.users.extra = []ui.Action{
				{ID: "users.job", Key: "J", Title: "Job", Run: func() tea.Cmd {
					return ui.Start(ui.Job{Title: "Job", Run: func(context.Context, func(ui.Part)) error { panic("job with hunter2") }})
				}},
				{ID: "users.view", Key: "V", Title: "View", Run: func() tea.Cmd { return ui.Open(broken{}) }},
			}
			screen := f.run(t, 80)
			screen.Keys(keys)
			err := screen.Err()
			if err == nil {
				t.Fatal("no error")
			}
			files, globErr := filepath.Glob(filepath.Join(f.cfg.CrashDir, "crash-*.txt"))
			if globErr != nil || len(files) != 1 {
				t.Fatalf("crash files %v, %v", files, globErr)
			}
			if !strings.Contains(err.Error(), files[0]) {
				t.Errorf("the error does not say where: %v", err)
			}
			text, readErr := os.ReadFile(files[0])
			if readErr != nil {
				t.Fatal(readErr)
			}
			if strings.Contains(string(text), "hunter2") || strings.Contains(err.Error(), "hunter2") || strings.Contains(screen.Raw(), "hunter2") {
				t.Error("a secret has left the program")
			}
			if !strings.Contains(string(text), "goroutine") || !strings.Contains(string(text), "screen: users") {
				t.Errorf("the file does not help:\n%s", text)
			}
			if raw := screen.Raw(); !strings.Contains(raw, "\x1b[?1049l") || !strings.Contains(raw, "\x1b[?25h") {
				t.Error("the screen was not given back")
			}
		})
	}
}

// broken is a dialog that cannot be drawn.
type broken struct{}

func (broken) Init() tea.Cmd                  { return nil }
func (broken) Update(tea.Msg) (bool, tea.Cmd) { return false, nil }
func (broken) View(int, int) string           { panic(errors.New("drawn with hunter2")) }
