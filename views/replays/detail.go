package replays

import (
	"fmt"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/sparkline"
	"umdeck/views/list"
)

const (
	progressKey = "progress"
	barCells    = 10 // of the bar in the list
	widerBar    = 24 // of the one in the detail
)

// ended returns how many of what a job is to make have come to an end.
func ended(r apiclient.Replay) int { return r.Done + r.Dead + r.Gone }

// waits returns how many are made and not yet at an end.
func waits(r apiclient.Replay) int { return max(r.Made-ended(r), 0) }

// share returns how far a job is: how much of it has come to an end, and of one that was
// stopped, how much of it was sent until then.
func share(r apiclient.Replay) float64 {
	switch {
	case r.State == apiclient.ReplayDone:
		return 1
	case r.Total == 0:
		return 0
	case r.State == apiclient.ReplayStopped:
		return min(float64(r.Done+r.Dead)/float64(r.Total), 1)
	}
	return min(float64(ended(r))/float64(r.Total), 1)
}

// progress draws how far a job is, in cells and in words, so that it can be read without
// a colour. Only what has ended is a hundred.
func progress(th *theme.Theme, r apiclient.Replay, cells int) string {
	return fmt.Sprintf("%s %3d %%", sparkline.Bar(th, share(r), cells), int(share(r)*100))
}

// chosen is what a job chooses, in words where it has no filter.
func chosen(r apiclient.Replay) string {
	if r.Filter == "" {
		return "all deliveries"
	}
	return r.Filter
}

// sections is what the preview and the page of a job show.
func (s *Screen) sections(r apiclient.Replay) []detail.Section {
	mark := s.Env.Theme.Replay(string(r.State))
	about := detail.Section{Title: "Replay", Fields: []detail.Field{
		{Key: "State", Value: mark.With(string(r.State)), Token: mark.Token},
		{Key: "Progress", Value: progress(s.Env.Theme, r, widerBar), Token: mark.Token},
		{Key: "Pace", Value: s.pace(r)},
		{Key: "Filter", Value: chosen(r)},
		{Key: "Goes to", Value: goesTo(r)},
		{Key: "Started", Value: s.Moment(r.At)},
		{Key: "By", Value: r.By},
	}}
	if !r.Ended.IsZero() {
		about.Fields = append(about.Fields, detail.Field{Key: "Ended", Value: s.Moment(r.Ended)})
	}
	all := []detail.Section{about, {Title: "Deliveries", Fields: numbers(r)}}
	if r.Skipped > 0 {
		all = append(all, detail.Section{Title: "Left out", Text: leftOut})
	}
	if r.Key != "" {
		all = append(all, detail.Section{Title: "Key, by which it is started once", Text: r.Key})
	}
	return all
}

// leftOut says what a job skips.
const leftOut = "Skipped are tests, what still waits to be sent, what is of a subscription that has ended, and all but the first delivery of an event to one subscription."

func goesTo(r apiclient.Replay) string {
	if r.Subscription == 0 {
		return "each its own subscription"
	}
	return "subscription #" + list.Number(r.Subscription)
}

// numbers are what became of what a job made, and of what it did not make.
func numbers(r apiclient.Replay) []detail.Field {
	bad := theme.Text
	if r.Dead > 0 {
		bad = theme.Bad
	}
	rows := []struct {
		key, means string
		n          int
		look       theme.Token
	}{
		{"Total", "to be made, as of its start", r.Total, theme.Text},
		{"Made", "of them are made", r.Made, theme.Text},
		{"Waiting", "made, and still to be sent", waits(r), theme.Text},
		{"Done", "accepted", r.Done, theme.Text},
		{"Dead", "given up", r.Dead, bad},
		{"Gone", "ended with subscription or replay", r.Gone, theme.Text},
		{"Skipped", "met, and left out", r.Skipped, theme.Text},
	}
	wide := 0
	for _, row := range rows {
		wide = max(wide, len(theme.Count(row.n)))
	}
	fields := make([]detail.Field, len(rows))
	for i, row := range rows {
		fields[i] = detail.Field{Key: row.key, Value: fmt.Sprintf("%*s  %s", wide, theme.Count(row.n), row.means), Token: row.look}
	}
	return fields
}

// pace says how fast a job went so far, and of a running one how long it goes on like that.
func (s *Screen) pace(r apiclient.Replay) string {
	until := r.Ended
	if until.IsZero() {
		until = s.Env.Now()
	}
	took, n := until.Sub(r.At), ended(r)
	if n == 0 || took < time.Second {
		return ""
	}
	rate := float64(n) / took.Seconds()
	text := perSecond(rate)
	switch left := r.Total - n; {
	case r.State != apiclient.ReplayRunning:
		return text + ", " + theme.Age(took) + " in all"
	case left > 0:
		return text + ", about " + theme.Age(time.Duration(float64(left)/rate*float64(time.Second))) + " to go"
	}
	return text
}

// perSecond writes a rate so that a slow one is not nothing.
func perSecond(rate float64) string {
	switch {
	case rate >= 10:
		return theme.Count(int(rate)) + " a second"
	case rate >= 1:
		return fmt.Sprintf("%.1f a second", rate)
	case rate*60 >= 1:
		return fmt.Sprintf("%.1f a minute", rate*60)
	}
	return fmt.Sprintf("%.1f an hour", rate*3600)
}
