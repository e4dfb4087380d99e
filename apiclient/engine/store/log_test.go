package store

import (
	"context"
	"slices"
	"testing"

	"umdeck/apiclient"
)

// TestKeptForWatchers logs something of each kind: a change keeps it, numbered, for the
// watchers of SQLite, and nothing for those of PostgreSQL, who are given what is read anew.
func TestKeptForWatchers(t *testing.T) {
	db, sub := queued(t)
	var kept []apiclient.LogEntry
	var many int64
	logged := true
	change(t, db, func(_ context.Context, tx *Tx) error {
		logged = tx.logged
		return nil
	})
	if logged {
		t.Error("a change that has logged nothing says that it has")
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if _, err := deliverIn(ctx, tx, sub); err != nil {
			return err
		}
		if err := tx.InsertAudit(ctx, apiclient.Audit{At: tx.Now(), Actor: "ada", Action: "x", Subject: "y"}); err != nil {
			return err
		}
		if _, err := tx.InsertMail(ctx, Post{Mail: apiclient.Mail{MessageID: "a@example.com", Slug: "welcome_email", Cause: "test", To: "ada@example.com", State: apiclient.MailDue}}); err != nil {
			return err
		}
		kept = tx.log
		if err := tx.SetSubscription(ctx, sub, apiclient.SubscriptionPaused, ""); err != nil {
			return err
		}
		many, logged = tx.bulk, tx.logged
		return nil
	})
	if !logged {
		t.Error("a change that has logged says that it has not, so that no other engine is woken")
	}
	if db.postgres {
		if len(kept) > 0 || many != 0 {
			t.Errorf("PostgreSQL keeps %d entries and the number %d, which nobody looks at", len(kept), many)
		}
		return
	}
	if many != 5 {
		t.Errorf("the last entry that is not kept has the number %d; want 5", many)
	}
	checkKept(t, kept, apiclient.LogEvent, apiclient.LogQueued, apiclient.LogChange, apiclient.LogMail)
}

// checkKept checks that entries of those kinds were kept, the first of the log.
func checkKept(t *testing.T, kept []apiclient.LogEntry, want ...apiclient.LogKind) {
	t.Helper()
	var kinds []apiclient.LogKind
	for i, e := range kept {
		kinds = append(kinds, e.Kind)
		if e.Seq != int64(i+1) || e.At.IsZero() {
			t.Errorf("entry %d is %+v", i+1, e)
		}
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("kept are %v; want %v", kinds, want)
	}
}
