package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient/engine/store/pgtest"
)

// openLogged opens a new file, and gives what is logged.
func openLogged(t *testing.T) (db *DB, file string, logged chan string) {
	t.Helper()
	pgtest.SQLiteAlone(t, "it is about the write-ahead log")
	file, logged = filepath.Join(t.TempDir(), "test.db"), make(chan string, 100)
	log := slog.New(slog.NewTextHandler(writeFunc(func(p []byte) (int, error) {
		logged <- strings.TrimSpace(string(p))
		return len(p), nil
	}), nil))
	db, err := Open(t.Context(), Config{File: file, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, file, logged
}

type writeFunc func([]byte) (int, error)

func (f writeFunc) Write(p []byte) (int, error) { return f(p) }

// aloneHas returns how many rows of meta begin with a prefix in a copy of the file without
// its write-ahead log; -1: a copy that was made in the middle of something.
func aloneHas(t *testing.T, file, prefix string) (n int) {
	t.Helper()
	from, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	alone := filepath.Join(t.TempDir(), "alone.db")
	to, err := os.Create(alone)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("sqlite", dsn(alone))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := pool.QueryRowContext(t.Context(), `SELECT count(*) FROM meta WHERE key LIKE ?`, prefix+"%").Scan(&n); err != nil {
		return -1
	}
	return n
}

// untilAlone waits until the file alone has n such rows.
func untilAlone(t *testing.T, file, prefix string, n int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		got := aloneHas(t, file, prefix)
		if got == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the file alone has %d rows %s; want %d", got, prefix, n)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// wantLogged waits for a line.
func wantLogged(t *testing.T, logged <-chan string, text string) {
	t.Helper()
	select {
	case line := <-logged:
		if !strings.Contains(line, text) {
			t.Errorf("logged %s; want %s", line, text)
		}
	case <-time.After(time.Minute):
		t.Fatalf("not logged: %s", text)
	}
}

// commits makes n commits with a row each.
func commits(t *testing.T, db *DB, prefix string, n int) {
	t.Helper()
	for i := range n {
		change(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetMeta(ctx, fmt.Sprint(prefix, i), "v") })
	}
}

// TestCheckpoint finds what was committed in the file alone soon after, while the database
// is open; and in the end there is nothing to move.
func TestCheckpoint(t *testing.T) {
	db, file, logged := openLogged(t)
	commits(t, db, "first", 50)
	untilAlone(t, file, "first", 50)
	commits(t, db, "second", 50)
	untilAlone(t, file, "second", 50)
	if all, err := db.checkpointer.move(t.Context()); !all || err != nil {
		t.Errorf("when all is moved: %v, %v", all, err)
	}
	if len(logged) > 0 {
		t.Errorf("logged %s", <-logged)
	}
}

// TestCheckpointFails has the checkpoint fail for a while, in which nothing is committed:
// it says so once, is tried again, and what was committed before is in the file alone.
func TestCheckpointFails(t *testing.T) {
	db, file, logged := openLogged(t)
	commits(t, db, "first", 5)
	untilAlone(t, file, "first", 5)
	pool := db.checkpointer.pool
	if _, err := pool.ExecContext(t.Context(), `BEGIN; SELECT count(*) FROM meta`); err != nil { // in a transaction nothing can be moved
		t.Fatal(err)
	}
	commits(t, db, "second", 5)
	wantLogged(t, logged, "cannot move the write-ahead log")
	if n := aloneHas(t, file, "second"); n != 0 {
		t.Errorf("the file alone has %d of the rows that cannot be moved", n)
	}
	if _, err := pool.ExecContext(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	untilAlone(t, file, "second", 5)
	wantLogged(t, logged, "is moved into the database again")
	if len(logged) > 0 {
		t.Errorf("logged %s too", <-logged)
	}
}

// TestCheckpointBehindAReader commits while a reader holds a snapshot: what it looks at is
// moved when it has ended, without another commit.
func TestCheckpointBehindAReader(t *testing.T) {
	db, file, _ := openLogged(t)
	commits(t, db, "first", 5)
	untilAlone(t, file, "first", 5)
	err := db.View(t.Context(), func(ctx context.Context, tx *Tx) error {
		if _, err := tx.count(ctx, `SELECT count(*) FROM meta`); err != nil { // from here on it is a snapshot
			return err
		}
		commits(t, db, "second", 5)
		all, err := db.checkpointer.move(ctx)
		if all {
			t.Error("all is said to be moved that the reader does not see")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	untilAlone(t, file, "second", 5)
}
