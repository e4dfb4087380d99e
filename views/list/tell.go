package list

import (
	"errors"
	"strings"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
)

// DidMsg says that something a screen has started is done.
type DidMsg struct {
	Text   string // what to say; empty: nothing
	Warn   bool   // it went otherwise than one may have thought
	Err    error
	Select string         // the row to go to; empty: stay
	Undo   func() tea.Cmd // what takes it back; nil: nothing does
	Label  string         // of Undo
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
		return nil
	}
	toast := ui.ToastMsg{Level: ui.Done, Text: m.Text, Undo: m.Undo, Label: m.Label}
	if m.Warn {
		toast.Level = ui.Warn
	}
	return func() tea.Msg { return toast }
}

// Bring returns a command that brings a message to a screen.
func Bring(screen string, msg tea.Msg) tea.Cmd {
	return func() tea.Msg { return ui.ToMsg{Screen: screen, Msg: msg} }
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
	key := e.Field
	if key == "um_account_status" { // the API's parameter for what forms call by its meta key
		key = "account_status"
	}
	return map[string]string{key: e.Message}
}

// Phrase is what has to be typed before something is done to one thing: the verb with
// its name, or with its id where the name is no plain word.
func Phrase(verb, name, id string) string {
	plain := func(r rune) bool {
		return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-@", r))
	}
	if name == "" || len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		name = id
	}
	return verb + " " + name
}

// Moment returns a moment in UTC and its age; nothing for the zero time.
func (c Config) Moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(moment) + "  " + c.age(at)
}

// MomentIn is Moment within a sentence.
func (c Config) MomentIn(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(moment) + " (" + c.age(at) + ")"
}

const moment = "2006-01-02 15:04:05Z"

func (c Config) age(at time.Time) string {
	now := c.Env.Now()
	if at.After(now) {
		return c.Env.Theme.Since(now, at)
	}
	return c.Env.Theme.Since(now, at) + " ago"
}
