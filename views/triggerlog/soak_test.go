package triggerlog_test

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/delivery/sink"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/server"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/uitest"
	"umdeck/views"
)

var soakFor = flag.Duration("soak", 0, "how long the log screen is soaked, such as 10m; 0: a few seconds, without the limits of time")

const (
	soakTargets = 8  // subscriptions of the zap
	soakEvents  = 25 // a second; 200 attempts in all
	soakUsers   = 400
)

// A soak is a served engine that delivers, and a console over SSH that shows its log.
type soak struct {
	t      *testing.T
	engine *engine.Engine
	zap    apiclient.ZapID
	users  []apiclient.UserID
	term   *uitest.Terminal
	fired  int
}

func newSoak(t *testing.T) *soak {
	ctx, dir := t.Context(), t.TempDir()
	e, err := engine.Open(ctx, engine.Config{Dir: dir, AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	receiver := must(sink.Open(ctx, sink.Config{}))(t)
	begin(t, "receive", receiver.Run)
	begin(t, "send", e.Run)
	s := &soak{t: t, engine: e}
	for i := range soakUsers {
		u := must(e.CreateUser(ctx, apiclient.NewUser{Login: fmt.Sprintf("user%d", i), Email: fmt.Sprintf("user%d@example.com", i), Status: apiclient.StatusApproved}))(t)
		s.users = append(s.users, u.ID)
	}
	s.zap = must(e.CreateZap(ctx, apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_email")))(t).ID
	for i := range soakTargets {
		if _, _, err := e.AddSubscription(ctx, apiclient.NewSubscription{Zap: s.zap, URL: receiver.Target(sink.OK, strconv.Itoa(i))}); err != nil {
			t.Fatal(err)
		}
	}
	s.term = s.console(s.client(filepath.Join(dir, "s")))
	return s
}

// client serves the engine on a socket, as a console that is no engine itself finds it.
func (s *soak) client(path string) apiclient.API {
	t := s.t
	srv := must(server.New(server.Config{API: s.engine, Trust: &apiclient.Actor{ID: 1, Login: "admin"}}))(t)
	var lc net.ListenConfig
	listener := must(lc.Listen(t.Context(), "unix", path))(t)
	begin(t, "serve", func(ctx context.Context) error { return srv.Serve(ctx, listener) })
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	api := must(remote.Open(t.Context(), remote.Config{URL: "http://umdeck.localhost", Transport: transport}))(t)
	t.Cleanup(func() {
		if err := api.Close(); err != nil {
			t.Error(err)
		}
	})
	return api
}

func (s *soak) console(api apiclient.API) *uitest.Terminal {
	t := s.t
	ctx, cancel := context.WithCancel(t.Context())
	env := &ui.Env{Ctx: ctx, Now: time.Now, Slow: true, Sentence: apiclient.MessageOf, Theme: theme.New(theme.Options{Palette: theme.Dark, Profile: termenv.TrueColor})}
	deck := must(views.Open(ctx, views.Config{Env: env, API: api}))(t)
	m := must(console.New(console.Config{Env: env, Screens: deck.Screens, Header: deck.Header, Start: "log"}))(t)
	term := uitest.Start(t, m, 120, 36)
	t.Cleanup(func() { // before the terminal's own
		cancel()
		deck.Close()
	})
	return term
}

// drive raises events at a steady pace until ctx ends.
func (s *soak) drive(ctx context.Context) error {
	tick := time.NewTicker(time.Second / soakEvents)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if _, err := s.engine.FireTrigger(context.WithoutCancel(ctx), apiclient.TriggerLogin, s.users[s.fired%len(s.users)]); err != nil {
			return err
		}
		s.fired++
	}
}

var shownAt = regexp.MustCompile(`\d\d:\d\d:\d\d\.\d{3}`)

// lag is how much older the newest row on the screen is than the newest delivery that is
// committed.
func (s *soak) lag() (time.Duration, bool) {
	page, err := s.engine.Deliveries(s.t.Context(), apiclient.DeliveryQuery{Limit: 1})
	if err != nil {
		s.t.Fatal(err)
	}
	newest := ""
	for _, at := range shownAt.FindAllString(s.term.Screen(), -1) {
		newest = max(newest, at)
	}
	at, err := time.Parse("15:04:05.000", newest)
	if err != nil || len(page.Deliveries) == 0 {
		return 0, false
	}
	last := page.Deliveries[0].At.UTC()
	d := last.Sub(time.Date(last.Year(), last.Month(), last.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC))
	return max(d, 0), d > -time.Hour // else it is past midnight
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A figure is what was measured at a mark.
type figure struct {
	at      time.Duration
	heap    uint64
	frames  float64 // a second, since the mark before
	worst   time.Duration
	p99     time.Duration
	entries int64 // of the log
}

func (f figure) String() string {
	return fmt.Sprintf("%6s  %7d log entries  heap %5.1f MiB  %.2f frames/s  lag p99 %4d ms, worst %4d ms",
		f.at.Round(time.Second), f.entries, float64(f.heap)/(1<<20), f.frames, f.p99.Milliseconds(), f.worst.Milliseconds())
}

// TestSoak lets 200 attempts a second pass over the screen, over SSH. With -soak=10m it
// holds the limits for as long: memory flat, at most four frames a second, rows on the
// screen within a second. In any case at most four frames are drawn, and every delivery is counted.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	length, every := 6*time.Second, 3*time.Second
	if *soakFor > 0 {
		length, every = *soakFor, min(time.Minute, *soakFor/4)
	}
	s := newSoak(t)
	const known = 200 // the page of events about the users, which no zap waits for
	s.term.WaitText("following ─ " + theme.Count(known))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.drive(ctx) }()
	figures := s.measure(length, every)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	want := " " + theme.Count(known+s.fired*soakTargets)
	s.term.WaitFor("a count of "+want, func(screen string) bool { return strings.Contains(screen, want) })
	most := 4 + max(0.1, 1/every.Seconds()) // one more at the edge of a mark
	for _, f := range figures {
		t.Log(f)
		if f.frames > most {
			t.Errorf("%s: %.2f frames a second", f.at, f.frames)
		}
		if *soakFor > 0 && f.p99 > time.Second {
			t.Errorf("%s: a lag of %s", f.at, f.p99)
		}
	}
	first, last := figures[min(1, len(figures)-1)], figures[len(figures)-1]
	if *soakFor > 0 && last.heap > first.heap+(32<<20) { // what the log may keep
		t.Errorf("the heap grew from %d to %d bytes", first.heap, last.heap)
	}
}

// measure looks at the screen for so long, and sums up at each mark.
func (s *soak) measure(length, every time.Duration) (figures []figure) {
	begun := time.Now()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	mark, writes := begun, s.term.Writes()
	var lags []time.Duration
	for range look.C {
		if d, ok := s.lag(); ok && time.Since(begun) > 2*time.Second {
			lags = append(lags, d)
		}
		now, written := time.Now(), s.term.Writes() // of one moment: the tick's own may be long ago
		if now.Sub(mark) < every {
			continue
		}
		f := figure{at: now.Sub(begun), frames: float64(written-writes) / now.Sub(mark).Seconds(), heap: heap()}
		span, err := s.engine.LogSpan(s.t.Context(), time.Time{})
		if err != nil {
			s.t.Fatal(err)
		}
		f.entries = span.Last
		slices.Sort(lags)
		if n := len(lags); n > 0 {
			f.p99, f.worst = lags[n*99/100], lags[n-1]
		}
		figures = append(figures, f)
		mark, writes, lags = now, written, nil
		if now.Sub(begun) >= length {
			return figures
		}
	}
	return figures
}
