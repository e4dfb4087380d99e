package subscriptions

import (
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
	"umdeck/views/list"
)

// broken reports whether the target is down, so that it is only probed.
func broken(s apiclient.Subscription) bool {
	return s.State == apiclient.SubscriptionActive && !s.BrokenSince.IsZero()
}

// word is the state of a subscription; one whose breaker is open is called so.
func word(s apiclient.Subscription) string {
	if broken(s) {
		return "broken"
	}
	return string(s.State)
}

func mark(t *theme.Theme, s apiclient.Subscription) theme.Mark {
	if broken(s) {
		return theme.Mark{Glyph: t.Glyph.Warn, Token: theme.Warning}
	}
	return t.Subscription(string(s.State))
}

// advice says what an operator can do about the state; empty: nothing needs to be done.
func advice(s apiclient.Subscription) string {
	switch {
	case s.State == apiclient.SubscriptionSuspended:
		return "nothing was accepted for days, and all that waits is held: see that the target is mended, send it the sample with t, then resume with x; or end it with d"
	case broken(s):
		return "the target is down; nothing is lost, and it goes out when a probe is accepted. x pauses it meanwhile, t sends the sample"
	case s.State == apiclient.SubscriptionGone && s.TakesDelete():
		return "turning the Zap on in Zapier subscribes it again; so does r"
	}
	return ""
}

// breaker tells how the target answers.
func (s *Screen) breaker(sub apiclient.Subscription) detail.Section {
	section := detail.Section{Title: "Breaker"}
	add := func(key, value string, tok theme.Token) {
		if value != "" {
			section.Fields = append(section.Fields, detail.Field{Key: key, Value: value, Token: tok})
		}
	}
	if sub.BrokenSince.IsZero() {
		add("State", "closed", theme.Text)
		if sub.ProbeAt.After(s.Env.Now()) {
			add("Waits", "until "+s.MomentIn(sub.ProbeAt)+", as the target has asked", theme.Warning)
		}
	} else {
		add("State", "open: one delivery at a time probes the target", theme.Warning)
		add("Since", s.Moment(sub.BrokenSince), theme.Text)
		add("Next probe", s.Moment(sub.ProbeAt), theme.Text)
	}
	if sub.Failures > 0 {
		add("Failures", fmt.Sprintf("%s in a row", theme.Count(sub.Failures)), theme.Warning)
	}
	if sub.Done > 0 { // else it is when the subscription was made
		add("Success", s.Moment(sub.SuccessAt), theme.Text)
	} else {
		add("Success", "none yet", theme.Text)
	}
	return section
}

// sending tells how it is posted to.
func (s *Screen) sending(sub apiclient.Subscription) detail.Section {
	strict := "no: four at a time, and a failure holds nothing back"
	if sub.Strict {
		strict = "yes: one at a time, and a failure holds all that is later"
	}
	rate := "no limit of its own"
	if sub.Rate > 0 {
		rate = fmt.Sprintf("%v a second at most", sub.Rate)
	}
	section := detail.Section{Title: "Sending", Fields: []detail.Field{
		{Key: "Strict", Value: strict},
		{Key: "Rate", Value: rate},
		{Key: "Schedule", Value: list.First(column.Schedule(sub.Schedule), "the site's own")},
	}}
	if sub.RotatedUntil.After(time.Time{}) {
		section.Fields = append(section.Fields, detail.Field{Key: "Old secret", Value: "signs until " + s.MomentIn(sub.RotatedUntil)})
	}
	return section
}
