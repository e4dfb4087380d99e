package browser

import (
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// Open goes to a route of the screen: "users" is the list, "users/7" the page of a row,
// "users?filter=role:editor" the rows that match.
func (m *Model[T]) Open(route string) tea.Cmd {
	path, query, _ := strings.Cut(strings.TrimPrefix(route, m.cfg.Screen), "?")
	var cmds []tea.Cmd
	if v, err := url.ParseQuery(query); err == nil && v.Has("filter") {
		cmds = append(cmds, m.SetFilter(v.Get("filter")))
	}
	m.closePage()
	if id := strings.Trim(path, "/"); id != "" {
		cmds = append(cmds, m.OpenID(id))
	}
	return tea.Batch(cmds...)
}

// Actions returns the actions of every list; a screen puts its own before them.
func (m *Model[T]) Actions() []ui.Action {
	do := func(key string) func() tea.Cmd {
		return func() tea.Cmd { return m.run(key) }
	}
	id := m.cfg.Screen
	noRow := ""
	if _, ok := m.Selected(); !ok {
		noRow = "There is no row under the cursor."
	}
	actions := []ui.Action{
		{ID: id + ".open", Key: "enter", Title: "Open", Help: "show the row under the cursor in full", Run: do("enter"), Disabled: noRow},
		{ID: id + ".sort", Key: "s", Title: "Sort by…", Short: "sort", Help: "choose the column to sort by; the same one again turns the order round", Run: do("s")},
		{ID: id + ".columns", Key: "c", Title: "Columns…", Short: "-", Help: "show and hide columns", Run: do("c")},
		{ID: id + ".preview", Key: "p", Title: "Preview", Short: "-", Help: "show and hide the preview", Run: do("p")},
		{ID: id + ".reload", Key: "ctrl+r", Title: "Reload", Short: "-", Help: "ask for the rows again", Run: do("ctrl+r")},
	}
	if !m.cfg.NoFilter {
		filter := ui.Action{ID: id + ".filter", Key: "/", Title: "Filter", Help: "show the rows that match", Run: do("/")}
		actions = append(actions[:1:1], append([]ui.Action{filter}, actions[1:]...)...)
	}
	if m.cfg.Detail == nil && m.cfg.Enter == nil {
		actions = actions[1:]
	}
	return actions
}
