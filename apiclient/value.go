package apiclient

import (
	"slices"
	"strings"
)

// A Value is what a site stores for a field of a user: one text, or a list of
// texts (checkbox, radio and multiselect are lists; see [FieldType.Many]).
// The zero Value is the empty text.
type Value struct {
	Text string
	List []string // not nil: a list, even an empty one; Text is empty then
}

// Text returns a Value of one text.
func Text(s string) Value { return Value{Text: s} }

// List returns a Value that is a list of the given texts.
func List(s ...string) Value {
	if s == nil {
		s = []string{}
	}
	return Value{List: s}
}

// Empty reports whether nothing is stored: an empty text, or a list without a
// text that is not empty.
func (v Value) Empty() bool {
	return v.Text == "" && !slices.ContainsFunc(v.List, func(s string) bool { return s != "" })
}

// Equal reports whether v and w hold the same; a list never equals a text.
func (v Value) Equal(w Value) bool {
	return v.Text == w.Text && (v.List == nil) == (w.List == nil) && slices.Equal(v.List, w.List)
}

// String returns the text, or the list joined by ", ".
func (v Value) String() string {
	if v.List != nil {
		return strings.Join(v.List, ", ")
	}
	return v.Text
}
