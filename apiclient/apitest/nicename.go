package apitest

import (
	"testing"

	"umdeck/apiclient"
)

// testNicename makes users whose logins give the same nicename, and gives one a
// nicename that is its own, one that is taken, one that is none, and back what the
// login gives.
func (s *subject) testNicename(t *testing.T) {
	base := s.login("nice.name")
	first, second := s.user(t, "nice.name"), s.user(t, "nice-name")
	if want := apiclient.Nicename(base); first.Nicename != want || second.Nicename != want+"-2" {
		t.Fatalf("the nicenames are %q and %q; want %q and the same with -2", first.Nicename, second.Nicename, want)
	}
	for _, c := range []struct {
		given, want string
		kind        apiclient.Kind // of the refusal; Internal: none
	}{
		{first.Nicename, second.Nicename, apiclient.Conflict},
		{"No Nicename!", second.Nicename, apiclient.Invalid},
		{second.Nicename + "_x", second.Nicename + "_x", apiclient.Internal},
		{"", second.Nicename, apiclient.Internal},
	} {
		_, err := s.UpdateUser(t.Context(), second.ID, apiclient.UserUpdate{Nicename: &c.given})
		if (err == nil) != (c.kind == apiclient.Internal) || err != nil && apiclient.KindOf(err) != c.kind {
			t.Errorf("nicename %q: %v; want %s", c.given, err, c.kind)
		}
		if got := must(s.User(t.Context(), second.ID))(t).Nicename; got != c.want {
			t.Errorf("after nicename %q it is %q; want %q", c.given, got, c.want)
		}
	}
	n := User(s.login("nice-third"))
	n.Nicename = first.Nicename
	if _, err := s.CreateUser(t.Context(), n); apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("a new user with a nicename that is taken: %v; want a conflict", err)
	}
}
