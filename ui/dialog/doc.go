// Package dialog has what the boxes over a screen share: the box itself, the single-line
// input, and the list with a cursor. The boxes are in the packages below it, one each:
// confirm, picker, prompt, form and pager.
//
// A dialog is opened with ui.Open, has all the keys until it ends, and does what was
// asked with the command that it ends with. Each takes an Options struct whose
// functions return commands, so that a dialog knows nothing of what it is about:
//
//	return ui.Open(confirm.New(confirm.Options{
//		Env: env, Title: "Reject 3 users on shop.example.com", Tier: confirm.Typed, Phrase: "reject 3",
//		Lines: []string{"This sends 3 mails."},
//		Yes:   func() tea.Cmd { return ui.Start(job) },
//	}))
package dialog
