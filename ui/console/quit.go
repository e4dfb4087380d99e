package console

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/ui/dialog/confirm"
)

// askQuit ends the console; while jobs run it asks first.
func (m *Model) askQuit() {
	left := m.running()
	if len(left) == 0 {
		m.quitting = true
		return
	}
	title := "A job is running"
	if len(left) > 1 {
		title = fmt.Sprintf("%d jobs are running", len(left))
	}
	var lines []string
	for _, j := range left {
		lines = append(lines, j.spec.Title+", "+j.count())
	}
	m.push(confirm.New(confirm.Options{
		Env: m.env, Title: title, Lines: append(lines, "They stop after the part under way, and what is left of them is not done."),
		Go: "Stop them and quit", Cancel: "Stay",
		Yes: func() tea.Cmd { return func() tea.Msg { return leaveMsg{} } },
	}))
}

// leaveMsg stops the jobs and then quits.
type leaveMsg struct{}

func (leaveMsg) apply(m *Model) {
	m.leaving = true
	left := m.running()
	if len(left) == 0 {
		m.quitting = true
	}
	for _, j := range left {
		j.asked = true
		j.mu.Lock()
		j.leaving = true
		j.mu.Unlock()
	}
}
