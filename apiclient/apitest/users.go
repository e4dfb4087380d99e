package apitest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testUsers(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers)
	t.Run("create", s.testCreate)
	t.Run("find", s.testFind)
	t.Run("refuse", s.testRefuse)
	t.Run("conflict", s.testConflict)
	t.Run("count", s.testCount)
}

func (s *subject) testCreate(t *testing.T) {
	before := time.Now().Add(-2 * time.Minute) // the site's clock may be another one
	n := User(s.login("ada"), Role("subscriber"), Approved, DisplayName("Ada L."), Answer("first_name", "Ada"), Answer("last_name", "Lovelace"))
	n.URL = "https://ada.example.com"
	made := must(s.CreateUser(t.Context(), n))(t)
	s.removeLater(t, made.ID)
	if made.ID <= 0 {
		t.Fatalf("the new user has the id %d", made.ID)
	}
	got := must(s.User(t.Context(), made.ID))(t)
	if diff := cmp.Diff(s.seen(made), s.seen(got)); diff != "" {
		t.Errorf("User gives another user than CreateUser did (-created +read):\n%s", diff)
	}
	want := apiclient.User{ID: made.ID, Login: n.Login, Email: n.Email, DisplayName: "Ada L.", Nicename: apiclient.Nicename(n.Login), URL: n.URL, Roles: []apiclient.RoleSlug{"subscriber"}, Status: apiclient.StatusApproved}
	if !s.can(apiclient.CanReadStatus) {
		want.Status = got.Status
	}
	plain := got
	plain.Fields, plain.Registered = nil, time.Time{}
	if diff := cmp.Diff(want, plain); diff != "" {
		t.Errorf("the new user (-want +got):\n%s", diff)
	}
	for key, text := range map[string]string{"first_name": "Ada", "last_name": "Lovelace"} {
		if v := got.Value(key); v.String() != text {
			t.Errorf("%s is %q; want %q", key, v, text)
		}
	}
	if got.Registered.Before(before) || got.Registered.After(time.Now().Add(2*time.Minute)) {
		t.Errorf("registered %s; want about now", got.Registered)
	}
	if got.Registered.Location() != time.UTC {
		t.Errorf("registered in %s; want UTC", got.Registered.Location())
	}
}

// seen is u without what a site that cannot read every field leaves out.
func (s *subject) seen(u apiclient.User) apiclient.User {
	if !s.can(apiclient.CanReadFields) {
		u.Fields = nil
	}
	if !s.can(apiclient.CanReadStatus) {
		u.Status = ""
	}
	return u
}

func (s *subject) testFind(t *testing.T) {
	u := s.user(t, "Bob.Smith")
	digits := apiclient.UserID(0)
	n := User("9"+fmt.Sprintf("%09d", time.Now().UnixNano()%1e9), Email(s.login("digits")+"@example.com"))
	if made, err := s.CreateUser(t.Context(), n); err != nil {
		t.Errorf("a login of digits: %v", err)
	} else {
		digits = made.ID
		s.removeLater(t, digits)
	}
	for _, c := range []struct {
		name, ref string
		want      apiclient.UserID
	}{
		{"id with a sign", fmt.Sprintf("#%d", u.ID), u.ID},
		{"id", fmt.Sprint(u.ID), u.ID},
		{"login", u.Login, u.ID},
		{"login in capitals", strings.ToUpper(u.Login), u.ID},
		{"e-mail", u.Email, u.ID},
		{"e-mail in capitals", strings.ToUpper(u.Email), u.ID},
		{"login of digits", n.Login, digits},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := s.FindUser(t.Context(), c.ref)
			if err != nil {
				t.Fatalf("FindUser(%q): %v", c.ref, err)
			}
			if got.ID != c.want {
				t.Errorf("FindUser(%q) is user %d (%s); want %d", c.ref, got.ID, got.Login, c.want)
			}
		})
	}
	for _, ref := range []string{"", "#0", "#", s.tag, s.login("nobody"), s.login("nobody") + "@example.com", "#99999999999", "' OR 1=1 --", "%", "*", "bob\x00"} {
		_, err := s.FindUser(t.Context(), ref)
		wantKind(t, fmt.Sprintf("FindUser(%q)", ref), err, apiclient.NotFound, apiclient.Invalid)
	}
	for _, id := range []apiclient.UserID{1 << 40, 0, -1} {
		_, err := s.User(t.Context(), id)
		wantKind(t, fmt.Sprintf("User(%d)", id), err, apiclient.NotFound, apiclient.Invalid)
	}
}

func (s *subject) testRefuse(t *testing.T) {
	for _, c := range []struct {
		name string
		user apiclient.NewUser
	}{
		{"nobody", apiclient.NewUser{}},
		{"no e-mail", User(s.login("r1"), Email(""))},
		{"no e-mail address", User(s.login("r2"), Email("r2 at example"))},
		{"two lines in the e-mail", User(s.login("r3"), Email("r3@example.com\nBcc: all@example.com"))},
		{"a login of other characters", User(s.login("<script>"), Email(s.login("r4")+"@example.com"))},
		{"a login of 61 characters", User(s.login(strings.Repeat("x", 61-len(s.tag)-1)), Email(s.login("r5")+"@example.com"))},
		{"a role that is none", User(s.login("r6"), Role("no_such_role"))},
		{"a key that is barred", User(s.login("r7"), Answer("wp_capabilities", "a:1:{}"))},
		{"a key that no field has", User(s.login("r8"), Answer("apitest_no_such_field", "x"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, err := s.CreateUser(t.Context(), c.user)
			if err == nil {
				s.removeLater(t, made.ID)
			}
			wantKind(t, "CreateUser", err, apiclient.Invalid)
			if c.user.Login == "" {
				return
			}
			_, err = s.FindUser(t.Context(), c.user.Login)
			wantKind(t, "FindUser afterwards", err, apiclient.NotFound, apiclient.Invalid)
		})
	}
}

func (s *subject) testConflict(t *testing.T) {
	ada, bob := s.user(t, "c-ada"), s.user(t, "c-bob")
	count := must(s.CountUsers(t.Context(), s.mine()))(t).Total
	for _, c := range []struct {
		name string
		user apiclient.NewUser
	}{
		{"login", User(ada.Login, Email(s.login("other")+"@example.com"))},
		{"login in capitals", User(strings.ToUpper(ada.Login), Email(s.login("other")+"@example.com"))},
		{"e-mail", User(s.login("c-other"), Email(ada.Email))},
		{"e-mail in capitals", User(s.login("c-other"), Email(strings.ToUpper(ada.Email)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.CreateUser(t.Context(), c.user)
			wantKind(t, "CreateUser", err, apiclient.Conflict)
		})
	}
	if got := must(s.CountUsers(t.Context(), s.mine()))(t).Total; got != count {
		t.Errorf("%d users after the conflicts; want %d", got, count)
	}
	if !s.can(apiclient.CanEditUsers) {
		return
	}
	_, err := s.UpdateUser(t.Context(), bob.ID, apiclient.UserUpdate{
		Email: new(strings.ToUpper(ada.Email)), DisplayName: new("Changed"),
		Fields: map[string]apiclient.Value{"description": apiclient.Text("changed")},
	})
	wantKind(t, "UpdateUser with the address of another", err, apiclient.Conflict)
	if diff := cmp.Diff(s.seen(bob), s.seen(must(s.User(t.Context(), bob.ID))(t))); diff != "" {
		t.Errorf("the refused update left something behind (-before +after):\n%s", diff)
	}
	_, err = s.UpdateUser(t.Context(), 1<<40, apiclient.UserUpdate{DisplayName: new("Nobody")})
	wantKind(t, "UpdateUser of nobody", err, apiclient.NotFound)
}

func (s *subject) testCount(t *testing.T) {
	s.user(t, "n-a", Approved)
	s.user(t, "n-b", Inactive)
	s.user(t, "n-c", AwaitingReview)
	f := apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Op: apiclient.Contains, Value: s.login("n-")}}
	got := must(s.CountUsers(t.Context(), f))(t)
	want := apiclient.UserCounts{Total: 3}
	if s.can(apiclient.CanFilterStatus) {
		want.ByStatus = map[apiclient.Status]int{apiclient.StatusApproved: 1, apiclient.StatusInactive: 1, apiclient.StatusAwaitingReview: 1}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	all := must(s.CountUsers(t.Context(), apiclient.Filter{}))(t)
	if all.Total < 3 {
		t.Errorf("the site counts %d users; want 3 at least", all.Total)
	}
	sum := 0
	for _, n := range all.ByStatus {
		sum += n
	}
	if all.ByStatus != nil && sum != all.Total {
		t.Errorf("the statuses add up to %d; the total is %d", sum, all.Total)
	}
}
