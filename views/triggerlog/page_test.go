package triggerlog_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/views/live"
)

// inspecting shows the page of delivery 91.
func inspecting(t *testing.T, change ...func(*apiclient.Delivery)) *app {
	t.Helper()
	s := filled()
	s.set(91, func(d *apiclient.Delivery) {
		for _, f := range append(change, withLog) {
			f(d)
		}
	})
	a := start(t, s)
	a.h = 70
	a.run(a.screen.Open("log/91"))
	return a
}

func TestPageOfADelivery(t *testing.T) {
	a := inspecting(t)
	a.want("um_registration_complete", "#1091 user91", "form, by user91", "#5 New members", "msg_91",
		"try 4 of 13 in 40s, at 2026-11-21 14:03:11Z; 9 more after it", `"first_name": "Zoë & Søn"`, "Request of try 3", "503 Service Unavailable", "<body>down</body>")
	if i, j := strings.Index(a.view(), `"user_id"`), strings.Index(a.view(), `"first_name"`); i > j {
		t.Error("the body is not in its own order")
	}
	a.press("h")
	a.want("Request of try 2", "no answer within 15 s")
	a.wantNot("<body>down</body>")
	a.press("h", "h", "h")
	a.want("Request of try 1")
	a.press("l", "l", "l")
	a.want("Request of try 3")
	if got := a.screen.Route(); got != "log/91" {
		t.Errorf("the route is %s", got)
	}
	a.press("esc")
	a.want("#1091 us", "follow OFF")
	if got := a.screen.Route(); got != "log" {
		t.Errorf("the route is %s", got)
	}
}

func TestTargetIsShownOnlyWhenAsked(t *testing.T) {
	a := inspecting(t)
	a.wantNot("/hooks/catch/12/")
	a.press("m")
	a.want("https://hooks.example.com/hooks/catch/12/")
	a.press("J", "K")
	a.want("Delivery 91")
	a.wantNot("/hooks/catch/12/")
}

func TestPageGoesFromRowToRow(t *testing.T) {
	a := inspecting(t)
	a.press("J")
	a.want("Delivery 92")
	a.press("K", "K")
	a.want("Delivery 90")
	a.press("K", "K")
	a.want("Event 883", "No zap waits for um_user_login.")
	a.press("J")
	a.want("Delivery 89")
	a.happens(delivery(100))
	a.live(live.Batch{State: live.Reconnecting, Why: "Away."})
	a.happens(delivery(101))
	a.run(a.screen.Open("log/100"))
	a.press("J") // over the gap
	a.want("Delivery 101")
	a.press("J")
	a.want("Delivery 101")
}

func TestPageFollowsItsDelivery(t *testing.T) {
	a := inspecting(t, func(d *apiclient.Delivery) { d.Attempts = 3 })
	a.happens(delivery(92))
	if n := count(a.site.asked, "delivery 91"); n != 1 {
		t.Errorf("asked %d times for delivery 91", n)
	}
	moved := a.site.set(91, func(d *apiclient.Delivery) {
		d.Log = nil
		d.State, d.Attempts, d.Code, d.Error = apiclient.DeliveryDone, 4, 200, ""
		withLog(d)
		d.Log[3].Code, d.Log[3].Error, d.Log[3].Body = 200, "", []byte(`{"status":"success"}`)
	})
	a.happens(moved)
	a.want("delivered at try 4", "Request of try 4", `"status": "success"`)
	if n := count(a.site.asked, "delivery 91"); n != 2 {
		t.Errorf("asked %d times for delivery 91", n)
	}
	a.press("h")
	again := a.site.set(91, func(d *apiclient.Delivery) { d.Attempts = 5; d.Log = nil; withLog(d) })
	a.happens(again)
	a.want("Request of try 3") // somebody reads it
}

func count(asked []string, what string) int {
	n := 0
	for _, q := range asked {
		if q == what {
			n++
		}
	}
	return n
}

func TestPageOfWhatIsNotThere(t *testing.T) {
	a := start(t, filled())
	a.run(a.screen.Open("log/4711"))
	a.want("There is no delivery 4711.")
	a.run(a.screen.Open("log/e4711"))
	a.want("There is no event 4711 in the log.")
	a.run(a.screen.Open("log/nonsense"))
	a.want(`"nonsense" is no number; give the id.`)
	a.press("r", "y", "m", "h", "J", "o")
}

func TestPageOfADeliveryBeyondTheLog(t *testing.T) {
	s := filled()
	s.deliveries = append([]apiclient.Delivery{delivery(1)}, s.deliveries...)
	a := start(t, s)
	a.site.deliveries[0].ZapName = "Long ago"
	a.run(a.screen.Open("log/1"))
	a.want("Delivery 1 ", "Long ago")
}

func TestFate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*apiclient.Delivery)
		want   string
	}{
		{"new", func(d *apiclient.Delivery) {
			*d = delivery(91)
			d.State, d.Attempts, d.Code = apiclient.DeliveryDue, 0, 0
		}, "try 1 of 13; 12 more after it"},
		{"last", func(d *apiclient.Delivery) { retrying(d); d.Attempts = 12 }, "try 13 of 13 in 40s, at 2026-11-21 14:03:11Z; it is the last one"},
		{"throttled", func(d *apiclient.Delivery) { retrying(d); d.Attempts = 20 }, "try 21 in 40s, at 2026-11-21 14:03:11Z; the target asked to wait"},
		{"claimed", func(d *apiclient.Delivery) { d.State, d.Attempts = apiclient.DeliveryClaimed, 1 }, "being sent now, try 2"},
		{"held", held, "held: its zap is not running"},
		{"dead", dead, "given up after 13 tries"},
		{"refused", func(d *apiclient.Delivery) { dead(d); d.Attempts, d.Code = 1, 413 }, "refused for good after 1 try"},
		{"test", func(d *apiclient.Delivery) { dead(d); d.Test, d.Attempts = true, 1 }, "failed; a test is sent once"},
		{"gone", func(d *apiclient.Delivery) { d.State, d.Code = apiclient.DeliveryGone, 410 }, "the subscription has ended: the target answered 410 Gone"},
		{"unsubscribed", func(d *apiclient.Delivery) { d.State, d.Code = apiclient.DeliveryGone, 0 }, "the subscription has ended before this was sent"},
		{"of a stopped replay", func(d *apiclient.Delivery) {
			d.State, d.Code, d.Attempts, d.Replay, d.Error = apiclient.DeliveryGone, 0, 0, 7, "the replay 7 was stopped"
		}, "the replay 7 was stopped before this was sent"},
		{"again", func(d *apiclient.Delivery) { d.ReplayOf = 12 }, "it sends delivery 12 once more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inspecting(t, c.change).want(c.want)
		})
	}
}

func TestWhyItWaits(t *testing.T) {
	for _, c := range []struct {
		name   string
		sub    apiclient.Subscription
		change func(*apiclient.Delivery)
		want   string
	}{
		{"paused", apiclient.Subscription{State: apiclient.SubscriptionPaused, Why: "by admin"}, held, "its subscription is paused (by admin)"},
		{"suspended", apiclient.Subscription{State: apiclient.SubscriptionSuspended, Why: "no success for 5 days"}, held, "its subscription is suspended (no success for 5 days); mend the target and resume it"},
		{"breaker", apiclient.Subscription{State: apiclient.SubscriptionActive, BrokenSince: noon.Add(-time.Hour), ProbeAt: noon.Add(time.Minute), Failures: 7}, retrying, "The breaker is open since"},
		{"schedule", apiclient.Subscription{State: apiclient.SubscriptionActive, Schedule: make([]time.Duration, 4)}, retrying, "of 5 in 40s"},
		{"asked to wait", apiclient.Subscription{State: apiclient.SubscriptionActive}, func(d *apiclient.Delivery) {
			retrying(d)
			withLog(d)
			d.Log[len(d.Log)-1].Response = []apiclient.Header{{Name: "Retry-After", Value: "120"}}
		}, "The target asked to wait: Retry-After 120 s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := filled()
			s.sub = c.sub
			s.set(91, c.change)
			a := start(t, s)
			a.w, a.h = 100, 60
			a.update(ui.SizeMsg{Width: 100, Height: 60})
			a.run(a.screen.Open("log/91"))
			a.press("w") // long texts in full
			if got := strings.Join(strings.Fields(strings.NewReplacer("|", " ", "│", " ").Replace(a.view())), " "); !strings.Contains(got, c.want) {
				t.Errorf("%q is not in %s", c.want, a.view())
			}
		})
	}
}

func TestFixOfAnEvent(t *testing.T) {
	zap := func(change func(*apiclient.Zap)) []apiclient.Zap {
		z := apiclient.Zap{ID: 4, Name: "Logins", Event: apiclient.TriggerLogin, Status: apiclient.ZapRunning, Subscriptions: 1}
		change(&z)
		return []apiclient.Zap{{ID: 9, Name: "Draft", Event: apiclient.TriggerLogin, Status: apiclient.ZapDraft}, z, {ID: 5, Event: apiclient.TriggerDelete, Status: apiclient.ZapRunning}}
	}
	for _, c := range []struct {
		name  string
		zaps  []apiclient.Zap
		want  string
		route string
	}{
		{"none", nil, "Make a trigger zap of um_user_login and run it", "zaps"},
		{"stopped", zap(func(z *apiclient.Zap) { z.Status = apiclient.ZapStopped }), "Run the zap 4 (Logins), which is stopped", "zaps/4"},
		{"nobody", zap(func(z *apiclient.Zap) { z.Subscriptions = 0 }), "Subscribe a target to the zap 4 (Logins)", "zaps/4"},
		{"not known", zap(func(z *apiclient.Zap) { z.Subscriptions = -1 }), "See whether anybody is subscribed to the zap 4", "zaps/4"},
		{"mended", zap(func(*apiclient.Zap) {}), "by now the zap 4 (Logins) would deliver such an event", "zaps/4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := filled()
			s.zaps = c.zaps
			a := start(t, s)
			a.run(a.screen.Open("log/e883"))
			a.want("What to do", c.want)
			a.wantNot("#5")
			a.press("o")
			if got := a.said[len(a.said)-1]; got != (ui.GoMsg{Route: c.route}) {
				t.Errorf("o asks for %v", got)
			}
		})
	}
	t.Run("another origin", func(t *testing.T) {
		s := filled()
		s.zaps = zap(func(*apiclient.Zap) {})
		for i := range s.events {
			s.events[i].Origin = apiclient.OriginAPI
		}
		a := start(t, s)
		a.run(a.screen.Open("log/e883"))
		a.want("Let the zap 4 (Logins) fire for changes of origin api too")
	})
}

func TestRedeliverOne(t *testing.T) {
	a := start(t, filled())
	a.press("r")
	if diff := cmp.Diff([]apiclient.DeliveryID{99}, a.site.again); diff != "" {
		t.Error(diff)
	}
	if got := a.toast(); got != "Delivery 99 goes out again as 1099; :log/1099 shows it." {
		t.Errorf("said %q", got)
	}
	a.run(a.screen.Open("log/e883"))
	a.press("r")
	if got := a.toast(); got != "This event made no delivery; enter says why." {
		t.Errorf("said %q", got)
	}
	if len(a.site.again) != 1 {
		t.Errorf("redelivered %v", a.site.again)
	}
}

// job returns the job that was started last.
func (a *app) job() ui.Job {
	a.t.Helper()
	for _, m := range slices.Backward(a.said) {
		if s, ok := m.(ui.StartMsg); ok {
			return s.Job
		}
	}
	a.t.Fatalf("no job was started; the shell was asked %v", a.said)
	return ui.Job{}
}

// TestRedeliverMarked makes one job of the site of the marked rows.
func TestRedeliverMarked(t *testing.T) {
	s := filled()
	a := start(t, s)
	a.press("k", "k", " ", " ", "r")
	if s.started != 0 || len(s.again) != 0 {
		t.Fatal("they are sent without a question")
	}
	d := a.dialog()
	view := strings.Join(strings.Fields(d.View(100, 30)), " ")
	for _, want := range []string{"Send 2 deliveries again", "the marked ones, and go out oldest first", "2 to hooks.example.com/…b88f (New members), which is paused"} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not in the question:\n%s", want, d.View(100, 30))
		}
	}
	a.reply(d, "y")
	a.wantNot("marked")
	job := a.job()
	s.steps = []apiclient.Replay{{ID: 9, State: apiclient.ReplayDone, Total: 2, Made: 2, Done: 1, Dead: 1}}
	failed, parts := 0, 0
	if err := job.Run(t.Context(), func(p ui.Part) {
		parts++
		if p.Err != nil {
			failed++
		}
	}); err != nil {
		t.Error(err)
	}
	if got := filter.String(s.replay.Filter); got != "id:97,98" || s.started != 1 || len(s.again) != 0 {
		t.Errorf("%d jobs were started, the last for %s; %d were sent by themselves", s.started, got, len(s.again))
	}
	if job.Total != 2 || parts != 2 || failed != 1 {
		t.Errorf("%d parts of %d, %d failed", parts, job.Total, failed)
	}
}

func TestRedeliverTheMarkedOne(t *testing.T) {
	a := start(t, filled())
	a.press("k", " ", "r")
	if view := a.dialog().View(100, 30); !strings.Contains(view, "Send 1 delivery again") || !strings.Contains(view, "It is the marked one.") {
		t.Errorf("the question is\n%s", view)
	}
}

// TestRedeliverMarkedEvents marks what made no delivery.
func TestRedeliverMarkedEvents(t *testing.T) {
	s := filled()
	s.deliveries = nil
	a := start(t, s)
	a.press(" ", "r")
	if got := a.toast(); got != "The marked events made no delivery, so there is nothing to send again." {
		t.Errorf("said %q", got)
	}
}

func TestReplay(t *testing.T) {
	s := filled()
	for id := 100; id < 160; id++ {
		s.deliveries = append(s.deliveries, delivery(id, dead))
	}
	a := start(t, s)
	a.filter("zap:5 state:dead")
	a.press("R")
	d := a.dialog()
	view := strings.Join(strings.Fields(d.View(100, 30)), " ")
	for _, want := range []string{"Send 60 deliveries again", "zap:5 state:dead", "which is paused", "Left out: 1 because its subscription is gone."} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not in the question:\n%s", want, d.View(100, 30))
		}
	}
	if s.replay.Key == "" {
		t.Error("the job has no key: asked twice it would be started twice")
	}
	key := s.replay.Key
	a.reply(d, "s", "e", "n", "d", " ", "6", "0", "enter")
	job := a.job()
	running := apiclient.Replay{ID: 9, State: apiclient.ReplayRunning, Total: 60}
	synctest.Test(t, func(t *testing.T) {
		some, ended := running, running
		some.Made, some.Done, some.Dead = 40, 30, 1
		ended.State, ended.Made, ended.Done, ended.Dead, ended.Gone = apiclient.ReplayDone, 59, 57, 2, 1
		s.steps = []apiclient.Replay{running, some, some, ended}
		var parts []ui.Part
		if err := job.Run(t.Context(), func(p ui.Part) { parts = append(parts, p) }); err != nil {
			t.Error(err)
		}
		failed := 0
		for _, p := range parts {
			if p.Err != nil {
				failed++
			}
		}
		if len(parts) != 60 || failed != 2 || s.replay.Key != key || job.Total != 60 {
			t.Errorf("%d parts of %d, %d failed, key %q; want 60 and 2 and %q", len(parts), job.Total, failed, s.replay.Key, key)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s.steps = slices.Repeat([]apiclient.Replay{running}, 10)
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		if err := job.Run(ctx, func(ui.Part) {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a job that was stopped ends with %v", err)
		}
		if diff := cmp.Diff([]apiclient.ReplayID{9}, s.stopped); diff != "" {
			t.Errorf("stopped on the site (-want +got):\n%s", diff)
		}
	})
	s.err = apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
	if err := job.Run(t.Context(), func(ui.Part) {}); apiclient.KindOf(err) != apiclient.Unavailable {
		t.Errorf("a job on a site that is down ends with %v", err)
	}
}

func TestReplayOfNothing(t *testing.T) {
	a := start(t, filled())
	a.filter("user:5")
	a.press("R")
	if got := a.toast(); got != "No delivery matches the filter, so there is nothing to send again." {
		t.Errorf("said %q", got)
	}
}

// export writes what the log shows, or with mark the row above the cursor, to a file.
func (a *app) export(format, file string, mark bool) error {
	a.t.Helper()
	if mark {
		a.press("k", " ")
	}
	a.press(">")
	a.reply(a.dialog(), format)
	d := a.dialog()
	a.reply(d, "ctrl+u")
	for _, r := range file {
		a.reply(d, string(r))
	}
	a.reply(d, "enter")
	if _, err := os.Stat(file); err == nil {
		a.reply(a.dialog(), "y") // it is replaced
	}
	return a.job().Run(a.t.Context(), func(ui.Part) {})
}

// TestExport writes each form to a file.
func TestExport(t *testing.T) {
	t.Chdir(t.TempDir())
	a := start(t, filled())
	a.filter("state:dead,due")
	for _, c := range []struct {
		format, begins, has string
		mark                bool
		count               int // of has
	}{
		{"j", `{"id":91,"webhook_id":`, "\n", false, 2},
		{"c", "id,webhook_id,event,", "\n", false, 3},
		{"s", "# delivery 84 ", "curl -sS", true, 1},
	} {
		if err := a.export(c.format, "failed", c.mark); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile("failed")
		if err != nil || strings.Count(string(text), c.has) != c.count || !strings.HasPrefix(string(text), c.begins) {
			t.Errorf("as %s: %v\n%s", c.format, err, text)
		}
		if !c.mark && strings.Contains(string(text), "/hooks/") {
			t.Errorf("as %s the secret part of a target is told:\n%s", c.format, text)
		}
	}
}

// TestExportThatFails leaves the file as it was, and nothing beside it.
func TestExportThatFails(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	s := filled()
	a := start(t, s)
	a.filter("state:dead,due")
	if err := os.WriteFile("failed", []byte("as it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.err = apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
	if err := a.export("s", "failed", false); apiclient.KindOf(err) != apiclient.Unavailable {
		t.Errorf("an export from a site that is down: %v", err)
	}
	text, err := os.ReadFile("failed")
	if err != nil || string(text) != "as it was" {
		t.Errorf("the file is not as it was: %v\n%s", err, text)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files are in the folder, %v; want one", len(files), err)
	}
	s.err = nil
	if err := a.export("j", "no/such/folder", false); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("an export into no folder: %v", err)
	}
}

func TestTimeWindow(t *testing.T) {
	a := start(t, filled())
	for _, c := range []struct{ filter, key, want string }{
		{"", "h", "since:1h"},
		{"since:1h", "d", "since:24h"},
		{"since:24h", "a", ""},
		{"state:dead since:2d user:1084", "w", "state:dead user:1084 since:7d"},
		{"state:dead OR state:due", "h", "(state:dead OR state:due) since:1h"},
		{"(state:dead OR state:due) since:1h", "a", "state:dead OR state:due"},
		{`"x since:1h y"`, "h", `"x since:1h y" since:1h`},
	} {
		a.filter(c.filter)
		a.press("T")
		a.reply(a.dialog(), c.key)
		if got := a.screen.Status().Crumb; got != c.want {
			t.Errorf("%q with %s is %q; want %q", c.filter, c.key, got, c.want)
		}
	}
}

func TestPauseSubscription(t *testing.T) {
	a := start(t, filled())
	a.press("P")
	if len(a.site.subs) != 0 {
		t.Fatal("it was paused without a question")
	}
	a.reply(a.dialog(), "y")
	if diff := cmp.Diff(map[apiclient.SubscriptionID]apiclient.SubscriptionState{3: apiclient.SubscriptionPaused}, a.site.subs); diff != "" {
		t.Error(diff)
	}
	toast, ok := a.said[len(a.said)-1].(ui.ToastMsg)
	if !ok || toast.Undo == nil {
		t.Fatalf("it cannot be undone: %v", a.said[len(a.said)-1])
	}
	a.run(toast.Undo())
	if a.site.subs[3] != apiclient.SubscriptionActive {
		t.Errorf("after undo it is %s", a.site.subs[3])
	}
}

func TestCopy(t *testing.T) {
	s := filled()
	s.set(91, func(d *apiclient.Delivery) {
		withLog(d)
		d.Body = []byte(`@{"it's":"$HOME ` + "`id`" + ` \\"}`)
	})
	a := start(t, s)
	copied := func(key string) string {
		t.Helper()
		a.press("y")
		a.reply(a.dialog(), key)
		m, ok := a.said[len(a.said)-1].(ui.CopyMsg)
		if !ok {
			t.Fatalf("%s copies %v", key, a.said[len(a.said)-1])
		}
		return m.Text
	}
	a.press("E")
	body := string(s.set(91, func(*apiclient.Delivery) {}).Body)
	for _, route := range []string{"log", "log/91"} {
		a.run(a.screen.Open(route))
		if got := copied("b"); got != body {
			t.Errorf("the body is %q", got)
		}
		if got := copied("w"); got != "msg_91" {
			t.Errorf("the webhook-id is %q", got)
		}
		if got := copied("u"); !regexp.MustCompile(`^https://hooks\.example\.com/hooks/catch/12/`).MatchString(got) {
			t.Errorf("the URL is %q", got)
		}
		words := strings.Split(shellWords(t, copied("c")), "\x00")
		want := []string{
			"curl", "-sS", "-g", "-i", "-X", "POST", "-H", "content-type: application/json", "-H", "webhook-id: msg_91",
			"--data-raw", body, "https://hooks.example.com/hooks/catch/12/000afef5", "",
		}
		if diff := cmp.Diff(want, words); diff != "" {
			t.Errorf("as a shell reads the command (-want +got):\n%s", diff)
		}
	}
}

// shellWords returns the words of a command as a shell takes it apart.
func shellWords(t *testing.T, command string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "sh", "-c", `curl() { printf 'curl\0'; printf '%s\0' "$@"; }; `+command).Output()
	if err != nil {
		t.Fatalf("%v in\n%s", err, command)
	}
	return string(out)
}
