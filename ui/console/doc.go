// Package console is the shell of the console: the one Bubble Tea model. It owns the
// input, the pages, the layout, the dialogs, the toasts and the jobs; the screens that
// it shows know only package ui.
//
//	keys ──► input.Reader ──► queue ──► dialog on top ─┐
//	                            │        text input ────┤ the first that has the focus
//	                            │        actions ───────┤
//	                            │        global keys ───┤
//	                            └──────► screen ────────┘
//	commands ──► stepMsg ──► message of the shell, or of whoever returned the command
//
// # Keys
//
// Keys wait in a queue. One is taken, what it causes is carried out, and only when its
// commands have returned is the next one taken; so a key always meets the state that
// the keys before it have made, however many of them one read brought. A command that
// does not return within [patience] is not waited for.
//
// # Dialogs that open by themselves
//
// A dialog that opens because an answer has come swallows keys until none has come for
// 425 ms, for 1.5 s at most, so that what is typed ahead for the screen confirms
// nothing. One that the last key has opened, at once or within 150 ms, is what the
// person is waiting for and takes keys right away.
//
// # Panics
//
// Every command runs under one guard, and so do Update and View. A panic anywhere ends
// the program in order: the terminal is restored, a crash file without secrets is
// written, and [Run] returns an error that says where it is.
package console
