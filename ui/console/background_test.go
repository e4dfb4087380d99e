//go:build unix

package console_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
)

// The terminal is asked for its background without anything waiting for the answer, and what
// was typed around it arrives.
func TestBackgroundIsAsked(t *testing.T) {
	const light, dark = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "\x1b]11;rgb:0000/0000/0000\a"
	for name, c := range map[string]struct {
		ask   bool
		typed string
		want  theme.Palette
	}{
		"light":                {true, "jj" + light + "j", theme.Light},
		"dark":                 {true, "jj" + dark + "j", theme.Dark},
		"no answer":            {true, "jjj", theme.Dark},
		"an answer to no one":  {false, "jj" + light + "j", theme.Dark},
		"a person has decided": {true, ":theme high-contrast\rjj" + light + "j", theme.HighContrast},
		"nonsense, then sense": {true, "jj\x1b]11;rgb:pink\x1b\\" + light + "j", theme.Light},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, theme.Options{})
			f.cfg.AskBackground = c.ask
			f.cfg.Actions = []ui.Action{{ID: "palette.say", Key: "T", Title: "Say", Run: func() tea.Cmd {
				return ui.Toast(ui.Info, "the palette is "+string(f.cfg.Env.Theme.Options().Palette))
			}}}
			screen := f.run(t, 100)
			screen.Keys(c.typed)
			screen.WaitText("users cursor 3")
			screen.WaitStable()
			screen.Keys("T")
			screen.WaitText("the palette is " + string(c.want))
			if asked := strings.Contains(screen.Raw(), theme.Background); asked != c.ask {
				t.Errorf("asked: %v, want %v", asked, c.ask)
			}
		})
	}
}
