package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
)

// Env is what every screen is given. It is shared and never changes, but for the
// theme, which the shell may replace before it sends [ThemeMsg].
type Env struct {
	Ctx   context.Context //nolint:containedctx // ends with the program, and every screen's work with it
	Theme *theme.Theme
	Now   func() time.Time // the clock of ages and dates on screen
	Slow  bool             // the terminal is far away (SSH): draw less often
	// Sentence returns what an error says to a person, such as apiclient.MessageOf; nil:
	// its own text. What it leaves out is in the log.
	Sentence func(error) string
}

// Say returns what an error says to a person; empty for nil.
func (e *Env) Say(err error) string {
	switch {
	case err == nil:
		return ""
	case e.Sentence != nil:
		return e.Sentence(err)
	}
	return err.Error()
}

// A Screen is one numbered place of the console.
type Screen interface {
	// ID is the first part of the screen's routes, such as "users".
	ID() string
	// Title is the screen's name on its tab.
	Title() string
	// Init starts the first load. It is called once, when the screen is first shown.
	Init() tea.Cmd
	// Update takes one message: a key (when no dialog is open and the screen is
	// shown), a message that was wrapped by To for it, SizeMsg, ShownMsg or ThemeMsg.
	// A key that it has no use for is left alone; keys of its Actions are never
	// passed, because the shell runs those.
	//
	// Commands return at once; what takes time is started with To, Work or After.
	// Messages that its commands return, and that are not the shell's, come back here.
	Update(msg tea.Msg) tea.Cmd
	// View draws the screen: exactly h lines of exactly w cells each.
	View(w, h int) string
	// Actions returns what can be done now, in the order of menu and help, those
	// that cannot be done now included with their reason.
	Actions() []Action
	// Capturing reports whether a text input of the screen has the focus: every
	// key but ctrl+c goes to Update then.
	Capturing() bool
	// Status returns what the header and the footer say about the screen.
	Status() Status
	// Route returns where the screen is, such as "users/7"; Open goes to a route
	// of its own, such as one that Route returned.
	Route() string
	Open(route string) tea.Cmd
}

// Status is what a screen says about itself outside its own rectangle.
type Status struct {
	Crumb string // where one is, such as "status:awaiting_admin_review"; may be empty
	Badge string // a short mark on the tab, such as "2!"; usually empty
	Live  string // the state of a live connection, such as "live" or "reconnecting"; may be empty
	Stale bool   // what is shown may be out of date
}

// An Action is one thing that can be done on a screen or everywhere. The same
// entry feeds its key, the action menu, the palette, the footer and the help.
type Action struct {
	ID       string // noun.verb, such as "users.approve"
	Key      string // as Bubble Tea spells it, such as "x" or "ctrl+r"; empty: menu and palette alone
	Title    string // what the menu and the palette say, such as "Approve"
	Short    string // what the footer says; empty: lower-case Title; "-": it is not in the footer
	Help     string // one line for the help page; empty: Title
	Writes   bool   // changes something: refused in read-only mode
	Disabled string // why it cannot be done now, as a sentence; empty: it can
	Run      func() tea.Cmd
}

// Label returns what the footer says.
func (a Action) Label() string {
	if a.Short != "" {
		return a.Short
	}
	return lowerFirst(a.Title)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	if s[0] >= 'A' && s[0] <= 'Z' {
		return string(s[0]+('a'-'A')) + s[1:]
	}
	return s
}
