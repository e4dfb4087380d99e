// Package settings is the screen of the site's settings: each with what it does, what
// holds, what the default is and whether the two differ.
package settings

import (
	"context"
	"slices"
	"strings"

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
	list.Screen[apiclient.Setting]
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	filters := column.Filters(column.Settings())
	s.Screen = list.NewScreen(c, browser.Config[apiclient.Setting]{
		Screen: ID, Title: "Settings",
		Columns: list.WholeColumns(column.Settings(), c.Env), ID: func(v apiclient.Setting) string { return v.Key },
		Load: s.load, Detail: s.sections, DetailTitle: func(v apiclient.Setting) string { return v.Label },
		Complete:    list.Complete(func() []filter.Column { return filters }),
		Hint:        "set:yes  group:Users  key:umdeck*",
		Empty:       list.First(c.Missing(apiclient.CanReadSettings), "The site has no settings."),
		EmptyFilter: "No setting matches this filter.",
	}, concernsSettings)
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
