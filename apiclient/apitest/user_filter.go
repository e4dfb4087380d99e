package apitest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// leaf is one condition.
func leaf(field string, op apiclient.MatchOp, value string) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Op: op, Value: value}}
}

func not(f apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}
}

func either(terms ...apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Or, Terms: terms}
}

func between(field, low, high string) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Op: apiclient.Between, Value: low, High: high}}
}

// cast are the users that the filters choose from.
func (s *subject) cast(t *testing.T) {
	day := func(d int) UserOption { return s.registered(time.Date(2022, 5, d, 12, 0, 0, 0, time.UTC)) }
	s.user(t, "ada", Approved, day(1), DisplayName("Ada Lovelace"), Answer("first_name", "Ada"), Answer("last_name", "Lovelace"), Role("subscriber"))
	s.user(t, "bob", Inactive, day(2), DisplayName("Bob O'Neil"), Answer("first_name", "Bob"), Answer("last_name", "O'Neil"), Role("editor"))
	s.user(t, "cem", AwaitingReview, day(3), DisplayName("Cem Özgür"), Answer("first_name", "Cem"), Role("subscriber"))
	s.user(t, "dan_1", Approved, day(4), DisplayName("100% Dan"), Answer("first_name", "ada"), Answer("last_name", "D_n"), Role("author"))
	s.user(t, "dan-1", Rejected, day(5), DisplayName("Dan Two"), Answer("first_name", "Dan"), Answer("last_name", "100%"), Role("subscriber"))
}

func testUserFilters(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers)
	s.cast(t)
	t.Run("text", func(t *testing.T) { s.tryFilters(t, textFilters()) })
	t.Run("status", func(t *testing.T) {
		s.need(t, apiclient.CanFilterStatus)
		s.tryFilters(t, []filterCase{
			{"one", leaf("status", apiclient.Equals, "inactive"), "bob"},
			{"in capitals", leaf("status", apiclient.Equals, "APPROVED"), "ada dan_1"},
			{"not", not(leaf("status", apiclient.Equals, "approved")), "bob cem dan-1"},
			{"none has it", leaf("status", apiclient.Equals, "no_such_status"), ""},
		})
	})
	t.Run("fields", func(t *testing.T) {
		s.need(t, apiclient.CanFilterFields)
		s.tryFilters(t, s.columnFilters())
		s.tryFilters(t, fieldFilters())
		s.tryFilters(t, treeFilters())
	})
	t.Run("count", s.countFiltered)
}

type filterCase struct {
	name   string
	filter apiclient.Filter
	want   string // logins without the tag, sorted
}

func (s *subject) tryFilters(t *testing.T, cases []filterCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := s.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.AllOf(s.mine(), c.filter), Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, s.names(p.Users)); diff != "" {
				t.Errorf("the users (-want +got):\n%s", diff)
			}
		})
	}
}

// names returns the logins without the tag, sorted, in one line.
func (s *subject) names(users []apiclient.User) string {
	var list []string
	for _, u := range users {
		list = append(list, u.Login[len(s.tag)+1:])
	}
	slices.Sort(list)
	var text strings.Builder
	for i, n := range list {
		if i > 0 {
			text.WriteString(" ")
		}
		text.WriteString(n)
	}
	return text.String()
}

func textFilters() []filterCase {
	return []filterCase{
		{"all", apiclient.Filter{}, "ada bob cem dan-1 dan_1"},
		{"nobody", leaf("", apiclient.Contains, "no such person"), ""},
		{"part of an address", leaf("", apiclient.Contains, "bob@example"), "bob"},
		{"in capitals", leaf("", apiclient.Contains, "BOB@EXAMPLE"), "bob"},
	}
}

func (s *subject) columnFilters() []filterCase {
	return []filterCase{
		{"free text is in names", leaf("", apiclient.Contains, "lovelace"), "ada"},
		{"free text of two characters", leaf("", apiclient.Contains, "0%"), "dan-1 dan_1"},
		{"free text with a quote", leaf("", apiclient.Contains, "o'neil"), "bob"},
		{"free text beyond ASCII", leaf("", apiclient.Contains, "ÖZGÜR"), "cem"},
		{"free text with an operator", leaf("", apiclient.Contains, `" OR "a`), ""},
		{"login", leaf("login", apiclient.Equals, s.login("ada")), "ada"},
		{"login in capitals", leaf("login", apiclient.Equals, s.login("ADA")), "ada"},
		{"login like", leaf("login", apiclient.Like, s.tag+"-d*1"), "dan-1 dan_1"},
		{"an underscore is one", leaf("login", apiclient.Like, s.tag+"-dan_*"), "dan_1"},
		{"a percent sign is one", leaf("login", apiclient.Like, "%"), ""},
		{"like everything", leaf("login", apiclient.Like, "*"), "ada bob cem dan-1 dan_1"},
		{"e-mail", leaf("email", apiclient.Equals, s.login("bob")+"@EXAMPLE.com"), "bob"},
		{"name contains", leaf("display_name", apiclient.Contains, "an"), "dan-1 dan_1"},
		{"role", leaf("role", apiclient.Equals, "editor"), "bob"},
		{"registered before", leaf("registered", apiclient.Less, "2022-05-02"), "ada"},
		{"registered from", leaf("registered", apiclient.AtLeast, "2022-05-04"), "dan-1 dan_1"},
		{"registered between", between("registered", "2022-05-02", "2022-05-03"), "bob cem"},
		{"never logged in", leaf("last_login", apiclient.IsEmpty, ""), "ada bob cem dan-1 dan_1"},
	}
}

func fieldFilters() []filterCase {
	return []filterCase{
		{"answer", leaf("last_name", apiclient.Equals, "Lovelace"), "ada"},
		{"answer in another case", leaf("first_name", apiclient.Equals, "ADA"), "ada dan_1"},
		{"answer with a quote", leaf("last_name", apiclient.Equals, "O'Neil"), "bob"},
		{"answer contains", leaf("last_name", apiclient.Contains, "100%"), "dan-1"},
		{"answer like", leaf("last_name", apiclient.Like, "*e*l*"), "ada bob"},
		{"an underscore is no wildcard", leaf("last_name", apiclient.Like, "d_n"), "dan_1"},
		{"no answer", leaf("last_name", apiclient.IsEmpty, ""), "cem"},
		{"an injection", leaf("last_name", apiclient.Equals, "' OR '1'='1"), ""},
		{"a field that nobody has", leaf("apitest_no_such_field", apiclient.Equals, "x"), ""},
	}
}

func treeFilters() []filterCase {
	ada, bob, cem := leaf("first_name", apiclient.Equals, "Ada"), leaf("first_name", apiclient.Equals, "Bob"), leaf("first_name", apiclient.Equals, "Cem")
	return []filterCase{
		{"or", either(ada, bob), "ada bob dan_1"},
		{"and", apiclient.AllOf(ada, leaf("last_name", apiclient.Equals, "lovelace")), "ada"},
		{"not", not(ada), "bob cem dan-1"},
		{"not or", not(either(ada, bob)), "cem dan-1"},
		{"not not", not(not(cem)), "cem"},
		{"not of what is not stored", not(leaf("last_name", apiclient.Equals, "Lovelace")), "bob cem dan-1 dan_1"},
		{"deep", either(apiclient.AllOf(ada, not(leaf("role", apiclient.Equals, "author"))), apiclient.AllOf(cem, either(bob, cem))), "ada cem"},
		{"or of nothing", either(), ""},
		{"and of nothing", apiclient.Filter{Op: apiclient.And}, "ada bob cem dan-1 dan_1"},
	}
}

// countFiltered compares the counts with the list.
func (s *subject) countFiltered(t *testing.T) {
	filters := []apiclient.Filter{s.mine(), leaf("", apiclient.Contains, s.login("dan"))}
	if s.can(apiclient.CanFilterFields) {
		filters = append(filters, apiclient.AllOf(s.mine(), leaf("first_name", apiclient.Equals, "ada")), apiclient.AllOf(s.mine(), not(leaf("role", apiclient.Equals, "subscriber"))))
	}
	for _, f := range filters {
		page := must(s.Users(t.Context(), apiclient.UserQuery{Filter: f, Limit: 100}))(t)
		if got := must(s.CountUsers(t.Context(), f))(t).Total; got != len(page.Users) {
			t.Errorf("the filter %+v counts %d and lists %d", f, got, len(page.Users))
		}
	}
}
