package apiclient

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckName returns an Error of kind Invalid about field for a text that is shown
// on one line, such as "The zap's name", and has control characters in it or is
// not UTF-8: it would reach terminals, lists and the bodies of hooks. What stands
// at its ends is the caller's to trim.
func CheckName(field, what, text string) error {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) {
		return FieldErrorf(field, "%s is not valid UTF-8; write it in that encoding.", what)
	}
	if i := strings.IndexFunc(text, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return FieldErrorf(field, "%s has the control character %U in it; leave it away.", what, r)
	}
	return nil
}
