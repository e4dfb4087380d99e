package scroll_test

import (
	"testing"

	"umdeck/ui/widget/scroll"
)

func TestPress(t *testing.T) {
	for _, c := range []struct {
		name    string
		win     scroll.Window
		keys    []string
		at, top int
	}{
		{"down", scroll.Window{Len: 100, Height: 10}, []string{"j", "down"}, 2, 0},
		{"the window follows", scroll.Window{Len: 100, Height: 10, At: 9}, []string{"j"}, 10, 1},
		{"up at the top", scroll.Window{Len: 100, Height: 10}, []string{"k", "up"}, 0, 0},
		{"last", scroll.Window{Len: 100, Height: 10}, []string{"G"}, 99, 90},
		{"first", scroll.Window{Len: 100, Height: 10, At: 50, Top: 45}, []string{"home"}, 0, 0},
		{"half a page", scroll.Window{Len: 100, Height: 10}, []string{"ctrl+d", "ctrl+d", "ctrl+u"}, 5, 1},
		{"a page keeps a line", scroll.Window{Len: 100, Height: 10}, []string{"pgdown"}, 9, 0},
		{"past the end", scroll.Window{Len: 5, Height: 10}, []string{"pgdown"}, 4, 0},
		{"empty", scroll.Window{Height: 10}, []string{"j", "G", "pgup"}, 0, 0},
		{"without a height", scroll.Window{Len: 5}, []string{"j"}, 1, 0},
		{"pager", scroll.Window{Len: 100, Height: 10, Pager: true}, []string{"j", "j"}, 2, 2},
		{"pager at the end", scroll.Window{Len: 100, Height: 10, Pager: true}, []string{"G", "j"}, 90, 90},
		{"slack", scroll.Window{Len: 100, Height: 10, Slack: true, Top: 95, At: 99}, []string{"k"}, 98, 95},
	} {
		for _, k := range c.keys {
			if !c.win.Press(k) {
				t.Errorf("%s: %s is no key", c.name, k)
			}
		}
		if c.win.At != c.at || c.win.Top != c.top {
			t.Errorf("%s: at %d, top %d; want %d, %d", c.name, c.win.At, c.win.Top, c.at, c.top)
		}
	}
	if (&scroll.Window{}).Press("x") {
		t.Error("x is a key")
	}
}

func FuzzClamp(f *testing.F) {
	f.Add(100, 10, 50, 45, false, false)
	f.Fuzz(func(t *testing.T, length, height, at, top int, pager, slack bool) {
		length, height = min(max(length, 0), 1000), min(max(height, 0), 1000)
		w := scroll.Window{Len: length, Height: height, At: at, Top: top, Pager: pager, Slack: slack}
		w.Clamp()
		if w.Top < 0 || w.Top > max(length-1, 0) || w.At < 0 || w.At > max(length-1, 0) || w.End() > length {
			t.Errorf("%+v is outside of the list", w)
		}
		if height > 0 && length > 0 && (w.At < w.Top || w.At >= w.Top+height) {
			t.Errorf("%+v has its cursor out of sight", w)
		}
		if !slack && length >= height && w.Top > length-height {
			t.Errorf("%+v has blank lines for no reason", w)
		}
		if again := w; true {
			if again.Clamp(); again != w {
				t.Errorf("%+v moves to %+v by itself", w, again)
			}
		}
	})
}
