package list

import (
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
)

// DidMsg says that something a screen has started is done.
type DidMsg struct {
	Text   string // what to say; empty: nothing
	Err    error
	Select string // the row to go to; empty: stay
	Then   tea.Cmd
}

// Do runs fn outside the event loop and brings what it says to the screen.
func Do(screen string, fn func() DidMsg) tea.Cmd {
	return ui.To(screen, func() tea.Msg { return fn() })
}

// Tell returns what the shell is to say of m.
func (m DidMsg) Tell() tea.Cmd {
	if m.Err != nil {
		return ui.Fail(m.Err)
	}
	if m.Text == "" {
		return m.Then
	}
	return tea.Batch(ui.Toast(ui.Done, m.Text), m.Then)
}

// First returns the first reason that is not empty: why an action cannot be done.
func First(reasons ...string) string {
	for _, r := range reasons {
		if r != "" {
			return r
		}
	}
	return ""
}

// Plural returns a number with its noun.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return theme.Count(n) + " " + noun + "s"
}

// FieldErrors puts an error under the field of a form that it names.
func FieldErrors(err error) map[string]string {
	e, ok := errors.AsType[*apiclient.Error](err)
	if !ok || e.Field == "" {
		return nil
	}
	return map[string]string{e.Field: e.Message}
}

// Moment returns a moment in UTC and its age; nothing for the zero time.
func (c Config) Moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05Z") + "  " + c.Env.Theme.Since(c.Env.Now(), at)
}
