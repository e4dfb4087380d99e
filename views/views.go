// Package views joins the screens: it makes them for a site, gives them one shared
// look at the site's log, and says what the header says. Each screen is a package
// of its own below this one; none of them knows another, and they go to each other
// by route.
package views

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/views/audit"
	"umdeck/views/fieldgroups"
	"umdeck/views/forms"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/mail"
	"umdeck/views/replays"
	"umdeck/views/roles"
	"umdeck/views/settings"
	"umdeck/views/subscriptions"
	"umdeck/views/triggerlog"
	"umdeck/views/users"
	"umdeck/views/zaps"
)

// Config is what a Deck needs. Env and API are required.
type Config struct {
	Env    *ui.Env
	API    apiclient.API
	Logger *slog.Logger // nil means silence
}

// A Deck is the screens of one site.
type Deck struct {
	Screens []ui.Screen // by key: users, zaps, field groups, subscriptions, trigger log, then 7 mail, 8 roles and 9 audit; settings, forms and replays have none

	site apiclient.Site
	hub  *live.Hub
	wait sync.WaitGroup
	stop context.CancelFunc

	problems atomic.Pointer[[]string] // of the site's health; nil: not known
}

// Open asks the site what it is and makes its screens. Close ends what it starts.
func Open(ctx context.Context, c Config) (*Deck, error) {
	if c.Env == nil || c.API == nil {
		return nil, errors.New("views: Env and API are required")
	}
	site, err := c.API.Site(ctx)
	if err != nil {
		return nil, err
	}
	_, noLog := site.Can(apiclient.CanReadLog)
	every := 50 * time.Millisecond
	if c.Env.Slow {
		every = 100 * time.Millisecond // frames are further apart anyway
	}
	d := &Deck{site: site, hub: live.New(live.Config{API: c.API, Why: noLog, Every: every})}
	shared := list.Config{Env: c.Env, API: c.API, Site: site, Hub: d.hub}
	d.Screens = []ui.Screen{
		users.New(shared), zaps.New(shared), fieldgroups.New(shared), subscriptions.New(shared), triggerlog.New(shared),
		nil, mail.New(shared), roles.New(shared), audit.New(shared), // 6 to 9
		settings.New(shared), forms.New(shared), replays.New(shared),
	}
	watching, stop := context.WithCancel(ctx)
	d.stop = stop
	d.wait.Go(func() {
		if err := d.hub.Run(watching); err != nil && c.Logger != nil {
			c.Logger.Error("follow the log", "error", err)
		}
	})
	if ok, _ := site.Can(apiclient.CanReadHealth); ok {
		d.wait.Go(func() { d.keepHealth(watching, c.API) })
	}
	return d, nil
}

// healthEvery is how often the site is asked how it does.
const healthEvery = 5 * time.Second

// keepHealth asks how the site does until ctx ends. What cannot be asked is not known:
// the screens themselves say that the connection is lost.
func (d *Deck) keepHealth(ctx context.Context, api apiclient.Sites) {
	ticks := time.NewTicker(healthEvery)
	defer ticks.Stop()
	for {
		if h, err := api.Health(ctx); err == nil {
			d.problems.Store(&h.Problems)
		} else {
			d.problems.Store(nil)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// Close ends the look at the log. The API stays open.
func (d *Deck) Close() {
	d.stop()
	d.wait.Wait()
}

// Header says what the header line says about the site.
func (d *Deck) Header() console.Header {
	warnings := slices.Clone(d.site.Warnings)
	if problems := d.problems.Load(); problems != nil {
		warnings = append(slices.Clone(*problems), warnings...) // what is wrong now comes first
	}
	return console.Header{Site: d.site.Name, URL: address(d.site), User: d.site.User, Versions: versions(d.site), Warnings: warnings}
}

func address(s apiclient.Site) string {
	if s.URL == "" {
		return "local instance"
	}
	return strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://")
}

// versions names the program that matters most to who looks.
func versions(s apiclient.Site) string {
	for _, v := range []struct{ program, name string }{
		{"ultimate-member", "UM"}, {"um-zapier", "Zapier"}, {"wordpress", "WP"}, {"umdeck", "umdeck"},
	} {
		if version := s.Versions[v.program]; version != "" {
			return v.name + " " + version
		}
	}
	return ""
}
