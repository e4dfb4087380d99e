package views_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/uitest"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/users"
)

const crowd = 100_000

// crowded returns an engine with a crowd of users in it.
func crowded(b *testing.B) *engine.Engine {
	b.Helper()
	api, err := engine.Open(b.Context(), engine.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := api.Close(); err != nil {
			b.Error(err)
		}
	})
	group, ctx := errgroup.WithContext(b.Context())
	group.SetLimit(256) // the writer commits what comes together in one transaction
	statuses := apiclient.DefaultStatuses()
	for i := range crowd {
		group.Go(func() error {
			_, err := api.CreateUser(ctx, apitest.User(fmt.Sprintf("member%06d", i), apitest.InStatus(statuses[i%len(statuses)].Slug),
				apitest.DisplayName(fmt.Sprintf("Member %d of the crowd", i)), apitest.Answer("country", "ES")))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	return api
}

// lone returns the screen of users over an API, in a rectangle of w by h.
func lone(b *testing.B, api apiclient.API, w, h int) *users.Screen {
	b.Helper()
	site, err := api.Site(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(cancel)
	env := &ui.Env{Ctx: ctx, Theme: theme.New(theme.Options{}), Now: time.Now, Sentence: apiclient.MessageOf}
	s := users.New(list.Config{Env: env, API: api, Site: site, Hub: live.New(live.Config{API: api})})
	pump(s, s.Update(ui.SizeMsg{Width: w, Height: h}))
	pump(s, s.Open("users?filter="))
	return s
}

// pump brings a screen what its commands return, until they return nothing more.
func pump(s ui.Screen, cmd tea.Cmd) {
	for _, msg := range uitest.Messages(cmd) {
		if to, ok := msg.(ui.ToMsg); ok {
			msg = to.Msg
		}
		pump(s, s.Update(msg))
	}
}

func key(name string) tea.KeyMsg {
	switch name {
	case "pgdown":
		return tea.KeyMsg{Type: tea.KeyPgDown}
	case "down":
		return tea.KeyMsg{Type: tea.KeyDown}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// BenchmarkCrowd measures the screen of users over a hundred thousand of them. The sizes
// have no preview where the rest of the cursor would be waited for.
func BenchmarkCrowd(b *testing.B) {
	api := crowded(b)
	b.Run("open", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		for b.Loop() {
			pump(s, s.Open("users?filter="))
			_ = s.View(80, 20)
		}
	})
	b.Run("filter by text", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		for i := 0; b.Loop(); i++ {
			pump(s, s.Open(fmt.Sprintf("users?filter=member%05d", i%10_000)))
			_ = s.View(80, 20)
		}
	})
	b.Run("filter by status", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		for b.Loop() {
			pump(s, s.Open("users?filter=status:rejected"))
			_ = s.View(80, 20)
		}
	})
	b.Run("page down", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		for b.Loop() {
			pump(s, s.Update(key("pgdown")))
			_ = s.View(80, 20)
		}
	})
	b.Run("cursor down and draw", func(b *testing.B) {
		s := lone(b, api, 119, 32)
		for b.Loop() {
			s.Update(key("down"))
			_ = s.View(119, 32)
		}
	})
	b.Run("draw with a preview", func(b *testing.B) {
		s := lone(b, api, 200, 46)
		for b.Loop() {
			_ = s.View(200, 46)
		}
	})
	b.Run("actions of ten thousand marked", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		pump(s, s.MarkAll())
		if s.Marks() != 10_000 {
			b.Fatalf("%d are marked", s.Marks())
		}
		for b.Loop() {
			_ = s.Actions()
		}
	})
	b.Run("reload of what was scrolled to", func(b *testing.B) {
		s := lone(b, api, 80, 20)
		for range 100 {
			pump(s, s.Update(key("pgdown")))
		}
		for b.Loop() {
			pump(s, s.Reload())
			_ = s.View(80, 20)
		}
	})
}
