package apitest

import (
	"context"
	"testing"

	"umdeck/apiclient"
)

// testContexts calls every method with a context that has ended: it fails at once,
// and nothing is done.
func testContexts(t *testing.T, s *subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range calls() {
		if c.name == "Watch" || !s.can(c.need) {
			continue // Watch ends without an error; group Missing has the others
		}
		if err := c.do(ctx, s.API); err == nil {
			t.Errorf("%s: no error with a context that has ended", c.name)
		}
	}
	if !s.can(apiclient.CanCreateUsers, apiclient.CanListUsers) {
		return
	}
	if _, err := s.CreateUser(ctx, User(s.login("late"))); err == nil {
		t.Error("CreateUser: no error with a context that has ended")
	}
	_, err := s.FindUser(t.Context(), s.login("late"))
	wantKind(t, "FindUser of one whose creation was cancelled", err, apiclient.NotFound)
}
