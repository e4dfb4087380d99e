package apitest

import (
	"errors"
	"slices"
	"testing"

	"umdeck/apiclient"
)

// wantKind fails the test unless err is an apiclient.Error of one of the kinds
// that says something to a person.
func wantKind(t *testing.T, what string, err error, kinds ...apiclient.Kind) {
	t.Helper()
	e, ok := errors.AsType[*apiclient.Error](err)
	switch {
	case err == nil:
		t.Errorf("%s: no error; want %v", what, kinds)
	case !ok:
		t.Errorf("%s: %T %v; want an *apiclient.Error of kind %v", what, err, err, kinds)
	case !slices.Contains(kinds, e.Kind):
		t.Errorf("%s: %s error %q; want kind %v", what, e.Kind, e.Message, kinds)
	case e.Message == "":
		t.Errorf("%s: a %s error without a message: %v", what, e.Kind, e)
	}
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ids(list []apiclient.User) []apiclient.UserID {
	got := make([]apiclient.UserID, len(list))
	for i, u := range list {
		got[i] = u.ID
	}
	return got
}
