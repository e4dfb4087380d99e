package console

import (
	"strings"
	"testing"

	"umdeck/theme"
)

func TestAlign(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"plain":     {"│ Jürgen 山田 ▸ │", "│ Jürgen 山田 ▸ │"},
		"thai":      {"│\x1b[1mน้ำ\x1b[0m│", "\x1b[2K│\x1b[1mน้ำ\x1b[3G\x1b[0m│"},
		"flag":      {"a🇩🇪b", "\x1b[2Ka🇩🇪\x1b[4Gb"},
		"accent":    {"e\u0301x", "e\u0301x"},
		"in pieces": {"\u304b\u3099x", "\x1b[2K\u304b\u3099\x1b[3Gx"},
	} {
		if got := align(tc.in); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
		if theme.Width(align(tc.in)) != theme.Width(tc.in) {
			t.Errorf("%s: the width has changed", name)
		}
	}
}

func BenchmarkAlign(b *testing.B) {
	line := "│" + strings.Repeat("Jürgen 山田 ▸ ──", 8) + "│"
	for b.Loop() {
		align(line)
	}
}
