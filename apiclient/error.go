package apiclient

import (
	"errors"
	"fmt"
)

// Kind says what the caller of a failed method can do about it.
type Kind int

// The kinds, with the exit code that a command ends with in brackets.
const (
	Internal     Kind = iota // a defect, or the disk: look at the log (1)
	Invalid                  // the request cannot be right: change it (2)
	NotFound                 // what it names does not exist (3)
	Unauthorized             // who asks is not known: give other credentials (4)
	Forbidden                // who asks is known and may not (4)
	Conflict                 // the state of things refuses it: look, then decide (5)
	Unsupported              // this site cannot do it, whoever asks (5)
	Unavailable              // nobody answered, or not now: try again later (6)
)

var kindNames = [...]string{"internal", "invalid", "not_found", "unauthorized", "forbidden", "conflict", "unsupported", "unavailable"}

// String returns the kind's name as it stands on the wire, such as "not_found".
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("kind(%d)", int(k))
	}
	return kindNames[k]
}

// ParseKind returns the kind whose name is s; an unknown name is Internal.
func ParseKind(s string) Kind {
	for k, name := range kindNames {
		if name == s {
			return Kind(k)
		}
	}
	return Internal
}

// An Error is what every method of [API] fails with.
type Error struct {
	Kind    Kind
	Message string // one sentence for the person at the screen: names the thing and the fix
	Field   string // the field key or parameter at fault; empty when it is none
	Err     error  // the cause, for the log; may be nil
}

// Error returns the message, and the cause where the message is empty.
func (e *Error) Error() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Err != nil:
		return e.Err.Error()
	}
	return e.Kind.String() + " error"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error of kind k whose message is formatted as by [fmt.Sprintf].
func Errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// FieldErrorf is [Errorf] of kind [Invalid] about the field or parameter key.
func FieldErrorf(key, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Field: key, Message: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of err; an error without one is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// MessageOf returns the sentence of err that is meant for a person. The text of
// an error without one stays in the log, and the person reads "internal error".
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Message != "" {
		return e.Message
	}
	return "internal error; the log has the cause"
}
