package console_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/dialog/form"
	"umdeck/ui/dialog/picker"
	"umdeck/ui/dialog/prompt"
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

func TestJob(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		next := make(chan struct{})
		var retried []string
		job := ui.Job{
			Title: "Approve", Total: 4,
			Run: func(ctx context.Context, report func(ui.Part)) error {
				for i := range 4 {
					select {
					case <-next:
					case <-ctx.Done():
						return ctx.Err()
					}
					p := ui.Part{Key: fmt.Sprint(i), Label: fmt.Sprintf("user%d", i), Note: "approved"}
					if i == 1 {
						p.Err = errors.New("no such user")
					}
					report(p)
				}
				return nil
			},
			Ended: func(parts []ui.Part, err error) tea.Msg {
				return ui.ToastMsg{Level: ui.Info, Text: fmt.Sprintf("ended with %d", len(parts))}
			},
		}
		job.Retry = func(failed []ui.Part) *ui.Job {
			for _, p := range failed {
				retried = append(retried, p.Label)
			}
			return &ui.Job{Title: "Again", Total: 1, Run: func(ctx context.Context, report func(ui.Part)) error {
				report(ui.Part{Label: "user1", Note: "approved"})
				return nil
			}}
		}
		f.users.extra = []ui.Action{{ID: "users.job", Key: "J", Title: "Job", Run: func() tea.Cmd { return ui.Start(job) }}}
		term := f.start(t, 100, 24)
		press(term, "J")
		term.WaitText("jobs 1 ▸ 0/4")
		next <- struct{}{}
		term.WaitText("jobs 1 ▸ 1/4")
		press(term, "q") // asks while the job runs
		term.WaitText("A job is running")
		press(term, "n")
		term.WaitGone("A job is running")
		press(term, "\x18")
		term.WaitText("stops after the part under way")
		next <- struct{}{} // the part under way, after which it stops
		term.WaitText("ended with 2")
		term.WaitGone("jobs 1")
		press(term, ":jobs\r")
		term.WaitText("ended, 1 of 2 failed")
		press(term, "\r")
		term.WaitText("✗ user1  no such user")
		press(term, "r")
		term.WaitText("Again: 1 done")
		if len(retried) != 1 || retried[0] != "user1" {
			t.Errorf("retried %v", retried)
		}
	})
}

func TestQuitStopsJobs(t *testing.T) {
	f := newFixture(t, theme.Options{})
	job := ui.Job{Title: "Endless", Run: func(ctx context.Context, report func(ui.Part)) error {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				report(ui.Part{Label: "part"})
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}}
	f.users.extra = []ui.Action{{ID: "users.job", Key: "J", Title: "Job", Run: func() tea.Cmd { return ui.Start(job) }}}
	term := f.start(t, 100, 24)
	term.Keys("J")
	term.WaitText("jobs 1")
	term.Keys("qy")
	if err := term.Err(); err != nil {
		t.Error(err)
	}
}

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time // guarded by mu
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestGrace(t *testing.T) {
	f := newFixture(t, theme.Options{})
	c := &clock{at: noon}
	f.cfg.Now = c.now
	term := f.start(t, 100, 24)
	open := func(after time.Duration) {
		term.Keys("o")
		term.WaitStable()
		c.add(after)
		f.users.slow <- struct{}{}
		term.WaitText("Answer came")
	}
	open(2 * time.Second)
	term.Keys("y")
	c.add(100 * time.Millisecond)
	term.Keys("y")
	term.WaitStable()
	if !strings.Contains(term.Screen(), "Answer came") {
		t.Fatal("what was typed ahead has confirmed")
	}
	c.add(console.GraceQuiet + time.Millisecond)
	term.Keys("y")
	term.WaitText("deleted 1")

	open(2 * time.Second) // keys that never stop are taken after the limit
	for range 5 {
		c.add(console.GraceQuiet / 2)
		term.Keys("x")
		term.WaitStable()
	}
	c.add(console.GraceLimit - 5*console.GraceQuiet/2 + time.Millisecond)
	term.Keys("y")
	term.WaitText("deleted 2")

	open(10 * time.Millisecond) // an answer that the person still waits for
	term.Keys("y")
	term.WaitText("deleted 3")
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
	if got, want := string(console.OSC52("a", "tmux")), "\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"; got != want {
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

// However a line cuts the bytes of a session, the screen is the same at its end.
func TestAnyCutGivesTheSameScreen(t *testing.T) {
	const session = "jj3jjj/föö bar\rd\x1b[B\x1b\x1b[A2j:users/4\r\x1b[Bd\ty\x1b" + "0jj[j]-:log\r\x1b[200~paste\x1b[201~j/\x1b[200~ and more\x1b[201~\r"
	end := func(t *testing.T, cut func(rest int) int) (string, []string) {
		f := newFixture(t, theme.Options{})
		term := f.start(t, 100, 24)
		for rest := session; rest != ""; {
			n := cut(len(rest))
			term.Keys(rest[:n])
			rest = rest[n:]
		}
		term.WaitText("föö bar and more\" detail")
		term.WaitStable()
		keys := slices.Concat(f.users.keys, f.zaps.keys, f.log.keys, f.house.keys)
		return term.Screen(), strings.Split(strings.Join(keys, ""), "")
	}
	wantScreen, wantKeys := end(t, func(rest int) int { return rest })
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 7))
		gotScreen, gotKeys := end(t, func(rest int) int { return 1 + rng.IntN(min(rest, 12)) })
		if diff := cmp.Diff(wantScreen, gotScreen) + cmp.Diff(wantKeys, gotKeys); diff != "" {
			t.Fatalf("seed %d (-at once +cut):\n%s", seed, diff)
		}
	}
}

// What holds for one session holds for any.
func TestAnySessionCutAnywhere(t *testing.T) {
	tokens := []string{
		"j", "k", "jjj", "1", "2", "3", "0", "/foo bar\r", "/é山", "\x1b", "\r", "d", "dy", "d\t\r", "y", "yyyy", ":zaps\r", ":users/3\r", ":rw", "?", "?jj",
		"a", "ajj", "!", "[", "]", "-", "\t", "\x1b[Z", "\x1b[A", "\x1b[1;5C", "u", "\x1b[200~x y\x1b[201~", "n", "\x18", "jkjkjkjkjkjkjkjkjkjkjk",
	}
	for seed := range uint64(sessions) {
		rng := rand.New(rand.NewPCG(seed, 11))
		var session strings.Builder
		for i := range 25 {
			session.WriteString(tokens[rng.IntN(len(tokens))])
			if i%4 == 3 { // or some would be long enough for a paste
				session.WriteString("\x1b[A")
			}
		}
		keys := session.String() + "\x1b"
		end := func(cut func(rest int) int) string {
			f := newFixture(t, theme.Options{})
			term := f.start(t, 100, 24)
			defer term.Close()
			for rest := keys; rest != ""; {
				n := cut(len(rest))
				term.Keys(rest[:n])
				rest = rest[n:]
			}
			term.WaitStable()
			return term.Screen()
		}
		want := end(func(rest int) int { return rest })
		for name, cut := range map[string]func(int) int{"anywhere": func(rest int) int { return 1 + rng.IntN(min(rest, 6)) }, "each": func(int) int { return 1 }} {
			if diff := cmp.Diff(want, end(cut)); diff != "" {
				t.Errorf("seed %d, %q cut %s (-at once +cut):\n%s", seed, keys, name, diff)
			}
		}
	}
}

// sessions is how many sessions are tried; more of them find more.
const sessions = 4

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

// The frame has exactly as many lines and cells as the terminal, whatever is open.
func TestFrameIsExact(t *testing.T) {
	for _, o := range []theme.Options{{}, {Palette: theme.None, Profile: termenv.Ascii, Glyphs: theme.ASCII}} {
		f := newFixture(t, o)
		m := f.model(t)
		m.Init()
		m.Update(ui.ToastMsg{Level: ui.Bad, Text: strings.Repeat("a long error 山 ", 20)})
		env := f.cfg.Env
		dialogs := map[string]func() ui.Dialog{
			"none":    func() ui.Dialog { return nil },
			"confirm": func() ui.Dialog { return f.users.ask(strings.Repeat("Delete 山田太郎 ", 10)) },
			"picker": func() ui.Dialog {
				return picker.New(picker.Options{Env: env, Title: "Pick", Multi: true, Items: []picker.Item{{ID: "1", Title: strings.Repeat("山", 80), Note: "n"}, {ID: "2", Title: "two", Disabled: strings.Repeat("why ", 40)}}})
			},
			"prompt": func() ui.Dialog {
				return prompt.New(prompt.Options{Env: env, Title: "Name", Value: strings.Repeat("山", 100)})
			},
			"form": func() ui.Dialog {
				return form.New(form.Options{Env: env, Title: "Edit", Fields: formFields(), Intro: []string{"Something to know."}})
			},
		}
		for name, open := range dialogs {
			if d := open(); d != nil {
				m.Update(ui.OpenMsg{Dialog: d})
			}
			for w := 1; w <= 130; w += 3 {
				for h := 1; h <= 40; h += 3 {
					lines := strings.Split(m.DrawAt(w, h), "\n")
					if len(lines) != h {
						t.Fatalf("%s at %d×%d: %d lines", name, w, h, len(lines))
					}
					for i, l := range lines {
						if theme.Width(l) != w {
							t.Fatalf("%s at %d×%d: line %d has %d cells: %q", name, w, h, i, theme.Width(l), l)
						}
					}
				}
			}
			m.Update(tea.KeyMsg{Type: tea.KeyEsc})
		}
	}
}

func formFields() []form.Field {
	return []form.Field{
		{Key: "login", Label: "Login", Value: "ada", Required: true, Help: "It cannot be changed later."},
		{Key: "pass", Label: "Password", Kind: form.Secret, Value: "hunter2"},
		{Key: "role", Label: "Role", Kind: form.Select, Value: "editor", Choices: []form.Choice{{Value: "subscriber", Label: "Subscriber"}, {Value: "editor", Label: "Editor"}, {Value: "author"}}},
		{Key: "tags", Label: "Tags", Kind: form.Multi, Values: []string{"b"}, Choices: []form.Choice{{Value: "a"}, {Value: "b"}, {Value: "c"}}},
		{Key: "bio", Label: "Biography", Kind: form.Lines, Value: "one\ntwo"},
		{Key: "mail", Label: "Send a mail", Kind: form.Toggle, Value: "1"},
	}
}
