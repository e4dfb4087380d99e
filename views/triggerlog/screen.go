// Package triggerlog is the screen of the live log: each delivery on its way, from the
// event to the answer of its target, and each event that nobody was told of, with the
// reason.
//
// # Rows
//
// A row is a delivery, and changes in its place as attempts and states come; or it is
// an event that made no delivery. The screen first follows the site's log and then
// reads the latest history, so that nothing falls between the two; rows are told apart
// by their ids. Older ones are read when one comes to the top.
//
// # Filters
//
// With a filter there are two logs: the whole one goes on unseen, and beside it one of
// what matches is made from what is there, from the site's history asked with the same
// filter, and from what comes. So taking the filter away shows everything as it was,
// and neither log has holes. x shows the whole one with the matches marked.
//
// # Truth
//
// What may be missing is said where it may be missing: a lost connection and entries
// that were left out are rows of their own, and the newest page is read again after
// them. The connection counts as mended only when something has come through it.
package triggerlog

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/filterbar"
	"umdeck/views/list"
	"umdeck/views/live"
)

// ID is the screen's id, and the first part of its routes.
const ID = "log"

// title is the screen's name.
const title = "Trigger log"

// Screen is the screen of the trigger log. It implements ui.Screen.
type Screen struct {
	list.Config
	feed *live.Feed // nil before Init
	bar  *filterbar.Model

	whole   *tape
	found   *tape // what matches the filter; nil: there is none
	marking bool  // the whole log is shown, with the matches marked
	filter  string
	match   apiclient.Filter
	tapes   int // how many were made

	page *page // nil: the log is shown

	heard  live.State // what the hub said last
	behind int64      // how much of the site's log is still to be read

	pulse   pulse
	waiting int // deliveries that wait to be sent; -1: not known
	census  census
	hosts   []string // of the targets that there are
	lanes   map[apiclient.SubscriptionID]lane
	why     string    // what is wrong with the connection
	lostAt  time.Time // when it was lost; zero: it stands

	shown   bool
	unread  int // failures for good since the screen was last shown
	ticking bool
	width   int // of the rectangle
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{Config: c, heard: live.Connecting, waiting: -1}
	s.bar = filterbar.New(filterbar.Config{
		Hint:     "state:dead  event:um_user_login  target:hooks.zapier.com  user:anna  ms:>500  since:1h",
		Complete: list.Complete(s.filterColumns),
		Check:    func(text string) error { _, err := s.parse(text); return err },
		Explain:  apiclient.MessageOf,
	})
	s.whole = s.newTape(apiclient.Filter{})
	return s
}

// ID implements ui.Screen.
func (s *Screen) ID() string { return ID }

// Title implements ui.Screen.
func (s *Screen) Title() string { return title }

// absent returns why the site has no log; empty: it has one.
func (s *Screen) absent() string { return s.Missing(apiclient.CanReadLog) }

// Init implements ui.Screen. It follows first and reads then, so that nothing is missed.
func (s *Screen) Init() tea.Cmd {
	if s.absent() != "" {
		return nil
	}
	s.feed = s.Hub.Whole(concernsLog)
	s.pulse.begin(s.Env.Now())
	return tea.Batch(list.Follow(s.Env, ID, s.feed), s.older(s.whole))
}

// concernsLog keeps what makes a row or changes one.
func concernsLog(e apiclient.LogEntry) bool {
	return e.Delivery != nil || e.Event != nil && e.Event.Deliveries == 0 || alert(e) != ""
}

// log returns the log that is shown.
func (s *Screen) log() *tape {
	if s.found != nil && !s.marking {
		return s.found
	}
	return s.whole
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.ToMsg:
		return s.Update(msg.Msg)
	case tea.KeyMsg:
		return s.press(msg)
	case list.LiveMsg:
		return tea.Batch(list.Follow(s.Env, ID, s.feed), s.happened(msg.Batch))
	case list.DidMsg:
		return msg.Tell()
	case ui.SizeMsg:
		s.resize(msg.Width)
		return s.more()
	case ui.ShownMsg:
		s.shown, s.unread = msg.Shown, 0
		if s.absent() != "" {
			return nil
		}
		return tea.Batch(s.wake(), s.recount(0))
	case ui.ThemeMsg:
		s.page.redraw(s)
	case tickMsg:
		s.ticking = false
		for _, t := range s.tapesOn() {
			t.Tick()
		}
		s.page.redraw(s)
		return s.wake()
	}
	return s.answer(msg)
}

// answer takes what the screen's own questions have brought.
func (s *Screen) answer(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loadedMsg:
		return s.loaded(msg)
	case refreshedMsg:
		return s.refreshed(msg)
	case inspectedMsg:
		return s.inspected(msg)
	case explainedMsg:
		return s.explained(msg)
	case lookedMsg:
		return s.looked(msg)
	case windowMsg:
		return s.setFilter(msg.filter)
	case recountMsg:
		return s.askWaiting()
	case waitingMsg:
		return s.waits(msg)
	case list.PlannedMsg:
		return list.StartPlanned(s.Config, msg)
	case pausedMsg:
		return s.paused(msg)
	}
	return nil
}

func (s *Screen) press(msg tea.KeyMsg) tea.Cmd {
	key := msg.String()
	switch {
	case s.bar.Capturing():
		ev, cmd := s.bar.Update(msg)
		if ev == filterbar.Applied {
			return s.setFilter(s.bar.Value())
		}
		return cmd
	case s.absent() != "":
		return nil
	case key == "esc":
		return s.unwind()
	case s.page != nil:
		s.page.press(s, key)
		return nil
	}
	s.log().Press(key)
	return s.more()
}

// unwind takes one layer away: the page, the filter, the marks.
func (s *Screen) unwind() tea.Cmd {
	switch {
	case s.page != nil:
		s.closePage()
	case s.filter != "":
		return s.setFilter("")
	default:
		s.log().ClearMarks()
	}
	return nil
}

// setFilter shows what matches; the empty text shows everything again.
func (s *Screen) setFilter(text string) tea.Cmd {
	f, err := s.parse(text)
	if err != nil {
		return ui.Fail(err)
	}
	s.bar.SetValue(text)
	if text == s.filter {
		return nil
	}
	paused, _ := s.whole.Paused()
	following := s.log().Following()
	at, ok := s.log().Selected()
	s.filter, s.match, s.marking, s.found = text, f, false, nil
	if f.IsZero() {
		s.filter = ""
		s.whole.SetFilter(nil, false)
		s.settle()
		return nil
	}
	match := matches(f)
	s.whole.SetFilter(match, false)
	s.found = s.newTape(f)
	s.found.SetFilter(match, true)
	s.found.Fill(matching(s.whole.Rows(), match)...)
	s.found.SetPaused(paused)
	s.found.SetFollow(following)
	if ok && !following {
		s.found.Select(at.id())
	}
	return s.older(s.found)
}

func matching(rows []*row, match func(*row) bool) []*row {
	var found []*row
	for _, r := range rows {
		if match(r) {
			found = append(found, r)
		}
	}
	return found
}

// mark shows the whole log with the matches marked, or the matches alone again.
func (s *Screen) mark() tea.Cmd {
	if s.found == nil {
		return nil
	}
	was := s.log()
	s.marking = !s.marking
	s.log().SetFollow(was.Following())
	if at, ok := was.Selected(); ok && !was.Following() {
		s.log().Select(at.id())
	}
	return s.more()
}

// pause holds what arrives, or goes on. Both logs are held, so that the view stays
// paused when the filter changes; the site goes on in any case.
func (s *Screen) pause() {
	paused, _ := s.whole.Paused()
	s.whole.SetPaused(!paused)
	if s.found == nil {
		return
	}
	s.found.SetPaused(!paused)
	if paused { // what the whole log held before there was a filter
		s.found.Fill(s.found.news(matching(s.whole.Rows(), matches(s.match)))...)
	}
}

// Capturing implements ui.Screen.
func (s *Screen) Capturing() bool { return s.bar.Capturing() }
