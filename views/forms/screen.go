// Package forms is the screen of forms: the fields of each form as its members see
// them, where a form's copy of a field differs from the catalogue, and what can be
// done about it.
package forms

import (
	"cmp"
	"context"
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
const ID = "forms"

// Screen is the screen of forms. It implements ui.Screen.
type Screen struct {
	list.Screen[row]
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	filters := column.Filters(columns())
	s.Screen = list.NewScreen(c, browser.Config[row]{
		Screen: ID, Title: "Forms",
		Columns: list.WholeColumns(columns(), c.Env), ID: row.id,
		Load: s.load, Detail: s.sections, DetailTitle: func(r row) string { return cmp.Or(r.Key, r.form.Title) },
		Complete:    list.Complete(func() []filter.Column { return filters }),
		Hint:        "mode:register  form:4  key:country  differs:label",
		Empty:       list.First(c.Missing(apiclient.CanReadForms), "The site has no forms."),
		EmptyFilter: "No field matches this filter.",
	}, concernsForms)
	return s
}

func concernsForms(e apiclient.LogEntry) bool {
	return e.Change != nil && (strings.HasPrefix(e.Change.Action, "forms.") || strings.HasPrefix(e.Change.Action, "fields."))
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[row], error) {
	if s.Missing(apiclient.CanReadForms) != "" {
		return browser.Page[row]{}, nil // the list says why it is empty
	}
	forms, err := s.API.Forms(ctx)
	if err != nil {
		return browser.Page[row]{}, err
	}
	var catalogue []apiclient.Field
	if s.Missing(apiclient.CanReadFieldSet) == "" {
		if catalogue, err = s.API.Fields(ctx); err != nil {
			return browser.Page[row]{}, err
		}
	}
	rows, differ := rowsOf(forms, catalogue)
	page, err := list.Whole(rows, columns(), q, s.Env.Now)
	page.Note = list.Plural(len(forms), "form")
	if differ > 0 {
		page.Note += ", " + list.Plural(differ, "difference") + " from the catalogue"
	}
	return page, err
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case catalogueMsg:
		return s.chooseField(msg)
	}
	return s.Screen.Update(msg)
}
