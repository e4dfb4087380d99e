// Package browser is the list screen: a table that is loaded page by page from
// somewhere, with a filter bar, a sort menu, a chooser of columns, and a preview
// of the row under the cursor. A screen of views holds one, adds its actions, and passes on
// messages and keys.
//
//	type Screen struct {
//		*browser.Model[apiclient.User]
//		api apiclient.Users
//	}
//
//	func New(env *ui.Env, api apiclient.Users) *Screen {
//		return &Screen{api: api, Model: browser.New(browser.Config[apiclient.User]{
//			Screen:  "users",
//			Env:     env,
//			Title:   "Users",
//			Columns: columns(env),
//			ID:      func(u apiclient.User) string { return u.ID.String() },
//			Load: func(ctx context.Context, q browser.Query) (browser.Page[apiclient.User], error) {
//				page, err := api.Users(ctx, queryOf(q)) // runs outside the event loop
//				return browser.Page[apiclient.User]{Rows: page.Rows, Next: string(page.Next)}, err
//			},
//			Detail: func(u apiclient.User) []detail.Section {
//				return []detail.Section{{Title: "Account", Fields: []detail.Field{{Key: "E-mail", Value: u.Email}}}}
//			},
//		})}
//	}
//
//	// Actions returns the screen's own and the list's.
//	func (s *Screen) Actions() []ui.Action {
//		return append([]ui.Action{{ID: "users.approve", Key: "A", Title: "Approve", Run: s.approve}}, s.Model.Actions()...)
//	}
//
//	// approve works on the marked rows, or on the one under the cursor.
//	func (s *Screen) approve() tea.Cmd { return ui.Start(approveJob(s.api, s.Targets())) }
//
// The rest of ui.Screen — Init, Update, View, Capturing, Status, Route, Open — is the
// embedded model's; a screen overrides what it does differently. [Example] is a whole one.
//
// # Loading
//
// [Config.Load] is called with the filter, the sort order and the cursor of a page. An
// answer to an older question is dropped, and the context of that question ends.
// The next page is asked for before the cursor gets to it. [Model.Reload] asks
// for as many rows as are in use again and leaves everything else where it is:
// the cursor stays on its row, on its line.
//
// # Places
//
// By the size of its rectangle the preview stands to the right (from 120 cells), below
// (from 100 cells, or from 80 on a high terminal), or opens as a page of its own. p shows and
// hides it. Below 60 cells or 10 lines the frame goes.
//
// # Keys
//
// The table's ([table.Help]) and, on the page of a row, the detail's ([detail.Help]). / filters, s sorts, c
// chooses columns, ctrl+r reloads, p shows the preview, enter opens. J and K scroll
// the preview, and go to the next and the previous row on the page of one. V marks all
// that match, and loads what is not there yet. esc unwinds: the page, the range, the
// filter, the marks. [Model.Actions] has those that the shell is to know of.
package browser
