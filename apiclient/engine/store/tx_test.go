package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// TestErrorNamesItsStatement refuses a row that is written when another statement is to be
// run, or at the end: the error names the statement that has failed, once, and no other.
func TestErrorNamesItsStatement(t *testing.T) {
	for _, test := range []struct {
		name string
		then func(context.Context, *Tx) error
	}{
		{"a statement", func(ctx context.Context, tx *Tx) error {
			_, err := tx.exec(ctx, `UPDATE settings SET value = '' WHERE key = 'none'`)
			return err
		}},
		{"a query", func(ctx context.Context, tx *Tx) error {
			_, err := tx.count(ctx, `SELECT count(*) FROM settings`)
			return err
		}},
		{"an id", func(ctx context.Context, tx *Tx) error {
			_, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, Login: "ada", Origin: "form", Skipped: "x"})
			return err
		}},
		{"nothing more", func(context.Context, *Tx) error { return nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := openTest(t)
			err := db.Change(t.Context(), func(ctx context.Context, tx *Tx) error {
				for range 2 {
					if err := tx.add(auditSheet, 1, 1, "ada", "form", "x", "y", "", ""); err != nil {
						return err
					}
				}
				return test.then(ctx, tx)
			})
			e, ok := errors.AsType[*apiclient.Error](err)
			if !ok || e.Kind != apiclient.Conflict {
				t.Fatalf("two rows of one number: %v", err)
			}
			text := e.Err.Error()
			if n := strings.Count(text, "INSERT INTO"); n != 1 || !strings.HasPrefix(text, "change the database: INSERT INTO audit (") {
				t.Errorf("%s\nnames %d statements; want INSERT INTO audit alone", text, n)
			}
			for _, other := range []string{"UPDATE", "SELECT", "events"} {
				if strings.Contains(text, other+" ") {
					t.Errorf("%s\nnames %s, which is not at fault", text, other)
				}
			}
		})
	}
}
