package console_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/dialog/confirm"
)

// screen is a list with a filter, a detail page and a few actions.
type screen struct {
	env      *ui.Env
	id       string
	cursor   int
	filter   string
	typing   bool
	detail   bool
	keys     []string // those that reached Update
	deleted  int
	disabled string
	slow     chan struct{} // what "o" waits for before it opens a dialog
	extra    []ui.Action
	stale    bool
}

func (s *screen) ID() string    { return s.id }
func (s *screen) Title() string { return strings.ToUpper(s.id[:1]) + s.id[1:] }
func (s *screen) Init() tea.Cmd { return nil }
func (s *screen) Route() string {
	r := s.id
	if s.detail {
		r += fmt.Sprintf("/%d", s.cursor)
	}
	if s.filter != "" {
		r += "?filter=" + s.filter
	}
	return r
}

func (s *screen) Open(route string) tea.Cmd {
	s.detail = false
	if n, err := fmt.Sscanf(strings.TrimPrefix(route, s.id), "/%d", &s.cursor); n == 1 && err == nil {
		s.detail = true
	}
	return nil
}

func (s *screen) Capturing() bool { return s.typing }
func (s *screen) Status() ui.Status {
	st := ui.Status{Crumb: s.filter, Stale: s.stale}
	if s.id == "log" {
		st.Badge, st.Live = "2!", "live 42 ms"
	}
	return st
}

type openedMsg struct{}

func (s *screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.press(msg)
	case openedMsg:
		return ui.Open(s.ask("Answer came"))
	}
	return nil
}

func (s *screen) press(msg tea.KeyMsg) tea.Cmd {
	s.keys = append(s.keys, msg.String())
	if s.typing {
		if msg.Type == tea.KeyEnter || msg.Type == tea.KeyEsc {
			s.typing = false
		}
		s.filter += string(msg.Runes) // none for keys that are no letters
		return nil
	}
	switch msg.String() {
	case "j", "down":
		s.cursor++
	case "k", "up":
		s.cursor--
	case "/":
		s.typing = true
	case "enter":
		s.detail = true
	case "esc":
		s.detail = false
	case "P":
		panic("fault with hunter2 in it")
	}
	return nil
}

func (s *screen) ask(title string) ui.Dialog {
	return confirm.New(confirm.Options{
		Env: s.env, Title: title, Lines: []string{"One thing follows."}, Go: "Delete",
		Yes: func() tea.Cmd { s.deleted++; return ui.Toast(ui.Done, fmt.Sprintf("deleted %d", s.deleted)) },
	})
}

func (s *screen) Actions() []ui.Action {
	return append([]ui.Action{
		{ID: s.id + ".delete", Key: "d", Title: "Delete", Writes: true, Disabled: s.disabled, Run: func() tea.Cmd { return ui.Open(s.ask("Delete it")) }},
		{ID: s.id + ".same", Key: "y", Title: "Ask with y", Short: "-", Run: func() tea.Cmd { return ui.Open(s.ask("Same key")) }},
		{ID: s.id + ".copy", Key: "c", Title: "Copy", Run: func() tea.Cmd { return ui.Copy("some\x1b text", "a text") }},
		{ID: s.id + ".later", Key: "o", Title: "Open later", Short: "-", Run: func() tea.Cmd {
			return ui.To(s.id, func() tea.Msg {
				select {
				case <-s.slow:
				case <-s.env.Ctx.Done():
				}
				return openedMsg{}
			})
		}},
		{ID: s.id + ".burn", Key: "B", Title: "Panic in a command", Short: "-", Run: func() tea.Cmd {
			return ui.To(s.id, func() tea.Msg { panic("burnt with hunter2") })
		}},
	}, s.extra...)
}

func (s *screen) View(w, h int) string {
	return fmt.Sprintf("%s cursor %d filter %q detail %v\n%s", s.id, s.cursor, s.filter, s.detail, strings.Repeat("row 山田太郎 x ", 40))
}

// fixture is a console with fake screens.
type fixture struct {
	cfg                     console.Config
	users, zaps, log, house *screen
	cancel                  context.CancelFunc
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newFixture(t testing.TB, o theme.Options) *fixture {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	env := &ui.Env{Ctx: ctx, Theme: theme.New(o), Now: func() time.Time { return noon }}
	f := &fixture{cancel: cancel}
	f.users = &screen{env: env, id: "users", slow: make(chan struct{})}
	f.zaps = &screen{env: env, id: "zaps", slow: make(chan struct{})}
	f.log = &screen{env: env, id: "log", slow: make(chan struct{})}
	f.house = &screen{env: env, id: "overview", slow: make(chan struct{})}
	f.cfg = console.Config{
		Env: env, Screens: []ui.Screen{f.users, f.zaps, f.log}, Home: f.house,
		Header: func() console.Header {
			return console.Header{Site: "@prod", URL: "shop.example.com", User: "ada", Versions: "UM 2.13", Warnings: []string{"private targets allowed"}}
		},
		Redact: func(s string) string { return strings.ReplaceAll(s, "hunter2", "••••") },
	}
	return f
}

func (f *fixture) model(t testing.TB) *console.Model {
	t.Helper()
	m, err := console.New(f.cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var errLocked = errors.New("this profile is read-only")
