package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// recordsOf returns what is kept of a delivery's attempts: its states, how many are in the
// log, and what is counted.
func recordsOf(t *testing.T, db *DB, sub apiclient.SubscriptionID, id apiclient.DeliveryID) string {
	t.Helper()
	d := stateOf(t, db, id)
	var failed int64
	for _, h := range hoursOf(t, db, sub, time.Time{}) {
		failed += int64(h.Failed)
	}
	logged := read(t, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.count(ctx, `SELECT count(*) FROM log WHERE delivery_id = ? AND kind IN ('attempt', 'state')`, id)
	})
	return fmt.Sprintf("%s after %d attempts, %d kept, %d logged, %d failed, %s", d.State, d.Attempts, len(d.Log), logged, failed, counters(t, db, sub))
}

// TestFinishAgain records a result twice, because the answer to the first was lost: there is
// one attempt, and it counts once; also where the delivery was claimed again meanwhile, for
// a send whose own result follows.
func TestFinishAgain(t *testing.T) {
	at := time.Now().Truncate(time.Millisecond)
	result := func(state apiclient.DeliveryState, tries, waits int) Result {
		return Result{
			State: state, Tries: tries, Waits: waits, Due: at, Error: "answered",
			Attempt: &apiclient.Attempt{At: at.Add(time.Duration(tries+waits) * time.Minute), Duration: 1234567 * time.Microsecond, Code: 200 + 300*bit(state != apiclient.DeliveryDone), Class: "5xx", Error: "answered"},
		}
	}
	done, again, waits := result(apiclient.DeliveryDone, 1, 0), result(apiclient.DeliveryDue, 1, 0), result(apiclient.DeliveryDue, 0, 1)
	again.Breaker = &Breaker{Failures: 1}
	stalls := result(apiclient.DeliveryDue, 0, 0)
	dead, silent := result(apiclient.DeliveryDead, 1, 0), result(apiclient.DeliveryDue, 1, 0)
	silent.Attempt = nil
	ends := result(apiclient.DeliveryGone, 1, 0)
	ends.EndLane = true
	for _, test := range []struct {
		name   string
		result Result
		claim  bool // in between
		want   string
	}{
		{"done", done, false, "done after 1 attempts, 1 kept, 1 logged, 0 failed, done 1 dead 0 waiting 0"},
		{"to be tried again", again, false, "due after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 1"},
		{"put off", waits, false, "due after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 1"},
		{"no try", stalls, false, "due after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 1"},
		{"dead", dead, false, "dead after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 1 waiting 0"},
		{"gone", ends, false, "gone after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 0"},
		{"nothing was sent", silent, false, "due after 0 attempts, 0 kept, 1 logged, 0 failed, done 0 dead 0 waiting 1"},
		{"to be tried again, and claimed", again, true, "claimed after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 1"},
		{"put off, and claimed", waits, true, "claimed after 1 attempts, 1 kept, 1 logged, 1 failed, done 0 dead 0 waiting 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			db, sub := queued(t)
			d := deliver(t, db, sub)
			claimNext(t, db, 1, sub, 1)
			test.result.Delivery = d.ID
			finish := func(r Result) {
				change(t, db, func(ctx context.Context, tx *Tx) error {
					if r.Attempt != nil {
						a := *r.Attempt
						r.Attempt = &a
					}
					return tx.Finish(ctx, 1, r)
				})
			}
			finish(test.result)
			if test.claim {
				if list := claimNext(t, db, 1, sub, 1); len(list) != 1 {
					t.Fatalf("claimed %v", list)
				}
			}
			finish(test.result)
			if diff := cmp.Diff(test.want, recordsOf(t, db, sub, d.ID)); diff != "" {
				t.Errorf("told twice (-want +got):\n%s", diff)
			}
			if !test.claim {
				return
			}
			finish(Result{Delivery: d.ID, State: apiclient.DeliveryDone, Tries: test.result.Tries + 1, Waits: test.result.Waits, Attempt: &apiclient.Attempt{At: at.Add(time.Hour), Code: 200}})
			want := "done after 2 attempts, 2 kept, 2 logged, 1 failed, done 1 dead 0 waiting 0"
			if diff := cmp.Diff(want, recordsOf(t, db, sub, d.ID)); diff != "" {
				t.Errorf("after the next send (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFinishMailAgain is TestFinishAgain for a mail.
func TestFinishMailAgain(t *testing.T) {
	db := openTest(t)
	var m apiclient.Mail
	change(t, db, func(ctx context.Context, tx *Tx) (err error) {
		m, err = tx.InsertMail(ctx, Post{Mail: apiclient.Mail{MessageID: "a@example.com", Slug: "welcome_email", Cause: "test", To: "ada@example.com", State: apiclient.MailDue}})
		return err
	})
	at := time.Now()
	claim := func() {
		change(t, db, func(ctx context.Context, tx *Tx) error {
			list, err := tx.ClaimMails(ctx, 1, tx.Now(), 1)
			if err == nil && len(list) != 1 {
				t.Errorf("claimed %v", list)
			}
			return err
		})
	}
	finish := func(state apiclient.MailState, tries int) {
		change(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.FinishMail(ctx, 1, MailResult{Mail: m.ID, State: state, Tries: tries, Due: at, Attempt: &apiclient.MailAttempt{At: at, Duration: time.Second, Server: "mail.example.com:587", Code: 250 + tries}})
		})
	}
	check := func(state apiclient.MailState, attempts int) {
		t.Helper()
		got := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.Mail, error) { return tx.Mail(ctx, m.ID) })
		if got.State != state || got.Attempts != attempts || len(got.Log) != attempts {
			t.Errorf("the mail is %s after %d attempts, %d kept; want %s after %d", got.State, got.Attempts, len(got.Log), state, attempts)
		}
	}
	claim()
	finish(apiclient.MailDue, 1)
	finish(apiclient.MailDue, 1)
	check(apiclient.MailDue, 1)
	claim()
	finish(apiclient.MailDue, 1)
	check(apiclient.MailClaimed, 1)
	finish(apiclient.MailDone, 2)
	finish(apiclient.MailDone, 2)
	check(apiclient.MailDone, 2)
}
