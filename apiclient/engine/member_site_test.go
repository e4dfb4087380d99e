package engine_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/store/pgtest"
)

// A clock is a time that tests move.
type clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A memberSite is an instance with a clock, as its visitors see it.
type memberSite struct {
	*engine.Engine
	*clock
	dir string
}

const goodPassword = "Correct-Horse-7"

func openSite(t testing.TB) memberSite {
	t.Helper()
	s := memberSite{clock: newClock(), dir: t.TempDir()}
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: s.dir, URL: "http://site.example", AllowPrivateTargets: true, Now: s.now}))
	if err != nil {
		t.Fatal(err)
	}
	s.Engine = e
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// join makes an account with goodPassword.
func (s memberSite) join(t testing.TB, login string, more ...apitest.UserOption) apiclient.User {
	t.Helper()
	n := apitest.User(login, more...)
	n.Password = apiclient.NewSecret(goodPassword)
	u, err := s.CreateUser(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// database opens the site's database beside the engine.
func (s memberSite) database(t testing.TB) *sql.DB {
	t.Helper()
	driver, name := "sqlite", "file:"+filepath.Join(s.dir, "umdeck.db")+"?_pragma=busy_timeout(5000)"
	if url, there := databases.Load(s.dir); there {
		driver, name = "pgx", url.(string)
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// column reads what no API tells: a column of a user's row.
func (s memberSite) column(t testing.TB, id apiclient.UserID, name string) (text string) {
	t.Helper()
	db := s.database(t)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), `SELECT `+name+` FROM users WHERE id = `+fmt.Sprint(id)).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// execute changes what no API changes.
func (s memberSite) execute(t testing.TB, query string, args ...any) {
	t.Helper()
	db := s.database(t)
	defer db.Close()
	if pgtest.On() {
		for i := range args {
			query = strings.Replace(query, "?", fmt.Sprint("$", i+1), 1)
		}
	}
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// triggers are the events of a user, oldest first, as "trigger origin actor".
func (s memberSite) triggers(t testing.TB, login string) []string {
	t.Helper()
	page, err := s.Events(t.Context(), apiclient.EventQuery{Filter: apiclient.FieldIs("login", login), Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range page.Events {
		list = append(list, string(e.Trigger)+" "+string(e.Origin)+" "+e.Actor)
	}
	slices.Reverse(list)
	return list
}

// audited are the actions that the audit has about a user, oldest first.
func (s memberSite) audited(t testing.TB, login string) []string {
	t.Helper()
	page, err := s.Audits(t.Context(), apiclient.AuditQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, a := range page.Audits {
		if strings.HasSuffix(a.Subject, "("+login+")") {
			list = append(list, a.Action)
		}
	}
	slices.Reverse(list)
	return list
}

// sent is a submission of the given keys and values.
func sent(pairs ...string) apiclient.Submission {
	s := apiclient.Submission{Values: map[string][]string{}}
	for i := 0; i < len(pairs); i += 2 {
		s.Values[pairs[i]] = append(s.Values[pairs[i]], pairs[i+1])
	}
	return s
}

// enter logs in and returns the visitor from then on.
func (s memberSite) enter(t testing.TB, login string, more ...string) apiclient.Visitor {
	t.Helper()
	v := apiclient.Visitor{Address: "192.0.2.1", Agent: "test"}
	r, err := s.Login(t.Context(), v, sent(append([]string{"username", login, "user_password", goodPassword}, more...)...))
	if err != nil {
		t.Fatalf("log in as %s: %v", login, err)
	}
	v.Token = r.Session.Token
	return v
}

// who is the login of who visits; empty: a guest.
func (s memberSite) who(t testing.TB, v apiclient.Visitor) string {
	t.Helper()
	session, err := s.Session(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return session.User.Login
}

// outcome is what a call came to, for tables: "redirect /x", a refusal's code and
// place, the problems by field, or the kind of the error.
func outcome(r apiclient.Reply, err error) string {
	if problems, ok := errors.AsType[apiclient.Problems](err); ok {
		var list []string
		for _, p := range problems {
			list = append(list, p.Field+": "+p.Message)
		}
		return strings.Join(list, "; ")
	}
	if refusal, ok := errors.AsType[*apiclient.Refusal](err); ok {
		return "refused " + refusal.Redirect
	}
	if err != nil {
		return apiclient.KindOf(err).String() + " " + apiclient.MessageOf(err)
	}
	if r.Message != "" {
		return "message " + r.Message
	}
	return "redirect " + r.Redirect
}

// setting changes settings, given as keys and values.
func (s memberSite) setting(t testing.TB, pairs ...string) {
	t.Helper()
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	if _, err := s.ChangeSettings(context.WithoutCancel(t.Context()), values); err != nil {
		t.Fatal(err)
	}
}

// act does a status action.
func (s memberSite) act(t testing.TB, a apiclient.Action, id apiclient.UserID) {
	t.Helper()
	for _, o := range must(s.DoUsers(t.Context(), apiclient.UserAction{Action: a, Users: []apiclient.UserID{id}}))(t) {
		if o.Err != nil {
			t.Fatalf("%s: %v", a, o.Err)
		}
	}
}

// role changes settings of a role.
func (s memberSite) role(t testing.TB, slug apiclient.RoleSlug, registration string, settings ...string) {
	t.Helper()
	u := apiclient.RoleUpdate{Settings: map[string]apiclient.Value{}}
	if registration != "" {
		u.Registration = &registration
	}
	for i := 0; i < len(settings); i += 2 {
		u.Settings[settings[i]] = apiclient.Text(settings[i+1])
	}
	must(s.UpdateRole(t.Context(), slug, u))(t)
}
