package views_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// TestRedeliverMarked marks rows in another order than theirs: one job of the site sends
// them again, the oldest first, and the console says what became of them.
func TestRedeliverMarked(t *testing.T) {
	receiver := apitest.NewReceiver(t)
	logins := func(s *stage) {
		z := s.zap(apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_email"))
		s.subscription(z.ID, receiver.URL+"/hook")
		zoe := s.user(apitest.User("zoe", apitest.Approved))
		for range 3 {
			_, err := s.api.FireTrigger(s.ctx, apiclient.TriggerLogin, zoe.ID)
			must(t, err)
		}
	}
	in(t, play{seed: logins, start: "log"}, func(t *testing.T, s *stage, press func(string)) {
		var first []string
		for range 3 {
			first = append(first, receiver.Next(t).Header.Get("webhook-id"))
		}
		s.WaitFor("three answers", func(screen string) bool { return strings.Count(screen, " 200 ") >= 3 })
		press(" kk  ")
		s.WaitText("3 marked")
		press("r")
		s.WaitText("Send 3 deliveries again")
		s.WaitText("They are the marked ones, and go out oldest first.")
		s.Keys("y")
		var again []string
		for range 3 {
			again = append(again, receiver.Next(t).Header.Get("x-um-replay-of"))
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("sent again (-first +again):\n%s", diff)
		}
		s.WaitText("Send 3 deliveries again: 3 done")
		page, err := s.api.Replays(s.ctx, apiclient.ReplaysQuery{})
		must(t, err)
		if len(page.Replays) != 1 || page.Replays[0].Filter != "id:1,2,3" || page.Replays[0].Total != 3 {
			t.Errorf("the jobs are %+v", page.Replays)
		}
	})
}
