//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestHushedProcess is no test: it is the process that TestNothingIsAskedBeforeMain looks at.
func TestHushedProcess(t *testing.T) {
	if os.Args[len(os.Args)-1] != "as-umdeck" {
		t.Skip("it is run by another test")
	}
	os.Args = []string{"umdeck", "version"}
	main()
}

// A command on a terminal that never answers is not kept waiting, and does not read what was
// typed for whoever comes after it.
func TestNothingIsAskedBeforeMain(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHushedProcess$", "as-umdeck")
	cmd.Env = append(os.Environ(), "TERM=xterm-256color")
	for i, v := range cmd.Env {
		if len(v) > 3 && v[:3] == "CI=" {
			cmd.Env[i] = "CI="
		}
	}
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	said, _ := io.ReadAll(tty) // ends with an error when the process does
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if bytes.ContainsRune(said, '\x1b') || !bytes.Contains(said, []byte("umdeck devel")) {
		t.Errorf("it says %q", said)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("it took %s", took)
	}
	if err := tty.Close(); err != nil {
		t.Error(err)
	}
}
