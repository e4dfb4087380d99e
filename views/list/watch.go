package list

import (
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/views/live"
)

// LiveMsg brings what a screen's feed has got.
type LiveMsg struct{ Batch live.Batch }

// Follow returns a command that waits for the next batch of the feed and brings it
// to the screen, which asks again when it has taken it.
func Follow(env *ui.Env, screen string, feed *live.Feed) tea.Cmd {
	ctx := env.Ctx
	return ui.To(screen, func() tea.Msg {
		b, err := feed.Next(ctx)
		if err != nil {
			return nil // the program ends
		}
		return LiveMsg{b}
	})
}

// A Watch keeps a list up to date with what happens on the site. Use [NewWatch].
type Watch struct {
	env    *ui.Env
	screen string
	feed   *live.Feed
	calm   Calm
	state  live.State
}

// NewWatch returns a Watch for the screen with that id, of the entries that keep chooses.
func NewWatch(c Config, screen string, keep func(apiclient.LogEntry) bool) *Watch {
	return &Watch{env: c.Env, screen: screen, feed: c.Hub.Feed(keep)}
}

// Start returns the command that begins to watch. Call it once.
func (w *Watch) Start() tea.Cmd { return Follow(w.env, w.screen, w.feed) }

// Took takes a message that is the watch's own and returns what is to be done; reload
// is called for a list that may be out of date. Other messages are not taken.
func (w *Watch) Took(msg tea.Msg, reload func() tea.Cmd) (cmd tea.Cmd, taken bool) {
	switch msg := msg.(type) {
	case LiveMsg:
		return tea.Batch(w.Start(), w.take(msg.Batch)), true
	case ReloadMsg:
		w.calm.Now()
		return reload(), true
	}
	return nil, false
}

// take returns a reload soon when something has happened, or when the connection is back:
// what failed meanwhile would stay on the screen.
func (w *Watch) take(b live.Batch) tea.Cmd {
	back := w.state == live.Reconnecting && b.State == live.Live
	w.state = b.State
	if len(b.Entries) == 0 && b.Dropped == 0 && !back {
		return nil
	}
	return w.calm.Soon(w.env)
}

// Live returns the state of the connection as the header says it; empty where the site
// has no log to follow.
func (w *Watch) Live() string {
	if w.state == live.Off {
		return ""
	}
	return string(w.state)
}
