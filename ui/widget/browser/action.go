package browser

import (
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui"
)

// Actions returns what can be done with every list, or with the page of a row while that
// is open; a screen puts its own before them.
func (m *Model[T]) Actions() []ui.Action {
	if m.open != "" {
		return m.pageActions()
	}
	var actions []ui.Action
	if m.cfg.Detail != nil || m.cfg.Enter != nil {
		actions = append(actions, m.action("open", "enter", "Open", "", "show the row under the cursor in full", m.noRow()))
	}
	if !m.cfg.NoFilter {
		actions = append(actions, m.action("filter", "/", "Filter", "", "show the rows that match", ""))
	}
	actions = append(actions,
		m.action("sort", "s", "Sort by", "sort", "choose the column to sort by; the same one again turns the order round", m.noSort()),
		m.action("columns", "c", "Columns", "-", "show and hide columns", ""))
	if m.cfg.Detail != nil {
		actions = append(actions, m.action("preview", "p", "Preview", "-", "show and hide the preview", ""))
	}
	return append(actions,
		m.action("reload", "ctrl+r", "Reload", "-", "ask for the rows again", ""),
		m.tableAction("mark", "space", " ", "Mark", "mark the row under the cursor, or take its mark away"),
		m.tableAction("range", "v", "v", "Mark a range", "begin a range at the cursor, and mark it"),
		m.action("mark-all", "V", "Mark all", "-", "mark all rows that match", m.noRow()),
		m.tableAction("unmark", "U", "U", "Clear marks", "take all marks away"))
}

func (m *Model[T]) pageActions() []ui.Action {
	page := func(name, key, title, help string) ui.Action {
		return ui.Action{ID: m.cfg.Screen + "." + name, Key: key, Title: title, Short: "-", Help: help, Run: func() tea.Cmd {
			m.det.Press(key)
			return nil
		}}
	}
	return []ui.Action{
		m.action("next", "J", "Next row", "next", "the page of the next row", ""),
		m.action("previous", "K", "Previous row", "previous", "the page of the previous row", ""),
		m.action("reload", "ctrl+r", "Reload", "-", "ask for the rows again", ""),
		page("reveal", "m", "Reveal secrets", "show and hide masked values"),
		page("unfold", "w", "Unfold", "show long texts in full"),
	}
}

func (m *Model[T]) action(name, key, title, short, help, disabled string) ui.Action {
	return ui.Action{
		ID: m.cfg.Screen + "." + name, Key: key, Title: title, Short: short, Help: help, Disabled: disabled,
		Run: func() tea.Cmd { return m.run(key) },
	}
}

// tableAction is one that the table does; press is the key as the table spells it.
func (m *Model[T]) tableAction(name, key, press, title, help string) ui.Action {
	return ui.Action{
		ID: m.cfg.Screen + "." + name, Key: key, Title: title, Short: "-", Help: help, Disabled: m.noRow(),
		Run: func() tea.Cmd {
			m.tab.Press(press)
			return tea.Batch(m.settle(), m.more())
		},
	}
}

func (m *Model[T]) noRow() string {
	if _, ok := m.Selected(); !ok {
		return "There is no row under the cursor."
	}
	return ""
}

func (m *Model[T]) noSort() string {
	for _, c := range m.tab.Columns() {
		if c.Sort != "" {
			return ""
		}
	}
	return "No column of this list can be sorted by."
}
