package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

var (
	firstNames = []string{"Ada", "Bob", "Cem", "Dana", "Eva", "Finn", "Grace", "Hugo", "Ines", "Jörg", "Kim", "Lena", "Maja", "Noor", "Omar", "Pia"}
	lastNames  = []string{"Lovelace", "O'Neil", "Özgür", "Smith", "García", "Nowak", "Ivanova", "Tanaka", "Okafor", "Lindström", "Haddad", "Weber", "Rossi"}
)

// member is the i-th of many users.
func member(i int) apiclient.NewUser {
	first, last := firstNames[i%len(firstNames)], lastNames[i/7%len(lastNames)]
	n := apitest.User(fmt.Sprintf("member%d", i), apitest.Answer("first_name", first), apitest.Answer("last_name", last),
		apitest.Registered(time.Unix(int64(1_600_000_000+i*61%90_000_000), 0)))
	switch i % 50 {
	case 0:
		n.Status = apiclient.StatusAwaitingReview
	case 1:
		n.Status = apiclient.StatusInactive
	}
	if i%1000 == 0 {
		n.Status = apiclient.StatusRejected
	}
	return n
}

// fill creates users from 64 callers at once.
func fill(t testing.TB, e *engine.Engine, from, n int) {
	t.Helper()
	var (
		next atomic.Int64
		all  sync.WaitGroup
	)
	next.Store(int64(from))
	for range 64 {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= from+n {
					return
				}
				if _, err := e.CreateUser(context.Background(), member(i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// crowd returns an engine with many users: BENCH_USERS of them, or 100,000. A
// folder named by BENCH_DIR is kept and used again.
func crowd(b *testing.B) *engine.Engine {
	b.Helper()
	users := 100_000
	if text := os.Getenv("BENCH_USERS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		users = n
	}
	dir := b.TempDir()
	if kept := os.Getenv("BENCH_DIR"); kept != "" {
		dir = filepath.Join(kept, strconv.Itoa(users))
	}
	e := open(b, dir)
	have, err := e.CountUsers(b.Context(), apiclient.Filter{})
	if err != nil {
		b.Fatal(err)
	}
	if begin := time.Now(); have.Total <= users {
		fill(b, e, have.Total-1, users-have.Total+1)
		b.Logf("%d users in %v", users, time.Since(begin))
	}
	return e
}

func BenchmarkCreateUser(b *testing.B) {
	e := open(b, b.TempDir())
	b.ResetTimer()
	fill(b, e, 0, b.N)
}

func BenchmarkUsers(b *testing.B) {
	e := crowd(b)
	text := func(s string) apiclient.Filter {
		return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Op: apiclient.Contains, Value: s}}
	}
	for _, c := range []struct {
		name  string
		query apiclient.UserQuery
	}{
		{"newest", apiclient.UserQuery{}},
		{"by login", apiclient.UserQuery{Sort: apiclient.Sort{Column: "login"}}},
		{"by status", apiclient.UserQuery{Sort: apiclient.Sort{Column: "status"}}},
		{"by field", apiclient.UserQuery{Sort: apiclient.Sort{Column: "last_name"}}},
		{"text of one", apiclient.UserQuery{Filter: text("member77123")}},
		{"text of many", apiclient.UserQuery{Filter: text("example")}},
		{"text of nobody", apiclient.UserQuery{Filter: text("nobody at all")}},
		{"two characters of many", apiclient.UserQuery{Filter: text("ad")}},
		{"two characters of nobody", apiclient.UserQuery{Filter: text("qx")}},
		{"frequent status", apiclient.UserQuery{Filter: apiclient.FieldIs("status", "approved"), Sort: apiclient.Sort{Column: "login"}}},
		{"rare status", apiclient.UserQuery{Filter: apiclient.FieldIs("status", "rejected"), Sort: apiclient.Sort{Column: "login"}}},
		{"frequent answer", apiclient.UserQuery{Filter: apiclient.FieldIs("first_name", "ada")}},
		{"rare answer", apiclient.UserQuery{Filter: apiclient.FieldIs("first_name", "nobody")}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Users(b.Context(), c.query); err != nil {
					b.Fatal(err)
				}
			}
		})
		if c.query.Filter.IsZero() {
			b.Run(c.name+", deep", func(b *testing.B) { deep(b, e, c.query) })
		}
	}
	b.Run("count all", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.CountUsers(b.Context(), apiclient.Filter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// deep reads a page far behind the first one.
func deep(b *testing.B, e *engine.Engine, q apiclient.UserQuery) {
	q.Limit = apiclient.MaxLimit
	for range 20 {
		p, err := e.Users(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		q.After = p.Next
	}
	q.Limit = 0
	for b.Loop() {
		if _, err := e.Users(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFireTrigger makes an event with its delivery.
func BenchmarkFireTrigger(b *testing.B) {
	e := open(b, b.TempDir())
	z, err := e.CreateZap(b.Context(), apitest.TriggerZap("Bench", apiclient.TriggerLogin, "user_email", "first_name", "last_name"))
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := e.AddSubscription(b.Context(), apiclient.NewSubscription{Zap: z.ID, URL: "https://example.com/hook"}); err != nil {
		b.Fatal(err)
	}
	u, err := e.CreateUser(b.Context(), member(0))
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := e.FireTrigger(b.Context(), apiclient.TriggerLogin, u.ID); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkActions plans an action for a thousand users, and does it.
func BenchmarkActions(b *testing.B) {
	e := open(b, b.TempDir())
	fill(b, e, 0, 1000)
	action := apiclient.UserAction{Action: apiclient.ActionResend}
	for id := range apiclient.UserID(1000) {
		action.Users = append(action.Users, id+2)
	}
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.PlanUsers(b.Context(), action); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("do", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.DoUsers(b.Context(), action); err != nil {
				b.Fatal(err)
			}
		}
	})
}
