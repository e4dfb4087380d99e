package apiclient_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestEachHour(t *testing.T) {
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 21, hour, minute, 0, 0, time.UTC) }
	busy := apiclient.SubscriptionHour{At: at(9, 0), Done: 3, Failed: 1}
	for _, c := range []struct {
		name         string
		list         []apiclient.SubscriptionHour
		since, until time.Time
		want         []apiclient.SubscriptionHour
	}{
		{"holes are filled", []apiclient.SubscriptionHour{busy}, at(8, 59), at(10, 0), []apiclient.SubscriptionHour{{At: at(8, 0)}, busy, {At: at(10, 0)}}},
		{"nothing happened", nil, at(9, 30), at(9, 31), []apiclient.SubscriptionHour{{At: at(9, 0)}}},
		{"another zone", []apiclient.SubscriptionHour{busy}, at(9, 30).In(time.FixedZone("", 5400)), at(9, 59), []apiclient.SubscriptionHour{busy}},
		{"older ones are left out", []apiclient.SubscriptionHour{busy}, at(10, 0), at(10, 59), []apiclient.SubscriptionHour{{At: at(10, 0)}}},
		{"a clock that is ahead", []apiclient.SubscriptionHour{busy}, at(7, 59), at(8, 59), []apiclient.SubscriptionHour{{At: at(7, 0)}, {At: at(8, 0)}, busy}},
		{"a clock that is days ahead", []apiclient.SubscriptionHour{{At: at(900, 0), Done: 1}}, at(8, 0), at(8, 59), []apiclient.SubscriptionHour{{At: at(8, 0)}}},
		{"no time at all", []apiclient.SubscriptionHour{busy}, at(10, 0), at(9, 59), nil},
	} {
		if diff := cmp.Diff(c.want, apiclient.EachHour(c.list, c.since, c.until)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if all := apiclient.EachHour(nil, time.Time{}, at(8, 59)); len(all) != 90*24+1 {
		t.Errorf("%d hours since ever; want those that are kept", len(all))
	}
	if got := busy.Attempts(); got != 4 {
		t.Errorf("%d attempts; want 4", got)
	}
}
