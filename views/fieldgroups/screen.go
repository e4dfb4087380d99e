// Package fieldgroups is the screen of definitions: each field of each zap as
// Zapier reads it (um_get_fields), beside what Ultimate Member stores and what
// hooks send, and why a field is missing. Where the site tells its catalogue, the
// fields that no zap names are there too.
package fieldgroups

import (
	"context"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/ui"
	"umdeck/ui/widget/browser"
	"umdeck/views/column"
	"umdeck/views/list"
)

// ID is the screen's id, and the first part of its routes.
const ID = "fields"

// Screen is the screen of field groups. It implements ui.Screen.
type Screen struct {
	list.Screen[row]
	who apiclient.User // whose values the detail shows; zero: nobody's

	catalogue bool // each field of the catalogue once, and no groups
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	filters := column.Filters(columns())
	s.Screen = list.NewScreen(c, browser.Config[row]{
		Screen: ID, Title: "Field groups",
		Columns: list.WholeColumns(columns(), c.Env), ID: row.id,
		Load: s.load, Detail: s.sections, DetailTitle: func(r row) string { return r.Key },
		Complete:    list.Complete(func() []filter.Column { return filters }),
		Hint:        "zap:5  type:select  key:birth_date  kind:trigger",
		Empty:       empty(c),
		EmptyFilter: "No field matches this filter.",
	}, concernsFields)
	return s
}

// empty says why there is nothing to see: at least one of the two sources has fields.
func empty(c list.Config) string {
	return list.First(c.Missing(apiclient.CanReadZaps), c.Missing(apiclient.CanReadFieldSet), "There are no field groups: a zap with fields makes one.")
}

func concernsFields(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "zaps.") || strings.HasPrefix(e.Change.Action, "fields."))
}

// Status implements ui.Screen.
func (s *Screen) Status() ui.Status {
	status := s.Screen.Status()
	if s.who.ID != 0 {
		status.Crumb = strings.TrimSpace(status.Crumb + " values of " + s.who.Login)
	}
	return status
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case foundMsg:
		return s.found(msg)
	case groupsMsg:
		return s.chooseGroup(msg)
	}
	return s.Screen.Update(msg)
}

// load returns the fields of all groups, and those of the catalogue that no group has.
func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	var rows []row
	var err error
	if !s.catalogue {
		rows, err = s.groups(ctx)
	}
	if err != nil {
		return browser.Page[row]{}, err
	}
	if s.Missing(apiclient.CanReadFieldSet) == "" {
		catalogue, err := s.API.Fields(ctx)
		if err != nil {
			return browser.Page[row]{}, err
		}
		rows = append(rows, unnamed(catalogue, rows)...)
	}
	page, err := list.Whole(rows, columns(), q, s.Env.Now)
	page.Note = list.First(s.Missing(apiclient.CanReadZaps), s.Missing(apiclient.CanReadFieldSet), s.tally(page.Rows))
	return page, err
}

// tally says how many groups the rows are of, and how many fields are in none.
func (s *Screen) tally(rows []row) string {
	if s.catalogue {
		return "catalogue: " + list.Plural(len(rows), "field") + "; w shows the groups"
	}
	groups, none := map[apiclient.ZapID]bool{}, 0
	for _, r := range rows {
		if r.Zap.ID == 0 {
			none++
			continue
		}
		groups[r.Zap.ID] = true
	}
	line := list.Plural(len(groups), "group")
	if none > 0 {
		line += ", " + list.Plural(none, "field") + " in none"
	}
	return line
}

// atOnce is how many groups are asked for at the same time: each is a request of its own.
const atOnce = 4

// groups returns the fields of all groups. One that cannot be read is a row that says why.
func (s *Screen) groups(ctx context.Context) ([]row, error) {
	if s.Missing(apiclient.CanReadZaps) != "" {
		return nil, nil // the note says why
	}
	zaps, err := s.API.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return nil, err
	}
	parts := make([][]row, len(zaps))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(atOnce)
	for i, z := range zaps {
		work.Go(func() error {
			g, err := s.API.FieldGroup(ctx, z.ID)
			switch {
			case err == nil:
				parts[i] = rowsOf(g)
				return nil
			case about(err):
				parts[i] = []row{{Zap: z, Why: apiclient.MessageOf(err)}}
				return nil
			}
			return err
		})
	}
	err = work.Wait()
	return slices.Concat(parts...), err
}

// about reports whether an error is about one group, so that the others can be read.
func about(err error) bool {
	switch apiclient.KindOf(err) {
	case apiclient.Conflict, apiclient.NotFound, apiclient.Unsupported, apiclient.Invalid:
		return true
	default:
		return false
	}
}

// unnamed returns the fields of the catalogue that no group has, the site's own first.
func unnamed(catalogue []apiclient.Field, groups []row) []row {
	named := map[string]bool{}
	for _, r := range groups {
		named[r.Key] = true
	}
	var rows []row
	for _, f := range catalogue {
		if !named[f.Key] {
			rows = append(rows, row{Field: f, Key: f.Key})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return own(a) - own(b) })
	return rows
}

func own(r row) int {
	if r.Field.Source == apiclient.FieldCustom {
		return 0
	}
	return 1
}
