package console

import (
	"fmt"
	"strings"

	"umdeck/ui"
)

// A history is the routes that were shown, and where in them one is.
type history struct {
	routes []string
	at     int
	last   string // the id of the screen before this one
	moving bool   // a route of the history is being opened
}

// note remembers where a screen is after it has handled something. What is after the
// question mark, a filter, changes the entry; anything else adds one.
func (h *history) note(m *Model, t *tab) {
	if m.page < 0 || m.tabs[m.page] != t {
		return
	}
	route := t.Route()
	switch {
	case len(h.routes) == 0:
		h.routes, h.at = []string{route}, 0
	case h.moving || path(h.routes[h.at]) == path(route):
		h.routes[h.at] = route
	default:
		h.routes = append(h.routes[:h.at+1], route)
		h.at++
	}
}

func path(route string) string {
	p, _, _ := strings.Cut(route, "?")
	return p
}

func screenOf(route string) string {
	id, _, _ := strings.Cut(path(route), "/")
	return id
}

// visit shows a screen as it was left.
func (m *Model) visit(t *tab) {
	if m.show(t) {
		m.past.note(m, t)
	}
}

// show puts a screen on the page; false when it is there already.
func (m *Model) show(t *tab) bool {
	if m.page >= 0 {
		old := m.current()
		if old == t {
			return false
		}
		m.past.last = old.ID()
		m.tell(old, ui.ShownMsg{Shown: false})
	}
	for i := range m.tabs {
		if m.tabs[i] == t {
			m.page = i
		}
	}
	m.size()
	m.do(owner{tab: t}, t.Update(ui.ShownMsg{Shown: true}))
	if !t.begun {
		t.begun = true
		m.do(owner{tab: t}, t.Init())
	}
	return true
}

// open goes to a route.
func (m *Model) open(route string) {
	t := m.tab(screenOf(route))
	if t == nil {
		m.say(ui.ToastMsg{Level: ui.Warn, Text: fmt.Sprintf("there is no place %q; : lists them", route)})
		if m.page < 0 {
			m.visit(m.tabs[0])
		}
		return
	}
	m.show(t)
	if t.Route() != route {
		m.do(owner{tab: t}, t.Open(route))
	}
	m.past.note(m, t)
}

// step goes back or forward in the history.
func (m *Model) travel(by int) {
	to := m.past.at + by
	if to < 0 || to >= len(m.past.routes) {
		m.say(ui.ToastMsg{Level: ui.Info, Text: map[bool]string{true: "this is where it began", false: "there is nothing after this"}[by < 0]})
		return
	}
	m.past.at, m.past.moving = to, true
	m.open(m.past.routes[to])
	m.past.moving = false
}

// turn goes to the next or the previous tab that has a key.
func (m *Model) turn(by int) {
	at := m.page
	for range m.tabs {
		at = (at + by + len(m.tabs)) % len(m.tabs)
		if m.tabs[at].key != "" {
			break
		}
	}
	m.visit(m.tabs[at])
}

// lastPlace goes to the screen that was shown before this one.
func (m *Model) lastPlace() {
	if t := m.tab(m.past.last); t != nil {
		m.visit(t)
		return
	}
	m.say(ui.ToastMsg{Level: ui.Info, Text: "no other place was shown yet"})
}

// leave goes back from a page inside a screen to the screen, or quits.
func (m *Model) leave() {
	t := m.current()
	if path(t.Route()) != t.ID() {
		m.open(t.ID())
		return
	}
	m.askQuit()
}
