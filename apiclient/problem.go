package apiclient

import "strings"

// A Problem is why a form does not take what it was sent.
type Problem struct {
	Field   string // key of the field at fault; empty: the form as a whole
	Message string // a sentence for the member, worded as Ultimate Member words it where it has one
}

// Problems is the error of a form that was not accepted: all that is wrong with it, in
// the order of its fields. Its kind is Invalid, and its message that of the first.
type Problems []Problem //nolint:errname // a list of problems, which is what its users read it as

// Error returns the messages, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Message
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the first problem as an [Error] of kind Invalid; nil when there is none.
func (p Problems) Unwrap() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Field: p[0].Field, Message: p[0].Message}
}

// Of returns the messages about a field.
func (p Problems) Of(key string) []string {
	var list []string
	for _, one := range p {
		if one.Field == key {
			list = append(list, one.Message)
		}
	}
	return list
}

// Err returns p as an error, and nil when there is no problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
