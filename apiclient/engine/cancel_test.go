package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// TestAReadMayEndAnywhere ends reads between any two of their rows, as a console does
// with a question that is no longer asked: each gives an answer or an error.
func TestAReadMayEndAnywhere(t *testing.T) {
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir()})))(t)
	for i := range 200 {
		must(e.CreateUser(t.Context(), apitest.User(fmt.Sprintf("user%d", i))))(t)
	}
	for n := range 400 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*10*time.Microsecond)
		page, err := e.Users(ctx, apiclient.UserQuery{Limit: 200, WithFields: true})
		cancel()
		if err == nil && len(page.Users) != 200 {
			t.Fatalf("a read without an error has %d users", len(page.Users))
		}
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
