package apiclient_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"umdeck/apiclient"
)

func TestErrors(t *testing.T) {
	refusal := apiclient.FieldErrorf("email", "The address %s is taken; give another.", "a@b.cc")
	cause := &apiclient.Error{Kind: apiclient.Unavailable, Err: io.EOF}
	for _, c := range []struct {
		err     error
		kind    apiclient.Kind
		message string
	}{
		{refusal, apiclient.Invalid, "The address a@b.cc is taken; give another."},
		{fmt.Errorf("create user: %w", refusal), apiclient.Invalid, "The address a@b.cc is taken; give another."},
		{errors.Join(io.EOF, refusal), apiclient.Invalid, "The address a@b.cc is taken; give another."},
		{cause, apiclient.Unavailable, "internal error; the log has the cause"},
		{io.EOF, apiclient.Internal, "internal error; the log has the cause"},
		{nil, apiclient.Internal, "internal error; the log has the cause"},
	} {
		if kind, message := apiclient.KindOf(c.err), apiclient.MessageOf(c.err); kind != c.kind || message != c.message {
			t.Errorf("%v is %s: %q", c.err, kind, message)
		}
	}
	if !errors.Is(cause, io.EOF) || cause.Error() != "EOF" {
		t.Errorf("the cause of %v is lost", cause)
	}
}

func TestKindNames(t *testing.T) {
	for k := apiclient.Internal; k <= apiclient.Unavailable; k++ {
		if apiclient.ParseKind(k.String()) != k {
			t.Errorf("%s is not read back", k)
		}
	}
	if apiclient.Kind(99).String() != "kind(99)" || apiclient.ParseKind("kind(99)") != apiclient.Internal || apiclient.ParseKind("") != apiclient.Internal {
		t.Error("what is no kind is not Internal")
	}
}
