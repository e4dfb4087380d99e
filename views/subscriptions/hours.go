package subscriptions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/sparkline"
	"umdeck/views/list"
)

// lastHours is how many hours the preview shows.
const lastHours = 24

// hours returns the last hours of a subscription; none where the site cannot tell.
func (s *Screen) hours(ctx context.Context, id apiclient.SubscriptionID) ([]apiclient.SubscriptionHour, error) {
	if s.Missing(apiclient.CanReadHours) != "" {
		return nil, nil
	}
	now := s.Env.Now()
	since := now.Add(-(lastHours - 1) * time.Hour)
	told, err := s.API.SubscriptionHours(ctx, id, since)
	if apiclient.KindOf(err) == apiclient.NotFound {
		return nil, nil // an umdeck that is older, as the subscription has just been read
	}
	if err != nil {
		return nil, err
	}
	all := apiclient.EachHour(told, since, now)
	return all[max(len(all)-lastHours, 0):], nil
}

// lately draws how the attempts of the last hours went, an hour a bar; nil: nothing did.
func lately(hours []apiclient.SubscriptionHour) func(*theme.Theme, int) []string {
	var sum apiclient.SubscriptionHour
	tries := make([]int, len(hours))
	for i, h := range hours {
		tries[i] = h.Attempts()
		sum.Done, sum.Failed, sum.Dead = sum.Done+h.Done, sum.Failed+h.Failed, sum.Dead+h.Dead
	}
	if sum == (apiclient.SubscriptionHour{}) {
		return nil
	}
	return func(th *theme.Theme, width int) []string {
		words := fmt.Sprintf("%d h: %s", lastHours, summary(sum))
		if width < len(hours) {
			return []string{th.Paint(look(sum), th.Cut(words, width))}
		}
		var bars strings.Builder
		for i, bar := range []rune(sparkline.Line(th, tries, len(hours))) {
			bars.WriteString(th.Paint(look(hours[i]), string(bar)))
		}
		if theme.Width(words)+2 <= width-len(hours) {
			return []string{bars.String() + "  " + th.Paint(look(sum), words)}
		}
		return []string{bars.String(), th.Paint(look(sum), th.Cut(words, width))}
	}
}

// look is that of an hour by the share of its attempts that failed.
func look(h apiclient.SubscriptionHour) theme.Token {
	switch {
	case h.Failed == 0 && h.Dead == 0:
		return theme.Good
	case 2*h.Failed < h.Attempts():
		return theme.Warning
	}
	return theme.Bad
}

// summary says how attempts went.
func summary(h apiclient.SubscriptionHour) string {
	text := list.Plural(h.Attempts(), "attempt")
	if h.Failed > 0 {
		text += ", " + share(h.Failed, h.Attempts()) + " failed"
	}
	if h.Dead > 0 {
		text += ", " + theme.Count(h.Dead) + " dead"
	}
	return text
}

// share writes n of all in percent, so that 0 % is none and 100 % is all.
func share(n, all int) string {
	switch percent := 100 * float64(n) / float64(all); {
	case percent < 0.1:
		return "under 0.1 %"
	case n < all && percent > 99.9:
		return "over 99.9 %"
	default:
		return fmt.Sprintf("%.1f %%", percent)
	}
}
