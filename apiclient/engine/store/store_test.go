package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
	"umdeck/apiclient/engine/store/sqlitetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// place returns where a new database for the test is to be made.
func place(t testing.TB) Config {
	t.Helper()
	if pgtest.On() {
		return Config{URL: pgtest.Copy(t, func(url string) error { return migrated(Config{URL: url}) })}
	}
	file := filepath.Join(t.TempDir(), "test ?#%.db")
	if err := tables.Copy(file); err != nil {
		t.Fatal(err)
	}
	return Config{File: file}
}

// tables has the tables of a new database.
var tables = sqlitetest.New(func(file string) error { return migrated(Config{File: file}) })

// migrated gives a new database its tables.
func migrated(c Config) error {
	db, err := Open(context.Background(), c)
	if err != nil {
		return err
	}
	return db.Close()
}

// openTest opens a new database that is closed at the end of the test.
func openTest(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), place(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// change runs fn and fails the test when that fails.
func change(t testing.TB, db *DB, fn func(context.Context, *Tx) error) {
	t.Helper()
	if err := db.Change(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// read returns what fn reads.
func read[T any](t testing.TB, db *DB, fn func(context.Context, *Tx) (T, error)) T {
	t.Helper()
	v, err := view(t.Context(), db, fn)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// addUser stores a user with that login.
func addUser(t testing.TB, db *DB, a Account) apiclient.UserID {
	t.Helper()
	if a.Email == "" {
		a.Email = a.Login + "@example.com"
	}
	if a.Status == "" {
		a.Status = apiclient.StatusApproved
	}
	var id apiclient.UserID
	change(t, db, func(ctx context.Context, tx *Tx) (err error) {
		id, err = tx.InsertUser(ctx, a)
		return err
	})
	return id
}

func TestFileIsTheOwnersAlone(t *testing.T) {
	pgtest.SQLiteAlone(t, "the database is a file")
	db := openTest(t)
	addUser(t, db, Account{User: apiclient.User{Login: "ada"}})
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(db.cfg.File + end)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v; want 0600", filepath.Base(info.Name()), info.Mode())
		}
	}
}

func TestViewChangesNothing(t *testing.T) {
	db := openTest(t)
	err := db.View(t.Context(), func(ctx context.Context, tx *Tx) error { return tx.SetMeta(ctx, "k", "v") })
	if err == nil {
		t.Error("a change inside View was made")
	}
}

func TestClosed(t *testing.T) {
	db, err := Open(t.Context(), Config{File: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"Change": db.Change(t.Context(), func(context.Context, *Tx) error { return nil }),
		"Watch":  db.Watch(t.Context(), -1, func([]apiclient.LogEntry) error { return nil }),
	} {
		if apiclient.KindOf(err) != apiclient.Unavailable {
			t.Errorf("%s of a closed database: %v; want unavailable", name, err)
		}
	}
}

// TestMigrationBacksUp migrates a database that has rows: they are in the copy as
// they were, and in the database still.
func TestMigrationBacksUp(t *testing.T) {
	pgtest.SQLiteAlone(t, "a server has its own backups")
	db := openTest(t)
	addUser(t, db, Account{User: apiclient.User{Login: "ada"}})
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	next := fstest.MapFS{}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		next[path.Base(name)] = &fstest.MapFile{Data: text}
	}
	var version int // after the last one
	if _, err := fmt.Sscanf(path.Base(names[len(names)-1]), "%04d_", &version); err != nil {
		t.Fatal(err)
	}
	version++
	next[fmt.Sprintf("%04d_next.sql", version)] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE users ADD COLUMN next TEXT NOT NULL DEFAULT 'new';\n")}
	db.writer.close() // the writer has the only connection
	copied := fmt.Sprint(db.cfg.File, ".before-", version)
	if err := os.WriteFile(copied+".part", []byte("what an interrupted copy left"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time nothing is pending
		if err := db.migrate(t.Context(), next); err != nil {
			t.Fatal(err)
		}
	}
	old, err := Open(t.Context(), Config{File: copied})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := old.Close(); err != nil {
			t.Error(err)
		}
	}()
	if got := read(t, old, func(ctx context.Context, tx *Tx) (Account, error) { return tx.AccountByLogin(ctx, "ada") }); got.Login != "ada" {
		t.Errorf("the copy has %+v", got)
	}
	if _, err := os.Stat(copied + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the part of a copy is there still: %v", err)
	}
	var value string
	if err := db.write.QueryRowContext(t.Context(), `SELECT next FROM users WHERE login = 'ada'`).Scan(&value); err != nil || value != "new" {
		t.Errorf("after the migration: %q, %v", value, err)
	}
}

func TestCopy(t *testing.T) {
	pgtest.SQLiteAlone(t, "a copy is one of a file")
	db := openTest(t)
	addUser(t, db, Account{User: apiclient.User{Login: "ada"}})
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := Copy(t.Context(), db.cfg.File, file); err != nil {
		t.Fatal(err)
	}
	if err := Copy(t.Context(), db.cfg.File, file); err == nil {
		t.Error("a copy went over another one")
	}
	if err := Copy(t.Context(), file+".none", file+".copy"); err == nil {
		t.Error("there is a copy of nothing")
	}
	newest, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if has, err := Inspect(t.Context(), file); err != nil || has.Schema != newest || has.Counts["users"] != 1 {
		t.Errorf("the copy has %+v, %v; want the schema %d and one user", has, err, newest)
	}
	if _, err := Inspect(t.Context(), "store_test.go"); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a file that is no database: %v; want Invalid", err)
	}
	copied, err := Open(t.Context(), Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	read(t, copied, func(ctx context.Context, tx *Tx) (Account, error) { return tx.AccountByLogin(ctx, "ada") })
	if err := copied.Close(); err != nil {
		t.Error(err)
	}
}

// TestAccount stores an account with everything in it and reads it back.
func TestAccount(t *testing.T) {
	db := openTest(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	change(t, db, func(ctx context.Context, tx *Tx) error {
		for _, slug := range []apiclient.RoleSlug{"editor", "author"} {
			if err := tx.InsertRole(ctx, apiclient.Role{Slug: slug, Name: string(slug), Registration: "approved"}); err != nil {
				return err
			}
		}
		return nil
	})
	want := Account{
		User: apiclient.User{
			Login: "Ada", Email: "Ada@Example.com", DisplayName: "Ada Ø", URL: "https://example.com", Status: "approved",
			Roles: []apiclient.RoleSlug{"editor", "author"}, Registered: at, LastLogin: at.Add(time.Hour),
			Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Ada"), "languages": apiclient.List("English", `A "b", c`), "n": apiclient.Text("12")},
		},
		PasswordHash: "hash", MustSetPassword: true, ActivationHash: "activation", ActivationExpiry: at.Add(2 * time.Hour), SessionsFrom: at.Add(3 * time.Hour),
	}
	want.ID, want.Nicename = addUser(t, db, want), "ada"
	by := func(login string) Account {
		return read(t, db, func(ctx context.Context, tx *Tx) (Account, error) { return tx.AccountByLogin(ctx, login) })
	}
	if diff := cmp.Diff(want, by("aDA")); diff != "" {
		t.Errorf("as stored (-want +got):\n%s", diff)
	}
	is := want
	is.Email, is.Roles, is.SessionsFrom = "b@example.com", []apiclient.RoleSlug{"author"}, time.Time{}
	is.Fields = map[string]apiclient.Value{"languages": apiclient.List("French"), "last_name": apiclient.Text("L")}
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateUser(ctx, want, is) })
	if diff := cmp.Diff(is, by("ada")); diff != "" {
		t.Errorf("as updated (-want +got):\n%s", diff)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteUser(ctx, is.ID) })
	for _, table := range []string{"user_fields", "user_items", "user_roles", "users_search WHERE users_search MATCH 'ada'"} {
		if pgtest.On() && strings.Contains(table, "MATCH") {
			continue // its index is none that rows could be left in
		}
		if n := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.count(ctx, "SELECT count(*) FROM "+table) }); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// TestCounts moves users about: the counters say what counting would.
func TestCounts(t *testing.T) {
	db := openTest(t)
	statuses := []apiclient.Status{"approved", "inactive", "approved", "rejected", "approved"}
	for i, s := range statuses {
		addUser(t, db, Account{User: apiclient.User{Login: fmt.Sprint("u", i), Status: s}})
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		a, err := tx.AccountByLogin(ctx, "u0")
		if err != nil {
			return err
		}
		b := a
		b.Status = "inactive"
		if err := tx.UpdateUser(ctx, a, b); err != nil {
			return err
		}
		return tx.DeleteUser(ctx, 4)
	})
	got := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.UserCounts, error) {
		return tx.CountUsers(ctx, apiclient.Filter{})
	})
	want := apiclient.UserCounts{Total: 4, ByStatus: map[apiclient.Status]int{"approved": 2, "inactive": 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestSchemaDefendsItself writes rows that must not be.
func TestSchemaDefendsItself(t *testing.T) {
	db := openTest(t)
	for name, fn := range map[string]func(context.Context, *Tx) error{
		"an event without deliveries and without a reason": func(ctx context.Context, tx *Tx) error {
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "a", Origin: "form"})
			return err
		},
		"an event with deliveries and a reason": func(ctx context.Context, tx *Tx) error {
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "a", Origin: "form", Deliveries: 1, Skipped: "x"})
			return err
		},
		"a role that is none": func(ctx context.Context, tx *Tx) error {
			_, err := tx.InsertUser(ctx, Account{User: apiclient.User{Login: "a", Email: "a@b.c", Roles: []apiclient.RoleSlug{"none"}}})
			return err
		},
		"a subscription of no zap": func(ctx context.Context, tx *Tx) error {
			_, err := tx.InsertSubscription(ctx, apiclient.Subscription{Zap: 9, URL: "u", State: "active", Signing: apiclient.NewSecret("whsec_x")})
			return err
		},
	} {
		if err := db.Change(t.Context(), fn); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}
