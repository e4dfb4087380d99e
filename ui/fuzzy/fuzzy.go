// Package fuzzy finds what a person means by a few letters: the letters in order,
// anywhere, whatever their case. Starts of words and runs of letters count for more.
package fuzzy

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Score returns how well pattern fits text, higher is better, and where its letters
// are, as indexes of runes. ok is false when they are not all there. An empty pattern
// fits everything with score 0.
func Score(pattern, text string) (score int, at []int, ok bool) {
	p := fold(pattern)
	t := []rune(text)
	f := fold(text)
	if len(p) == 0 {
		return 0, nil, true
	}
	if i := index(f, p); i >= 0 { // in one piece beats everything else
		for j := range p {
			at = append(at, i+j)
		}
		score = 100 * len(p)
		if i == 0 {
			score += 50
		}
		if wordStart(t, i) {
			score += 30
		}
		return score - len(t), at, true
	}
	from := 0
	for _, r := range p {
		i := slices.Index(f[from:], r)
		if i < 0 {
			return 0, nil, false
		}
		i += from
		switch {
		case wordStart(t, i):
			score += 20
		case len(at) > 0 && at[len(at)-1] == i-1:
			score += 10
		default:
			score -= i - from
		}
		at = append(at, i)
		from = i + 1
	}
	return score - len(t), at, true
}

func wordStart(t []rune, i int) bool {
	return i == 0 || !unicode.IsLetter(t[i-1]) && !unicode.IsDigit(t[i-1]) || unicode.IsUpper(t[i]) && unicode.IsLower(t[i-1])
}

func fold(s string) []rune {
	rs := []rune(s)
	for i, r := range rs {
		rs[i] = unicode.ToLower(r)
	}
	return rs
}

func index(t, p []rune) int {
	for i := 0; i+len(p) <= len(t); i++ {
		if slices.Equal(t[i:i+len(p)], p) {
			return i
		}
	}
	return -1
}

// Words scores several words, separated by blanks, that must all fit text.
func Words(pattern, text string) (score int, ok bool) {
	for w := range strings.FieldsSeq(pattern) {
		s, _, ok := Score(w, text)
		if !ok {
			return 0, false
		}
		score += s
	}
	return score, true
}

// Rank returns the indexes of the texts that the words of pattern fit, the best first;
// equal ones keep their order.
func Rank(pattern string, texts []string) []int {
	return RankBy(len(texts), func(i int) (int, bool) { return Words(pattern, texts[i]) })
}

// RankBy returns those of the indexes below n that score takes, the best first; equal
// ones keep their order.
func RankBy(n int, score func(i int) (int, bool)) []int {
	type hit struct{ i, score int }
	var hits []hit
	for i := range n {
		if s, ok := score(i); ok {
			hits = append(hits, hit{i, s})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	at := make([]int, len(hits))
	for i, h := range hits {
		at[i] = h.i
	}
	return at
}
