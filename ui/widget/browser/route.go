package browser

import (
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Route returns where the list is: the screen's id, and behind it the id of the row whose page
// is open.
func (m *Model[T]) Route() string {
	if m.open != "" {
		return m.cfg.Screen + "/" + url.PathEscape(m.open)
	}
	return m.cfg.Screen
}

// Open goes to a route of the screen: "users" is the list, "users/7" the page of a row,
// "users?filter=role:editor" the rows that match.
func (m *Model[T]) Open(route string) tea.Cmd {
	path, query, _ := strings.Cut(strings.TrimPrefix(route, m.cfg.Screen), "?")
	var cmds []tea.Cmd
	if v, err := url.ParseQuery(query); err == nil && v.Has("filter") {
		cmds = append(cmds, m.SetFilter(v.Get("filter")))
	}
	m.closePage()
	path = strings.Trim(path, "/")
	if id, err := url.PathUnescape(path); err == nil {
		path = id
	}
	if path != "" {
		cmds = append(cmds, m.OpenID(path))
	}
	return tea.Batch(cmds...)
}
