package triggerlog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/widget/sparkline"
)

const (
	stripHeight = 8  // lines of a log from which on the strip has one of them
	fewCells    = 12 // of the sparkline where there is little room
)

// strip is the line above the rows: how the last minute went, by all attempts, shown or
// not. The sparkline has what the words leave; of those, what does not fit beside a short
// one is left off from their end.
func (s *Screen) strip(th *theme.Theme, w int) string {
	r := s.pulse.read(s.Env.Now())
	window := "last " + theme.Age(max(r.window, time.Second))
	type piece struct {
		text string
		look theme.Token
	}
	pieces := []piece{{"no attempt", theme.Muted}, {window, theme.Muted}}
	if r.attempts > 0 {
		share := float64(r.succeeded) / float64(r.attempts)
		pieces = []piece{
			{fmt.Sprintf("%.1f tries/s", r.perSecond()), theme.Text},
			{percent(share, r.succeeded < r.attempts) + " ok", shareToken(share)},
			{"p95 " + milliseconds(r.p95), theme.Text},
			{window, theme.Muted},
		}
	}
	if s.waiting >= 0 {
		waiting := piece{theme.Count(s.waiting) + " waiting", theme.Text}
		pieces = append(pieces[:len(pieces)-1], waiting, pieces[len(pieces)-1])
	}
	words := 0
	for _, p := range pieces {
		words += 2 + theme.Width(p.text)
	}
	spark := min(max(w-2-words, min(fewCells, w/2)), pulseSeconds-1)
	if r.attempts == 0 {
		spark = 0
	}
	var b strings.Builder
	left := w
	if spark > 0 {
		b.WriteString(" " + th.Paint(theme.Accent, sparkline.Line(th, r.rates, spark)))
		left -= 1 + spark
	}
	for i, p := range pieces {
		gap := 2
		if spark == 0 && i == 0 {
			gap = 1
		}
		if n := gap + theme.Width(p.text); n <= left {
			b.WriteString(theme.Spaces(gap) + th.Paint(p.look, p.text))
			left -= n
		}
	}
	return b.String() + theme.Spaces(left)
}

// percent writes a share so that a hundred means all and nothing less.
func percent(share float64, some bool) string {
	switch text := fmt.Sprintf("%.1f %%", share*100); {
	case some && text == "100.0 %":
		return "99.9 %"
	case !some:
		return "100 %"
	default:
		return text
	}
}

func shareToken(share float64) theme.Token {
	switch {
	case share >= 0.99:
		return theme.Good
	case share >= 0.9:
		return theme.Warning
	}
	return theme.Bad
}

func milliseconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// recountAfter is how long after something has happened what waits is counted.
const recountAfter = 2 * time.Second

// A census asks how much waits to be sent, now and then while something happens.
type census struct {
	open  bool // a question is open, or about to be asked
	stale bool // something has happened since it was asked
}

// waitingMsg brings how much waits to be sent.
type waitingMsg struct {
	n     int
	hosts []string // of all targets, for the filter bar
	lanes map[apiclient.SubscriptionID]lane
	err   error
}

// A lane is a subscription that waits as a whole, whatever its deliveries are due for.
type lane struct {
	until time.Time // when one of them is sent to see how the target does
	down  bool      // its breaker is open; else the target has asked to wait
}

// heldUp returns the lane that a delivery waits for, when it does.
func (s *Screen) heldUp(r *row) (l lane, ok bool) {
	l, ok = s.lanes[r.Subscription]
	return l, ok && r.waits() && l.until.After(s.Env.Now()) && l.until.After(r.NextAt)
}

// whyLater says why a delivery that is due is not sent yet; empty: it is, or it has a time
// of its own.
func (s *Screen) whyLater(r *row) string {
	switch l, ok := s.heldUp(r); {
	case !ok:
		return ""
	case l.down:
		return "its target is down, and is probed next in " + wait(s.Env.Now(), l.until)
	default:
		return "its target has asked to wait, " + wait(s.Env.Now(), l.until) + " from now"
	}
}

// recount asks for what waits after d, unless that is about to be asked anyway.
func (s *Screen) recount(d time.Duration) tea.Cmd {
	if s.Missing(apiclient.CanListSubs) != "" {
		return nil
	}
	if s.census.open || !s.shown {
		s.census.stale = true
		return nil
	}
	s.census = census{open: true}
	if d > 0 {
		return ui.After(s.Env.Ctx, d, recountMsg{})
	}
	return s.askWaiting()
}

// recountMsg says that it is time to ask.
type recountMsg struct{}

func (s *Screen) askWaiting() tea.Cmd {
	s.census.stale = false
	ctx, api := s.Env.Ctx, s.API
	return ui.To(ID, func() tea.Msg {
		m := waitingMsg{lanes: map[apiclient.SubscriptionID]lane{}}
		subs, err := api.Subscriptions(ctx, 0)
		for _, sub := range subs {
			m.n += sub.Waiting
			if !sub.ProbeAt.IsZero() {
				m.lanes[sub.ID] = lane{sub.ProbeAt, !sub.BrokenSince.IsZero()}
			}
			m.hosts = append(m.hosts, filter.Hosts(sub.URL)...)
		}
		slices.Sort(m.hosts)
		m.hosts = slices.Compact(m.hosts)
		m.err = err
		return m
	})
}

// waits takes how much waits. What cannot be asked is not shown; the log says by its
// other questions that the site is away.
func (s *Screen) waits(m waitingMsg) tea.Cmd {
	s.census.open = false
	s.waiting = m.n
	if m.err != nil {
		s.waiting = -1
	} else {
		s.hosts, s.lanes = m.hosts, m.lanes
	}
	if !s.census.stale {
		return nil
	}
	return s.recount(s.Slowly(recountAfter))
}
