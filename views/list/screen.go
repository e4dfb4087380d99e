package list

import (
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
)

// A Screen is what the screens with rows are built on: a browser that is loaded again when
// something happens on the site that concerns it, and when one of its actions is done. It
// has all of ui.Screen but the actions. Use [NewScreen].
type Screen[R any] struct {
	*browser.Model[R]
	Config
	watch *Watch
}

// NewScreen returns the screen of a browser, of which Env and Explain need not be given;
// concerns chooses the entries of the site's log after which its rows may be others.
func NewScreen[R any](c Config, b browser.Config[R], concerns func(apiclient.LogEntry) bool) Screen[R] {
	b.Env, b.Explain = c.Env, apiclient.MessageOf
	return Screen[R]{Model: browser.New(b), Config: c, watch: NewWatch(c, b.Screen, concerns)}
}

// Init implements ui.Screen.
func (s Screen[R]) Init() tea.Cmd { return tea.Batch(s.Model.Init(), s.watch.Start()) }

// Status implements ui.Screen.
func (s Screen[R]) Status() ui.Status {
	status := s.Model.Status()
	status.Live = s.watch.Live()
	return status
}

// Update implements ui.Screen.
func (s Screen[R]) Update(msg tea.Msg) tea.Cmd {
	if cmd, taken := s.watch.Took(msg, s.Reload); taken {
		return cmd
	}
	if msg, ok := msg.(DidMsg); ok {
		if msg.Select != "" {
			s.Select(msg.Select)
		}
		return tea.Batch(msg.Tell(), s.Reload())
	}
	return s.Model.Update(msg)
}
