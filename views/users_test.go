package views_test

import (
	"slices"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// people are five users, one in each status. The list has them in this order from above,
// and the administrator of the new instance below.
func people(s *stage) {
	for _, n := range slices.Backward([]apiclient.NewUser{
		apitest.User("ada", apitest.AwaitingReview, apitest.DisplayName("Ada Lovelace"), apitest.Answer("country", "United Kingdom")),
		apitest.User("bob", apitest.Approved, apitest.DisplayName("Bob Noyce")),
		apitest.User("carla", apitest.AwaitingEmail, apitest.DisplayName("Carla Díaz")),
		apitest.User("dan", apitest.Inactive, apitest.DisplayName("Dan Bricklin")),
		apitest.User("eva", apitest.Rejected, apitest.DisplayName("Eva Li")),
	}) {
		s.user(n)
	}
}

func TestFilterUsers(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		press("/status:rejected" + enter)
		s.WaitGone("Ada Lovelace")
		s.WaitText("Eva Li")
		s.WaitText("1 match")
		press("/" + kill + "bob" + enter)
		s.WaitGone("Eva Li")
		s.cursorOn("Bob Noyce")
		press("/" + kill + "status:lost" + enter)
		s.WaitText("which is no account sta")
		press(esc)
		s.WaitGone("which is no account sta")
		press("/" + kill + "nobody" + enter)
		s.WaitText("No user matches this filter")
		press(esc)
		s.WaitText("Carla Díaz")
		s.WaitText("6 total")
	})
}

func TestPageOfAUser(t *testing.T) {
	in(t, play{seed: people, w: 80, h: 24}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		press("/login:ada,bob" + enter)
		s.settled("2 match")
		press(enter)
		s.WaitText("ada@example.com")
		s.WaitText("United Kingdom")
		press("J")
		s.WaitText("bob@example.com")
		press("K")
		s.WaitText("ada@example.com")
		press("o") // works on the user whose page is open
		s.WaitText("ada is approved.")
		press(esc)
		s.WaitText("2 match")
		s.cursorOn("Ada Lovelace")
	})
}
