// Package fieldgroups is the screen of definitions: each field of each zap as
// Zapier reads it (um_get_fields), beside what Ultimate Member stores and what
// hooks send, and why a field is missing. Where the site tells its catalogue, the
// fields that no zap names are there too.
package fieldgroups

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/views/column"
	"umdeck/views/list"
	"umdeck/views/live"
)

// ID is the screen's id, and the first part of its routes.
const ID = "fields"

// Screen is the screen of field groups. It implements ui.Screen.
type Screen struct {
	*browser.Model[row]
	list.Config
	feed *live.Feed
	calm list.Calm
	who  apiclient.User // whose values the detail shows; zero: nobody's
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{Config: c, feed: c.Hub.Feed(concernsFields)}
	filters := column.Filters(columns())
	s.Model = browser.New(browser.Config[row]{
		Screen: ID, Env: c.Env, Title: "Field groups",
		Columns: list.WholeColumns(columns(), c.Env), ID: row.id,
		Load: s.load, Detail: s.sections, DetailTitle: func(r row) string { return r.Key },
		Complete: list.Complete(func() []filter.Column { return filters }), Explain: apiclient.MessageOf,
		Hint:        "zap:5  type:select  key:birth_date  kind:trigger",
		Empty:       "There are no field groups: a zap with fields makes one.",
		EmptyFilter: "No field matches this filter.",
	})
	return s
}

func concernsFields(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "zaps.") || strings.HasPrefix(e.Change.Action, "fields."))
}

// Init implements ui.Screen.
func (s *Screen) Init() tea.Cmd {
	return tea.Batch(s.Model.Init(), list.Follow(s.Env, ID, s.feed))
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case list.LiveMsg:
		next := list.Follow(s.Env, ID, s.feed)
		if len(msg.Batch.Entries) == 0 {
			return next
		}
		return tea.Batch(next, s.calm.Soon(s.Env))
	case list.ReloadMsg:
		s.calm.Now()
		return s.Reload()
	case list.DidMsg:
		return tea.Batch(msg.Tell(), s.Reload())
	case foundMsg:
		s.who = msg.user
		return tea.Batch(ui.Fail(msg.err), s.Reload())
	}
	return s.Model.Update(msg)
}

// load returns the fields of all groups, and those of the catalogue that no group has.
func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	zaps, err := s.API.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return browser.Page[row]{}, err
	}
	var rows []row
	named := map[string]bool{}
	for _, z := range zaps {
		g, err := s.API.FieldGroup(ctx, z.ID)
		switch apiclient.KindOf(err) {
		case apiclient.Conflict, apiclient.NotFound, apiclient.Unsupported, apiclient.Invalid:
			rows = append(rows, row{Zap: z, Why: apiclient.MessageOf(err)}) // the other groups can be read
			continue
		default:
			if err != nil {
				return browser.Page[row]{}, err
			}
		}
		rows = append(rows, rowsOf(g)...)
		for _, f := range g.Fields {
			named[f.Key] = true
		}
	}
	if s.Missing(apiclient.CanReadFieldSet) == "" {
		catalogue, err := s.API.Fields(ctx)
		if err != nil {
			return browser.Page[row]{}, err
		}
		for _, f := range catalogue {
			if !named[f.Key] {
				rows = append(rows, row{Field: f, Key: f.Key})
			}
		}
	}
	page, err := list.Whole(rows, columns(), q, s.Env.Now)
	page.Note = s.Missing(apiclient.CanReadFieldSet)
	return page, err
}
