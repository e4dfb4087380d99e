package engine

import (
	"context"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
)

// tried is a queue that is told of an attempt wherever one may have been made: most
// results of the walks have none.
type tried struct {
	queue
	now func() time.Time
}

// Finish is of [outbox.Store].
func (q tried) Finish(ctx context.Context, list []outbox.Outcome) error {
	for i := range list {
		o := &list[i]
		tries := int64(o.Item.Tries + o.Item.Waits)
		if (int64(o.Item.ID)+tries)%5 == 0 {
			continue // it was refused before anything was sent
		}
		a := apiclient.Attempt{At: q.now().Add(-time.Duration(tries) * 20 * time.Minute), Duration: time.Duration(o.Item.ID) * time.Second, Code: 200}
		if o.State != outbox.StateDone {
			a.Code = int(tries%2) * 503 // or no answer at all
		}
		o.Report = a
	}
	return q.queue.Finish(ctx, list)
}

// happened is what the rows say of hours.
const happened = `SELECT subscription_id, hour, sum(done), sum(failed), sum(dead), sum(gone) FROM (
		SELECT subscription_id, ended - ended % 3600000 AS hour, CASE WHEN state = 'done' THEN 1 ELSE 0 END AS done, 0 AS failed,
			CASE WHEN state = 'dead' THEN 1 ELSE 0 END AS dead, CASE WHEN state = 'gone' THEN 1 ELSE 0 END AS gone
		FROM deliveries WHERE state IN ('done', 'dead', 'gone')
		UNION ALL
		SELECT d.subscription_id, a.at + a.ms - (a.at + a.ms) % 3600000, 0, 1, 0, 0
		FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE a.code NOT BETWEEN 200 AND 299
	) each_one GROUP BY subscription_id, hour ORDER BY subscription_id, hour`

// stands is what the rows say of subscriptions.
const stands = `SELECT s.id,
		(SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'due'), (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'claimed'),
		(SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'held'), (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'done'),
		(SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'dead'), (SELECT count(*) FROM deliveries d WHERE d.subscription_id = s.id AND d.state = 'gone')
	FROM subscriptions s ORDER BY s.id`

// recount compares the counters with the rows.
func (d *driver) recount() {
	d.Helper()
	for what, q := range map[string]struct{ rows, counters string }{
		"hours":         {happened, `SELECT subscription_id, hour, done, failed, dead, gone FROM subscription_hours ORDER BY subscription_id, hour`},
		"subscriptions": {stands, `SELECT id, due, claimed, held, done, dead, gone FROM subscriptions ORDER BY id`},
	} {
		rows := d.numbers(q.rows)
		if diff := cmp.Diff(rows, d.numbers(q.counters)); diff != "" {
			d.Errorf("the counters of %s (-rows +counters):\n%s", what, diff)
		}
		if len(rows) == 0 {
			d.Errorf("there are no %s: the walk has gone nowhere", what)
		}
	}
}

// numbers reads rows of numbers alone.
func (d *driver) numbers(query string) (list [][]int64) {
	d.Helper()
	rows, err := d.raw.QueryContext(context.WithoutCancel(d.Context()), query)
	d.check(err)
	defer func() { d.check(rows.Close()) }()
	columns, err := rows.Columns()
	d.check(err)
	for rows.Next() {
		row, into := make([]int64, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		d.check(rows.Scan(into...))
		list = append(list, row)
	}
	d.check(rows.Err())
	return list
}
