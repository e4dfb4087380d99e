package command

import (
	"context"
	"errors"
	"fmt"

	"umdeck/apiclient"
)

// An Exit is the code that the program ends with.
type Exit int

// The exit codes.
const (
	Done         Exit = iota // all was done
	Failed                   // a defect, the disk, or a no to a question
	Usage                    // the command line or a value in it is wrong
	NotFound                 // what it names does not exist
	Unauthorized             // the site does not know or does not allow who asks
	Refused                  // a conflict, a rule, or something the site cannot do
	Unavailable              // the site does not answer
	Partly                   // some of it was done, and the output says which
)

// ExitOf returns the code for an error; Done for nil.
func ExitOf(err error) Exit {
	if err == nil {
		return Done
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	switch apiclient.KindOf(err) {
	case apiclient.Invalid:
		return Usage
	case apiclient.NotFound:
		return NotFound
	case apiclient.Unauthorized, apiclient.Forbidden:
		return Unauthorized
	case apiclient.Conflict, apiclient.Unsupported:
		return Refused
	case apiclient.Unavailable:
		return Unavailable
	default: // Internal
		return Failed
	}
}

// An exitError ends the program with a code of its own.
type exitError struct {
	code Exit
	text string
}

func (e *exitError) Error() string { return e.text }

// sentenceOf returns what stderr says about an error.
func sentenceOf(err error) string {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.text
	}
	if e, ok := errors.AsType[*apiclient.Error](err); ok && e.Message != "" {
		return e.Message
	}
	if errors.Is(err, context.Canceled) {
		return "Interrupted."
	}
	return apiclient.MessageOf(err)
}

// summary returns the error for several things of which some failed: nil when none
// did, the one error where there was one thing, else a sentence with the numbers.
// Where nothing at all was done and all for one reason, that is the code.
func summary(errs []error) error {
	var (
		failed int
		code   Exit
		first  error
	)
	for _, err := range errs {
		if err == nil {
			continue
		}
		if failed++; failed == 1 {
			code, first = ExitOf(err), err
		} else if ExitOf(err) != code {
			code = Refused
		}
	}
	switch {
	case failed == 0:
		return nil
	case len(errs) == 1:
		return first
	case failed < len(errs):
		code = Partly
	}
	return &exitError{code, fmt.Sprintf("%d of %d were not done; the output says why.", failed, len(errs))}
}
