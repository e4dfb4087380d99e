package subscriptions

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/ui/widget/widgettest"
)

func TestLately(t *testing.T) {
	from := time.Date(2026, 11, 20, 13, 0, 0, 0, time.UTC)
	day := func(busy map[int]apiclient.SubscriptionHour) []apiclient.SubscriptionHour {
		list := make([]apiclient.SubscriptionHour, lastHours)
		for i := range list {
			list[i] = busy[i]
			list[i].At = from.Add(time.Duration(i) * time.Hour)
		}
		return list
	}
	for _, c := range []struct {
		name  string
		hours []apiclient.SubscriptionHour
		width int
		want  []string
	}{
		{"all arrived", day(map[int]apiclient.SubscriptionHour{0: {Done: 4}, 23: {Done: 8}}), 46, []string{"▅" + strings.Repeat(" ", 22) + "█  24 h: 12 attempts"}},
		{"some failed", day(map[int]apiclient.SubscriptionHour{22: {Done: 1, Failed: 2, Dead: 1}}), 46, []string{strings.Repeat(" ", 22) + "█ ", "24 h: 3 attempts, 66.7 % failed, 1 dead"}},
		{"nothing arrived", day(map[int]apiclient.SubscriptionHour{23: {Failed: 2}}), 60, []string{strings.Repeat(" ", 23) + "█  24 h: 2 attempts, 100.0 % failed"}},
		{"no room for the bars", day(map[int]apiclient.SubscriptionHour{23: {Done: 2}}), 23, []string{"24 h: 2 attempts"}},
		{"no room at all", day(map[int]apiclient.SubscriptionHour{23: {Done: 2}}), 8, []string{"24 h: 2…"}},
	} {
		if diff := cmp.Diff(c.want, lately(c.hours)(widgettest.Plain(), c.width)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if lately(day(nil)) != nil || lately(nil) != nil {
		t.Error("a quiet day has bars")
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		n, all int
		want   string
	}{{1, 5000, "under 0.1 %"}, {1, 3, "33.3 %"}, {4999, 5000, "over 99.9 %"}, {3, 3, "100.0 %"}} {
		if got := share(c.n, c.all); got != c.want {
			t.Errorf("%d of %d are %s; want %s", c.n, c.all, got, c.want)
		}
	}
}
