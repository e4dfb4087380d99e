package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
)

// hold keeps the writer busy until release is called, so that changes pile up.
func hold(t *testing.T, db *DB) (release func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := db.Change(context.Background(), func(context.Context, *Tx) error {
			close(begun)
			<-end
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	return func() { close(end); wait.Wait() }
}

// queue hands n changes to a writer that is held and returns when they wait. The
// errors are there after wait.
func queue(db *DB, n int, fn func(i int) func(context.Context, *Tx) error) (errs []error, wait func()) {
	return queueUsers(db, n, func(i int) (apiclient.UserID, func(context.Context, *Tx) error) { return 0, fn(i) })
}

// queueUsers is queue for changes of users.
func queueUsers(db *DB, n int, fn func(i int) (apiclient.UserID, func(context.Context, *Tx) error)) (errs []error, wait func()) {
	errs = make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		before := len(db.writer.jobs)
		user, change := fn(i)
		all.Go(func() { errs[i] = db.ChangeUser(context.Background(), user, change) })
		for len(db.writer.jobs) == before { // nobody takes from it while the writer is held
			runtime.Gosched()
		}
	}
	return errs, all.Wait
}

func TestGroupCommit(t *testing.T) {
	db := openTest(t)
	release := hold(t, db)
	txs := make([]*Tx, 100)
	errs, wait := queue(db, len(txs), func(i int) func(context.Context, *Tx) error {
		return func(ctx context.Context, tx *Tx) error {
			txs[i] = tx
			return tx.SetMeta(ctx, fmt.Sprint("k", i), "v")
		}
	})
	release()
	wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	for i, tx := range txs {
		if tx != txs[0] {
			t.Errorf("change %d had a transaction of its own; want all of them in one", i)
		}
	}
	if n := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.count(ctx, `SELECT count(*) FROM meta`) }); n != 100 {
		t.Errorf("%d rows; want 100", n)
	}
}

// TestAlone asks a change whether others wait: none, one that shares its transaction, one
// that comes meanwhile, and one of another engine.
func TestAlone(t *testing.T) {
	db := openTest(t)
	var alone bool
	ask := func(ctx context.Context, tx *Tx) (err error) { alone, err = tx.Alone(ctx); return err }
	idle := func(context.Context, *Tx) error { return nil }
	want := func(is bool, when string) {
		t.Helper()
		if alone != is {
			t.Errorf("%s: alone is %v", when, alone)
		}
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	change(t, db, ask)
	want(true, "by itself")

	release := hold(t, db)
	errs, wait := queue(db, 2, func(i int) func(context.Context, *Tx) error { return []func(context.Context, *Tx) error{ask, idle}[i] })
	release()
	wait()
	ok(errors.Join(errs...))
	want(false, "with another one")

	change(t, db, func(ctx context.Context, tx *Tx) error {
		errs, wait = queue(db, 1, func(int) func(context.Context, *Tx) error { return idle })
		return ask(ctx, tx)
	})
	wait()
	ok(errors.Join(errs...))
	want(false, "with one that waits")

	if !db.postgres {
		return // its file has one engine
	}
	other, err := Open(t.Context(), db.cfg)
	ok(err)
	var theirs sync.WaitGroup
	change(t, db, func(ctx context.Context, tx *Tx) error {
		theirs.Go(func() {
			if err := other.Change(context.Background(), idle); err != nil {
				t.Error(err)
			}
		})
		for end := time.Now().Add(time.Minute); ; {
			if err := ask(ctx, tx); err != nil || !alone || time.Now().After(end) {
				return err
			}
		}
	})
	theirs.Wait()
	want(false, "with another engine that waits")
	change(t, db, ask)
	want(true, "after it")
	ok(other.Close())
}

// TestOneFailsAlone has a change fail and another one panic in the middle of a
// batch: the others are stored, and of these two nothing is, in the log neither.
func TestOneFailsAlone(t *testing.T) {
	db := openTest(t)
	release := hold(t, db)
	stop := errors.New("changed my mind")
	errs, wait := queue(db, 5, func(i int) func(context.Context, *Tx) error {
		return func(ctx context.Context, tx *Tx) error {
			if err := tx.SetMeta(ctx, fmt.Sprint("k", i), "v"); err != nil {
				return err
			}
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: apiclient.UserID(i), Login: "a", Origin: "form", Skipped: "x"})
			switch {
			case err != nil:
				return err
			case i == 1:
				return stop
			case i == 3:
				panic("a defect")
			}
			return nil
		}
	})
	release()
	wait()
	for i, err := range errs {
		if (err != nil) != (i == 1 || i == 3) {
			t.Errorf("change %d: %v", i, err)
		}
	}
	if !errors.Is(errs[1], stop) {
		t.Errorf("the failed one says %v; want its own error", errs[1])
	}
	if e, ok := errors.AsType[*apiclient.Error](errs[3]); !ok || e.Kind != apiclient.Internal || !strings.Contains(e.Err.Error(), "a defect") {
		t.Errorf("the panic is %v; want an internal error that names it", errs[3])
	}
	keys := read(t, db, func(ctx context.Context, tx *Tx) (string, error) {
		return one(ctx, tx, scanText, `SELECT `+map[bool]string{false: `group_concat`, true: `string_agg`}[tx.postgres]+`(key, ' ' ORDER BY key) FROM meta WHERE key LIKE 'k_'`)
	})
	if keys != "k0 k2 k4" {
		t.Errorf("stored %s; want k0 k2 k4", keys)
	}
	if got := watched(t, db, 0, 3); fmt.Sprint(got) != "[0 2 4]" {
		t.Errorf("the log tells of the events of users %v; want 0, 2 and 4", got)
	}
}

// TestCommitFails makes the commit itself fail: nothing is stored of the change whose
// fault that is, its caller is told, and those that it shared the commit with have theirs.
func TestCommitFails(t *testing.T) {
	db := openTest(t)
	release := hold(t, db)
	errs, wait := queue(db, 3, func(i int) func(context.Context, *Tx) error {
		return func(ctx context.Context, tx *Tx) error {
			if i == 1 { // a foreign key that is looked at only by the commit
				deferred := `PRAGMA defer_foreign_keys = ON`
				if tx.postgres {
					deferred = `ALTER TABLE zap_fields ALTER CONSTRAINT zap_fields_zap_id_fkey DEFERRABLE INITIALLY DEFERRED`
				}
				if _, err := tx.exec(ctx, deferred); err != nil {
					return err
				}
				_, err := tx.exec(ctx, `INSERT INTO zap_fields (zap_id, position, key) VALUES (99, 0, 'k')`)
				return err
			}
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: apiclient.UserID(i), Login: "a", Origin: "form", Skipped: "x"})
			return err
		}
	})
	release()
	wait()
	for i, err := range errs {
		if (err != nil) != (i == 1) {
			t.Errorf("change %d: %v", i, err)
		}
	}
	if n := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.count(ctx, `SELECT count(*) FROM events`) }); n != 2 {
		t.Errorf("%d events were stored; want 2", n)
	}
	if got := watched(t, db, 0, 2); fmt.Sprint(got) != "[0 2]" {
		t.Errorf("the log tells of the events of users %v; want 0 and 2", got)
	}
	change(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetMeta(ctx, "k", "v") })
}

func TestCancelledBeforeItsTurn(t *testing.T) {
	db := openTest(t)
	release := hold(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	ran := false
	done := make(chan error)
	go func() { done <- db.Change(ctx, func(context.Context, *Tx) error { ran = true; return nil }) }()
	for len(db.writer.jobs) == 0 {
		runtime.Gosched()
	}
	cancel()
	err := <-done
	release()
	change(t, db, func(context.Context, *Tx) error { return nil })
	if !errors.Is(err, context.Canceled) || apiclient.KindOf(err) != apiclient.Unavailable {
		t.Errorf("%v; want unavailable, because it was cancelled", err)
	}
	if ran {
		t.Error("the change was made after its caller was told that it was not")
	}
}

// TestCancelledInItsTurn ends the context while the change is made: it is
// finished, and the caller knows.
func TestCancelledInItsTurn(t *testing.T) {
	db := openTest(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Change(ctx, func(ctx context.Context, tx *Tx) error {
		cancel()
		return tx.SetMeta(ctx, "k", "v")
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, db, func(ctx context.Context, tx *Tx) (string, error) { return tx.Meta(ctx, "k") }); got != "v" {
		t.Errorf("stored %q; want v", got)
	}
}

// watched returns the users of the first n events after a number, as a watcher
// sees them.
func watched(t *testing.T, db *DB, after int64, n int) (users []apiclient.UserID) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := db.Watch(ctx, after, func(list []apiclient.LogEntry) error {
		for _, l := range list {
			if l.Event != nil {
				users = append(users, l.Event.User)
			}
		}
		if len(users) >= n {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return users
}
