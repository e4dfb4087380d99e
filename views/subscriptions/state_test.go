package subscriptions

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views/list"
)

// TestBreaker: a target that is down and one that has asked to wait are told apart, and
// what is over is not told.
func TestBreaker(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := &Screen{Screen: list.Screen[row]{Config: list.Config{Env: &ui.Env{Theme: theme.New(theme.Options{}), Now: func() time.Time { return noon }}}}}
	later := noon.Add(20 * time.Second)
	for _, c := range []struct {
		name string
		sub  apiclient.Subscription
		want []string
	}{
		{"well", apiclient.Subscription{Done: 1, SuccessAt: noon}, []string{"State closed", "Success 2026-11-21 12:00:00Z  0s ago"}},
		{"asked to wait", apiclient.Subscription{ProbeAt: later}, []string{"State closed", "Waits until 2026-11-21 12:00:20Z (in 20s), as the target has asked", "Success none yet"}},
		{"has waited", apiclient.Subscription{ProbeAt: noon}, []string{"State closed", "Success none yet"}},
		{"down", apiclient.Subscription{ProbeAt: later, BrokenSince: noon, Failures: 7}, []string{
			"State open: one delivery at a time probes the target", "Since 2026-11-21 12:00:00Z  0s ago", "Next probe 2026-11-21 12:00:20Z  in 20s", "Failures 7 in a row", "Success none yet",
		}},
	} {
		var got []string
		for _, f := range s.breaker(c.sub).Fields {
			got = append(got, f.Key+" "+f.Value)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
