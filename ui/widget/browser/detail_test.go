package browser_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/widgettest"
)

func TestReloadDoesNotFlicker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(20)
		d := drive(t, config(s, widgettest.Plain()), 130, 30)
		d.press("j")
		before := d.View(130, 30)
		cmd := d.Reload()
		if diff := cmp.Diff(before, d.View(130, 30)); diff != "" {
			t.Errorf("while it is loading:\n%s", diff)
		}
		rested := d.Update(work(t, cmd)())
		if diff := cmp.Diff(before, d.View(130, 30)); diff != "" {
			t.Errorf("before the detail is there:\n%s", diff)
		}
		s.members[1].Bio = "another bio"
		d.do(rested)
		widgettest.Contains(t, d.View(130, 30), "another bio")
	})
}

// On a far terminal the preview is drawn once for a row, when all of it is there; until then
// it is the one of the row before, under that one's title.
func TestPreviewOnAFarTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(20)
		cfg := config(s, widgettest.Plain())
		cfg.Env.Slow = true
		cfg.DetailTitle = func(m member) string { return fmt.Sprintf("about %d", m.ID) }
		d := drive(t, cfg, 130, 30)
		before := strings.Split(d.View(130, 30), "\n")
		cmd := d.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("j")})
		after := strings.Split(d.View(130, 30), "\n")
		changed := 0
		for i := range before {
			if before[i] != after[i] {
				changed++
			}
		}
		if changed > 3 {
			t.Errorf("a cursor key changes %d lines:\n%s", changed, strings.Join(after, "\n"))
		}
		widgettest.Contains(t, after[0], "about 1")
		d.do(cmd)
		widgettest.Contains(t, d.View(130, 30), "about 2")
		widgettest.Contains(t, d.View(130, 30), "bio of 2")
		d.press("k") // known already: at once
		widgettest.Contains(t, d.View(130, 30), "about 1")
	})
}

func TestPreviewStandsWhereThereIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			w, h int
		}{{80, 20}, {100, 24}, {120, 30}, {80, 44}, {60, 20}, {50, 12}} {
			shown := c.w >= 100 || c.h >= 36
			d := drive(t, config(site(20), widgettest.Plain()), c.w, c.h)
			if got := strings.Contains(d.View(c.w, c.h), "bio of 1"); got != shown {
				t.Errorf("%dx%d: the preview is shown: %t\n%s", c.w, c.h, got, d.View(c.w, c.h))
			}
			d.press("enter")
			widgettest.Contains(t, d.View(c.w, c.h), "bio of 1")
			if got := d.Route(); got != "users/1" {
				t.Errorf("the route is %q", got)
			}
			d.press("J")
			widgettest.Contains(t, d.View(c.w, c.h), "bio of 2")
			d.press("esc")
			if got := d.Route(); got != "users" || d.cursor() != 2 {
				t.Errorf("the route is %q, the cursor on %d", got, d.cursor())
			}
		}
	})
}

func TestDetailIsLoadedWhenTheCursorRests(t *testing.T) {
	s := site(20)
	var asked []int
	cfg := config(s, widgettest.Plain())
	cfg.DetailLoad = func(_ context.Context, m member) (member, error) {
		asked = append(asked, m.ID)
		m.Bio = "whole"
		return m, nil
	}
	synctest.Test(t, func(t *testing.T) {
		cfg := cfg
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cfg.Env.Ctx = ctx
		m := browser.New(cfg)
		m.View(120, 30)
		answers := make(chan tea.Msg, 100)
		start := func(cmd tea.Cmd) { launch(cmd, answers) }
		settle := func() {
			synctest.Wait()
			for len(answers) > 0 {
				start(m.Update(<-answers))
				synctest.Wait()
			}
		}
		start(m.Init())
		settle()
		for range 5 {
			start(m.Update(keyMsg("j")))
			<-time.After(50 * time.Millisecond)
			settle()
		}
		<-time.After(time.Second)
		settle()
		if diff := cmp.Diff([]int{6}, asked); diff != "" {
			t.Errorf("details asked for (-want +got):\n%s", diff)
		}
		widgettest.Contains(t, m.View(120, 30), "whole")
	})
}

func launch(cmd tea.Cmd, answers chan<- tea.Msg) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			launch(c, answers)
		}
	case ui.WorkMsg:
		go func() {
			if answer := msg.Run(); answer != nil {
				answers <- answer
			}
		}()
	}
}

func TestOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(200), widgettest.Plain()), 80, 20)
		d.do(d.Open("users/7"))
		widgettest.Contains(t, d.View(80, 20), "user7", "bio of 7")
		d.do(d.Open("users/190"))
		widgettest.Contains(t, d.View(80, 20), "user190", "bio of 190")
		if got := d.Targets(); len(got) != 1 || got[0].ID != 190 {
			t.Errorf("an action would work on %v", got)
		}
		d.do(d.Open("users?filter=user13"))
		widgettest.Contains(t, d.View(80, 20), "filter user13")
		d.do(d.Open("users/4711"))
		if len(d.asked) != 1 {
			t.Errorf("a member who is not there is answered with %v", d.asked)
		}
	})
}

// TestReloadOfAPageBeyondTheList: the page of a row that no loaded page of the list has is
// kept up to date, too, and who has left it is not taken back.
func TestReloadOfAPageBeyondTheList(t *testing.T) {
	for _, whole := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := site(200)
			cfg := config(s, widgettest.Plain())
			if !whole {
				cfg.DetailLoad = nil
			}
			d := drive(t, cfg, 80, 20)
			d.do(d.Open("users/190"))
			widgettest.Contains(t, d.View(80, 20), "user190", "bio of 190")
			s.members[189].Login, s.members[189].Bio = "renamed", "another bio"
			d.do(d.Reload())
			widgettest.Contains(t, d.View(80, 20), "renamed", "another bio")

			reload := d.Reload()
			d.press("esc")
			d.do(reload)
			if d.Route() != "users" {
				t.Errorf("back on %s", d.Route())
			}
			d.do(d.Open("users/190"))
			s.members = s.members[:150]
			d.do(d.Reload())
			d.do(d.Reload())
			widgettest.Contains(t, d.View(80, 20), "renamed")
			if len(d.asked) != 1 {
				t.Errorf("that it is no more was said as %v", d.asked)
			}
		})
	}
}

func TestDetailThatCannotBeLoadedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config(site(3), widgettest.Plain())
		cfg.DetailLoad = func(context.Context, member) (member, error) { return member{}, errors.New("gone") }
		d := drive(t, cfg, 130, 30)
		d.press("j")
		widgettest.Contains(t, d.View(130, 30), "#2 ─ in part", "user2")
		if len(d.asked) == 0 {
			t.Error("the shell was not told")
		}
	})
}

func TestReplaceAndRemove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(9), widgettest.Plain()), 130, 30)
		d.Replace(member{ID: 1, Login: "renamed", Status: "inactive"})
		widgettest.Contains(t, d.View(130, 30), "renamed", "◌ inactive")
		d.Remove("1")
		if view := d.View(130, 30); strings.Contains(view, "renamed") || d.cursor() != 2 {
			t.Errorf("the cursor is on %d:\n%s", d.cursor(), view)
		}
	})
}
