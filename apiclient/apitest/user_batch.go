package apitest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// hashed is what WordPress 6.1 stored for the password "correct horse".
const hashed = "$P$BemhK4AcJKctVV8MxEmSCx2ilh5S/J."

func testUserBatches(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers)
	t.Run("some", s.testBatch)
	t.Run("refuse", s.testBatchRefused)
	t.Run("move in", s.testMove)
}

// testBatch has good accounts and bad ones in one batch, and checks it first.
func (s *subject) testBatch(t *testing.T) {
	taken := s.user(t, "b-taken")
	batch := apiclient.UserBatch{Users: []apiclient.NewUser{
		User(s.login("b-one"), Answer("first_name", "One")),
		User(taken.Login, Email(s.login("b-other")+"@example.com")),
		User(s.login("b-two"), Approved),
		User(s.login("b-bad"), Email("nowhere")),
		User(s.login("b-role"), Role("no_such_role")),
		User(s.login("b-three"), Email(s.login("b-three")+"@example.com")),
	}}
	want := []apiclient.Kind{0, apiclient.Conflict, 0, apiclient.Invalid, apiclient.Invalid, 0}
	for _, batch.Check = range []bool{true, false} {
		outcomes, err := s.CreateUsers(t.Context(), batch)
		if err != nil || len(outcomes) != len(want) {
			t.Fatalf("CreateUsers, check %t: %d outcomes, %v; want %d", batch.Check, len(outcomes), err, len(want))
		}
		last := apiclient.UserID(0)
		for i, o := range outcomes {
			n := batch.Users[i]
			if kind := kindOf(o.Err); kind != want[i] {
				t.Errorf("check %t, %s: %v; want the kind %v", batch.Check, n.Login, o.Err, want[i])
			}
			u, err := s.FindUser(t.Context(), n.Email)
			stored := err == nil && u.Login == n.Login
			if stored {
				s.removeLater(t, u.ID)
			}
			if stored != (o.Err == nil && !batch.Check) {
				t.Errorf("check %t, %s: stored %t", batch.Check, n.Login, stored)
			}
			if stored && (o.User != u.ID || o.Login != u.Login || u.ID <= last) {
				t.Errorf("%s: the outcome %+v is not of user %d, which comes after %d", n.Login, o, u.ID, last)
			}
			last = max(last, o.User)
		}
	}
}

func kindOf(err *apiclient.Error) apiclient.Kind {
	if err == nil {
		return 0
	}
	return err.Kind
}

func (s *subject) testBatchRefused(t *testing.T) {
	for name, b := range map[string]apiclient.UserBatch{
		"empty": {}, "empty check": {Check: true}, "too many": {Users: make([]apiclient.NewUser, apiclient.MaxTargets+1)},
	} {
		_, err := s.CreateUsers(t.Context(), b)
		wantKind(t, name, err, apiclient.Invalid)
	}
}

// testMove brings an account with its password and its past.
func (s *subject) testMove(t *testing.T) {
	s.need(t, apiclient.CanMoveUsers)
	n := User(s.login("b-moved"))
	n.PasswordHash, n.LastLogin = apiclient.NewSecret(hashed), time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	u := must(s.CreateUser(t.Context(), n))(t)
	s.removeLater(t, u.ID)
	if got := must(s.User(t.Context(), u.ID))(t); !got.LastLogin.Equal(n.LastLogin) || !got.PasswordHash.IsZero() {
		t.Errorf("last login %v; want %v, and no hash that nobody asked for", got.LastLogin, n.LastLogin)
	}
	if s.can(apiclient.CanReadHashes) {
		page := must(s.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.FieldIs("login", n.Login), WithHashes: true}))(t)
		if len(page.Users) != 1 || page.Users[0].PasswordHash.Reveal() != hashed {
			t.Errorf("asked for hashes, the site gives %d users, and not the hash that it was given", len(page.Users))
		}
	} else {
		_, err := s.Users(t.Context(), apiclient.UserQuery{WithHashes: true})
		wantKind(t, "Users with hashes", err, apiclient.Forbidden, apiclient.Unsupported)
	}
	for what, change := range map[string]func(*apiclient.NewUser){
		"a hash of no known form": func(n *apiclient.NewUser) { n.PasswordHash = apiclient.NewSecret("secret") },
		"a hash and a password":   func(n *apiclient.NewUser) { n.Password = apiclient.NewSecret("Corr3ct-horse") },
	} {
		bad := User(s.login("b-unmoved"))
		bad.PasswordHash = n.PasswordHash
		change(&bad)
		_, err := s.CreateUser(t.Context(), bad)
		wantKind(t, what, err, apiclient.Invalid)
	}
	if diff := cmp.Diff(0, must(s.CountUsers(t.Context(), apiclient.FieldIs("login", s.login("b-unmoved"))))(t).Total); diff != "" {
		t.Errorf("a refused account is there (-want +got):\n%s", diff)
	}
}
