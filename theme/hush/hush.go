// Package hush keeps the terminal from being asked for its background before main has begun.
//
// Bubble Tea 1.3 and Lip Gloss ask in an init function: they write two questions to the
// terminal and read until it answers. Whatever was typed ahead is lost, to a script or a shell
// as well, because it happens in every command; and a terminal that does not answer, such
// as one that a program holds, is waited for for five seconds. They do not ask where
// CI is set, so this package sets it, and [Lift] takes it back: the first thing that main
// does. The console asks by itself, while it draws ([umdeck/ui/console.Config]).
//
// It depends on the order in which packages are initialised: by import path, as soon as
// what they import is. This one imports syscall alone, and "umdeck" comes before
// "unicode", without which Bubble Tea cannot be initialised. A test of main
// looks whether it still holds.
package hush

import "syscall"

const variable = "CI" // any value; termenv takes a terminal for none then

var set = hush()

func hush() bool {
	if v, _ := syscall.Getenv(variable); v != "" {
		return false
	}
	return syscall.Setenv(variable, "1") == nil
}

// Lift gives the process its environment back. It is for main alone, once.
func Lift() error {
	if !set {
		return nil
	}
	set = false
	return syscall.Unsetenv(variable)
}
