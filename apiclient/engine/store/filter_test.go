package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// pieces are what the users of the tests are made of: texts that have something
// in common, in both cases, and what SQL and LIKE could take for their own.
var pieces = []string{"ada", "Ada", "AD", "a", "%", "_", "*", "'", `"`, `\`, "Ö", "ö", "ß", "7", "07", "7.5", "-3", "2026-01-31", "x y", "ab", "abc", "zz", ".", "@"}

// population stores n users that are the same for the same seed, and returns them.
func population(t testing.TB, db *DB, n int) []apiclient.User {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string { return pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))] }
	roles := []apiclient.RoleSlug{"editor", "author", "member"}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for _, slug := range roles {
			if err := tx.InsertRole(ctx, apiclient.Role{Slug: slug, Name: string(slug), Registration: "approved"}); err != nil {
				return err
			}
		}
		return nil
	})
	var users []apiclient.User
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for i := range n {
			a := Account{User: apiclient.User{
				Login: fmt.Sprintf("%s%d", text(), i), Email: fmt.Sprintf("%d@%s.org", i, text()), DisplayName: text(), URL: text(),
				Status: apiclient.DefaultStatuses()[r.IntN(5)].Slug, Roles: slices.Clone(roles[:r.IntN(4)]),
				Registered: time.Date(2026, 1, 29+r.IntN(5), r.IntN(24), 0, r.IntN(2), 0, time.UTC), Fields: map[string]apiclient.Value{},
			}}
			if r.IntN(2) == 0 {
				a.LastLogin = a.Registered.AddDate(0, 0, r.IntN(3))
			}
			for _, key := range []string{"first_name", "last_name", "size"} {
				if r.IntN(3) > 0 {
					a.Fields[key] = apiclient.Text(text()[:1] + pieces[r.IntN(len(pieces))])
				}
			}
			if r.IntN(2) == 0 {
				a.Fields["size"] = apiclient.Text(pieces[13+r.IntN(4)])
			}
			if r.IntN(2) == 0 {
				a.Fields["colours"] = apiclient.List(text(), pieces[r.IntN(len(pieces))])
			}
			for k, v := range a.Fields {
				a.Fields[k] = apiclient.Value{Text: strings.ToValidUTF8(v.Text, ""), List: v.List}
				if a.Fields[k].Empty() {
					delete(a.Fields, k)
				}
			}
			var err error
			if a.ID, err = tx.InsertUser(ctx, a); err != nil {
				return err
			}
			users = append(users, a.User)
		}
		return nil
	})
	return users
}

// rowOf tells package filter what a user has, as the language defines it.
func rowOf(u apiclient.User) filter.Row {
	moment := func(t time.Time) []string {
		if t.IsZero() {
			return nil
		}
		return []string{t.Format(time.RFC3339)}
	}
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{u.Login, u.Email, u.DisplayName, strings.TrimSpace(u.Fields["first_name"].Text + " " + u.Fields["last_name"].Text)}, true
		case "id":
			return []string{fmt.Sprint(int64(u.ID))}, true
		case "login":
			return []string{u.Login}, true
		case "email":
			return []string{u.Email}, true
		case "display_name":
			return []string{u.DisplayName}, true
		case "status":
			return []string{string(u.Status)}, true
		case "role":
			return u.Value("roles").List, true
		case "registered":
			return moment(u.Registered), true
		case "last_login":
			return moment(u.LastLogin), true
		}
		v, ok := u.Fields[field]
		if v.List != nil {
			return v.List, ok
		}
		return []string{v.Text}, ok
	}
}

// randomFilter returns a tree of at most that depth.
func randomFilter(r *rand.Rand, depth int) apiclient.Filter {
	if depth == 0 || r.IntN(3) == 0 {
		return apiclient.Filter{Op: apiclient.Leaf, Match: randomMatch(r)}
	}
	f := apiclient.Filter{Op: apiclient.FilterOp(r.IntN(3))}
	n := r.IntN(4)
	if f.Op == apiclient.Not {
		n = 1
	}
	for range n {
		f.Terms = append(f.Terms, randomFilter(r, depth-1))
	}
	return f
}

func randomMatch(r *rand.Rand) apiclient.Match {
	value := func() string { return strings.Repeat(pieces[r.IntN(len(pieces))], 1+r.IntN(2)) }
	m := apiclient.Match{Value: value(), High: value(), Op: apiclient.MatchOp(r.IntN(9))}
	switch r.IntN(10) {
	case 0, 1:
		m.Op = apiclient.Contains
	case 2:
		m.Field, m.Value, m.High = "id", fmt.Sprint(r.IntN(300)), fmt.Sprint(r.IntN(300))
	case 3:
		m.Field = []string{"registered", "last_login"}[r.IntN(2)]
		day := func() string {
			return []string{"2026-01-30", "2026-01-31", "2026-02-01T05:00:00Z", "2026-01-30T23:00:01Z"}[r.IntN(4)]
		}
		m.Value, m.High = day(), day()
		if m.Op == apiclient.Contains || m.Op == apiclient.Like {
			m.Op = apiclient.Equals
		}
	case 4:
		m.Field, m.Value = "role", []string{"editor", "AUTHOR", "m*", "x"}[r.IntN(4)]
		m.Op = []apiclient.MatchOp{apiclient.Equals, apiclient.Like, apiclient.Contains, apiclient.IsEmpty}[r.IntN(4)]
	case 5:
		m.Field, m.Op, m.Value = "status", apiclient.Equals, string(apiclient.DefaultStatuses()[r.IntN(5)].Slug)
	default:
		m.Field = []string{"login", "email", "display_name", "first_name", "last_name", "size", "colours", "nobody_has_it"}[r.IntN(8)]
	}
	if column := m.Field == "login" || m.Field == "email" || m.Field == "display_name"; column && m.Op >= apiclient.Less && m.Op <= apiclient.Between {
		m.Value, m.High = "a"+m.Value, "o" // a column of the account compares by order as text, whatever is in it
	}
	if m.Op == apiclient.Like {
		m.Value = strings.Replace(m.Value+"*", "a", "*", r.IntN(2))
	}
	return m
}

// TestFilterAsInMemory runs filters in SQL and in memory over the same users.
func TestFilterAsInMemory(t *testing.T) {
	db := openTest(t)
	users := population(t, db, 60)
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		f := randomFilter(r, 3)
		sort := apiclient.Sort{Column: []string{"id", "login", "registered", "status", "first_name"}[r.IntN(5)], Desc: r.IntN(2) == 0}
		page := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.UserPage, error) {
			tx.few = []int{0, 20, 1000}[r.IntN(3)] // by rows, by both, by ids
			return tx.Users(ctx, apiclient.UserQuery{Filter: f, Sort: sort, Limit: 1000})
		})
		var want, got []apiclient.UserID
		for _, u := range users {
			if filter.Run(f, rowOf(u)) {
				want = append(want, u.ID)
			}
		}
		for _, u := range page.Users {
			got = append(got, u.ID)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v, sorted by %s (-memory +SQL):\n%s", f, sort, diff)
		}
		counts := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.UserCounts, error) { return tx.CountUsers(ctx, f) })
		if counts.Total != len(want) {
			t.Fatalf("%+v counts %d; want %d", f, counts.Total, len(want))
		}
	}
}

// FuzzFilter puts any text into every column: it may be refused, but never breaks
// the query.
func FuzzFilter(f *testing.F) {
	for i, seed := range []string{"", "a", "ab", "abc", `"`, `a"b`, "'", "%_*\\", "\x00\x00\x00", "ö", "\xff\xfe", "NEAR(a b)", "2026-01-31", "1e999", "9999999999999999999", "-", "*"} {
		f.Add("first_name", seed, i)
		f.Add("", seed, i)
		f.Add("registered", seed, i)
		f.Add("id", seed, i)
	}
	db := openTest(f)
	population(f, db, 20)
	f.Fuzz(func(t *testing.T, field, value string, op int) {
		m := apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Value: value, High: value, Op: apiclient.MatchOp(op)}}
		for name, err := range map[string]error{
			"Users": db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.Users(ctx, apiclient.UserQuery{Filter: m})
				return err
			}),
			"Events": db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.Events(ctx, apiclient.EventQuery{Filter: m})
				return err
			}),
			"Deliveries": db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.Deliveries(ctx, apiclient.DeliveryQuery{Filter: m})
				return err
			}),
			"Mails": db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.Mails(ctx, apiclient.MailQuery{Filter: m})
				return err
			}),
			"Audits": db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
				_, err := tx.Audits(ctx, apiclient.AuditQuery{Filter: m})
				return err
			}),
		} {
			if err != nil && apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDeepFilter(t *testing.T) {
	db := openTest(t)
	f := apiclient.FieldIs("login", "a")
	for range 10_000 {
		f = apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}
	}
	err := db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
		_, err := tx.Users(ctx, apiclient.UserQuery{Filter: f})
		return err
	})
	if apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a filter that is too deep: %v; want invalid", err)
	}
}
