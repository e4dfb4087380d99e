package apiclient

import (
	"regexp"
	"strings"
)

var hiddenElement = regexp.MustCompile(`(?is)<(?:script|style)[^>]*>.*?</(?:script|style)\s*>`)

// stripTags removes what a browser would take for a tag, with the content of
// scripts and styles, and trims the rest. A < that opens no tag stays, as in
// "1 < 2", where WordPress would store &lt;. What comes out has no tag, even where
// taking one away puts the pieces of another one together.
func stripTags(s string) string {
	s = hiddenElement.ReplaceAllString(s, "")
	out := make([]byte, 0, len(s))
	var open []int // where the < are that no > has closed yet
	for i := range len(s) {
		c := s[i]
		if c == '<' {
			open = append(open, len(out))
		}
		if c == '>' {
			n := len(open) - 1
			for n >= 0 && !opensTag(out[open[n]:]) {
				n--
			}
			if n >= 0 {
				out, open = out[:open[n]], open[:n]
				continue
			}
			open = open[:0]
		}
		out = append(out, c)
	}
	return strings.TrimSpace(string(out))
}

// opensTag reports whether s, which starts with <, is the start of a tag, a
// closing tag, a comment or an instruction.
func opensTag(s []byte) bool {
	if len(s) < 2 {
		return false
	}
	c := s[1] | 0x20
	return 'a' <= c && c <= 'z' || s[1] == '/' || s[1] == '!' || s[1] == '?'
}
