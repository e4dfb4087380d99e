package console_test

import (
	"fmt"
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
)

// busy is a screen that shows how often it was told something.
type busy struct {
	*screen
	told int
}

func (b *busy) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case toldMsg:
		b.told++
		return nil
	case tea.KeyMsg:
		b.told++
		return nil
	}
	return b.screen.Update(msg)
}

func (b *busy) View(w, h int) string { return fmt.Sprintf("told %d.", b.told) }

type toldMsg struct{}

// play carries out what a model asks for, until nothing is left to do.
func play(m tea.Model, send chan tea.Msg, cmd tea.Cmd, all *sync.WaitGroup) {
	if cmd == nil {
		return
	}
	all.Go(func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				play(m, send, c, all)
			}
		default:
			send <- msg
		}
	})
}

// TestPace counts the frames of a screen that changes fifty times a second.
func TestPace(t *testing.T) {
	for _, c := range []struct {
		name string
		slow bool
		most int // frames in five seconds, the answer to the key apart
		fast bool
	}{
		{"over SSH", true, 21, false},
		{"near", false, 300, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, theme.Options{})
				f.cfg.Env.Slow, f.cfg.Now = c.slow, time.Now
				b := &busy{screen: f.users}
				f.cfg.Screens[0] = b
				m := f.model(t)
				send := make(chan tea.Msg)
				var all sync.WaitGroup
				play(m, send, m.Init(), &all)
				m.Update(tea.WindowSizeMsg{Width: 100, Height: 24})
				shown, frames := m.View(), 0
				update := func(msg tea.Msg) {
					_, cmd := m.Update(msg)
					play(m, send, cmd, &all)
					if v := m.View(); v != shown {
						shown = v
						frames++
					}
				}
				news, end := time.NewTicker(20*time.Millisecond), time.NewTimer(5*time.Second)
				defer news.Stop()
				for ended := false; !ended; {
					select {
					case msg := <-send:
						update(msg)
					case <-news.C:
						update(ui.ToMsg{Screen: "users", Msg: toldMsg{}})
					case <-end.C:
						ended = true
					}
				}
				if frames > c.most || c.fast && frames < 200 || !c.fast && frames < 15 {
					t.Errorf("%d frames in five seconds; want at most %d", frames, c.most)
				}
				before := frames
				update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'z'}})
				if frames != before+1 || !strings.Contains(shown, b.View(0, 0)) {
					t.Error("the answer to a key is not drawn at once")
				}
				end.Reset(time.Second)
				news.Stop()
				for ended := false; !ended; {
					select {
					case msg := <-send:
						update(msg)
					case <-end.C:
						ended = true
					}
				}
				if !strings.Contains(shown, b.View(0, 0)) {
					t.Errorf("the last change is not shown: %d told", b.told)
				}
				f.cancel()
				go func() {
					for range send { // what is still said to nobody
					}
				}()
				all.Wait()
				close(send)
			})
		})
	}
}

// slowLine is a terminal that takes its time.
type slowLine struct{ takes time.Duration }

func (l slowLine) Write(p []byte) (int, error) {
	time.Sleep(l.takes) //nolint:forbidigo // the time of the bubble
	return len(p), nil
}

func TestSlowLineIsWrittenToLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct{ takes, want time.Duration }{
			{0, 0},
			{10 * time.Millisecond, 0},
			{30 * time.Millisecond, 250 * time.Millisecond},
			{100 * time.Millisecond, 800 * time.Millisecond},
			{3 * time.Second, 2 * time.Second},
		} {
			gap, w := console.GapOf(slowLine{c.takes})
			for range 40 {
				if _, err := io.WriteString(w, "frame"); err != nil {
					t.Fatal(err)
				}
			}
			if got := gap().Round(10 * time.Millisecond); got != c.want {
				t.Errorf("a line that takes %s gets a frame every %s; want %s", c.takes, got, c.want)
			}
		}
	})
}
