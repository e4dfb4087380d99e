// Package uitest runs a program on a real terminal emulator, presses its keys and reads
// its screen.
//
//	term := uitest.Start(t, model, 80, 24)
//	term.WaitText("Users")
//	term.Keys("3jj/foo\r")
//	term.WaitText("foo")
//	uitest.Golden(t, "users-80x24", term.Screen())
//
// # Keys
//
// [Terminal.Keys] sends all of its bytes in one write and [Terminal.Slow] one byte a
// write, which is what a slow and a fast line make of the same keys. [Both] runs a test
// in both ways; an end-to-end test that passes in one of them only has found a bug.
//
// # Waiting
//
// Nothing here sleeps. A wait looks at the screen whenever the program has written, and
// fails with the screen when what it waits for does not come. [Terminal.WaitStable] is
// for what cannot be named by a text.
package uitest
