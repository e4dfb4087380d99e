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
// not. What does not fit is left off from its end.
func (s *Screen) strip(th *theme.Theme, w int) string {
	r := s.pulse.read(s.Env.Now())
	spark := fewCells
	if w >= 100 {
		spark = pulseSeconds - 1
	}
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
	var b strings.Builder
	b.WriteString(" " + th.Paint(theme.Accent, sparkline.Line(th, r.rates, min(spark, w/2))))
	left := w - 1 - min(spark, w/2)
	for _, p := range pieces {
		if n := 2 + theme.Width(p.text); n <= left {
			b.WriteString("  " + th.Paint(p.look, p.text))
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
	err   error
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
		m := waitingMsg{}
		subs, err := api.Subscriptions(ctx, 0)
		for _, sub := range subs {
			m.n += sub.Waiting
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
		s.hosts = m.hosts
	}
	if !s.census.stale {
		return nil
	}
	return s.recount(s.Slowly(recountAfter))
}
