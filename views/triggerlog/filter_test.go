package triggerlog

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
)

func TestEventFilter(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
		some bool
	}{
		{"", "", true},
		{"ada", "ada", true},
		{"event:um_user_login user:7", "trigger:um_user_login user:7", true},
		{"state:dead", "", false},
		{"-state:dead", "", true},
		{"code:5xx user:7", "", false},
		{"code:5xx OR user:7", "user:7", true},
		{"-code:5xx user:7", "user:7", true},
		{"-(code:5xx user:7)", "", true},
		{"-(test:false user:7)", "-user:7", true},
		{"test:true", "", false},
		{"code:none login:a*", "login:a*", true},
		{"id:5", "", false},
	} {
		f, err := filter.Parse(c.text, filter.Options{Columns: filter.Deliveries()})
		if err != nil {
			t.Fatal(err)
		}
		got, some := eventFilter(f)
		if some != c.some || some && filter.String(got) != c.want {
			t.Errorf("%q asks for the events %q, %t, want %q, %t", c.text, filter.String(got), some, c.want, c.some)
		}
	}
}

// TestEventFilterMeansTheSame compares what a site would find with what the screen
// shows, for filters at random.
func TestEventFilterMeansTheSame(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	leaves := []apiclient.Match{
		{Field: "user", Value: "7"},
		{Field: "login", Op: apiclient.Like, Value: "a*"},
		{Field: "event", Value: "um_user_login"},
		{Op: apiclient.Contains, Value: "delete"},
		{Field: "at", Op: apiclient.Less, Value: "2026-11-22"},
		{Field: "code", Value: "500"},
		{Field: "code", Op: apiclient.IsEmpty},
		{Field: "state", Value: "dead"},
		{Field: "test", Value: "false"},
		{Field: "id", Op: apiclient.AtLeast, Value: "1"},
		{Field: "zap", Value: "5"},
	}
	var build func(depth int) apiclient.Filter
	build = func(depth int) apiclient.Filter {
		if op := apiclient.FilterOp(rnd.IntN(4)); op != apiclient.Leaf && depth > 0 {
			f := apiclient.Filter{Op: op}
			n := rnd.IntN(4)
			if op == apiclient.Not {
				n = 1
			}
			for range n {
				f.Terms = append(f.Terms, build(depth-1))
			}
			return f
		}
		return apiclient.Filter{Op: apiclient.Leaf, Match: leaves[rnd.IntN(len(leaves))]}
	}
	matched := 0
	for range 20_000 {
		f := build(3)
		e := apiclient.Event{
			ID: apiclient.EventID(1 + rnd.IntN(9)), Trigger: apiclient.Triggers()[rnd.IntN(3)], User: apiclient.UserID(6 + rnd.IntN(3)), Login: []string{"ada", "bob"}[rnd.IntN(2)],
			At: time.Date(2026, 11, 21+rnd.IntN(3), 0, 0, 0, 0, time.UTC),
		}
		want := matches(f)(eventRow(e))
		of, some := eventFilter(f)
		if got := some && filter.Run(of, filter.EventRow(e)); got != want {
			t.Fatalf("%s finds %+v: %t by the site's filter %s, %t here", filter.String(f), e, got, filter.String(of), want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d of the filters matched", matched)
	}
}

func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		row  row
		want string
		fail bool
	}{
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryDone, Code: 204, Attempts: 1}}, "204", false},
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryDue}}, "due", false},
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryDue, Attempts: 1, Error: "reset"}}, "ERR", true},
		{row{class: "dns", Delivery: apiclient.Delivery{State: apiclient.DeliveryDead, Attempts: 1, Error: "no such host"}}, "dns", true},
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryGone, Attempts: 1, Code: 410, Error: "answered 410 Gone"}}, "410", true},
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryGone}}, "gone", false},
		{row{Delivery: apiclient.Delivery{State: apiclient.DeliveryClaimed}}, "sending", false},
		{row{Delivery: apiclient.Delivery{State: "retired"}}, "retired", false},
	} {
		t.Run(fmt.Sprint(c.row.State, c.want), func(t *testing.T) {
			_, got := c.row.outcome(plain())
			if got != c.want || c.row.failed() != c.fail {
				t.Errorf("%q, failed %t, want %q, %t", got, c.row.failed(), c.want, c.fail)
			}
		})
	}
}

func plain() *theme.Theme { return theme.New(theme.Options{Palette: theme.None}) }
