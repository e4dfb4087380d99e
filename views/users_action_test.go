package views_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// only filters the list down to users and puts the cursor on the first.
func only(s *stage, press func(string), logins string) {
	press("/" + kill + "login:" + logins + enter)
	s.WaitFor(logins, func(screen string) bool {
		return strings.Contains(screen, "filter login:"+logins) && !strings.Contains(screen, "loading") &&
			strings.Contains(screen, fmt.Sprintf("%d match", strings.Count(logins, ",")+1))
	})
}

func TestStatusActionsOnOne(t *testing.T) {
	for _, c := range []struct {
		name, login, key string
		asks             string // a line of the question; empty: it is done at once
		said             string
		want             apiclient.Status
	}{
		{"approve from review", "ada", "o", "", "ada is approved.", apiclient.StatusApproved},
		{"approve from rejected", "eva", "o", "welcome_email", "eva is approved.", apiclient.StatusApproved},
		{"reject", "ada", "r", "rejected_email", "ada is rejected.", apiclient.StatusRejected},
		{"put as pending", "bob", "W", "The member is logged out", "bob is put as pending.", apiclient.StatusAwaitingReview},
		{"send the activation", "bob", "M", "The member is logged out", "bob awaits e-mail confirmation", apiclient.StatusAwaitingEmail},
		{"send it again", "carla", "M", "checkmail_email", "carla awaits e-mail confirmation", apiclient.StatusAwaitingEmail},
		{"deactivate", "bob", "x", "inactive_email", "bob is deactivated.", apiclient.StatusInactive},
		{"reactivate", "dan", "i", "welcome_email", "dan is reactivated.", apiclient.StatusApproved},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := raise(t, play{seed: people})
			s.WaitText("Ada Lovelace")
			only(s, s.Keys, c.login)
			s.Keys(c.key)
			if c.asks != "" {
				s.WaitText(c.asks)
				s.WaitText("on Test")
				s.Keys(enter) // Cancel has the cursor
				s.WaitGone(c.asks)
				s.Keys(c.key)
				s.WaitText(c.asks)
				s.Keys("y")
			}
			s.WaitText(c.said)
			if got := s.find(c.login).Status; got != c.want {
				t.Errorf("%s is %s, want %s", c.login, got, c.want)
			}
			s.WaitText(c.want.Label())
		})
	}
}

func TestRefusalsSayWhy(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		for _, c := range []struct{ login, key, why string }{
			{"bob", "o", "The account is approved already."},
			{"dan", "o", "An inactive account cannot be approved; reactivate it."},
			{"bob", "r", "Only an account that awaits review can be rejected"},
			{"ada", "W", "The account awaits review already."},
			{"dan", "x", "The account is inactive already."},
			{"bob", "i", "Only an inactive account can be reactivated"},
			{"bob,dan", "Vo", "It can be done to none of the marked users."},
		} {
			only(s, press, c.login)
			press(c.key)
			s.WaitText(c.why)
			press("U")
		}
		if got := s.find("bob").Status; got != apiclient.StatusApproved {
			t.Errorf("bob is %s", got)
		}
	})
}

func TestUndoOfOne(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		only(s, press, "ada")
		press("o")
		s.WaitText("u undoes approve ada")
		press("u")
		s.WaitText("ada is put as pending.")
		if got := s.find("ada").Status; got != apiclient.StatusAwaitingReview {
			t.Errorf("ada is %s", got)
		}
		press("R")
		s.WaitText("Change role to")
		press("editor" + enter)
		s.WaitText("ada has the role editor.")
		press("u")
		s.WaitText("ada has the role subscriber.")
		if got := s.find("ada").Roles; !slices.Equal(got, []apiclient.RoleSlug{"subscriber"}) {
			t.Errorf("ada has the roles %v", got)
		}
	})
}

func TestAdministratorsAreMadeAfterAQuestion(t *testing.T) {
	s := raise(t, play{seed: people})
	s.WaitText("Ada Lovelace")
	only(s, s.Keys, "ada")
	s.Keys("R")
	s.WaitText("Change role to")
	s.Keys("administ" + enter)
	s.WaitText("may change everything on the site")
	s.Keys("y")
	s.WaitText("ada has the role administrator.")
	s.Keys("R")
	s.WaitText("Change role to")
	s.Keys("subscr" + enter)
	s.WaitText("Give ada the role subscriber")
	s.Keys("y")
	s.WaitText("ada has the role subscriber.")
	only(s, s.Keys, "admin")
	s.Keys("R")
	s.WaitText("Change role to")
	s.Keys("subscr" + enter)
	s.WaitText("administrator")
	if got := s.find("admin").Role(); got != "administrator" {
		t.Errorf("the last administrator is %s", got)
	}
}

func TestActionOnMany(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		only(s, press, "ada,bob,carla,dan,eva")
		s.cursorOn("Ada Lovelace")
		press("vjjjjo") // an action in the middle of a range means the range
		s.WaitText("Approve 3 users on Test")
		s.WaitText("ada, carla, eva")
		s.WaitText("Refused: 1 × The account is approved already.")
		s.WaitText("Refused: 1 × An inactive account cannot be approved")
		press("y")
		s.WaitText("Approve: 3 users: 3 done")
		for _, login := range []string{"ada", "carla", "eva"} {
			if got := s.find(login).Status; got != apiclient.StatusApproved {
				t.Errorf("%s is %s", login, got)
			}
		}
		s.WaitGone("marked")
	})
}

func TestRangeGoesOnUntilItEnds(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		press("gvjj")
		s.WaitText("range: v ends it")
		press("v")
		s.WaitText("3 marked")
		press("e")
		s.WaitText("Several users are marked")
		press("U")
		s.WaitGone("3 marked")
	})
}

func TestUndoOfMany(t *testing.T) {
	s := raise(t, play{seed: func(s *stage) {
		for i := range 3 {
			s.user(apitest.User(fmt.Sprintf("new%d", i), apitest.AwaitingReview))
		}
	}})
	s.WaitText("3 to review")
	s.Keys("f")
	s.WaitText("Show the users in")
	s.Keys("3")
	s.settled("3 match")
	s.Keys("Vo")
	s.WaitText("Approve 3 users on Test")
	s.Keys("y")
	s.WaitText("3 users: approved.")
	s.WaitText("u undoes that")
	s.Keys("u")
	s.WaitText("Put as pending: 3 users: 3 done")
	s.WaitText("3 match")
}

func TestDeleteIsTyped(t *testing.T) {
	in(t, play{seed: people}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Ada Lovelace")
		only(s, press, "bob")
		press("d")
		s.WaitText("This cannot be undone.")
		s.WaitText("um_delete_user")
		s.Slow("delete ada" + enter)
		s.WaitText("that is not the phrase")
		s.Slow(kill + "delete bob" + enter)
		s.WaitText("bob is deleted.")
		_, err := s.api.FindUser(s.ctx, "bob")
		if apiclient.KindOf(err) != apiclient.NotFound {
			t.Errorf("bob is still there: %v", err)
		}
		s.WaitText("No user matches this filter")
	})
}

func TestCopyUsers(t *testing.T) {
	s := raise(t, play{seed: people})
	s.WaitText("Ada Lovelace")
	only(s, s.Keys, "ada,bob")
	s.cursorOn("Ada Lovelace")
	s.Keys("ye")
	s.WaitText("copied the e-mail address")
	if got := s.clip.last(t); got != "ada@example.com" {
		t.Errorf("copied %q", got)
	}
	s.Keys("Vyl")
	s.WaitText("copied 2 logins")
	if got := s.clip.last(t); got != "ada\nbob" {
		t.Errorf("copied %q", got)
	}
	s.Keys("yo")
	s.WaitText("copied 2 JSON objects")
	if got := s.clip.last(t); !strings.HasPrefix(got, `{"id":`) || !strings.Contains(got, `"login":"bob"`) || strings.Count(got, "\n") != 1 {
		t.Errorf("copied %q", got)
	}
}

func TestReadOnlyConsoleChangesNothing(t *testing.T) {
	s := raise(t, play{seed: people, readOnly: true})
	s.WaitText("Ada Lovelace")
	for _, key := range []string{"o", "r", "x", "W", "M", "R", "d", "e", "n"} {
		s.Keys("g" + key)
		s.WaitText("the console is read-only")
		s.Keys(esc)
	}
	if got := s.find("ada").Status; got != apiclient.StatusAwaitingReview {
		t.Errorf("ada is %s", got)
	}
}

func TestReadOnlySiteRefuses(t *testing.T) {
	s := raise(t, play{seed: people, wrap: apiclient.ReadOnly})
	s.WaitText("Ada Lovelace")
	only(s, s.Keys, "ada")
	s.Keys("o")
	s.WaitText("This session is read-only")
	s.Keys("e")
	s.WaitText("Edit ada")
	s.Keys(tab + "Countess" + save)
	s.WaitText("This session is read-only")
	s.WaitText("Countess") // nothing that was typed is lost
	if got := s.find("ada"); got.Status != apiclient.StatusAwaitingReview || got.DisplayName != "Ada Lovelace" {
		t.Errorf("ada was changed: %+v", got)
	}
}

// A gate lets DoUsers through one call at a time, and fails it for some users.
type gate struct {
	apiclient.API
	open chan struct{} // an entry lets one call through; nil: all
	mu   sync.Mutex
	bad  map[apiclient.UserID]bool // guarded by mu
}

func (g *gate) DoUsers(ctx context.Context, a apiclient.UserAction) ([]apiclient.Outcome, error) {
	if g.open != nil {
		select {
		case <-g.open:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var done []apiclient.Outcome
	for _, id := range a.Users {
		if g.bad[id] {
			done = append(done, apiclient.Outcome{User: id, Err: apiclient.Errorf(apiclient.Unavailable, "The site did not answer; try again.")})
			continue
		}
		one := a
		one.Users = []apiclient.UserID{id}
		o, err := g.API.DoUsers(ctx, one)
		if err != nil {
			return done, err
		}
		done = append(done, o...)
	}
	return done, nil
}

func queue(n int) func(s *stage) {
	return func(s *stage) {
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { s.user(apitest.User(fmt.Sprintf("new%03d", i), apitest.AwaitingReview)) })
		}
		wg.Wait()
	}
}

func TestJobOfManyStopsAndGoesOn(t *testing.T) {
	g := &gate{open: make(chan struct{}, 100)}
	s := raise(t, play{seed: queue(120), wrap: func(api apiclient.API) apiclient.API { g.API = api; return g }})
	s.WaitText("120 to review")
	s.Keys("/" + "login:new*" + enter)
	s.settled("120 match")
	s.Keys("V")
	s.WaitText("120 marked")
	s.Keys("o")
	s.WaitText("Type  approve all 120  to go on")
	s.Keys("approve all 120" + enter)
	g.open <- struct{}{}
	s.WaitText("10/120")
	g.open <- struct{}{}
	s.WaitText("20/120")
	s.Keys(stop)
	s.WaitText("stops after the part under way")
	g.open <- struct{}{}
	s.WaitText("Stopped after 30 of 120 users, who are approved.")
	counts, err := s.api.CountUsers(s.ctx, apiclient.Filter{})
	must(t, err)
	if got := counts.ByStatus[apiclient.StatusAwaitingReview]; got != 90 {
		t.Errorf("%d users await review, want 90", got)
	}
	s.WaitText("90 to review")
}

func TestJobRetriesWhatFailed(t *testing.T) {
	g := &gate{bad: map[apiclient.UserID]bool{}}
	s := raise(t, play{seed: queue(12), wrap: func(api apiclient.API) apiclient.API { g.API = api; return g }})
	for _, login := range []string{"new003", "new007"} {
		g.bad[s.find(login).ID] = true
	}
	s.WaitText("12 to review")
	s.Keys("/" + "login:new*" + enter)
	s.settled("12 match")
	s.Keys("Vo")
	s.WaitText("Approve 12 users")
	s.Keys("y")
	s.WaitText("10 done, 2 failed")
	s.Keys(":jobs" + enter)
	s.WaitText("2 of 12 failed")
	s.Keys(enter)
	s.WaitText("new003")
	s.WaitText("The site did not answer; try again.")
	g.mu.Lock()
	clear(g.bad)
	g.mu.Unlock()
	s.Keys("r")
	s.WaitText("Approve: 2 users: 2 done")
	for _, login := range []string{"new003", "new007"} {
		if got := s.find(login).Status; got != apiclient.StatusApproved {
			t.Errorf("%s is %s", login, got)
		}
	}
}
