// Package replays is the screen of the jobs that send deliveries again: what each
// chooses, who started it, how far it is and what became of what it made.
//
// # Live
//
// The site's log tells of each delivery that a job makes or ends, and of who starts and
// stops one, so the list is read again soon after. A job may end without either, when
// nothing that it still meets can be sent again; so while one runs the list is also read
// now and then.
package replays

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/table"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "replays"

// lookEvery is how often the jobs are read while one runs, whatever the log says.
const lookEvery = 5 * time.Second

// Screen is the screen of replays. It implements ui.Screen.
type Screen struct {
	list.Screen[apiclient.Replay]
	shown   bool
	looking bool // a lookMsg is on its way
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	s.Screen = list.NewScreen(c, browser.Config[apiclient.Replay]{
		Screen: ID, Title: "Replays",
		Columns: columns(c.Env), ID: func(r apiclient.Replay) string { return list.Number(r.ID) },
		Load: s.load, Detail: s.sections, DetailTitle: func(r apiclient.Replay) string { return "#" + list.Number(r.ID) + " " + chosen(r) },
		Get:         list.Get(list.ParseNumber[apiclient.ReplayID], c.API.Replay),
		Complete:    list.Complete(filter.Replays),
		Hint:        "state:running  by:ada  since:7d  dead:>0",
		Empty:       list.First(c.Missing(apiclient.CanReplay), "Nothing was sent again in bulk yet. R on the trigger log sends again all that its filter finds."),
		EmptyFilter: "No replay matches this filter.",
	}, concernsReplays)
	return s
}

func concernsReplays(e apiclient.LogEntry) bool {
	return e.Delivery != nil && e.Delivery.Replay != 0 || e.Change != nil && strings.HasPrefix(e.Change.Action, "replays.")
}

// columns are those of replays, with how far each is as a bar beside its state. What the
// preview shows as well goes first for want of room.
func columns(env *ui.Env) []table.Column[apiclient.Replay] {
	bar := table.Column[apiclient.Replay]{Key: progressKey, Title: "PROGRESS", Min: barCells + 6, Max: barCells + 6, Priority: 1, Value: func(r apiclient.Replay) string {
		return progress(env.Theme, r, barCells)
	}}
	all := list.Order(append(list.Columns(column.Replays(), env), bar), "id", "state", progressKey, "filter", "by", "dead", "total", "at")
	for i := range all {
		c := &all[i]
		switch c.Key {
		case "filter":
			c.Priority, c.Flex, c.Value = 2, 2, chosen
		case "by":
			c.Priority = 3
		case "dead":
			c.Priority = 4
		case "total":
			c.Priority = 5
		case "at":
			c.Priority = 6
		}
	}
	return all
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[apiclient.Replay], error) {
	f, err := list.Parse(q.Filter, filter.Replays(), false, s.Env.Now)
	if err != nil || s.Missing(apiclient.CanReplay) != "" {
		return browser.Page[apiclient.Replay]{}, err // the list says why it is empty
	}
	page, err := s.API.Replays(ctx, apiclient.ReplaysQuery{Filter: f, After: apiclient.Cursor(q.After), Limit: q.Limit})
	return browser.Page[apiclient.Replay]{Rows: page.Replays, Next: string(page.Next)}, err
}

// Status implements ui.Screen.
func (s *Screen) Status() ui.Status {
	status := s.Screen.Status()
	if s.Missing(apiclient.CanReplay) != "" {
		status.Live = ""
	}
	return status
}

// lookMsg says that it is time to look whether jobs have ended.
type lookMsg struct{}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case list.PlannedMsg:
		return list.StartPlanned(s.Config, msg)
	case lookMsg:
		s.looking = false
		return s.Reload() // what it brings says whether to look again
	case ui.ShownMsg:
		s.shown = msg.Shown
	}
	return tea.Batch(s.Screen.Update(msg), s.look())
}

// look asks for a look at the jobs in a while, as long as one runs and they are shown.
func (s *Screen) look() tea.Cmd {
	running := slices.ContainsFunc(s.Table().Rows(), func(r apiclient.Replay) bool { return r.State == apiclient.ReplayRunning })
	if s.looking || !s.shown || !running {
		return nil
	}
	s.looking = true
	return ui.After(s.Env.Ctx, s.Slowly(lookEvery), lookMsg{})
}
