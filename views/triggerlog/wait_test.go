package triggerlog_test

import (
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/views/live"
)

// waiting is a delivery that was not tried yet.
func waiting(d *apiclient.Delivery) {
	d.State, d.Attempts, d.Code, d.Duration, d.NextAt = apiclient.DeliveryDue, 0, 0, 0, d.At
}

// TestWhyADeliveryIsLater: what is due waits for its whole subscription when the target is
// down or has asked to wait, and the log says until when.
func TestWhyADeliveryIsLater(t *testing.T) {
	later := noon.Add(46 * time.Second)
	for _, c := range []struct {
		name string
		sub  apiclient.Subscription
		next string
		said string
	}{
		{"down", apiclient.Subscription{BrokenSince: noon.Add(-time.Minute), ProbeAt: later}, "46s", "#1100 user100: its target is down, and is probed next in 46s"},
		{"asked to wait", apiclient.Subscription{ProbeAt: later}, "46s", "#1100 user100: its target has asked to wait, 46s from now"},
		{"that is over", apiclient.Subscription{ProbeAt: noon.Add(-time.Second)}, "", ""},
		{"nothing", apiclient.Subscription{}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := start(t, &site{sub: c.sub})
			a.w = 120
			a.update(ui.SizeMsg{Width: a.w, Height: a.h})
			a.happens(delivery(100, waiting))
			view := a.view()
			line := view[:strings.Index(view, "#1100")+1] // up to the row
			row := view[len(line)-1:]
			row = row[:strings.Index(row, "\n")]
			if got := strings.Contains(row, " 46s "); got != (c.next != "") {
				t.Errorf("the row says when: %t\n%s", got, row)
			}
			if c.said != "" {
				a.want(c.said)
			} else {
				a.wantNot("its target")
			}
		})
	}
	a := start(t, &site{sub: apiclient.Subscription{BrokenSince: noon, ProbeAt: later}})
	a.happens(delivery(100, retrying))
	a.want("answered 503 Service Unavailable; its target is down")
	a.happens(delivery(100))
	a.wantNot("its target is down") // it was sent
}

// TestTimeSaysLessWhereThereIsLittleRoom: on 80 columns the event can be read, and another
// day is named with the time of day.
func TestTimeSaysLessWhereThereIsLittleRoom(t *testing.T) {
	s := &site{}
	a := start(t, s)
	login := func(d *apiclient.Delivery) { d.Event, d.Login, d.User = apiclient.TriggerLogin, "ada", 7 }
	a.happens(delivery(99, login, func(d *apiclient.Delivery) { d.At = noon.Add(-26 * time.Hour) }), delivery(100, login))
	a.want(" 14:02:31 ", " 20 12:02 ", " um_user_login ")
	a.wantNot("14:02:31.000")
	a.w = 120
	a.update(ui.SizeMsg{Width: a.w, Height: a.h})
	a.want(" 14:02:31.000 ", " 11-20 12:02 ", " um_user_login ")
	a.filter("user:7") // another log, made for this width
	a.want(" 14:02:31.000 ")
	a.w = 80
	a.update(ui.SizeMsg{Width: a.w, Height: a.h})
	a.want(" 14:02:31 ")
	a.update(keyMsg("esc"))
	a.wantNot("14:02:31.000")
}

// TestStripIsWhole: the words of the strip are there at any width, and the sparkline has
// the rest.
func TestStripIsWhole(t *testing.T) {
	a := start(t, &site{})
	d := delivery(100)
	a.live(live.Batch{State: live.Live, Entries: []apiclient.LogEntry{{
		At: noon, Kind: apiclient.LogAttempt, Delivery: &d, Attempt: &apiclient.Attempt{Number: 1, Code: 200, Duration: 12345 * time.Millisecond},
	}}})
	a.want("| no attempt  3 waiting  last 1s ")
	a.env.Now = func() time.Time { return noon.Add(20 * time.Second) }
	for _, w := range []int{80, 100, 120, 200} {
		a.w = w
		a.want("#", "0.1 tries/s", "100 % ok", "p95 12.", "3 waiting", "last 20s")
	}
}
