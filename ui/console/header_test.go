package console_test

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/console"
)

// Whatever the site is called and whatever is wrong with it: what must not be overlooked
// is on the first line of every terminal, and that is no longer than the terminal.
func TestHeaderSaysWhatMatters(t *testing.T) {
	long := strings.Repeat("山田 members of ", 12)
	for _, warnings := range []int{0, 1, 5} {
		for _, name := range []string{"s", "@prod", long} {
			f := newFixture(t, theme.Options{Profile: termenv.Ascii})
			f.users.stale = true
			f.cfg.ReadOnly = true
			f.cfg.Header = func() console.Header {
				h := console.Header{Site: name, URL: "shop.example.com/" + name, User: "ada " + name, Versions: "UM 2.13"}
				for range warnings {
					h.Warnings = append(h.Warnings, "Hooks may go to private addresses: "+long)
				}
				return h
			}
			m := f.model(t)
			m.Init()
			for w := 40; w <= 220; w += 3 {
				for _, h := range []int{10, 24} {
					line, _, _ := strings.Cut(m.DrawAt(w, h), "\n")
					line = strings.ReplaceAll(line, "2!", "") // the badge of a tab
					if theme.Width(line) > w || !strings.Contains(line, "RO") || !strings.Contains(line, "◌ ") || strings.Contains(line, "!") != (warnings > 0) {
						t.Fatalf("%d×%d, %d warnings: %d cells: %q", w, h, warnings, theme.Width(line), line)
					}
					if warnings > 1 && !strings.Contains(line, fmt.Sprintf("!%d", warnings)) {
						t.Fatalf("%d×%d: the number of warnings is not in %q", w, h, line)
					}
				}
			}
		}
	}
}

// At 80 columns there is room for the site, its address, who acts, and a beginning of
// what is wrong.
func TestHeaderOf80(t *testing.T) {
	f := newFixture(t, theme.Options{Profile: termenv.Ascii})
	f.cfg.Header = func() console.Header {
		return console.Header{Site: "demo", URL: "local instance", User: "root", Versions: "umdeck 1.0", Warnings: []string{"Hooks may go to private addresses (--allow-private-targets)."}}
	}
	m := f.model(t)
	m.Init()
	m.Update(ui.GoMsg{Route: "log"})
	line, _, _ := strings.Cut(m.DrawAt(80, 24), "\n")
	if want := " demo │ local instance │ root │ RW │ ! Hooks may go to pr…  ● live 42 ms  12:00 "; line != want {
		t.Errorf("the header is\n%q, want\n%q", line, want)
	}
}

// What the help says of warnings and of actions without a key is whole.
func TestHelpIsWhole(t *testing.T) {
	f := newFixture(t, theme.Options{Profile: termenv.Ascii})
	f.cfg.Header = func() console.Header {
		return console.Header{Warnings: []string{strings.Repeat("word ", 40) + "end."}}
	}
	f.users.extra = []ui.Action{{ID: "users.something-with-a-long-name", Title: "Do it", Help: "does it"}}
	m := f.model(t)
	m.Init()
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("?")})
	screen := m.DrawAt(80, 50)
	for _, want := range []string{" end.", "  :users.something-with-a-long-name ", "                   does it "} {
		if !strings.Contains(screen, want) {
			t.Errorf("%q is not in\n%s", want, screen)
		}
	}
}
