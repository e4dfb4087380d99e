package console

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"umdeck/theme"
)

// overlay puts a box in the middle of the lines, which are w cells wide, cell by cell:
// what is beside the box stays as it was.
func overlay(lines []string, box string, w int) []string {
	rows := strings.Split(box, "\n")
	bw := 0
	for _, r := range rows {
		bw = max(bw, theme.Width(r))
	}
	bw = min(bw, w)
	x, y := (w-bw)/2, max((len(lines)-len(rows))/2, 0)
	out := append([]string(nil), lines...)
	for i, r := range rows {
		if y+i >= len(out) {
			break
		}
		out[y+i] = splice(out[y+i], r, x, bw, w)
	}
	return out
}

// splice replaces bw cells of line from x on. A wide character that is cut in two
// leaves a blank.
func splice(line, row string, x, bw, w int) string {
	left := theme.Pad(ansi.Truncate(line, x, ""), x)
	right := ansi.TruncateLeft(line, x+bw, "")
	if theme.Width(right) > w-x-bw {
		right = ansi.TruncateLeft(line, x+bw+1, "")
	}
	right = theme.PadLeft(right, w-x-bw)
	return left + theme.Pad(theme.Clip(row, bw), bw) + right
}
