// Package ui is the contract between the console's shell and its screens: what a
// screen is, what it is given, and the messages by which it asks for the rest. It
// knows no noun of an Ultimate Member site; the screens are in views.
//
// # Who does what
//
// The shell (ui/console) owns the terminal, the input, the layout, dialogs,
// toasts, jobs, the palette and the help. A [Screen] owns one numbered place. It
// is one long-lived value, so that its cursor is where it was when one comes
// back. Update decides, commands do I/O and never see the model, View draws what
// the model holds and nothing else.
//
// # Messages
//
// A screen's own messages are wrapped by [To], so that they reach it wherever the
// person is by then. What it wants of the shell it asks with the messages of this
// package, returned from a command or made by the helper of the same name:
// [Go], [Toast], [Fail], [Open] (a dialog), [Start] (a job), [Copy], [Quit].
//
// # Commands and keys
//
// Over a slow line keys arrive together: "3jj/foo" may be one read. The shell takes
// them one by one, each against the state that the one before it has made, and for
// that it waits until the commands of a key have returned. So commands return at
// once: work that takes time goes through [To], [Work] and [After], whose commands
// only name the work.
package ui
