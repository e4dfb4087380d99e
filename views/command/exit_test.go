package command

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"umdeck/apiclient"
)

func TestExitOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Exit
	}{
		{nil, Done},
		{errors.New("a defect"), Failed},
		{apiclient.Errorf(apiclient.Internal, "x"), Failed},
		{apiclient.Errorf(apiclient.Invalid, "x"), Usage},
		{apiclient.Errorf(apiclient.NotFound, "x"), NotFound},
		{apiclient.Errorf(apiclient.Unauthorized, "x"), Unauthorized},
		{apiclient.Errorf(apiclient.Forbidden, "x"), Unauthorized},
		{apiclient.Errorf(apiclient.Conflict, "x"), Refused},
		{apiclient.Errorf(apiclient.Unsupported, "x"), Refused},
		{apiclient.Errorf(apiclient.Unavailable, "x"), Unavailable},
		{fmt.Errorf("while reading: %w", apiclient.Errorf(apiclient.NotFound, "x")), NotFound},
		{&exitError{Partly, "x"}, Partly},
		{context.Canceled, Failed},
	} {
		if got := ExitOf(c.err); got != c.want {
			t.Errorf("%v: %d; want %d", c.err, got, c.want)
		}
	}
}

func TestSummary(t *testing.T) {
	conflict, missing, down := apiclient.Errorf(apiclient.Conflict, "refused"), apiclient.Errorf(apiclient.NotFound, "missing"), apiclient.Errorf(apiclient.Unavailable, "down")
	for _, c := range []struct {
		name string
		errs []error
		want Exit
		text string
	}{
		{"nothing to do", nil, Done, ""},
		{"all done", []error{nil, nil}, Done, ""},
		{"the only one", []error{missing}, NotFound, "missing"},
		{"some", []error{nil, conflict}, Partly, "1 of 2 were not done; the output says why."},
		{"all for one reason", []error{down, down}, Unavailable, "2 of 2 were not done; the output says why."},
		{"all for several reasons", []error{missing, conflict}, Refused, "2 of 2 were not done; the output says why."},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := summary(c.errs)
			if got := ExitOf(err); got != c.want {
				t.Errorf("code %d; want %d", got, c.want)
			}
			if err != nil && sentenceOf(err) != c.text {
				t.Errorf("says %q; want %q", sentenceOf(err), c.text)
			}
		})
	}
}

func TestSentenceOf(t *testing.T) {
	if got := sentenceOf(errors.New("sql: syntax error near secret")); got != "internal error; the log has the cause" {
		t.Errorf("a defect reads %q", got)
	}
	if got := sentenceOf(fmt.Errorf("read: %w", context.Canceled)); got != "Interrupted." {
		t.Errorf("an interruption reads %q", got)
	}
}

func TestCell(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, ""},
		{"=1+1", "=1+1"},
		{int64(-3), "-3"},
		{true, "true"},
		{[]string{}, ""},
		{[]string{"a", "b"}, "a, b"},
		{[]string{"a, b", "c"}, `["a, b","c"]`},
		{[]string{`[x`}, `["[x"]`},
		{apiclient.Payload{{Key: "a", Value: "<é>"}}, `{"a":"<é>"}`},
	} {
		if got := cellOf(c.value); got != c.want {
			t.Errorf("%#v is %q; want %q", c.value, got, c.want)
		}
	}
}
