package console_test

import (
	"fmt"
	"testing"

	"github.com/muesli/termenv"
	"go.uber.org/goleak"

	"umdeck/theme"
	"umdeck/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestKeysReachWhatTheyMean(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		term := uitest.Start(t, f.model(t), 100, 24)
		term.WaitText("[1 Users]")
		press(term, "2jjj3jj/foo bar\r")
		term.WaitText(`log cursor 2 filter "foo bar"`)
		press(term, "2")
		term.WaitText(`zaps cursor 3 filter ""`)
	})
}

func TestConfirm(t *testing.T) {
	uitest.Both(t, func(t *testing.T, press func(*uitest.Terminal, string)) {
		f := newFixture(t, theme.Options{})
		term := uitest.Start(t, f.model(t), 80, 24)
		term.WaitText("[1 Users]")
		press(term, "dy")
		term.WaitText("deleted 1")
		press(term, "d\r")
		term.WaitStable()
		press(term, "dj\t\r") // the button, then enter
		term.WaitText("deleted 2")
		press(term, "yyyy") // opened by y: y does not confirm
		term.WaitText("Same key")
		press(term, "\t\r")
		term.WaitText("deleted 3")
	})
}

func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{120, 36}, {80, 24}, {40, 10}, {30, 8}} {
		for name, o := range map[string]theme.Options{
			"dark":  {},
			"ascii": {Glyphs: theme.ASCII, Palette: theme.None, Profile: termenv.Ascii},
		} {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				f := newFixture(t, o)
				term := uitest.Start(t, f.model(t), size[0], size[1])
				if size[0] >= 40 {
					term.WaitText("users cursor 0")
				} else {
					term.WaitText("need 40")
				}
				term.Golden(fmt.Sprintf("shell-%s-%dx%d", name, size[0], size[1]))
				if size[0] < 40 {
					return
				}
				term.Keys("d")
				term.WaitText("Delete it")
				term.Golden(fmt.Sprintf("confirm-%s-%dx%d", name, size[0], size[1]))
				term.Keys("\x1b")
				term.WaitGone("Delete it")
				term.Keys(":us")
				term.WaitText("Go to Users")
				term.Golden(fmt.Sprintf("palette-%s-%dx%d", name, size[0], size[1]))
				term.Keys("\x1b")
				term.WaitGone("Go to Users")
				term.Keys("?")
				term.WaitText("Help")
				term.Golden(fmt.Sprintf("help-%s-%dx%d", name, size[0], size[1]))
			})
		}
	}
}
