package sparkline_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"umdeck/theme"
	"umdeck/ui/widget/sparkline"
)

func TestLine(t *testing.T) {
	u, a := theme.New(theme.Options{}), theme.New(theme.Options{Glyphs: theme.ASCII})
	for _, c := range []struct {
		name   string
		th     *theme.Theme
		values []int
		w      int
		want   string
	}{
		{"rising", u, []int{1, 2, 3, 4, 5, 6, 7, 8}, 8, "▂▃▄▅▆▇██"},
		{"ascii", a, []int{0, 1, 8}, 3, " .#"},
		{"little beside much", u, []int{1, 1000}, 2, "▁█"},
		{"nothing", u, []int{0, 0}, 2, "  "},
		{"fewer than cells", u, []int{5}, 4, "   █"},
		{"more than cells", u, []int{1, 1, 1, 3, 3}, 3, "▂▃█"},
		{"negative", u, []int{-5, 5}, 2, " █"},
		{"huge", u, []int{math.MaxInt, math.MaxInt, math.MaxInt}, 2, "▅█"},
		{"none", u, nil, 3, "   "},
		{"no room", u, []int{1}, 0, ""},
	} {
		if got := sparkline.Line(c.th, c.values, c.w); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add([]byte{1, 2, 200}, 2)
	th := theme.New(theme.Options{})
	f.Fuzz(func(t *testing.T, b []byte, w int) {
		w = min(w, 500)
		var values []int
		for _, v := range b {
			values = append(values, int(int8(v)))
		}
		if got := theme.Width(sparkline.Line(th, values, w)); got != max(w, 0) {
			t.Errorf("%v in %d takes %d cells", values, w, got)
		}
	})
}

func TestBar(t *testing.T) {
	th := theme.New(theme.Options{})
	for _, c := range []struct {
		done float64
		want string
	}{
		{0, "░░░░"},
		{0.01, "█░░░"},
		{0.5, "██░░"},
		{0.999, "███░"},
		{1, "████"},
		{7, "████"},
		{-1, "░░░░"},
		{math.NaN(), "░░░░"},
	} {
		if got := sparkline.Bar(th, c.done, 4); got != c.want {
			t.Errorf("%v: %q, want %q", c.done, got, c.want)
		}
	}
}

func ExampleLine() {
	th := theme.New(theme.Options{})
	hours := slices.Repeat([]int{1, 4, 9, 4}, 2)
	fmt.Println(sparkline.Line(th, hours, 8), "24 h")
	// Output: ▁▄█▄▁▄█▄ 24 h
}
