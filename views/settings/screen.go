// Package settings is the screen of the site's settings: each with what it does, what
// holds, what the default is and whether the two differ.
package settings

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "settings"

// Screen is the screen of settings. It implements ui.Screen.
type Screen struct {
	*browser.Model[apiclient.Setting]
	list.Config
	watch *list.Watch
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{Config: c, watch: list.NewWatch(c, ID, concernsSettings)}
	filters := column.Filters(column.Settings())
	s.Model = browser.New(browser.Config[apiclient.Setting]{
		Screen: ID, Env: c.Env, Title: "Settings",
		Columns: list.WholeColumns(column.Settings(), c.Env), ID: func(v apiclient.Setting) string { return v.Key },
		Load: s.load, Detail: s.sections, DetailTitle: func(v apiclient.Setting) string { return v.Label },
		Complete: list.Complete(func() []filter.Column { return filters }), Explain: apiclient.MessageOf,
		Hint:        "set:yes  group:Users  key:umdeck*",
		Empty:       list.First(c.Missing(apiclient.CanReadSettings), "The site has no settings."),
		EmptyFilter: "No setting matches this filter.",
	})
	return s
}

func concernsSettings(e apiclient.LogEntry) bool {
	return e.Change != nil && strings.HasPrefix(e.Change.Action, "settings.")
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[apiclient.Setting], error) {
	if s.Missing(apiclient.CanReadSettings) != "" {
		return browser.Page[apiclient.Setting]{}, nil // the list says why it is empty
	}
	all, err := s.API.Settings(ctx)
	if err != nil {
		return browser.Page[apiclient.Setting]{}, err
	}
	fixed, err := s.security(ctx)
	if err != nil {
		return browser.Page[apiclient.Setting]{}, err
	}
	changed := 0
	for _, v := range all {
		if v.Set {
			changed++
		}
	}
	page, err := list.Whole(slices.Concat(all, fixed), column.Settings(), q, s.Env.Now)
	if changed > 0 {
		page.Note = list.Plural(changed, "setting") + " changed"
	}
	return page, err
}

// Init implements ui.Screen.
func (s *Screen) Init() tea.Cmd { return tea.Batch(s.Model.Init(), s.watch.Start()) }

// Status implements ui.Screen.
func (s *Screen) Status() ui.Status {
	status := s.Model.Status()
	status.Live = s.watch.Live()
	return status
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if cmd, taken := s.watch.Took(msg, s.Reload); taken {
		return cmd
	}
	if msg, ok := msg.(list.DidMsg); ok {
		return tea.Batch(msg.Tell(), s.Reload())
	}
	return s.Model.Update(msg)
}
