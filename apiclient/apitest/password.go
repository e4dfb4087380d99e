package apitest

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

var passwordShape = regexp.MustCompile(`^[A-Za-z0-9]{4}( [A-Za-z0-9]{4}){5}$`)

func testPasswords(t *testing.T, s *subject) {
	s.need(t, apiclient.CanPasswords, apiclient.CanCreateUsers)
	u := s.user(t, "pass", Approved)
	one, secret, err := s.CreatePassword(t.Context(), u.ID, "zapier é")
	if err != nil {
		t.Fatal(err)
	}
	if !passwordShape.MatchString(secret.Reveal()) {
		t.Errorf("the password has %d characters; want six groups of four letters and digits", len(secret.Reveal()))
	}
	want := apiclient.Password{UUID: one.UUID, User: u.ID, Login: u.Login, Name: "zapier é", Created: one.Created}
	if diff := cmp.Diff(want, one); diff != "" || one.UUID == "" || time.Since(one.Created).Abs() > 2*time.Minute {
		t.Errorf("the new password has the uuid %q, created %s (-want +got):\n%s", one.UUID, one.Created, diff)
	}
	two, other, err := s.CreatePassword(t.Context(), u.ID, "crm")
	if err != nil {
		t.Fatal(err)
	}
	if other.Reveal() == secret.Reveal() || two.UUID == one.UUID {
		t.Error("two passwords are the same")
	}
	if diff := cmp.Diff([]apiclient.Password{one, two}, must(s.Passwords(t.Context(), u.ID))(t)); diff != "" {
		t.Errorf("the user's passwords (-want +got):\n%s", diff)
	}
	all := must(s.Passwords(t.Context(), 0))(t)
	if !slices.ContainsFunc(all, func(p apiclient.Password) bool { return p.UUID == two.UUID }) {
		t.Error("the password is not among everyone's")
	}
	t.Run("refuse", func(t *testing.T) { s.testRefusePassword(t, u.ID) })
	if err := s.RevokePassword(t.Context(), one.UUID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]apiclient.Password{two}, must(s.Passwords(t.Context(), u.ID))(t)); diff != "" {
		t.Errorf("after one was revoked (-want +got):\n%s", diff)
	}
	wantKind(t, "RevokePassword again", s.RevokePassword(t.Context(), one.UUID), apiclient.NotFound)
	if _, _, err := s.CreatePassword(t.Context(), u.ID, "zapier é"); err != nil {
		t.Errorf("a name that is free again: %v", err)
	}
}

func (s *subject) testRefusePassword(t *testing.T, user apiclient.UserID) {
	_, _, err := s.CreatePassword(t.Context(), user, "crm")
	wantKind(t, "a name that is in use", err, apiclient.Conflict)
	_, _, err = s.CreatePassword(t.Context(), user, "  ")
	wantKind(t, "no name", err, apiclient.Invalid)
	_, _, err = s.CreatePassword(t.Context(), 1<<40, "crm")
	wantKind(t, "nobody's password", err, apiclient.NotFound)
	for _, uuid := range []string{"", "no uuid", "' OR 1=1 --", "00000000-0000-4000-8000-000000000000"} {
		wantKind(t, "RevokePassword "+uuid, s.RevokePassword(t.Context(), uuid), apiclient.NotFound, apiclient.Invalid)
	}
}
