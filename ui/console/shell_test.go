package console_test

import (
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/uitest"
)

func (f *fixture) start(t *testing.T, w, h int) *uitest.Terminal {
	t.Helper()
	term := uitest.Start(t, f.model(t), w, h)
	term.WaitText("users cursor")
	return term
}

func TestPaste(t *testing.T) {
	f := newFixture(t, theme.Options{})
	term := f.start(t, 100, 24)
	term.Paste("dy\rdy")
	term.WaitText("5 characters at once: looks like a paste, ignored")
	term.Keys("a-long-word-that-nobody-types")
	term.WaitText("29 characters at once")
	term.Keys("/")
	term.Paste("status:a b")
	term.Keys("\r")
	term.WaitText(`filter "status:a b"`)
	if f.users.deleted != 0 {
		t.Error("a paste has deleted something")
	}
}

func TestHistory(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		term := f.start(t, 100, 24)
		press(term, "jj\r") // users/2
		term.WaitText("users cursor 2 filter \"\" detail true")
		press(term, "2j0")
		term.WaitText("overview cursor 0")
		press(term, "[[")
		term.WaitText("users cursor 2 filter \"\" detail true")
		press(term, "[")
		term.WaitText("users cursor 2 filter \"\" detail false")
		press(term, "[")
		term.WaitText("this is where it began")
		press(term, "]]]")
		term.WaitText("overview cursor 0")
		press(term, "-")
		term.WaitText("zaps cursor 1")
		press(term, "-")
		term.WaitText("overview cursor 0")
		press(term, "\t")
		term.WaitText("users cursor 2")
		press(term, "\x1b[Z")
		term.WaitText("overview cursor 0")
		press(term, "1\rq") // q leaves the page inside the screen first
		term.WaitText("users cursor 2 filter \"\" detail false")
		press(term, "q")
		if err := term.Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestReadOnlyAndReasons(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		f.cfg.ReadOnly = true
		var refuse error
		f.cfg.SetReadOnly = func(bool) error { return refuse }
		term := f.start(t, 100, 24)
		term.WaitText("│ RO │")
		press(term, "d")
		term.WaitText("Delete: the console is read-only; :rw lifts it")
		press(term, ":rw\r")
		term.WaitText("│ RW │")
		press(term, "dy")
		term.WaitText("deleted 1")
		press(term, ":ro\r")
		term.WaitText("│ RO │")
	})
}

func TestLockedReadOnly(t *testing.T) {
	f := newFixture(t, theme.Options{})
	f.cfg.ReadOnly = true
	f.cfg.SetReadOnly = func(bool) error { return errLocked }
	f.users.disabled = "nobody is selected"
	term := f.start(t, 100, 24)
	term.Keys(":rw\r")
	term.WaitText("this profile is read-only")
	term.Keys("d")
	term.WaitText("Delete: nobody is selected")
	term.Keys("?")
	term.WaitText("not now: nobody is selected")
	term.Keys("\x1b")
	term.WaitGone("not now")
	term.Keys("a")
	term.WaitText("✗ nobody is selected")
	term.Keys("\r")
	term.WaitFor("the reason under the list", func(s string) bool { return strings.Count(s, "nobody is selected") >= 2 })
}

func TestPalette(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		term := f.start(t, 100, 24)
		press(term, ":zaps\rjj:users/7\r")
		term.WaitText("users cursor 7 filter \"\" detail true")
		press(term, ":zaps\r")
		term.WaitText("zaps cursor 2")
		press(term, ":nonsense\r")
		term.WaitText("there is no command or place nonsense")
		press(term, "\x1b")
		term.WaitGone("nonsense")
		press(term, ":")
		press(term, "\x1b[A\x1b[A\r") // what was run before the last one
		term.WaitText("users cursor 7")
		press(term, ":theme light\r")
		term.WaitStable()
		if got := f.cfg.Env.Theme.Options().Palette; got != theme.Light {
			t.Errorf("palette %s", got)
		}
		press(term, ":q\r")
		if err := term.Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestErrorsStayUntilRead(t *testing.T) {
	f := newFixture(t, theme.Options{})
	f.users.extra = []ui.Action{
		{ID: "users.fail", Key: "f", Title: "Fail", Run: func() tea.Cmd { return ui.Fail(errors.New("the site does not answer\x1b[31m")) }},
		{ID: "users.tell", Key: "t", Title: "Tell", Run: func() tea.Cmd { return ui.Toast(ui.Info, "a word") }},
	}
	term := f.start(t, 100, 24)
	term.Keys("f")
	term.WaitText("✗ the site does not answer")
	term.Keys("t")
	term.WaitText("a word")
	term.Keys("!")
	term.WaitText("12:00:00  the site does not answer")
	term.Keys("\x1b")
	term.WaitGone("the site does not answer")
}

// asked is a model that answers what it shows.
type asked struct{ tea.Model }

type askMsg chan string

func (a asked) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if ch, ok := msg.(askMsg); ok {
		ch <- a.View()
		return a, nil
	}
	_, cmd := a.Model.Update(msg)
	return a, cmd
}

// What was said goes away by itself; errors come back from under it and stay.
func TestToastsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, theme.Options{})
		p := tea.NewProgram(asked{f.model(t)}, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutRenderer(), tea.WithoutSignalHandler())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := p.Run(); err != nil {
				t.Error(err)
			}
		})
		p.Send(tea.WindowSizeMsg{Width: 100, Height: 24})
		p.Send(ui.ToastMsg{Level: ui.Bad, Text: "broken"})
		p.Send(ui.ToastMsg{Level: ui.Info, Text: "a word"})
		for _, step := range []struct {
			wait time.Duration
			want string
		}{{0, "a word"}, {3900 * time.Millisecond, "a word"}, {200 * time.Millisecond, "broken"}, {time.Hour, "broken"}} {
			<-time.After(step.wait)
			synctest.Wait()
			answer := make(askMsg, 1)
			p.Send(answer)
			if view := <-answer; !strings.Contains(view, step.want) {
				t.Errorf("%s later %q is not there:\n%s", step.wait, step.want, view)
			}
		}
		p.Quit()
		wg.Wait()
		f.cancel()
		synctest.Wait()
	})
}

func TestUndo(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		f.users.extra = []ui.Action{{ID: "users.approve", Key: "x", Title: "Approve", Run: func() tea.Cmd {
			return func() tea.Msg {
				return ui.ToastMsg{Level: ui.Done, Text: "approved ada", Label: "approve ada", Undo: func() tea.Cmd { return ui.Toast(ui.Done, "pending again") }}
			}
		}}}
		term := f.start(t, 100, 24)
		press(term, "x")
		term.WaitText("u undoes approve ada")
		press(term, "u")
		term.WaitText("pending again")
		press(term, "u")
		term.WaitText("there is nothing to undo")
		press(term, "xu")
		term.WaitText("pending again")
	})
}

func TestCopy(t *testing.T) {
	f := newFixture(t, theme.Options{})
	var clip strings.Builder
	f.cfg.Clipboard = &clip
	term := f.start(t, 100, 24)
	term.Keys("c")
	term.WaitText("copied a text, 9 characters")
	if want := "\x1b]52;c;c29tZSB0ZXh0\x07"; clip.String() != want {
		t.Errorf("got %q, want %q", clip.String(), want)
	}
}

func TestOSC52(t *testing.T) {
	if got, want := string(console.OSC52("a", "tmux")), "\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"; got != want {
		t.Errorf("tmux: %q, want %q", got, want)
	}
	for piece := range strings.SplitSeq(strings.TrimSuffix(string(console.OSC52(strings.Repeat("x", 1000), "screen")), "\x1b\\"), "\x1b\\") {
		if !strings.HasPrefix(piece, "\x1bP") || len(piece) > 252 {
			t.Errorf("screen: piece %q", piece)
		}
	}
	if console.OSC52(strings.Repeat("x", 60000), "") != nil {
		t.Error("a text that no terminal takes")
	}
	if got := console.Copyable("a\tb\nc\x1b[31m\u202e\u0085d"); got != "a\tb\nc[31md" {
		t.Errorf("copyable: %q", got)
	}
}

func TestIdleWritesNothing(t *testing.T) {
	f := newFixture(t, theme.Options{})
	term := f.start(t, 120, 36)
	for _, keys := range []string{"", ":", "\x1bd", "\x1b/"} {
		term.Keys(keys)
		term.WaitStable()
		before := term.Bytes()
		term.WaitQuiet(700 * time.Millisecond)
		if got := term.Bytes() - before; got != 0 {
			t.Errorf("after %q: %d bytes at rest", keys, got)
		}
	}
}

func TestCursorKeyIsCheap(t *testing.T) {
	f := newFixture(t, theme.Options{})
	term := f.start(t, 120, 36)
	term.WaitStable()
	before := term.Bytes()
	term.Keys("j")
	term.WaitText("cursor 1")
	term.WaitStable()
	if got := term.Bytes() - before; got > 400 {
		t.Errorf("a cursor key costs %d bytes", got)
	}
}

// A command that takes its time does not keep the keys after it.
func TestSlowCommandsDoNotHoldKeys(t *testing.T) {
	f := newFixture(t, theme.Options{})
	release := make(chan struct{})
	f.users.extra = []ui.Action{{ID: "users.slow", Key: "Z", Title: "Slow", Run: func() tea.Cmd {
		return func() tea.Msg {
			<-release
			return ui.ToastMsg{Level: ui.Done, Text: "at last"}
		}
	}}}
	term := f.start(t, 100, 24)
	term.Keys("Zjjj")
	term.WaitText("users cursor 3")
	close(release)
	term.WaitText("at last")
}

func TestResize(t *testing.T) {
	f := newFixture(t, theme.Options{})
	term := f.start(t, 120, 36)
	term.Resize(60, 12)
	term.WaitText("[1 Users] 2Z")
	term.Keys("d")
	term.WaitText("Delete it")
	term.Resize(30, 5)
	term.WaitText("need 40×10, have 30×5")
	term.Keys("y") // keys still work
	term.WaitStable()
	term.Resize(80, 24)
	term.WaitText("deleted 1")
}
