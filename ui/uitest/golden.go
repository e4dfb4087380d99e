package uitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"umdeck/ui"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares got with testdata/name.golden, which go test -update writes.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	file := goldenFile(name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func goldenFile(name string) string { return filepath.Join("testdata", name+".golden") }

// Both runs a test twice: with all keys in one write, and, unless tests are short,
// with one byte a write.
func Both(t *testing.T, test func(t *testing.T, press func(term *Terminal, keys string))) {
	t.Helper()
	t.Run("at once", func(t *testing.T) { test(t, (*Terminal).Keys) })
	if !testing.Short() {
		t.Run("one by one", func(t *testing.T) { test(t, (*Terminal).Slow) })
	}
}

// Messages runs a command, the commands of a batch, and the work that they name, one
// after the other, and returns their messages as a screen or the shell would get them.
// It is for tests that call Update themselves.
func Messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	var msgs []tea.Msg
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			msgs = append(msgs, Messages(c)...)
		}
	case ui.WorkMsg:
		switch m := msg.Run(); {
		case m == nil:
		case msg.Screen == "":
			msgs = append(msgs, m)
		default:
			msgs = append(msgs, ui.ToMsg{Screen: msg.Screen, Msg: m})
		}
	default:
		msgs = append(msgs, msg)
	}
	return msgs
}
