package triggerlog

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/views/list"
)

// fate says in words what is to become of a delivery, and why it waits.
func (s *Screen) fate(p *page) string {
	r := p.row
	switch r.State {
	case apiclient.DeliveryDue:
		return s.due(p)
	case apiclient.DeliveryClaimed:
		return fmt.Sprintf("being sent now, try %d", r.Attempts+1)
	case apiclient.DeliveryHeld:
		return s.held(p)
	case apiclient.DeliveryDone:
		return fmt.Sprintf("delivered at try %d", max(r.Attempts, 1))
	case apiclient.DeliveryDead:
		return dead(r, tries(p))
	case apiclient.DeliveryGone:
		return gone(r)
	}
	return ""
}

// tries is how many tries the delivery gets.
func tries(p *page) int {
	if p.sub != nil && len(p.sub.Schedule) > 0 {
		return len(p.sub.Schedule) + 1
	}
	return maxTries
}

// held says who holds a delivery, as far as that is known.
func (s *Screen) held(p *page) string {
	switch sub := p.sub; {
	case p.row.Attempts == 0 && p.row.Error != "":
		return "held: " + p.row.Error
	case sub == nil:
		return "held: its subscription is paused or suspended, or its zap is not running; it goes out when both are on"
	case sub.State == apiclient.SubscriptionPaused:
		return "held: its subscription is paused" + because(sub.Why) + "; it goes out when that is resumed"
	case sub.State == apiclient.SubscriptionSuspended:
		return "held: its subscription is suspended" + because(sub.Why) + "; mend the target and resume it, or end it"
	}
	return "held: its zap is not running; it goes out when that runs"
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}

// due says when a delivery is tried next, and what it waits for.
func (s *Screen) due(p *page) string {
	r, all, at := p.row, tries(p), ""
	if now := s.Env.Now(); r.NextAt.After(now) {
		at = fmt.Sprintf(" in %s, at %s", wait(now, r.NextAt), r.NextAt.UTC().Format("2006-01-02 15:04:05Z"))
	}
	text := fmt.Sprintf("try %d of %d%s; %d more after it", r.Attempts+1, all, at, all-r.Attempts-1)
	switch try := r.Attempts + 1; {
	case r.Test:
		return "waits to be sent once" + at
	case try > all:
		text = fmt.Sprintf("try %d%s; the target asked to wait before", try, at)
	case try == all:
		text = fmt.Sprintf("try %d of %d%s; it is the last one", try, all, at)
	}
	if sub := p.sub; sub != nil && !sub.BrokenSince.IsZero() {
		return text + fmt.Sprintf(". The breaker is open since %s, after %d failures in a row: one delivery probes the target at %s, the others wait for it without using up a try",
			s.MomentIn(sub.BrokenSince), sub.Failures, s.MomentIn(sub.ProbeAt))
	}
	if asked := retryAfter(p); asked != "" {
		return text + ". The target asked to wait: Retry-After " + asked
	}
	return text
}

// retryAfter returns what the last answer asked to wait; empty: nothing.
func retryAfter(p *page) string {
	if p.full == nil || len(p.full.Log) == 0 {
		return ""
	}
	for _, h := range p.full.Log[len(p.full.Log)-1].Response {
		if strings.EqualFold(h.Name, "Retry-After") {
			if _, err := strconv.Atoi(h.Value); err == nil {
				return h.Value + " s"
			}
			return h.Value
		}
	}
	return ""
}

func dead(r *row, all int) string {
	switch {
	case r.Test:
		return "failed; a test is sent once"
	case r.Attempts >= all:
		return fmt.Sprintf("given up after %d tries", r.Attempts)
	}
	return "refused for good after " + tryCount(r.Attempts)
}

// gone says what ended a delivery that nobody gave up.
func gone(r *row) string {
	switch {
	case r.Replay != 0 && r.Code != http.StatusGone && strings.HasPrefix(r.Error, "the replay "):
		return r.Error + " before this was sent"
	case r.Code == http.StatusGone:
		return "the subscription has ended: the target answered 410 Gone"
	}
	return "the subscription has ended before this was sent"
}

func tryCount(n int) string {
	if n == 1 {
		return "1 try"
	}
	return list.Number(int64(n)) + " tries"
}
