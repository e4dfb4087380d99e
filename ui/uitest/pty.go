//go:build unix

package uitest

import (
	"io"
	"os"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// StartFunc runs a program that wants a terminal's file, such as console.Run in a closure,
// on a pseudo terminal of w by h cells. run has to return when its input ends.
func StartFunc(t testing.TB, run func(in, out *os.File) error, w, h int) *Terminal {
	t.Helper()
	term := newTerminal(t, w, h)
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	size := func(w, h int) error {
		return pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)})
	}
	if err := size(w, h); err != nil {
		t.Fatal(err)
	}
	term.in = master
	term.resize = func(w, h int) {
		if err := size(w, h); err != nil {
			t.Errorf("resize: %v", err)
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGWINCH)
	}
	term.stop = func() { term.Keys("\x03\x03") }
	copied := make(chan struct{})
	term.wg.Go(func() {
		defer close(copied)
		_, _ = io.Copy(term, master) // ends with an error when the tty is closed: that is its end of file
	})
	term.begin(func() error { return run(tty, tty) }, func() {
		_ = tty.Close()
		<-copied
		_ = master.Close()
	})
	return term
}
