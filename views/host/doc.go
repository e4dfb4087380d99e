// Package host has the commands that run, connect or keep umdeck itself: serve, demo,
// connect, backup and restore. The commands for nouns are in package command. What they do is
// given to them as functions, so that this package binds flags, checks them and
// speaks to the person, and knows no engine and no client.
package host

import "io"

// Streams are the three streams of the program and whether the first two are a terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool
	// Secret reads a line of In without showing it; nil: the terminal cannot do that.
	Secret func() (string, error)
}
