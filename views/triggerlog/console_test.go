package triggerlog_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/delivery/sink"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/ui/uitest"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/triggerlog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// begin runs fn until the test ends, and waits for it.
func begin(t *testing.T, what string, fn func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- fn(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	})
}

// show runs a console with the screen alone, on a site that is followed live.
func show(t *testing.T, api apiclient.API, now func() time.Time, w, h int) *uitest.Terminal {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(cancel)
	env := &ui.Env{Ctx: ctx, Theme: theme.New(theme.Options{Palette: theme.None}), Now: now}
	hub := live.New(live.Config{API: api, Every: time.Millisecond})
	begin(t, "follow the log", hub.Run)
	model, err := console.New(console.Config{Env: env, Screens: []ui.Screen{triggerlog.New(list.Config{Env: env, API: api, Hub: hub})}})
	if err != nil {
		t.Fatal(err)
	}
	return uitest.Start(t, model, w, h)
}

func TestKeysThatArriveTogether(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		s := filled()
		s.set(84, withLog)
		term := show(t, s, func() time.Time { return noon }, 100, 30)
		term.WaitText("#1099")
		press(term, "EE\r")
		term.WaitText("Delivery 84")
		press(term, "JJKm")
		term.WaitText("Delivery 85")
		term.WaitText("https://hooks.example.com/hooks/catch/12/")
		press(term, "\x1b")
		term.WaitText("follow OFF")
		press(term, "/state:dead,due\rk\r")
		term.WaitText("Delivery 84")
		press(term, "\x1b")
		term.WaitText("filter state:dead,due")
		press(term, "pg  ")
		term.WaitText("2 marked")
		term.WaitText("PAUSED")
		press(term, "r")
		term.WaitText("Send 2 deliveries again")
		press(term, "n")
		term.WaitGone("Send 2")
		if s.started > 0 {
			t.Error("they are sent again")
		}
	})
}

func TestLiveOnTheConsole(t *testing.T) {
	s := filled()
	s.watch = make(chan []apiclient.LogEntry)
	term := show(t, s, func() time.Time { return noon }, 100, 30)
	term.WaitText("#1099")
	term.WaitText("live")
	d := delivery(100, retrying)
	s.watch <- []apiclient.LogEntry{{Seq: 1, Kind: apiclient.LogAttempt, Delivery: &d}}
	term.WaitText("#1100")
	term.WaitText("503")
}

// TestWithTheEngine follows real deliveries to a real receiver.
func TestWithTheEngine(t *testing.T) {
	ctx := t.Context()
	e, err := engine.Open(ctx, engine.Config{Dir: enginetest.Dir(t), AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	receiver, err := sink.Open(ctx, sink.Config{})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, "receive", receiver.Run)
	begin(t, "send", e.Run)
	admin := must(e.FindUser(ctx, "admin"))(t)
	old := must(e.FireTrigger(ctx, apiclient.TriggerApprove, admin.ID))(t)
	if old.Deliveries != 0 {
		t.Fatalf("%d deliveries without a zap", old.Deliveries)
	}
	zap := must(e.CreateZap(ctx, apiclient.NewZap{
		Name: "Logins", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapRunning, Fields: []string{"user_email"},
	}))(t)
	for _, target := range []string{receiver.Target(sink.OK, "aaaa"), receiver.URL() + "/nowhere/bbbb"} {
		if _, _, err := e.AddSubscription(ctx, apiclient.NewSubscription{Zap: zap.ID, URL: target}); err != nil {
			t.Fatal(err)
		}
	}

	term := show(t, e, time.Now, 140, 36)
	term.WaitText("No zap waits for um_admin_approve_account.")
	must(e.FireTrigger(ctx, apiclient.TriggerLogin, admin.ID))(t)
	term.WaitText("✓ 200")
	term.WaitText("↻ 404")
	term.WaitText("1/13")

	term.Keys("/code:200\r")
	term.WaitText("1 match")
	term.WaitGone("↻ 404")
	term.Keys("k\r")
	term.WaitText("delivered at try 1")
	term.WaitText("console")
	term.WaitText("webhook-signature")
	term.WaitText(`"um_zap_name": "Logins"`)
	term.WaitText(`"status": "success"`)
	if screen := term.Screen(); strings.Contains(screen, "/ok/aaaa") {
		t.Errorf("the target is shown:\n%s", screen)
	}
	term.Keys("r")
	term.WaitText("goes out again as 3")
	term.Keys("\x1b")
	term.WaitText("again um_user")
	term.WaitText("2 match")

	term.Keys("\x1b")
	term.WaitText("↻ 404")
	if _, err := e.TestSubscription(ctx, 1); err != nil {
		t.Fatal(err)
	}
	term.WaitText("test um_user")
	if _, err := e.RemoveSubscription(ctx, 2, false); err != nil {
		t.Fatal(err)
	}
	term.WaitText("✗ 404")
	stopped := apiclient.ZapStopped
	must(e.UpdateZap(ctx, zap.ID, apiclient.ZapUpdate{Status: &stopped}))(t)
	event := must(e.FireTrigger(ctx, apiclient.TriggerLogin, admin.ID))(t)
	term.Keys(":log/e" + list.Number(event.ID) + "\r")
	term.WaitText("Run the zap 1 (Logins), which is stopped")
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
