package triggerlog

import (
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Route implements ui.Screen: "log", "log?filter=state%3Adead", "log/123" for a
// delivery, "log/e45" for an event.
func (s *Screen) Route() string {
	switch {
	case s.page != nil:
		return ID + "/" + url.PathEscape(s.page.id)
	case s.filter != "":
		return ID + "?filter=" + url.QueryEscape(s.filter)
	}
	return ID
}

// Open implements ui.Screen.
func (s *Screen) Open(route string) tea.Cmd {
	if s.absent() != "" {
		return nil
	}
	path, query, _ := strings.Cut(strings.TrimPrefix(route, ID), "?")
	var cmds []tea.Cmd
	if v, err := url.ParseQuery(query); err == nil && v.Has("filter") {
		cmds = append(cmds, s.setFilter(v.Get("filter")))
	}
	s.closePage()
	id := strings.Trim(path, "/")
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	if id != "" {
		cmds = append(cmds, s.openID(id))
	}
	return tea.Batch(cmds...)
}
