package views_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/theme"
	"umdeck/ui/uitest"
)

// Jobs is a site whose replays are known to the last number.
type jobs struct {
	apiclient.API
	list []apiclient.Replay
	err  error
}

func (j jobs) Replays(context.Context, apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	return apiclient.ReplayPage{Replays: j.list}, j.err
}

var someJobs = []apiclient.Replay{
	{ID: 12, At: noon.Add(-10 * time.Minute), By: "yamada_t", Filter: "state:dead at:>=2026-11-20T00:00:00Z target:hooks.zapier.com", State: apiclient.ReplayRunning, Total: 12000, Made: 5100, Done: 4320, Dead: 3, Gone: 1, Skipped: 41},
	{ID: 11, At: noon.Add(-9 * time.Hour), By: "山田太郎", Filter: "subscription:3 state:gone", Subscription: 4, Key: "move-to-crm", State: apiclient.ReplayStopped, Ended: noon.Add(-8 * time.Hour), Total: 900, Made: 500, Done: 310, Gone: 190},
	{ID: 7, At: noon.Add(-50 * time.Hour), By: "admin", State: apiclient.ReplayDone, Ended: noon.Add(-49 * time.Hour), Total: 4, Made: 4, Done: 4},
}

func TestGoldenReplays(t *testing.T) {
	for _, c := range []struct {
		name  string
		w, h  int
		theme theme.Options
	}{
		{"120x36", 120, 36, theme.Options{}},
		{"80x24", 80, 24, theme.Options{}},
		{"40x10", 40, 10, theme.Options{}},
		{"ascii-80x24", 80, 24, theme.Options{Glyphs: theme.ASCII, Palette: theme.None, Profile: termenv.Ascii}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := raise(t, play{still: true, w: c.w, h: c.h, theme: c.theme, start: "replays", wrap: func(api apiclient.API) apiclient.API { return jobs{API: api, list: someJobs} }})
			golden := func(name string) {
				t.Helper()
				s.WaitGone("loading")
				s.WaitStable()
				uitest.Golden(t, name+"-"+c.name, s.Screen())
			}
			s.WaitText("running")
			golden("replays")
			s.Keys(enter)
			s.WaitText("State  ")
			s.WaitGone("PROGRESS")
			golden("replay")
			s.Keys("x")
			s.WaitText("Stop replay 12")
			golden("stop-replay")
		})
	}
}

// TestReplays goes through the life of jobs: one that is held is stopped, and its filter is
// started again.
func TestReplays(t *testing.T) {
	receiver := apitest.NewReceiver(t)
	var sub apiclient.Subscription
	logins := func(s *stage) {
		z := s.zap(apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_email"))
		sub = s.subscription(z.ID, receiver.URL+"/hook")
		zoe := s.user(apitest.User("zoe", apitest.Approved))
		for range 3 {
			_, err := s.api.FireTrigger(s.ctx, apiclient.TriggerLogin, zoe.ID)
			must(t, err)
		}
	}
	set := func(s *stage, to apiclient.SubscriptionState) {
		_, err := s.api.UpdateSubscription(s.ctx, sub.ID, apiclient.SetSubscription(to))
		must(t, err)
	}
	in(t, play{seed: logins, start: "log"}, func(t *testing.T, s *stage, press func(string)) {
		for range 3 {
			receiver.Next(t)
		}
		s.WaitFor("three answers", func(screen string) bool { return strings.Count(screen, " 200 ") >= 3 })
		press("b")
		s.WaitText("Nothing was sent again in bulk yet.")
		set(s, apiclient.SubscriptionPaused)
		_, err := s.api.StartReplay(s.ctx, apiclient.ReplayQuery{Filter: apiclient.FieldIs("event", "um_user_login")})
		must(t, err)
		s.WaitText("#1 event:um_user_login") // without a key
		s.WaitText("3  made, and still to be sent")
		s.WaitText("operator")
		press("x")
		s.WaitText("3 of 3 deliveries are made: 0 were accepted, 0 were given up.")
		s.WaitText("The 0 that are not made yet are never made")
		s.Keys("x")
		s.WaitText("Stop replay 1")
		s.Keys("y")
		s.WaitText("Replay 1 is stopped: 3 of 3 were made.")
		s.WaitFor("the state", func(screen string) bool {
			return strings.Contains(screen, "stopped") && !strings.Contains(screen, "running")
		})
		press("x")
		s.WaitText("Replay 1 is stopped already.")
		press("o")
		s.WaitText("filter replay:1")
		s.WaitFor("its deliveries alone", func(screen string) bool {
			return strings.Count(screen, "again um_user_login") == 3 && !strings.Contains(screen, " 200 ")
		})
		press(enter)
		s.WaitText("#1 has made it")
		press("b")
		s.WaitText("Goes to")
		set(s, apiclient.SubscriptionActive)
		press("r")
		s.WaitText("Send 3 deliveries again")
		s.WaitText("They are all that match event:um_user_login now.")
		s.Keys("y")
		for range 3 {
			receiver.Next(t)
		}
		s.WaitText("Send 3 deliveries again: 3 done")
		press(esc)
		s.WaitText("✓ done ")
		press("g")
		s.WaitText("#2 event:um_user_login")
		s.WaitText("100 %")
	})
}

// TestReplaysAgain asks once more for what was accepted.
func TestReplaysAgain(t *testing.T) {
	job := someJobs[2]
	s := raise(t, play{still: true, start: "replays", wrap: func(api apiclient.API) apiclient.API {
		return planned{jobs{API: api, list: []apiclient.Replay{job}}, apiclient.ReplayPlan{Count: 80, Skipped: 2, Why: []apiclient.ReplaySkip{{Why: "it still waits to be sent", Count: 2}}}}
	}})
	s.WaitText("all deliveries")
	s.Keys("r")
	for _, text := range []string{"Send 80 deliveries again", "They are all deliveries that there are.", "Of replay 7, 4 were accepted already", "Left out: 2 because it still waits to be sent.", "send 80"} {
		s.WaitText(text)
	}
}

// Planned is a site of which is known what a replay would do.
type planned struct {
	jobs
	plan apiclient.ReplayPlan
}

func (p planned) PlanReplay(context.Context, apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	return p.plan, nil
}

func TestReplaysThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name string
		play play
		keys string
		want []string
	}{
		{"a site without", play{wrap: lacking(apiclient.CanReplay)}, "x", []string{reasonFor(apiclient.CanReplay)}},
		{"a site that is away", play{wrap: func(api apiclient.API) apiclient.API {
			return jobs{API: api, err: apiclient.Errorf(apiclient.Unavailable, "The site does not answer.")}
		}}, "", []string{"The site does not answer. (ctrl+r tries again)"}},
		{"read-only", play{readOnly: true, wrap: func(api apiclient.API) apiclient.API { return jobs{API: api, list: someJobs} }}, "x", []string{"read-only"}},
		{"no job of the filter", play{start: "replays?filter=by:nobody"}, "", []string{"No replay matches this filter."}},
		{"a filter that is none", play{start: "replays?filter=colour:red"}, "", []string{"colour"}},
		{"one that is done", play{wrap: func(api apiclient.API) apiclient.API { return jobs{API: api, list: someJobs[2:]} }}, "x", []string{"Replay 7 is done already."}},
		{"nothing given up", play{wrap: func(api apiclient.API) apiclient.API { return jobs{API: api, list: someJobs[2:]} }}, "e", []string{"Nothing that the replay has made was given up."}},
		{"its own subscriptions", play{wrap: func(api apiclient.API) apiclient.API { return jobs{API: api, list: someJobs[2:]} }}, "z", []string{"Each of its deliveries goes to its own subscription."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.play.still = true
			if c.play.start == "" {
				c.play.start = "replays"
			}
			s := raise(t, c.play)
			s.settled("Replays")
			s.Keys(c.keys)
			for _, want := range c.want {
				s.WaitText(want)
			}
		})
	}
}
