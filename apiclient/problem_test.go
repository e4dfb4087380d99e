package apiclient_test

import (
	"errors"
	"fmt"
	"testing"

	"umdeck/apiclient"
)

func TestProblems(t *testing.T) {
	if err := (apiclient.Problems{}).Err(); err != nil {
		t.Errorf("no problem is the error %v", err)
	}
	list := apiclient.Problems{{Field: "first_name", Message: "First Name is required"}, {Field: "age", Message: "Minimum number limit is 3"}}
	err := fmt.Errorf("register: %w", list.Err())
	if got := apiclient.KindOf(err); got != apiclient.Invalid {
		t.Errorf("its kind is %s; want invalid", got)
	}
	if got := apiclient.MessageOf(err); got != "First Name is required" {
		t.Errorf("its message is %q; want that of the first problem", got)
	}
	var found apiclient.Problems
	if !errors.As(err, &found) || len(found.Of("age")) != 1 || len(found.Of("last_name")) != 0 {
		t.Errorf("found %v in it; want both problems", found)
	}
}
