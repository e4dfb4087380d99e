package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"umdeck/apiclient"
)

func TestTouchesAccounts(t *testing.T) {
	for query, want := range map[string]bool{
		`SELECT 1 FROM users`:        false,
		`SAVEPOINT job`:              false,
		`COMMIT`:                     false,
		`UPDATE users SET login = ?`: true,
		"DELETE FROM user_fields\n WHERE user_id = ?":       true,
		`INSERT INTO user_roles (user_id, role) VALUES (?)`: true,
		`UPDATE roles SET priority = ?`:                     true,
		`UPDATE subscriptions SET due = due + ?`:            false,
		`INSERT INTO user_items (key) VALUES (?)`:           false, // of what fields hold, for search
		`DELETE FROM deliveries WHERE id = ?`:               false,
		`WITH x AS (SELECT 1) UPDATE users SET url = ''`:    true,
	} {
		if got := touchesAccounts(query); got != want {
			t.Errorf("%q: %t", query, got)
		}
	}
}

// TestChangeUser has changes that share a commit count in the account of one of three
// users: each sees what was written before it, and nothing of one that has failed or of an
// account that was given to another change.
func TestChangeUser(t *testing.T) {
	db := openTest(t)
	var ids []apiclient.UserID
	for i := range 3 {
		ids = append(ids, addUser(t, db, Account{User: apiclient.User{Login: fmt.Sprint("user", i), Email: fmt.Sprintf("user%d@example.com", i)}}))
	}
	stop := errors.New("changed my mind")
	release := hold(t, db)
	errs, wait := queueUsers(db, 60, func(i int) (apiclient.UserID, func(context.Context, *Tx) error) {
		id := ids[i%3]
		return id, func(ctx context.Context, tx *Tx) error {
			was, err := tx.Account(ctx, id)
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(was.Fields["count"].String())
			if err != nil && !was.Fields["count"].Empty() {
				return err
			}
			is := was
			is.Fields = map[string]apiclient.Value{"count": apiclient.Text(strconv.Itoa(n + 1))}
			if err := tx.UpdateUser(ctx, was, is); err != nil {
				return err
			}
			if i == 3 { // an account that was read is the caller's own
				if was, err = tx.Account(ctx, ids[1]); err != nil {
					return err
				}
				was.Fields["count"] = apiclient.Text("1000")
			}
			if i == 30 {
				if _, err := tx.exec(ctx, `UPDATE users SET url = 'https://example.com'`); err != nil {
					return err
				}
			}
			if i%10 == 9 {
				return stop
			}
			return nil
		}
	})
	release()
	wait()
	for i, err := range errs {
		if wants := i%10 == 9; wants != errors.Is(err, stop) {
			t.Errorf("change %d: %v", i, err)
		}
	}
	for i, id := range ids {
		a := read(t, db, func(ctx context.Context, tx *Tx) (Account, error) { return tx.Account(ctx, id) })
		if n := a.Fields["count"].String(); n != "18" || a.URL != "https://example.com" {
			t.Errorf("user %d has counted %s at %q; want 18, https://example.com", i, n, a.URL)
		}
	}
}

// TestRowsOfMany has changes whose rows are written together: what the database refuses,
// and what no database takes, is the failure of its own change.
func TestRowsOfMany(t *testing.T) {
	db := openTest(t)
	release := hold(t, db)
	errs, wait := queue(db, 20, func(i int) func(context.Context, *Tx) error {
		return func(ctx context.Context, tx *Tx) error {
			e := apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: fmt.Sprint("user", i), Origin: "form", Skipped: "x"}
			switch i {
			case 3:
				e.Skipped = "" // an event of no delivery must say why
			case 7:
				e.Login = "a\x00b"
			case 9:
				e.Login = "a\xffb"
			}
			if _, err := tx.InsertEvent(ctx, e); err != nil || i != 5 {
				return err
			}
			return tx.SetMeta(ctx, "seen", "yes") // a statement of its own
		}
	})
	release()
	wait()
	for i, err := range errs {
		if wants := i == 3 || i == 7 || i == 9; wants != (err != nil) {
			t.Errorf("change %d: %v", i, err)
		}
	}
	if n := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.count(ctx, `SELECT count(*) FROM events e JOIN log l ON l.event_id = e.id`)
	}); n != 17 {
		t.Errorf("%d events are logged; want 17", n)
	}
}
