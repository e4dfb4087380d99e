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
	*browser.Model[row]
	list.Config
	watch *list.Watch
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{Config: c, watch: list.NewWatch(c, ID, concernsForms)}
	filters := column.Filters(columns())
	s.Model = browser.New(browser.Config[row]{
		Screen: ID, Env: c.Env, Title: "Forms",
		Columns: list.WholeColumns(columns(), c.Env), ID: row.id,
		Load: s.load, Detail: s.sections, DetailTitle: func(r row) string { return cmp.Or(r.Key, r.form.Title) },
		Complete: list.Complete(func() []filter.Column { return filters }), Explain: apiclient.MessageOf,
		Hint:        "mode:register  form:4  key:country  differs:label",
		Empty:       list.First(c.Missing(apiclient.CanReadForms), "The site has no forms."),
		EmptyFilter: "No field matches this filter.",
	})
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
	switch msg := msg.(type) {
	case list.DidMsg:
		if msg.Select != "" {
			s.Select(msg.Select)
		}
		return tea.Batch(msg.Tell(), s.Reload())
	case catalogueMsg:
		return s.chooseField(msg)
	}
	return s.Model.Update(msg)
}
