// Package roles is the screen of the site's roles: who has each, which of a member's
// roles decides, what it lets its members do and where it sends them.
package roles

import (
	"context"
	"strings"

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
const ID = "roles"

// Screen is the screen of roles. It implements ui.Screen.
type Screen struct {
	list.Screen[apiclient.Role]
}

var _ ui.Screen = (*Screen)(nil)

// New returns the screen.
func New(c list.Config) *Screen {
	s := &Screen{}
	filters := column.Filters(column.Roles())
	s.Screen = list.NewScreen(c, browser.Config[apiclient.Role]{
		Screen: ID, Title: "Roles",
		Columns: columns(c.Env), ID: func(r apiclient.Role) string { return string(r.Slug) },
		Load: s.load, Detail: s.sections, DetailTitle: func(r apiclient.Role) string { return r.Name },
		Complete:    list.Complete(func() []filter.Column { return filters }),
		Hint:        "custom:true  registration:checkmail  can_edit_everyone:true  priority:>0",
		Empty:       "The site has told no roles.",
		EmptyFilter: "No role matches this filter.",
	}, concernsRoles)
	return s
}

// columns are those of Ultimate Member's own list, in its order, and what new accounts
// get; the others can be shown.
func columns(env *ui.Env) []table.Column[apiclient.Role] {
	titles := map[string]string{
		"name": "ROLE TITLE", "slug": "ROLE ID", "users": "MEMBERS", "custom": "CUSTOM", "can_access_wpadmin": "WP-ADMIN", "priority": "PRIORITY",
		"registration": "NEW ACCOUNTS",
	}
	goes := map[string]int{"slug": 3, "users": 1, "custom": 4, "can_access_wpadmin": 5, "priority": 2, "registration": 6}
	all := list.Order(list.WholeColumns(column.Roles(), env), "name", "slug", "users", "custom", "can_access_wpadmin", "priority", "registration")
	for i := range all[:len(titles)] {
		c := &all[i]
		c.Title, c.Priority, c.Min = titles[c.Key], goes[c.Key], max(c.Min, len(titles[c.Key]))
		if c.Key == "name" || c.Key == "slug" {
			c.Min = len("administrator")
		}
	}
	return all
}

// concernsRoles: what changes a role, who has it, or whether a mail is on.
func concernsRoles(e apiclient.LogEntry) bool {
	if e.Change == nil {
		return false
	}
	noun, _, _ := strings.Cut(e.Change.Action, ".")
	return noun == "roles" || noun == "users" || noun == "settings"
}

func (s *Screen) load(ctx context.Context, q browser.Query) (browser.Page[apiclient.Role], error) {
	all, err := s.API.Roles(ctx)
	if err != nil {
		return browser.Page[apiclient.Role]{}, err
	}
	page, err := list.Whole(all, column.Roles(), q, s.Env.Now)
	page.Note = s.Missing(apiclient.CanEditRoles)
	return page, err
}

// Update implements ui.Screen.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case openMsg:
		return s.openForm(msg)
	case losingMsg:
		return s.askDelete(msg)
	}
	return s.Screen.Update(msg)
}
