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

// A player runs a model without Bubble Tea, and counts its frames.
type player struct {
	m      *console.Model
	send   chan tea.Msg
	all    sync.WaitGroup
	shown  string
	frames int
}

func (p *player) update(msg tea.Msg) {
	_, cmd := p.m.Update(msg)
	play(p.m, p.send, cmd, &p.all)
	if v := p.m.View(); v != p.shown {
		p.shown = v
		p.frames++
	}
}

// run lets the model go on for so long, and tells it something at every tick.
func (p *player) run(length time.Duration, news <-chan time.Time) {
	end := time.NewTimer(length)
	for {
		select {
		case msg := <-p.send:
			p.update(msg)
		case <-news:
			p.update(ui.ToMsg{Screen: "users", Msg: toldMsg{}})
		case <-end.C:
			return
		}
	}
}

// close waits for what the model has begun; its context has ended.
func (p *player) close() {
	go func() {
		for range p.send { // what is still said to nobody
		}
	}()
	p.all.Wait()
	close(p.send)
}

// TestPace counts the frames of a screen that changes fifty times a second.
func TestPace(t *testing.T) {
	for _, c := range []struct {
		name        string
		slow        bool
		least, most int // frames in five seconds
	}{
		{"over SSH", true, 15, 21},
		{"near", false, 200, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, theme.Options{})
				f.cfg.Env.Slow, f.cfg.Now = c.slow, time.Now
				b := &busy{screen: f.users}
				f.cfg.Screens[0] = b
				p := &player{m: f.model(t), send: make(chan tea.Msg)}
				play(p.m, p.send, p.m.Init(), &p.all)
				p.m.Update(tea.WindowSizeMsg{Width: 100, Height: 24})
				p.shown = p.m.View()
				news := time.NewTicker(20 * time.Millisecond)
				p.run(5*time.Second, news.C)
				if p.frames > c.most || p.frames < c.least {
					t.Errorf("%d frames in five seconds; want %d to %d", p.frames, c.least, c.most)
				}
				before := p.frames
				p.update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'z'}})
				if p.frames != before+1 || !strings.Contains(p.shown, b.View(0, 0)) {
					t.Error("the answer to a key is not drawn at once")
				}
				news.Stop()
				p.run(time.Second, nil)
				if !strings.Contains(p.shown, b.View(0, 0)) {
					t.Errorf("the last change is not shown: %d told", b.told)
				}
				f.cancel()
				p.close()
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
