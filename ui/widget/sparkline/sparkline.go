// Package sparkline draws numbers as a row of small bars, and shares as a progress bar.
package sparkline

import (
	"math"
	"strings"

	"umdeck/theme"
)

// Line returns values as w bars, the last one to the right. More values than
// cells are summed in groups, so that nothing is left out; fewer leave the left side blank. The
// highest is a full bar; a value above zero is never blank. Negative values count as zero.
func Line(th *theme.Theme, values []int, w int) string {
	if w <= 0 {
		return ""
	}
	groups := gather(values, w)
	highest := 0.0
	for _, v := range groups {
		highest = max(highest, v)
	}
	spark := th.Glyph.Spark
	var b strings.Builder
	b.WriteString(theme.Spaces(w - len(groups)))
	for _, v := range groups {
		if v <= 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(spark[min(int(v/highest*float64(len(spark))), len(spark)-1)])
	}
	return b.String()
}

// gather sums values into at most w groups of equal size, the newest ones last and whole.
// Sums are floats, because those of large numbers would overflow.
func gather(values []int, w int) []float64 {
	size := max((len(values)+w-1)/w, 1)
	var groups []float64
	for end := len(values); end > 0; end -= size {
		sum := 0.0
		for _, v := range values[max(end-size, 0):end] {
			sum += float64(max(v, 0))
		}
		groups = append(groups, sum)
	}
	for i, j := 0, len(groups)-1; i < j; i, j = i+1, j-1 {
		groups[i], groups[j] = groups[j], groups[i]
	}
	return groups
}

// Bar returns a bar of w cells of which the share done is full. A share above zero shows at least one
// cell, and only a whole one fills all.
func Bar(th *theme.Theme, done float64, w int) string {
	if w <= 0 {
		return ""
	}
	if math.IsNaN(done) {
		done = 0
	}
	done = min(max(done, 0), 1)
	full := int(done * float64(w))
	if full == 0 && done > 0 && w > 1 {
		full = 1
	}
	return strings.Repeat(th.Glyph.Full, full) + strings.Repeat(th.Glyph.Empty, w-full)
}
