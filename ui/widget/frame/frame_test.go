package frame_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/widgettest"
)

func TestFrames(t *testing.T) {
	th := widgettest.Plain()
	a := frame.Pane{Title: []string{"Users", "", "12 total"}, Lines: []string{"one", "山田太郎 and more"}}
	b := frame.Pane{Title: []string{"#7"}, Lines: []string{"x"}}
	for _, c := range []struct {
		name string
		got  []string
		want string
	}{
		{"box", frame.Box(th, a, 24, 4), `
┌─ Users ─ 12 total ───┐
│one                   │
│山田太郎 and more     │
└──────────────────────┘`},
		{"ascii", frame.Box(widgettest.ASCII(), a, 12, 4), `
+- Users --+
|one       |
|山田太郎 a|
+----------+`},
		{"beside", frame.Beside(th, a, b, 12, 24, 4), `
┌─ Users ────┬─ #7 ────┐
│one         │x        │
│山田太郎 and│         │
└────────────┴─────────┘`},
		{"above", frame.Above(th, a, b, 2, 14, 6), `
┌─ Users ────┐
│one         │
│山田太郎 and│
├─ #7 ───────┤
│x           │
└────────────┘`},
		{"no room beside", frame.Beside(th, a, b, 30, 10, 3), `
┌─ Use… ─┐
│one     │
└────────┘`},
	} {
		if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), strings.Join(c.got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestEveryFrameFillsItsSize(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	titles := [][]string{nil, {"Users"}, {"Users", "12 480 total", "\x1b[2Jx"}, {strings.Repeat("山", 30), "b"}}
	for _, th := range widgettest.Themes() {
		for range 80 {
			w, h := 2+rnd.IntN(60), 2+rnd.IntN(20)
			p := func() frame.Pane {
				return frame.Pane{Title: titles[rnd.IntN(len(titles))], Lines: []string{"", "x", strings.Repeat("山", rnd.IntN(40))}, Focus: rnd.IntN(2) == 0}
			}
			n := rnd.IntN(70)
			for _, lines := range [][]string{frame.Box(th, p(), w, h), frame.Beside(th, p(), p(), n, w, h), frame.Above(th, p(), p(), n, w, h)} {
				widgettest.Exact(t, strings.Join(lines, "\n"), w, h)
				box := frame.Box(th, p(), 2+rnd.IntN(20), 2+rnd.IntN(5))
				frame.Overlay(lines, box, rnd.IntN(w), rnd.IntN(h))
				widgettest.Exact(t, strings.Join(lines, "\n"), w, h)
			}
		}
	}
}

func TestOverlayLeavesTheRestAlone(t *testing.T) {
	got := frame.Overlay([]string{"山田太郎と花子", "abcdefghijklmn"}, []string{"[box]", "[box]"}, 3, 0)
	if diff := cmp.Diff([]string{"山 [box]と花子", "abc[box]ijklmn"}, got); diff != "" {
		t.Error(diff)
	}
	got = frame.Overlay([]string{"\x1b[1mabcdefgh\x1b[0m"}, []string{"--"}, 2, 0)
	if diff := cmp.Diff([]string{"\x1b[1mab\x1b[0m\x1b[0m--\x1b[1mefgh\x1b[0m"}, got); diff != "" {
		t.Error(diff)
	}
}
