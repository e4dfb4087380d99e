package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestNicename(t *testing.T) {
	db := openTest(t)
	long := strings.Repeat("x", 55)
	for _, c := range [][2]string{{"Ada.B", "ada-b"}, {"ada b", "ada-b-2"}, {"ada-b", "ada-b-3"}, {long, long[:50]}, {long + "y", long[:48] + "-2"}, {"@", ""}, {".", "-2"}} {
		id := addUser(t, db, Account{User: apiclient.User{Login: c[0], Email: fmt.Sprintf("%x@example.com", c[0])}})
		a := read(t, db, func(ctx context.Context, tx *Tx) (Account, error) { return tx.Account(ctx, id) })
		if a.Nicename != c[1] {
			t.Errorf("%q has the nicename %q; want %q", c[0], a.Nicename, c[1])
		}
	}
	page := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.UserPage, error) {
		return tx.Users(ctx, apiclient.UserQuery{Filter: apiclient.FieldIs("user_nicename", "ada-b-2"), Sort: apiclient.Sort{Column: "user_nicename"}})
	})
	if len(page.Users) != 1 || page.Users[0].Login != "ada b" {
		t.Errorf("the nicename ada-b-2 finds %+v", page.Users)
	}
}

// TestNicenameMigration gives users of an older database what new ones get, but for
// the ends of those that are not the first.
func TestNicenameMigration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "old.db")
	older := fstest.MapFS{}
	all, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(all, "000[12]_*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(all, name)
		if err != nil {
			t.Fatal(err)
		}
		older[name] = &fstest.MapFile{Data: data}
	}
	logins := []string{"Ada.B", "ada b", "ada-b", "a" + strings.Repeat(".", 48) + "b", "@", ".", strings.Repeat("x", 60)}
	fillOld(t, file, older, logins)
	db, err := Open(t.Context(), Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	var got []string
	for i := range logins {
		a := read(t, db, func(ctx context.Context, tx *Tx) (Account, error) { return tx.Account(ctx, apiclient.UserID(i+1)) })
		got = append(got, a.Nicename)
	}
	want := []string{"ada-b", "ada-b--2", "ada-b--3", "a-b", "", "--6", strings.Repeat("x", 50)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the nicenames (-want +got):\n%s", diff)
	}
}

// fillOld makes a database of those migrations with a user for each login.
func fillOld(t *testing.T, file string, files fs.FS, logins []string) {
	t.Helper()
	write, err := sql.Open("sqlite", dsn(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := write.Close(); err != nil {
			t.Error(err)
		}
	}()
	db := &DB{cfg: Config{File: file, Logger: slog.New(slog.DiscardHandler)}, write: write}
	if err := db.migrate(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	for i, login := range logins {
		_, err := write.ExecContext(t.Context(), `INSERT INTO users (login, login_key, email, email_key, display_name, name_key, first_key, last_key, search, url,
			password_hash, must_set_password, status, role, registered, last_login, activation_hash, activation_expiry, sessions_from)
			VALUES (?1, lower(?1), ?2, ?2, '', '', '', '', '', '', '', 0, 'approved', '', 0, 0, '', 0, 0)`, login, fmt.Sprintf("u%d@example.com", i))
		if err != nil {
			t.Fatal(err)
		}
	}
}
