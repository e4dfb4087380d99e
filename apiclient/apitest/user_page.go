package apitest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
)

// stay is how many users a walk must meet, each exactly once.
const stay = 25

// testUserPages walks over the pages of a list in every order while other users
// come and go: no user is left out, none comes twice.
func testUserPages(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers)
	start := time.Date(2021, 3, 4, 5, 6, 7, 0, time.UTC)
	want := map[apiclient.UserID]bool{}
	for i := range stay {
		// Names, dates and answers each have an order of their own and some doubles.
		u := s.user(t, fmt.Sprintf("p%02d", i), s.registered(start.Add(time.Duration(i*7%stay/2)*time.Hour)),
			DisplayName(fmt.Sprintf("Name %02d", i*11%stay/3)), Answer("first_name", fmt.Sprintf("first %02d", i*13%stay/2)),
			InStatus([]apiclient.Status{apiclient.StatusApproved, apiclient.StatusInactive, apiclient.StatusAwaitingReview}[i%3]))
		want[u.ID] = true
	}
	for _, order := range s.orders() {
		t.Run("sort "+cmp.Or(order.String(), "as the list has it"), func(t *testing.T) { s.walk(t, order, want) })
	}
	t.Run("refuse", s.testRefusePage)
}

// orders returns every sort that the subject can do.
func (s *subject) orders() []apiclient.Sort {
	list := []apiclient.Sort{{}}
	if !s.can(apiclient.CanFilterFields) {
		return list
	}
	for _, c := range append(apiclient.UserColumns(), "first_name") {
		list = append(list, apiclient.Sort{Column: c}, apiclient.Sort{Column: c, Desc: true})
	}
	return list
}

func (s *subject) walk(t *testing.T, order apiclient.Sort, want map[apiclient.UserID]bool) {
	var (
		q       = apiclient.UserQuery{Filter: s.mine(), Sort: order, Limit: 7, WithFields: true}
		met     = map[apiclient.UserID]int{}
		rows    []apiclient.User
		passing []apiclient.UserID
	)
	for page := range 40 {
		p, err := s.Users(t.Context(), q)
		if err != nil {
			t.Fatalf("page %d: %v", page+1, err)
		}
		if len(p.Users) > q.Limit {
			t.Fatalf("page %d has %d users; want %d at most", page+1, len(p.Users), q.Limit)
		}
		for _, u := range p.Users {
			met[u.ID]++
		}
		rows = append(rows, p.Users...)
		if p.Next == "" {
			break
		}
		if len(p.Users) == 0 {
			t.Fatalf("page %d is empty and not the last", page+1)
		}
		q.After = p.Next
		if page < 4 {
			passing = s.comeAndGo(t, order, page, passing, p.Users)
		}
	}
	s.removeAll(t, passing)
	for id := range want {
		if met[id] != 1 {
			t.Errorf("user %d was met %d times; want once", id, met[id])
		}
	}
	for id, n := range met {
		if n > 1 && !want[id] {
			t.Errorf("user %d, who came meanwhile, was met %d times", id, n)
		}
	}
	s.checkOrder(t, order, rows)
}

// comeAndGo registers a user that sorts near an end of the list, and removes one
// that came before, by preference the last of the page just read: a cursor must
// live on without the row that it was made of.
func (s *subject) comeAndGo(t *testing.T, order apiclient.Sort, page int, passing []apiclient.UserID, read []apiclient.User) []apiclient.UserID {
	t.Helper()
	if !s.can(apiclient.CanDeleteUsers) {
		return passing
	}
	name := fmt.Sprintf("p%d-%s-%d", page*6, strings.NewReplacer("_", "", ":", "", "asc", "a", "desc", "d").Replace(order.String()), page)
	u := must(s.CreateUser(t.Context(), User(s.login(name), DisplayName(fmt.Sprintf("Name %02d", page*2)), s.registered(time.Date(2021, 3, 4, 5+page*3, 0, 0, 0, time.UTC)))))(t)
	passing = append(passing, u.ID)
	for i, id := range passing {
		if slices.Contains(ids(read), id) || len(passing) > 2 && i == 0 {
			s.removeAll(t, passing[i:i+1])
			return slices.Delete(passing, i, i+1)
		}
	}
	return passing
}

func (s *subject) removeAll(t *testing.T, users []apiclient.UserID) {
	t.Helper()
	if len(users) == 0 {
		return
	}
	outcomes := must(s.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionDelete, Users: slices.Clone(users)}))(t)
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatalf("delete user %d: %v", o.User, o.Err)
		}
	}
}

// checkOrder looks at the columns whose order everybody agrees on.
func (s *subject) checkOrder(t *testing.T, order apiclient.Sort, rows []apiclient.User) {
	t.Helper()
	by := map[string]func(a, b apiclient.User) int{
		"":             func(a, b apiclient.User) int { return b.Registered.Compare(a.Registered) },
		"id":           func(a, b apiclient.User) int { return cmp.Compare(a.ID, b.ID) },
		"login":        func(a, b apiclient.User) int { return strings.Compare(a.Login, b.Login) },
		"email":        func(a, b apiclient.User) int { return strings.Compare(a.Email, b.Email) },
		"display_name": func(a, b apiclient.User) int { return strings.Compare(a.DisplayName, b.DisplayName) },
		"registered":   func(a, b apiclient.User) int { return a.Registered.Compare(b.Registered) },
		"status":       func(a, b apiclient.User) int { return strings.Compare(string(a.Status), string(b.Status)) },
		"first_name": func(a, b apiclient.User) int {
			return strings.Compare(a.Value("first_name").Text, b.Value("first_name").Text)
		},
	}[order.Column]
	if by == nil {
		return
	}
	for i := 1; i < len(rows); i++ {
		c := by(rows[i-1], rows[i])
		if order.Desc {
			c = -c
		}
		if c > 0 {
			t.Errorf("sorted by %q, user %d (%s) comes before user %d (%s)", order, rows[i-1].ID, rows[i-1].Login, rows[i].ID, rows[i].Login)
		}
	}
}

func (s *subject) testRefusePage(t *testing.T) {
	first := must(s.Users(t.Context(), apiclient.UserQuery{Filter: s.mine(), Limit: 3}))(t)
	if first.Next == "" {
		t.Fatal("the first of several pages has no next one")
	}
	for _, c := range []struct {
		name  string
		query apiclient.UserQuery
	}{
		{"a cursor of nobody's", apiclient.UserQuery{After: "bm90IGEgY3Vyc29y"}},
		{"a cursor that is no text", apiclient.UserQuery{After: "\x00\xff!"}},
		{"a cursor of another order", apiclient.UserQuery{After: first.Next, Sort: apiclient.Sort{Column: "login"}}},
		{"a negative limit", apiclient.UserQuery{Limit: -1}},
		{"a limit that is too large", apiclient.UserQuery{Limit: apiclient.MaxLimit + 1}},
		{"a column that is none", apiclient.UserQuery{Sort: apiclient.Sort{Column: "no such; column"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Users(t.Context(), c.query)
			wantKind(t, "Users", err, apiclient.Invalid, apiclient.Unsupported)
		})
	}
}
