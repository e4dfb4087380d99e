package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// ToMsg carries a message to one screen, shown or not.
type ToMsg struct {
	Screen string // Screen.ID
	Msg    tea.Msg
}

// WorkMsg asks the shell to run something that takes time in a goroutine of its own,
// and to bring what it returns to a screen; nil is dropped. The shell waits for it on
// exit, so it has to end when Env.Ctx does.
type WorkMsg struct {
	Screen string // Screen.ID; empty: whoever has returned the command, screen or dialog
	Run    func() tea.Msg
}

// To returns a command that runs fn outside the event loop and brings its message to the
// screen with that id. A nil message is dropped. The command itself returns at once,
// with a [WorkMsg]: that is how the shell knows that the next key need not wait for it.
// All I/O goes through To or [Work].
func To(screen string, fn func() tea.Msg) tea.Cmd {
	return func() tea.Msg { return WorkMsg{screen, fn} }
}

// Work is [To] for whoever returns the command: a dialog, or a widget that does not
// know its screen.
func Work(fn func() tea.Msg) tea.Cmd { return To("", fn) }

// After returns a command that brings msg to whoever has returned it, when d has passed
// or never, if ctx ends before. Use it instead of tea.Tick, which cannot be stopped.
func After(ctx context.Context, d time.Duration, msg tea.Msg) tea.Cmd {
	return Work(func() tea.Msg {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return msg
		case <-ctx.Done():
			return nil
		}
	})
}

// SizeMsg tells a screen the size of its rectangle in cells.
type SizeMsg struct{ Width, Height int }

// ShownMsg tells a screen that it is shown from now on, or no longer.
type ShownMsg struct{ Shown bool }

// ThemeMsg tells a screen to drop what it has drawn: the theme has changed.
type ThemeMsg struct{}

// GoMsg asks the shell to go to a route: "users", "users/7", "log?event=...".
type GoMsg struct{ Route string }

// Go returns a command that asks for a route.
func Go(route string) tea.Cmd { return func() tea.Msg { return GoMsg{route} } }

// Level says how a toast is meant.
type Level int

// The levels.
const (
	Info Level = iota
	Done
	Warn
	Bad
)

// ToastMsg asks the shell to say one line. Bad ones stay until they are read and
// are kept in the list of errors.
type ToastMsg struct {
	Level Level
	Text  string
	Undo  func() tea.Cmd // nil: it cannot be undone; else offered for ten seconds on the undo key
	Label string         // of Undo: what it does, such as "approve ada"
}

// Toast returns a command that says one line.
func Toast(l Level, text string) tea.Cmd {
	return func() tea.Msg { return ToastMsg{Level: l, Text: text} }
}

// Fail returns a command that says what err means for a person; nil for a nil err.
// An error with its own sentence shows that; the rest of err goes to the log alone.
func Fail(err error) tea.Cmd {
	if err == nil {
		return nil
	}
	return func() tea.Msg { return ErrMsg{err} }
}

// ErrMsg reports an error to the shell, which says it as a Bad toast and logs it.
type ErrMsg struct{ Err error }

// A Dialog is a box over the screen that has all the keys until it ends. The
// shell keeps a stack of them.
type Dialog interface {
	// Update takes a key or a message. done ends the dialog; cmd runs either way.
	Update(msg tea.Msg) (done bool, cmd tea.Cmd)
	// View draws the box without a margin, at most maxW cells wide and maxH lines high.
	View(maxW, maxH int) string
	// Init starts the dialog's first command; it may be nil.
	Init() tea.Cmd
}

// Capturer is what a dialog with a text input implements: while Capturing holds, a paste
// goes to it, and runs of letters reach it whole. Without it a dialog gets single keys.
type Capturer interface{ Capturing() bool }

// Opened is what a dialog implements that wants to know which key has opened it, such
// as a confirmation that the same key must not confirm. key is empty when no key has.
type Opened interface{ OpenedBy(key string) }

// OpenMsg asks the shell to put a dialog on top.
type OpenMsg struct{ Dialog Dialog }

// Open returns a command that opens a dialog.
func Open(d Dialog) tea.Cmd { return func() tea.Msg { return OpenMsg{d} } }

// CloseMsg tells the shell to close the dialog that asked by a command of its own.
type CloseMsg struct{ Dialog Dialog }

// A Job is work with many parts that goes on while the person does other things:
// it shows its progress in the header, can be stopped after the part under way,
// and keeps a result for each part.
type Job struct {
	Title string
	Total int // how many parts; 0: not known
	// Run does the work and reports each part as it ends. It returns when ctx ends,
	// which is between two parts when a person stops the job, because the shell waits
	// for the next report before it ends ctx; asked twice, or on exit, it does not wait.
	Run func(ctx context.Context, report func(Part)) error
	// Waits says that the work is done elsewhere and Run looks at it now and then: when a
	// person stops the job, ctx ends at once.
	Waits bool
	// Ended is sent when the job has ended, however it did; nil: nothing is.
	Ended func(parts []Part, err error) tea.Msg
	// Retry returns a job for the parts that failed; nil: they cannot be tried again.
	Retry func(failed []Part) *Job
}

// A Part is one piece of a job and what became of it.
type Part struct {
	Key   string // what Retry needs to know it by
	Label string // what the list shows, such as a login
	Err   error  // nil: done
	Note  string // what was done, such as "approved"; may be empty
}

// CopyMsg asks the shell to put text on the clipboard of the person's own terminal, with
// OSC 52, which works over SSH. Control characters but line breaks and tabs are dropped.
type CopyMsg struct {
	Text string
	What string // names it in the toast, such as "3 e-mail addresses"; empty: the number of characters alone
}

// Copy returns a command that copies text.
func Copy(text, what string) tea.Cmd { return func() tea.Msg { return CopyMsg{text, what} } }

// RunMsg asks the shell to run an action as if its key had been pressed: refused with a
// sentence when it is disabled, or writes in read-only mode.
type RunMsg struct{ Action Action }

// Run returns a command that runs an action, for menus and lists of their own.
func Run(a Action) tea.Cmd { return func() tea.Msg { return RunMsg{a} } }

// QuitMsg asks the shell to end the console. It asks the person first while jobs run.
type QuitMsg struct{}

// Quit returns a command that ends the console.
func Quit() tea.Cmd { return func() tea.Msg { return QuitMsg{} } }

// StartMsg asks the shell to run a job.
type StartMsg struct{ Job Job }

// Start returns a command that runs a job.
func Start(j Job) tea.Cmd { return func() tea.Msg { return StartMsg{j} } }
