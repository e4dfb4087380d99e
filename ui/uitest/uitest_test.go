package uitest_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/term"

	"umdeck/ui"
	"umdeck/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo shows the keys that it got, one message a word.
type echo struct {
	keys []string
	w, h int
}

func (e *echo) Init() tea.Cmd { return nil }

func (e *echo) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		e.w, e.h = msg.Width, msg.Height
	case tea.KeyMsg:
		e.keys = append(e.keys, msg.String())
		if msg.String() == "q" {
			return e, tea.Quit
		}
	}
	return e, nil
}

func (e *echo) View() string {
	return fmt.Sprintf("%d×%d\n\x1b[1m%s\x1b[0m 山.", e.w, e.h, strings.Join(e.keys, " "))
}

func TestTerminal(t *testing.T) {
	screen := uitest.Start(t, &echo{}, 40, 5)
	screen.WaitText("40×5")
	screen.Keys("ab\x1b[A")
	screen.WaitText("ab up 山.")
	screen.Slow("é\x1b[B")
	screen.WaitText("é down 山.")
	screen.Paste("x y")
	screen.WaitText("[x y]")
	screen.Resize(50, 6)
	screen.WaitText("50×6")
	screen.WaitGone("40×5")
	if !strings.Contains(screen.Styled(), "\x1b[1m") {
		t.Errorf("no style in %q", screen.Styled())
	}
	screen.Golden("echo")
	screen.Keys("q")
	if err := screen.Err(); err != nil {
		t.Error(err)
	}
	if screen.Bytes() == 0 || !strings.Contains(screen.Raw(), "\x1b[?1049l") {
		t.Error("the other screen was not left")
	}
}

// A program that asks its terminal gets an answer, and does not stop.
func TestAnswers(t *testing.T) {
	screen := uitest.StartFunc(t, func(in, out *os.File) error {
		before, err := term.MakeRaw(int(in.Fd()))
		if err != nil {
			return err
		}
		defer func() { _ = term.Restore(int(in.Fd()), before) }()
		if _, err := io.WriteString(out, "\x1b[c"); err != nil { // primary device attributes
			return err
		}
		answer, err := bufio.NewReader(in).ReadString('c')
		if err != nil {
			return err
		}
		return fmt.Errorf("answer %q", answer)
	}, 40, 5)
	if err := screen.Err(); err == nil || !strings.HasPrefix(err.Error(), `answer "\x1b[?`) {
		t.Error(err)
	}
}

func TestMessages(t *testing.T) {
	say := func(s string) tea.Cmd { return func() tea.Msg { return s } }
	got := uitest.Messages(tea.Batch(say("a"), nil, ui.To("users", func() tea.Msg { return "b" }), ui.Work(func() tea.Msg { return "c" }), ui.Work(func() tea.Msg { return nil })))
	want := []tea.Msg{"a", ui.ToMsg{Screen: "users", Msg: "b"}, "c"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if uitest.Messages(nil) != nil {
		t.Error("messages of no command")
	}
}
