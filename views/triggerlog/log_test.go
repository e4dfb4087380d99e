package triggerlog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views/list"
	"umdeck/views/live"
)

// users returns the numbers of the users on the screen, from top to bottom.
func (a *app) users() []string {
	var found []string
	for _, m := range regexp.MustCompile(`#(\d+) `).FindAllStringSubmatch(a.view(), -1) {
		found = append(found, m[1])
	}
	return found
}

func TestRowsChangeInTheirPlace(t *testing.T) {
	a := start(t, filled())
	a.happens(delivery(100, func(d *apiclient.Delivery) {
		d.State, d.Attempts, d.Code, d.Duration = apiclient.DeliveryDue, 0, 0, 0
	}))
	a.want("#1100", "r due")
	a.happens(delivery(101))
	b := live.Batch{State: live.Live}
	d := delivery(100, retrying)
	b.Entries = []apiclient.LogEntry{{Kind: apiclient.LogAttempt, Delivery: &d, Attempt: &apiclient.Attempt{Number: 3, Class: "timeout", Error: "no answer within 15 s", Duration: 15 * time.Second}}}
	a.live(b)
	a.want("r timeout", "15000", "3/13")
	users := a.users()
	if got := users[len(users)-2:]; !cmp.Equal(got, []string{"1100", "1101"}) {
		t.Errorf("the last rows are of %v", got)
	}
	held := delivery(100, retrying, func(d *apiclient.Delivery) {
		d.State, d.Code, d.Error = apiclient.DeliveryDue, 0, "no answer within 15 s"
	})
	a.live(live.Batch{State: live.Live, Entries: []apiclient.LogEntry{{Kind: apiclient.LogState, Delivery: &held}}})
	a.want("r timeout") // a change of state does not forget what went wrong
	a.happens(delivery(100, func(d *apiclient.Delivery) { d.Attempts = 4 }))
	a.want("4/13")
	a.wantNot("timeout")
}

func TestEventsWithoutADeliveryAreRows(t *testing.T) {
	a := start(t, &site{})
	e := event(1003)
	told := apiclient.Event{ID: 1004, Trigger: apiclient.TriggerDelete, User: 8, Login: "bob", At: noon, Deliveries: 2}
	a.live(live.Batch{State: live.Live, Entries: []apiclient.LogEntry{{Kind: apiclient.LogEvent, Event: &e}, {Kind: apiclient.LogEvent, Event: &told}}})
	a.want("none", "#7 ada: No zap waits for um_user_login.")
	a.wantNot("bob")
}

func TestHistoryDoesNotUndoWhatCameMeanwhile(t *testing.T) {
	s := filled()
	a := start(t, &site{})
	a.site.deliveries, a.site.events = s.deliveries, s.events
	a.happens(delivery(99, retrying), delivery(100))
	a.press("ctrl+r") // the site still says that 99 is done, which is further
	a.want("#1099")
	view := a.view()
	if strings.Contains(view, "503") {
		t.Errorf("delivery 99 is not as the site says:\n%s", view)
	}
	a.happens(delivery(98, func(d *apiclient.Delivery) { d.Attempts, d.Code = 5, 299 }))
	a.press("ctrl+r") // and here what came live has got further
	a.want("299")
}

func TestOldAttemptsTakeTheirPlaceInTheHistory(t *testing.T) {
	s := filled()
	a := start(t, s, func(c *list.Config) { c.API = &broken{site: s} })
	a.happens(delivery(41, retrying), delivery(100))
	a.want("#1041", "#1100")
	s.mu.Lock()
	s.err = nil
	s.mu.Unlock()
	a.press("ctrl+r", "g")
	users := a.users()
	if users[0] != "1040" || users[1] != "1041" {
		t.Errorf("the log begins with %v", users)
	}
	a.press("G")
	if users = a.users(); users[len(users)-1] != "1100" {
		t.Errorf("the log ends with %v", users)
	}
}

// broken is a site whose history cannot be read at first.
type broken struct {
	*site
	once bool
}

func (b *broken) Deliveries(ctx context.Context, q apiclient.DeliveryQuery) (apiclient.DeliveryPage, error) {
	if !b.once {
		b.once = true
		return apiclient.DeliveryPage{}, apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
	}
	return b.site.Deliveries(ctx, q)
}

func TestOlderRowsComeAtTheTop(t *testing.T) {
	s := &site{}
	rnd := rand.New(rand.NewPCG(1, 2))
	want := 0
	for id := 1; id <= 1500; id++ {
		d := delivery(id)
		s.deliveries = append(s.deliveries, d)
		want++
		if rnd.IntN(3) == 0 {
			e := event(10*id + 3)
			e.At = d.At.Add(time.Millisecond)
			s.events = append(s.events, e)
			want++
		}
		s.events = append(s.events, apiclient.Event{ID: apiclient.EventID(10*id + 5), At: d.At, Deliveries: 1})
	}
	a := start(t, s)
	a.want("older ones above")
	for range 40 {
		a.press("g")
	}
	a.wantNot("older ones above")
	a.want(fmt.Sprintf("%d %03d", want/1000, want%1000))
	a.want("#1001 ")
	n := len(s.asked)
	a.press("g", "k", "g")
	if len(s.asked) != n {
		t.Errorf("the end of the history is asked for again: %v", s.asked[n:])
	}
}

func TestRowsAreInOrder(t *testing.T) {
	a := start(t, filled())
	a.press("g")
	a.w, a.h = 120, 80
	times := regexp.MustCompile(`\d\d:\d\d:\d\d\.\d\d\d`).FindAllString(a.view(), -1)
	if len(times) != 63 {
		t.Errorf("%d rows", len(times))
	}
	for i := 1; i < len(times); i++ {
		if times[i] < times[i-1] {
			t.Errorf("%s stands after %s", times[i], times[i-1])
		}
	}
}

func TestFilterAsksTheSiteAndWatchesWhatComes(t *testing.T) {
	a := start(t, filled())
	a.filter("state:dead")
	a.want("1 match", "#1084")
	a.wantNot("#1099")
	if got := a.site.asked[len(a.site.asked)-1]; got != "deliveries state:dead" {
		t.Errorf("the site was asked %q last, and no event can match", got)
	}
	a.happens(delivery(100), delivery(101, dead))
	a.want("2 match", "#1101")
	a.wantNot("#1100")
	a.happens(delivery(84)) // it was sent after all
	a.want("1 match")
	a.wantNot("#1084")
	a.press("x")
	a.want("x hides the rest", "#1100")
	a.press("x")
	a.wantNot("#1100")
	a.press("esc")
	a.want("#1099", "#1100", "#1101")
	if a.screen.Route() != "log" {
		t.Errorf("the route is %s", a.screen.Route())
	}
}

func TestFilterOfAnotherTimeReachesBack(t *testing.T) {
	s := &site{}
	for id := 1; id <= 900; id++ {
		s.deliveries = append(s.deliveries, delivery(id, func(d *apiclient.Delivery) {
			if id < 5 {
				dead(d)
			}
		}))
	}
	a := start(t, s)
	a.run(a.screen.Open("log?filter=state:dead"))
	a.want("4 match", "#1001", "#1004", "state:dead")
	if got := a.screen.Route(); got != "log?filter=state%3Adead" {
		t.Errorf("the route is %s", got)
	}
	a.press("esc")
	a.wantNot("#1001 ")
}

func TestFilterKeepsTheCursor(t *testing.T) {
	a := start(t, filled())
	a.press("E", "E")
	a.filter("event:um_registration_complete")
	a.want("> 14:02:10  x 500", "follow OFF")
	a.press("esc", "E", "E", "j")
	a.filter("state:dead,due")
	a.want("> 14:02:19  r 503") // the newest: that row does not match
}

func TestWrongFilterStaysInTheBar(t *testing.T) {
	a := start(t, filled())
	a.filter("color:red")
	if !a.screen.Capturing() {
		t.Error("the bar has closed")
	}
	a.want("color")
	a.update(keyMsg("esc"))
	a.run(a.screen.Open("log?filter=color:red"))
	if a.toast() == "" || a.screen.Status().Crumb != "" {
		t.Errorf("said %q, the crumb is %q", a.toast(), a.screen.Status().Crumb)
	}
}

func TestPauseOutlivesTheFilter(t *testing.T) {
	a := start(t, filled())
	a.press("p")
	before := a.view()
	a.happens(delivery(100, dead), delivery(101))
	if diff := cmp.Diff(strings.Split(before, "\n")[1:16], strings.Split(a.view(), "\n")[1:16]); diff != "" {
		t.Errorf("a paused log has changed:\n%s", diff)
	}
	a.filter("state:dead")
	a.want("PAUSED", "#1084")
	a.site.deliveries = append(a.site.deliveries, delivery(100, dead))
	a.happens(delivery(102, dead))
	a.wantNot("#1102", "#1100")
	a.press("p")
	a.want("#1100", "#1102")
	a.press("esc")
	a.want("#1100", "#1101", "#1102")
}

func TestLostConnectionIsSaidOnce(t *testing.T) {
	a := start(t, filled())
	s := a.site
	s.err = apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
	for range 5 { // the hub tries again
		a.live(live.Batch{State: live.Reconnecting, Why: "The site does not answer."})
	}
	a.want("Reconnecting. The site does not answer.")
	a.wantNot("connection lost")
	if st := a.screen.Status(); st.Live != "reconnecting" || !st.Stale {
		t.Errorf("the status is %+v", st)
	}
	s.err = nil
	s.deliveries = append(s.deliveries, delivery(100))
	a.live(live.Batch{State: live.Live})
	a.want("connection lost", "#1100")
	if n := strings.Count(a.view(), "connection lost"); n != 1 {
		t.Errorf("%d lines", n)
	}
	if st := a.screen.Status(); st.Live != "live" || st.Stale {
		t.Errorf("the status is %+v", st)
	}
}

func TestDroppedEntriesAreCountedAndReadAgain(t *testing.T) {
	a := start(t, filled())
	a.site.deliveries = append(a.site.deliveries, delivery(100, dead))
	a.live(live.Batch{State: live.Live, Dropped: 17})
	a.want("gap: 17 entries left out", "#1100")
}

func TestBurst(t *testing.T) {
	a := start(t, filled())
	b := live.Batch{State: live.Live}
	for id := 100; id < 10_100; id++ {
		d := delivery(id)
		made := d
		made.State, made.Attempts, made.Code = apiclient.DeliveryDue, 0, 0
		b.Entries = append(b.Entries, apiclient.LogEntry{Kind: apiclient.LogQueued, Delivery: &made}, apiclient.LogEntry{Kind: apiclient.LogAttempt, Delivery: &d})
	}
	a.w = 120
	a.live(b)
	a.want("SAMPLED, 1 of 256", " of 10 063", "left out")
	if n := len(a.users()); n > 60 {
		t.Errorf("%d rows are shown", n)
	}
	a.happens(delivery(10_100, dead))
	a.want("of 10 064", "#11100")
	a.press("ctrl+r")
	a.wantNot("left out")
	a.want("#1099") // the newest of the history
}

// Entries between which some are missing for good stand on their sides of the gap, and
// how far behind the log is stands in the title, in the status and below the rows.
func TestGapsAndCatchingUp(t *testing.T) {
	a := start(t, &site{})
	one, two, three := delivery(101), delivery(102), delivery(103)
	b := live.Batch{State: live.Live, Behind: 1204, Gaps: []live.Gap{{At: 2, Why: "up to 12 entries are missing, the site's retention has taken them"}}}
	for _, d := range []*apiclient.Delivery{&one, &two, &three} {
		b.Entries = append(b.Entries, apiclient.LogEntry{Kind: apiclient.LogQueued, Delivery: d})
	}
	a.live(b)
	a.want("catching up, 1 204 behind", "gap: up to 12 entries are missing")
	view := a.view()
	if at := strings.Index(view, "gap:"); at < strings.Index(view, "#1102") || at > strings.Index(view, "#1103") {
		t.Errorf("the gap is not between the second row and the third:\n%s", view)
	}
	if st := a.screen.Status(); st.Live != "catching up, "+theme.Count(1204)+" behind" {
		t.Errorf("the status is %+v", st)
	}
	a.live(live.Batch{State: live.Live})
	a.wantNot("catching up")
}

func TestAlerts(t *testing.T) {
	a := start(t, &site{})
	a.w = 140
	change := func(action string, origin apiclient.Origin) apiclient.LogEntry {
		return apiclient.LogEntry{Kind: apiclient.LogChange, At: noon, Change: &apiclient.Audit{Action: action, Subject: "subscription 3", Origin: origin}}
	}
	one, two := delivery(101), delivery(102)
	a.update(ui.ShownMsg{Shown: false})
	a.live(live.Batch{State: live.Live, Entries: []apiclient.LogEntry{
		{Kind: apiclient.LogQueued, Delivery: &one},
		change("subscriptions.suspended", apiclient.OriginCron),
		change("subscriptions.broken", apiclient.OriginConsole), // nobody but the engine alerts
		{Kind: apiclient.LogQueued, Delivery: &two},
	}})
	if st := a.screen.Status(); st.Badge != "1!" {
		t.Errorf("the tab has %q", st.Badge)
	}
	a.update(ui.ShownMsg{Shown: true})
	a.want("subscription 3: nothing was accepted for days: it is suspended")
	a.wantNot("is down")
	view := a.view()
	if at := strings.Index(view, "subscription 3"); at < strings.Index(view, "#1101") || at > strings.Index(view, "#1102") {
		t.Errorf("the alert is not between the rows:\n%s", view)
	}
}

func TestNextTry(t *testing.T) {
	a := start(t, &site{})
	a.w = 120
	due := func(next time.Duration) func(*apiclient.Delivery) {
		return func(d *apiclient.Delivery) {
			*d = delivery(100)
			d.State, d.Attempts, d.Code, d.NextAt = apiclient.DeliveryDue, 0, 0, noon.Add(next)
		}
	}
	a.happens(delivery(100, due(0)))
	a.wantNot("now")
	a.happens(delivery(100, due(90*time.Second))) // its lane waits for a target that is down
	a.want(" 1m")
	a.happens(delivery(100, retrying))
	a.want("40s")
	a.happens(delivery(100, retrying, func(d *apiclient.Delivery) { d.NextAt = noon }))
	a.want("now")
}

func TestFailures(t *testing.T) {
	a := start(t, filled())
	a.press("E")
	a.want("#1091 user91: answered 503 Service Unavailable")
	a.press("E")
	a.want("#1084 user84: answered 500")
	a.press("e")
	a.want("#1091 user91: answered 503 Service Unavailable")
}

func TestBadgeCountsFailuresThatNobodySaw(t *testing.T) {
	a := start(t, filled())
	a.happens(delivery(100, dead))
	if got := a.screen.Status().Badge; got != "" {
		t.Errorf("the badge is %q while the log is shown", got)
	}
	a.update(ui.ShownMsg{})
	a.happens(delivery(101, dead), delivery(102), delivery(103, retrying), delivery(104, dead))
	if got := a.screen.Status().Badge; got != "2!" {
		t.Errorf("the badge is %q", got)
	}
	a.update(ui.ShownMsg{Shown: true})
	if got := a.screen.Status().Badge; got != "" {
		t.Errorf("the badge is %q after a look", got)
	}
}

func TestHostileText(t *testing.T) {
	evil := "\x1b[2J\x1b]52;c;aGk=\x07\u202eevil\r\n山田\x00\x9b31m" + strings.Repeat("long ", 60)
	s := filled()
	s.set(99, func(d *apiclient.Delivery) {
		dead(d)
		d.Login, d.ZapName, d.Error, d.WebhookID, d.URL, d.Event = evil, evil, evil, evil, "https://"+evil+"/x", apiclient.Trigger(evil)
		d.Body = []byte(`{"a":"` + evil)
		d.Log = []apiclient.Attempt{{
			Number: 1, At: noon, Code: 500, Error: evil, Body: []byte(evil + "\xff\xfe"),
			Request: []apiclient.Header{{Name: evil, Value: evil}}, Response: []apiclient.Header{{Name: evil, Value: evil}},
		}, {Number: 2, Class: evil, Error: evil}}
	})
	e := event(1003)
	e.Skipped, e.Login, e.Actor, e.Origin = evil, evil, evil, apiclient.Origin(evil)
	s.events = append(s.events, e)
	s.zaps = []apiclient.Zap{{ID: 1, Name: evil, Event: e.Trigger, Status: apiclient.ZapStatus(evil)}}
	a := start(t, s)
	for _, route := range []string{"log", "log/99", "log/e1003", "log/\x1b[2J"} {
		a.run(a.screen.Open(route))
		for _, size := range [][2]int{{80, 20}, {160, 40}, {120, 12}, {41, 9}, {7, 3}, {1, 1}} {
			a.w, a.h = size[0], size[1]
			for _, keys := range [][]string{{}, {"m", "w"}, {"h"}, {"l", "G"}} {
				a.press(keys...)
				view := a.view()
				if i := strings.IndexFunc(view, func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e) }); i >= 0 {
					t.Fatalf("%s at %v: %q is on the screen", route, size, view[i:min(i+20, len(view))])
				}
			}
		}
	}
}

func TestSiteWithoutALog(t *testing.T) {
	why := "WordPress keeps no log of its webhooks."
	s := &site{err: errors.New("must not be asked")}
	a := start(t, s, func(c *list.Config) {
		c.Site.Missing = map[apiclient.Capability]string{apiclient.CanReadLog: why}
	})
	a.want(why)
	for _, act := range a.screen.Actions() {
		if act.Disabled != why {
			t.Errorf("%s: disabled %q", act.ID, act.Disabled)
		}
	}
	a.press("enter", "R", "/", "j", "x")
	a.run(a.screen.Open("log/7"))
	a.run(a.screen.Open("log?filter=user:7"))
	a.want(why)
	if len(s.asked) > 0 {
		t.Errorf("the site was asked %v", s.asked)
	}
}

func TestCannotRedeliver(t *testing.T) {
	why := "This site cannot send again."
	a := start(t, filled(), func(c *list.Config) {
		c.Site.Missing = map[apiclient.Capability]string{apiclient.CanRedeliver: why, apiclient.CanReplay: "This site has no replays."}
	})
	a.press("r")
	if a.toast() != why {
		t.Errorf("said %q", a.toast())
	}
	a.press(" ", "r")
	if a.toast() != "This site has no replays." {
		t.Errorf("with a mark it said %q", a.toast())
	}
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	s := filled()
	s.err = apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")
	a := start(t, s)
	a.want("The log could not be read; ctrl+r asks again.")
	if a.toast() != "The site does not answer." {
		t.Errorf("said %q", a.toast())
	}
	s.err = nil
	a.press("ctrl+r")
	a.want("#1099")
	a.wantNot("could not be read")
}

func TestOldAnswersAreDropped(t *testing.T) {
	a := start(t, filled())
	a.press("/")
	a.update(keyMsg("state:dead"))
	slow := a.screen.Update(keyMsg("enter")) // its answer comes after the next filter
	a.press("esc")
	a.run(slow)
	a.want("#1099")
	a.filter("user:1084")
	a.run(slow)
	a.want("1 match", "#1084")
}

func TestUpdateAsksNothingItself(t *testing.T) {
	a := start(t, filled())
	n := len(a.site.asked)
	var cmds []tea.Cmd
	for _, key := range []string{"j", "g", "k"} {
		cmds = append(cmds, a.screen.Update(keyMsg(key)))
	}
	cmds = append(cmds, a.screen.Open("log/91"), a.screen.Open("log?filter=zap:5"))
	if len(a.site.asked) != n {
		t.Errorf("asked %v before any of the %d commands ran", a.site.asked[n:], len(cmds))
	}
}
