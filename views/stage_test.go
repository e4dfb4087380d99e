package views_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/uitest"
	"umdeck/views"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is what the clock of a still stage says.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// A play says what a stage is to have.
type play struct {
	still    bool // the clock stands at noon, nothing is sent, and the header warns of nothing
	theme    theme.Options
	w, h     int // 0: 120 by 36
	readOnly bool
	networks []netip.Prefix                    // to which hooks may go
	start    string                            // the first route
	seed     func(s *stage)                    // before the curtain rises
	wrap     func(apiclient.API) apiclient.API // between the console and the engine
	site     func(*apiclient.Site)             // what the site says of itself
}

// A stage is the whole console over an engine of its own, on a terminal.
type stage struct {
	*uitest.Terminal
	t    testing.TB
	api  *engine.Engine  // what really is there
	ctx  context.Context //nolint:containedctx // of the test
	clip *clipboard
}

// raise opens an engine and the console on it. All ends with the test.
func raise(t testing.TB, p play) *stage {
	t.Helper()
	if p.w == 0 {
		p.w, p.h = 120, 36
	}
	now := time.Now
	if p.still {
		now = func() time.Time { return noon }
	}
	ctx, cancel := context.WithCancel(apiclient.WithActor(t.Context(), apiclient.Actor{Login: "operator", Origin: apiclient.OriginConsole}))
	s := &stage{t: t, ctx: ctx, clip: &clipboard{}}
	var err error
	s.api, err = engine.Open(ctx, engine.Config{Dir: enginetest.Dir(t), SiteName: "Test", AllowPrivateTargets: !p.still, AllowTargets: p.networks, Now: now, DiskFree: func() float64 { return 1 }})
	if err != nil {
		t.Fatal(err)
	}
	if p.seed != nil {
		p.seed(s)
	}
	var sending sync.WaitGroup
	if !p.still {
		sending.Go(func() {
			if err := s.api.Run(ctx); err != nil {
				t.Errorf("send: %v", err)
			}
		})
	}
	deck, model := open(t, s, p, now)
	t.Cleanup(func() {
		cancel()
		deck.Close()
		sending.Wait()
		if err := s.api.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	s.Terminal = uitest.Start(t, watched{model, t, p.w}, p.w, p.h)
	return s
}

func open(t testing.TB, s *stage, p play, now func() time.Time) (*views.Deck, *console.Model) {
	t.Helper()
	api := apiclient.API(s.api)
	if p.wrap != nil {
		api = p.wrap(api)
	}
	if p.site != nil {
		api = described{api, p.site}
	}
	env := &ui.Env{Ctx: s.ctx, Theme: theme.New(p.theme), Now: now, Sentence: apiclient.MessageOf}
	deck, err := views.Open(s.ctx, views.Config{Env: env, API: api})
	if err != nil {
		t.Fatal(err)
	}
	model, err := console.New(console.Config{
		Env: env, Screens: deck.Screens, Header: deck.Header, Start: p.start, Clipboard: s.clip, ReadOnly: p.readOnly,
		Now: func() time.Time { return noon }, // however slow the machine, a dialog is taken as awaited, and a toast stays
	})
	if err != nil {
		t.Fatal(err)
	}
	return deck, model
}

// described is an API whose site says something else of itself.
type described struct {
	apiclient.API
	change func(*apiclient.Site)
}

func (d described) Site(ctx context.Context) (apiclient.Site, error) {
	site, err := d.API.Site(ctx)
	d.change(&site)
	return site, err
}

// watched is a model each frame of which is looked at: it has to be exactly as wide as
// the terminal.
type watched struct {
	*console.Model
	t testing.TB
	w int
}

func (w watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := w.Model.Update(msg)
	return w, cmd
}

func (w watched) View() string {
	frame := w.Model.View()
	if frame == "" {
		return frame // before the terminal has told its size
	}
	for n, line := range strings.Split(frame, "\n") {
		if got := theme.Width(line); got != w.w {
			w.t.Errorf("line %d has %d cells, want %d: %q", n, got, w.w, line)
		}
	}
	return frame
}

// clipboard keeps what is copied.
type clipboard struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (c *clipboard) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(p)
}

// last returns what was copied last.
func (c *clipboard) last(t testing.TB) string {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	_, code, ok := strings.Cut(c.buf.String()[strings.LastIndex(c.buf.String(), "\x1b]")+1:], ";c;")
	if !ok {
		t.Fatalf("nothing was copied: %q", c.buf.String())
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimRight(code, "\a"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// user registers an account, or ends the test.
func (s *stage) user(n apiclient.NewUser) apiclient.User {
	s.t.Helper()
	u, err := s.api.CreateUser(s.ctx, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// zap stores a zap, or ends the test.
func (s *stage) zap(n apiclient.NewZap) apiclient.Zap {
	s.t.Helper()
	z, err := s.api.CreateZap(s.ctx, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return z
}

// field stores a field of the site's own, or ends the test.
func (s *stage) field(f apiclient.Field) {
	s.t.Helper()
	if _, err := s.api.CreateField(s.ctx, f); err != nil {
		s.t.Fatal(err)
	}
}

// subscription subscribes a target to a zap, or ends the test.
func (s *stage) subscription(zap apiclient.ZapID, url string) apiclient.Subscription {
	s.t.Helper()
	sub, _, err := s.api.AddSubscription(s.ctx, apiclient.NewSubscription{Zap: zap, URL: url})
	if err != nil {
		s.t.Fatal(err)
	}
	return sub
}

// find returns a user as it is now, or ends the test.
func (s *stage) find(ref string) apiclient.User {
	s.t.Helper()
	u, err := s.api.FindUser(s.ctx, ref)
	if err == nil {
		u, err = s.api.User(s.ctx, u.ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// in runs a test in a terminal that gets its keys together, and in one that gets them one
// by one.
func in(t *testing.T, p play, test func(t *testing.T, s *stage, press func(keys string))) {
	t.Helper()
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		s := raise(t, p)
		test(t, s, func(keys string) { press(s.Terminal, keys) })
	})
}

// must ends the test unless an error is nil.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// row returns the line on the screen with a text in it, or ends the test.
func (s *stage) row(text string) string {
	s.t.Helper()
	for line := range strings.SplitSeq(s.Screen(), "\n") {
		if strings.Contains(line, text) {
			return line
		}
	}
	s.t.Fatalf("no line has %q\n%s", text, s.Screen())
	return ""
}

// settled waits until a text is on the screen and nothing is being loaded.
func (s *stage) settled(text string) {
	s.t.Helper()
	s.WaitFor("the end of loading, and "+text, func(screen string) bool {
		return strings.Contains(screen, text) && !strings.Contains(strings.ToLower(screen), "loading")
	})
}

// cursorOn waits until the cursor is on the row with a text in it.
func (s *stage) cursorOn(text string) {
	s.t.Helper()
	s.WaitFor("the cursor on "+text, func(screen string) bool {
		for line := range strings.SplitSeq(screen, "\n") {
			if strings.Contains(line, "▸") && strings.Contains(line, text) {
				return true
			}
		}
		return false
	})
}

const (
	esc   = "\x1b"
	enter = "\r"
	tab   = "\t"
	back  = "\x7f"
	save  = "\x0f" // ctrl+o
	stop  = "\x18" // ctrl+x
	up    = "\x1b[A"
	down  = "\x1b[B"
	kill  = "\x15" // ctrl+u: takes away what is left of the cursor
)
