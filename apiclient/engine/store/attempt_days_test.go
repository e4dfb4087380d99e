package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
)

// closeDay makes what attempts there are those of a day long ago.
func closeDay(t *testing.T, db *DB) {
	t.Helper()
	if !db.postgres {
		return
	}
	change(t, db, func(ctx context.Context, tx *Tx) error {
		if err := tx.turnAttemptDay(ctx); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE attempt_days SET closed = 1 WHERE closed > 0`)
		return err
	})
}

// A calendar is a database whose clock a test sets.
type calendar struct {
	*testing.T
	db  *DB
	sub apiclient.SubscriptionID
	now time.Time
}

func newCalendar(t *testing.T) *calendar {
	t.Helper()
	c := &calendar{T: t, now: time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)}
	cfg := place(t)
	cfg.Now = func() time.Time { return c.now }
	db, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	c.db, c.sub = db, subscribe(t, db, "https://example.com/1")
	return c
}

// pass makes a pass of retention.
func (c *calendar) pass() {
	c.Helper()
	prune(c.T, c.db, keepFrom(c.now))
}

// partitions returns how many days have one.
func (c *calendar) partitions() int64 {
	c.Helper()
	n := idsOf(c.T, c.db, `SELECT count(*) FROM pg_inherits WHERE inhparent = 'attempts'::regclass`)[0] - 1 // but for attempts_kept
	if days := idsOf(c.T, c.db, `SELECT count(*) FROM attempt_days`)[0]; days != n {
		c.Errorf("%d days have %d partitions", days, n)
	}
	return n
}

// check reads every delivery that is there: it has all its attempts.
func (c *calendar) check() {
	c.Helper()
	for _, id := range idsOf(c.T, c.db, `SELECT id FROM deliveries ORDER BY id`) {
		d := stateOf(c, c.db, apiclient.DeliveryID(id))
		if len(d.Log) != d.Attempts {
			c.Errorf("on %s the delivery %d, which is %s, has %d of its %d attempts", c.now, id, d.State, len(d.Log), d.Attempts)
		}
		for i, a := range d.Log {
			if a.Number != i+1 {
				c.Errorf("the delivery %d has the attempt %d in the place of %d", id, a.Number, i+1)
			}
		}
	}
}

// TestAttemptDays lives for months: what is sent each day arrives, dies or waits, some of
// it after several days, and the clock is set back once. A delivery that is kept has its
// attempts, and the days go.
func TestAttemptDays(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has no partitions")
	c := newCalendar(t)
	for day := range 22 {
		for i := range 6 {
			if i%2 == 0 {
				c.now = c.now.Add(time.Hour)
			}
			end(c, c.db, c.sub, c.now, []apiclient.DeliveryState{apiclient.DeliveryDone, apiclient.DeliveryDone, apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryDue, apiclient.DeliveryDue}[i])
		}
		c.retry()
		c.pass()
		c.check()
		if n := c.partitions(); n > 9 && day <= 12 || n > 9+5 { // seven days, and today, and those that came twice
			t.Errorf("day %d: there are %d partitions", day, n)
		}
		c.now = c.now.AddDate(0, 0, 1).Truncate(24 * time.Hour)
		if day == 12 {
			c.now = c.now.AddDate(0, 0, -5)
		}
	}
	recorded := idsOf(t, c.db, `SELECT sum(attempts) FROM deliveries`)[0]
	c.now = c.now.AddDate(0, 0, 20)
	c.pass()
	c.pass()
	c.check()
	if n := c.partitions(); n > 2 {
		t.Errorf("after three quiet weeks there are %d partitions", n)
	}
	if left := idsOf(t, c.db, `SELECT count(*) FROM attempts a WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = a.delivery_id)`)[0]; left != 0 {
		t.Errorf("%d of %d attempts have no delivery", left, recorded)
	}
	c.now = c.now.AddDate(0, 0, 100)
	c.pass()
	c.check()
	if states := c.states(); slices.Contains(states, "dead") || slices.Contains(states, "done") {
		t.Errorf("after months there still are deliveries that are %v", states)
	}
	if left, kept := idsOf(t, c.db, `SELECT count(*) FROM attempts`)[0], idsOf(t, c.db, `SELECT coalesce(sum(attempts), 0) FROM deliveries`)[0]; left != kept || kept == 0 {
		t.Errorf("there are %d attempts at deliveries that have had %d", left, kept)
	}
}

func (c *calendar) states() []string {
	c.Helper()
	return read(c, c.db, func(ctx context.Context, tx *Tx) ([]string, error) {
		return collect(ctx, tx, scanText, `SELECT DISTINCT state FROM deliveries`)
	})
}

// retry tries again what waits for three days; one in two arrives.
func (c *calendar) retry() {
	c.Helper()
	for _, id := range idsOf(c.T, c.db, fmt.Sprintf(`SELECT id FROM deliveries WHERE state = 'due' AND at BETWEEN %d AND %d AND attempts < 4`, stamp(c.now.AddDate(0, 0, -4)), stamp(c.now.AddDate(0, 0, -1)))) {
		change(c, c.db, func(ctx context.Context, tx *Tx) error {
			if _, err := tx.exec(ctx, `UPDATE deliveries SET state = 'claimed', boot = 1 WHERE id = ?`, id); err != nil {
				return err
			}
			tx.moved(c.sub, 1, apiclient.DeliveryDue, apiclient.DeliveryClaimed)
			state, code := apiclient.DeliveryDue, 500
			if id%2 == 0 {
				state, code = apiclient.DeliveryDone, 200
			}
			return tx.Finish(ctx, 1, Result{Delivery: apiclient.DeliveryID(id), State: state, Tries: 2, Due: c.now, Attempt: &apiclient.Attempt{At: c.now, Code: code}})
		})
	}
}

// TestManyAttemptDays keeps deliveries for a century: there are not that many partitions.
func TestManyAttemptDays(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has no partitions")
	c := newCalendar(t)
	for day := range mostDays + 5 {
		if day%20 == 0 {
			end(t, c.db, c.sub, c.now, apiclient.DeliveryDone)
		}
		k := keepFrom(c.now)
		k.Done = c.now.AddDate(-100, 0, 0)
		prune(t, c.db, k)
		c.now = c.now.AddDate(0, 0, 1)
	}
	if n := c.partitions(); n > mostDays+1 {
		t.Errorf("there are %d partitions", n)
	}
	c.check()
	if n := idsOf(t, c.db, `SELECT count(*) FROM deliveries`)[0]; n != 4 {
		t.Errorf("%d deliveries are left", n)
	}
}

// TestAttemptDaysMigration keeps the attempts from before there were days.
func TestAttemptDaysMigration(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has no partitions")
	url := pgtest.New(t)
	migrateTo(t, url, 18, `INSERT INTO zaps (id, name, kind, event, status, origins, created, updated) VALUES (1, 'Zap', 'trigger', 'um_user_login', 'running', '[]', 1, 1)`,
		`INSERT INTO subscriptions (id, zap_id, url, state, why, made_by, created, signing) VALUES (1, 1, 'https://example.com/1', 'active', '', '', 1, 'whsec_x')`,
		`INSERT INTO payloads (sha256, body) VALUES (decode(repeat('00', 32), 'hex'), '{}')`,
		`INSERT INTO deliveries (id, webhook_id, trigger, zap_id, zap_name, subscription_id, user_id, login, login_key, payload, state, at, next_at, test, attempts)
			VALUES (1, 'msg_1', 'um_user_login', 1, 'Zap', 1, 1, 'ada', 'ada', decode(repeat('00', 32), 'hex'), 'due', 1, 1, 1, 2)`,
		`INSERT INTO attempts (delivery_id, number, at, ms, code, class, error, request, response, body) VALUES (1, 1, 1000, 5, 500, '', '', '[]', '[]', ''), (1, 2, 2000, 5, 500, '', '', '[]', '[]', '')`)
	db, err := Open(t.Context(), Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	change(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.add(attemptSheet, attemptRow(1, apiclient.Attempt{Number: 3, At: time.UnixMilli(3000)})...)
	})
	var got []int64
	for _, a := range stateOf(t, db, 1).Log {
		got = append(got, a.At.UnixMilli())
	}
	if diff := cmp.Diff([]int64{1000, 2000, 3000}, got); diff != "" {
		t.Errorf("the attempts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{0, 0, 1}, idsOf(t, db, `SELECT day FROM attempts ORDER BY number`)); diff != "" {
		t.Errorf("their days (-want +got):\n%s", diff)
	}
}

// migrateTo makes the tables as they were after a migration, and rows in them.
func migrateTo(t *testing.T, url string, version int64, rows ...string) {
	t.Helper()
	raw, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	}()
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, raw, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for _, query := range rows {
		if _, err := raw.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
}
