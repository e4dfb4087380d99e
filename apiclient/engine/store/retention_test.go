package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
)

const day = 24 * time.Hour

// keepFrom is the retention of a new site.
func keepFrom(now time.Time) Keep {
	return Keep{Done: now.Add(-7 * day), Dead: now.Add(-90 * day), Events: now.Add(-90 * day), Mails: now.Add(-30 * day), DeadMail: now.Add(-90 * day)}
}

// prune makes a whole pass.
func prune(t *testing.T, db *DB, k Keep) Pruned {
	t.Helper()
	all := Pruned{}
	for _, s := range Sweeps() {
		for done := false; !done; {
			p, end, err := db.Prune(t.Context(), s, k)
			if err != nil {
				t.Fatal(err)
			}
			for table, n := range p {
				all.add(table, n)
			}
			done = end
		}
	}
	return all
}

func idsOf(t *testing.T, db *DB, query string) []int64 {
	t.Helper()
	return read(t, db, func(ctx context.Context, tx *Tx) ([]int64, error) { return collect(ctx, tx, scanInt, query) })
}

// TestPruneDeliveries: which deliveries go, and what goes with them.
func TestPruneDeliveries(t *testing.T) {
	db, sub := queued(t)
	now := time.Now().UTC().Truncate(time.Millisecond)
	cases := []struct {
		name               string
		state              apiclient.DeliveryState
		made, ended, tried float64 // days ago; 0: never
		kept               bool
	}{
		{"done long ago", apiclient.DeliveryDone, 9, 8, 8, false},
		{"done lately, after long tries", apiclient.DeliveryDone, 9, 6, 6, true},
		{"done this week", apiclient.DeliveryDone, 2, 2, 2, true},
		{"dead for long", apiclient.DeliveryDead, 99, 91, 91, false},
		{"dead for weeks", apiclient.DeliveryDead, 89, 88, 88, true},
		{"dead lately", apiclient.DeliveryDead, 99, 1, 1, true},
		{"gone for long", apiclient.DeliveryGone, 120, 100, 0, false},
		{"held for long, gone yesterday", apiclient.DeliveryGone, 120, 1, 0, true},
		{"due for ever", apiclient.DeliveryDue, 400, 0, 399, true},
		{"held for ever", apiclient.DeliveryHeld, 400, 0, 0, true},
		{"claimed for ever", apiclient.DeliveryClaimed, 400, 0, 399, true},
	}
	var want []int64
	for _, c := range cases {
		d := deliver(t, db, sub)
		change(t, db, func(ctx context.Context, tx *Tx) error { // a body of its own, as the engine makes them
			sum := sha256.Sum256([]byte(c.name))
			if _, err := tx.exec(ctx, `INSERT INTO payloads (sha256, body) VALUES (?, ?)`, sum[:], fmt.Appendf(nil, `{"id":%d}`, d.EventID)); err != nil {
				return err
			}
			_, err := tx.exec(ctx, `UPDATE deliveries SET payload = ? WHERE id = ?`, sum[:], d.ID)
			return err
		})
		ago := func(days float64) int64 {
			if days == 0 {
				return 0
			}
			return stamp(now.Add(-time.Duration(days * float64(day))))
		}
		change(t, db, func(ctx context.Context, tx *Tx) error {
			boot := 0
			if c.state == apiclient.DeliveryClaimed {
				boot = 1
			}
			if _, err := tx.exec(ctx, `UPDATE deliveries SET state = ?, at = ?, ended = ?, boot = ? WHERE id = ?`, c.state, ago(c.made), ago(c.ended), boot, d.ID); err != nil {
				return err
			}
			if _, err := tx.exec(ctx, `UPDATE events SET at = ? WHERE id = ?`, ago(c.made), d.EventID); err != nil {
				return err
			}
			if _, err := tx.exec(ctx, `UPDATE log SET at = ? WHERE delivery_id = ? OR event_id = ?`, ago(c.made), d.ID, d.EventID); err != nil {
				return err
			}
			if c.tried == 0 {
				return nil
			}
			return tx.add(attemptSheet, attemptRow(d.ID, apiclient.Attempt{Number: 1, At: unstamp(ago(c.tried))})...)
		})
		if c.kept {
			want = append(want, int64(d.ID))
		}
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `DELETE FROM payloads WHERE length(body) = 2`)
		return err
	})
	closeDay(t, db)
	pruned := prune(t, db, keepFrom(now))
	if diff := cmp.Diff(want, idsOf(t, db, `SELECT id FROM deliveries ORDER BY id`)); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Pruned{"deliveries": 3, "attempts": 2, "events": 2, "payloads": 3, "log": 3 + 2}, pruned); diff != "" {
		t.Errorf("what was removed (-want +got):\n%s", diff)
	}
	checkWhole(t, db)
	if again := prune(t, db, keepFrom(now)); len(again) != 0 {
		t.Errorf("a second pass removes %v", again)
	}
	span, err := db.LogSpan(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if span.Taken == 0 || slices.Contains(idsOf(t, db, `SELECT seq FROM log`), span.Taken) {
		t.Errorf("the log says that entries up to %d were taken", span.Taken)
	}
}

// checkWhole looks for rows that name what is not there, and for payloads that nobody names.
func checkWhole(t *testing.T, db *DB) {
	t.Helper()
	for what, query := range map[string]string{
		"deliveries without a payload":        `SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM payloads p WHERE p.sha256 = d.payload)`,
		"payloads that nobody names":          `SELECT count(*) FROM payloads p WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.payload = p.sha256)`,
		"attempts without a delivery":         `SELECT count(*) FROM attempts a WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = a.delivery_id)`,
		"entries of the log about deliveries": `SELECT count(*) FROM log l WHERE l.delivery_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = l.delivery_id)`,
		"entries of the log about events":     `SELECT count(*) FROM log l WHERE l.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = l.event_id)`,
		"entries of the log about mails":      `SELECT count(*) FROM log l WHERE l.mail_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.id = l.mail_id)`,
		"deliveries without an event":         `SELECT count(*) FROM deliveries d WHERE d.event_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = d.event_id)`,
	} {
		if n := idsOf(t, db, query)[0]; n != 0 {
			t.Errorf("%d %s are left", n, what)
		}
	}
}

// TestPrunePayloads: bytes stay while anybody names them, be it a test with the same ones.
func TestPrunePayloads(t *testing.T) {
	db, sub := queued(t)
	now := time.Now()
	var first, again, test apiclient.Delivery
	change(t, db, func(ctx context.Context, tx *Tx) (err error) {
		s, err := tx.Subscription(ctx, sub)
		if err != nil {
			return err
		}
		e, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "Ada", Origin: "form", At: tx.Now(), Deliveries: 1})
		if err != nil {
			return err
		}
		insert := func(name string, event apiclient.EventID, of apiclient.DeliveryID) (apiclient.Delivery, error) {
			return tx.InsertDelivery(ctx, apiclient.Delivery{
				WebhookID: name, EventID: event, Event: apiclient.TriggerLogin, Zap: s.Zap, ZapName: s.ZapName, Subscription: sub, User: 1, Login: "Ada",
				Body: fmt.Appendf(nil, `{"id":%d,"um_zap_id":%d}`, e, s.Zap), Test: event == 0, ReplayOf: of,
			})
		}
		if first, err = insert("first", e, 0); err != nil {
			return err
		}
		if again, err = insert("again", e, first.ID); err != nil {
			return err
		}
		test, err = insert("test", 0, 0)
		return err
	})
	old := func(id apiclient.DeliveryID) {
		change(t, db, func(ctx context.Context, tx *Tx) error {
			_, err := tx.exec(ctx, `UPDATE deliveries SET state = 'done', at = ? WHERE id = ?`, stamp(now.Add(-10*day)), id)
			return err
		})
	}
	for _, step := range []struct {
		old  apiclient.DeliveryID
		want []int64 // deliveries
		left int64   // payloads
	}{
		{first.ID, []int64{int64(first.ID), int64(again.ID), int64(test.ID)}, 1}, // a replay names it
		{again.ID, []int64{int64(first.ID), int64(test.ID)}, 1},
		{first.ID, []int64{int64(test.ID)}, 1},
		{test.ID, []int64{}, 0},
	} {
		old(step.old)
		prune(t, db, keepFrom(now))
		if diff := cmp.Diff(step.want, idsOf(t, db, `SELECT id FROM deliveries ORDER BY id`)); diff != "" {
			t.Fatalf("after %d is old (-want +got):\n%s", step.old, diff)
		}
		if n := idsOf(t, db, `SELECT count(*) FROM payloads`)[0]; n != step.left {
			t.Fatalf("after %d is old %d payloads are left; want %d", step.old, n, step.left)
		}
	}
	checkWhole(t, db)
}

// TestPruneMails: what was sent goes after 30 days, what was given up after 90.
func TestPruneMails(t *testing.T) {
	db := openTest(t)
	now := time.Now()
	var want []int64
	for i, c := range []struct {
		state      apiclient.MailState
		days, sent int
		kept       bool
	}{
		{apiclient.MailDone, 40, 31, false},
		{apiclient.MailDone, 40, 29, true},
		{apiclient.MailSuppressed, 31, 0, false},
		{apiclient.MailSuppressed, 29, 0, true},
		{apiclient.MailDead, 91, 0, false},
		{apiclient.MailDead, 31, 0, true},
		{apiclient.MailHeld, 400, 0, true},
		{apiclient.MailDue, 400, 0, true},
	} {
		why, sent := "", int64(0)
		if c.state == apiclient.MailHeld || c.state == apiclient.MailSuppressed {
			why = "why"
		}
		if c.sent > 0 {
			sent = stamp(now.Add(-time.Duration(c.sent) * day))
		}
		change(t, db, func(ctx context.Context, tx *Tx) error {
			at := stamp(now.Add(-time.Duration(c.days) * day))
			id, err := tx.insert(ctx, `INSERT INTO mails (message_id, slug, recipient, recipient_key, user_id, login, login_key, cause, state, why, at, next_at, sent_at, subject, secrets, text, html)
				VALUES (?, 'welcome_email', 'a', 'a', 1, 'ada', 'ada', 'x', ?, ?, ?, ?, ?, '', '[]', '', '')`, fmt.Sprint(i), c.state, why, at, at, sent)
			if err != nil {
				return err
			}
			if c.kept {
				want = append(want, id)
			}
			_, err = tx.exec(ctx, `INSERT INTO mail_attempts (mail_id, number, at, ms, server, code, error) VALUES (?, 1, ?, 0, '', 0, '')`, id, at)
			return err
		})
	}
	if p := prune(t, db, keepFrom(now)); p["mails"] != 3 || p["mail_attempts"] != 3 {
		t.Errorf("removed %v", p)
	}
	if diff := cmp.Diff(want, idsOf(t, db, `SELECT id FROM mails ORDER BY id`)); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
	totals := read(t, db, func(ctx context.Context, tx *Tx) (map[apiclient.MailState]int64, error) { return tx.MailTotals(ctx) })
	if diff := cmp.Diff(map[apiclient.MailState]int64{"done": 1, "suppressed": 1, "dead": 1, "held": 1, "due": 1}, totals); diff != "" {
		t.Errorf("the counters (-want +got):\n%s", diff)
	}
}

// TestPruneMany goes over several batches, and gives the room back to the disk.
func TestPruneMany(t *testing.T) {
	db, sub := queued(t)
	const many = 3 * pruneBatch
	fns := make([]func(context.Context, *Tx) error, many)
	for i := range fns {
		fns[i] = func(ctx context.Context, tx *Tx) error {
			e, err := tx.InsertEvent(ctx, apiclient.Event{Trigger: apiclient.TriggerLogin, User: 1, Login: "Ada", Origin: "form", At: tx.Now(), Deliveries: 1})
			if err != nil {
				return err
			}
			body := fmt.Appendf(nil, `{"id":%d,"text":"%05000d"}`, e, i)
			_, err = tx.InsertDelivery(ctx, apiclient.Delivery{WebhookID: fmt.Sprint(e), EventID: e, Event: apiclient.TriggerLogin, Zap: 1, ZapName: "Zap", Subscription: sub, User: 1, Login: "Ada", Body: body})
			return err
		}
	}
	for _, err := range db.ChangeEach(t.Context(), fns) {
		if err != nil {
			t.Fatal(err)
		}
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		old := stamp(time.Now().Add(-100 * day))
		for _, query := range []string{`UPDATE deliveries SET state = 'done', at = ? WHERE id % 10 <> 0`, `UPDATE events SET at = ?`, `UPDATE log SET at = ?`} {
			if _, err := tx.exec(ctx, query, old); err != nil {
				return err
			}
		}
		return nil
	})
	p := prune(t, db, keepFrom(time.Now()))
	if p["deliveries"] != many*9/10 || p["payloads"] != many*9/10 || p["events"] != many*9/10 || p["log"] != 2*many*9/10 {
		t.Errorf("removed %v of %d", p, many)
	}
	checkWhole(t, db)
	if !pgtest.On() {
		checkShrink(t, db)
	}
}

// checkShrink gives what is free in the file back to the disk.
func checkShrink(t *testing.T, db *DB) {
	t.Helper()
	free := func() int64 { return idsOf(t, db, `PRAGMA freelist_count`)[0] }
	before, pages := free(), idsOf(t, db, `PRAGMA page_count`)[0]
	for more := true; more; {
		var err error
		if more, err = db.Shrink(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after := free(); before <= spareFree+vacuumBatch || after > spareFree || after < spareFree-vacuumBatch || idsOf(t, db, `PRAGMA page_count`)[0] >= pages {
		t.Errorf("%d pages were free of %d, and %d are", before, pages, after)
	}
	if text := read(t, db, func(ctx context.Context, tx *Tx) (string, error) {
		return one(ctx, tx, scanText, `PRAGMA integrity_check`)
	}); text != "ok" {
		t.Error(text)
	}
}
