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
	var t tally
	for _, err := range errs {
		t.add(err)
	}
	return t.err()
}

// A tally counts what became of several things.
type tally struct {
	all, failed int
	code        Exit  // of those that failed; Refused where they failed for several reasons
	first       error // of the first that failed
}

func (t *tally) add(err error) {
	t.all++
	if err == nil {
		return
	}
	if t.failed++; t.failed == 1 {
		t.code, t.first = ExitOf(err), err
	} else if ExitOf(err) != t.code {
		t.code = Refused
	}
}

// err is what summary returns.
func (t *tally) err() error {
	code := t.code
	switch {
	case t.failed == 0:
		return nil
	case t.all == 1:
		return t.first
	case t.failed < t.all:
		code = Partly
	}
	return &exitError{code, fmt.Sprintf("%d of %d were not done; the output says why.", t.failed, t.all)}
}
