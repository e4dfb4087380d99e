// Package form asks for several values at once. Its fields are huh's; the way between
// them, what is drawn of those that have no focus, and what becomes of errors are its
// own, so that a form fits into 40 by 10 cells and a refusal by the server loses nothing
// that was typed.
//
//	tab, shift+tab   next and previous field      enter    next field; saves on the last one
//	ctrl+o           save                         esc      close; asks first when something was changed
//
// Saving runs outside the event loop. An error that names fields puts its texts under
// them and the cursor on the first; any other stands at the foot.
package form
