package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A pending is what a writer to PostgreSQL has not sent yet, or has in reserve.
type pending struct {
	batch *pgx.Batch         // nil: nothing
	rows  [][][]any          // by the sheet's place: what was added and is not in batch yet
	mine  []int              // by the sheet's place: how many of these are of changes before this one
	begun bool               // a change has begun and has not ended
	saved bool               // it has a savepoint
	ids   map[string][]int64 // that this transaction may give to new rows, by table
	left  int                // changes of the batch that have not begun
}

func newPending(changes int) pending {
	return pending{rows: make([][][]any, len(sheets)), mine: make([]int, len(sheets)), ids: map[string][]int64{}, left: changes}
}

// queue adds a statement to what is sent next.
func (p *pending) queue(query string, args ...any) {
	if p.batch == nil {
		p.batch = &pgx.Batch{}
	}
	p.batch.Queue(query, args...)
}

// drain queues the rows of the changes before this one and, with all, its own.
func (p *pending) drain(all bool) {
	for i, s := range sheets {
		n := p.mine[i]
		if all {
			n = len(p.rows[i])
		}
		if n == 0 {
			continue
		}
		query, args := s.bulk(p.rows[i][:n])
		p.queue(query, args...)
		p.rows[i], p.mine[i] = p.rows[i][n:], max(p.mine[i]-n, 0)
	}
}

// next begins a change.
func (p *pending) next() {
	p.left--
	p.begun, p.saved = true, false
	for i, rows := range p.rows {
		p.mine[i] = len(rows)
	}
}

// forget drops what a change has added and is not sent yet.
func (p *pending) forget() {
	p.batch = nil
	for i := range p.rows {
		p.rows[i] = p.rows[i][:p.mine[i]]
	}
}

// before queues what a statement of the change must find done: a savepoint, so that only
// its own work is lost when the statement fails, and the rows that were added.
func (w *writer) before() {
	p := &w.pending
	if p.begun && !p.saved {
		p.drain(false)
		p.queue(`SAVEPOINT job`)
		p.saved = true
	}
	p.drain(true)
}

// Add keeps a row until something is sent that may look at it, or until the end: the rows
// of all changes are written with a statement for each sheet.
func (w *writer) Add(s *sheet, row []any) error {
	if err := sound(row); err != nil {
		return err
	}
	w.pending.rows[s.place] = append(w.pending.rows[s.place], row)
	return nil
}

// Post sends a statement with the next one that is waited for.
func (w *writer) Post(query string, args ...any) {
	w.before()
	w.pending.queue(query, args...)
}

// flush sends what was posted and waits for the answers.
func (w *writer) flush(ctx context.Context) error {
	batch := w.pending.batch
	if batch == nil {
		return nil
	}
	w.pending.batch = nil
	return w.conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return errors.New("the connection is none of PostgreSQL")
		}
		return c.Conn().SendBatch(ctx, batch).Close()
	})
}

// fewLeft is up to how many changes an id is asked for alone, so that none is wasted.
const fewLeft = 8

// NewID returns the next id of a table. In a large batch it takes as many at once as there
// are changes left, under the lock of all writers and for this transaction alone: so an
// id is larger than all that were committed before it, and some are never used. What was
// posted may stay: no statement is about ids alone.
func (w *writer) NewID(ctx context.Context, table string) (int64, error) {
	if len(w.pending.ids[table]) == 0 {
		n := 1
		if w.pending.left > fewLeft {
			n += w.pending.left
		}
		rows, err := w.conn.QueryContext(ctx, fmt.Sprintf(`SELECT nextval('%s_id_seq') FROM generate_series(1, %d)`, table, n))
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return 0, err
			}
			w.pending.ids[table] = append(w.pending.ids[table], id)
		}
		if err := rows.Err(); err != nil {
			return 0, err
		}
	}
	list := w.pending.ids[table]
	w.pending.ids[table] = list[1:]
	return list[0], nil
}

// tryPostgres is try for PostgreSQL. A change that sends nothing by itself needs no
// savepoint.
func (w *writer) tryPostgres(ctx context.Context, tx *Tx, j *job) error {
	before := tx.mark()
	w.pending.next()
	defer func() { w.pending.begun = false }()
	if j.err = protect(j.fn, tx); j.err == nil && w.pending.saved {
		w.pending.queue(`RELEASE job`)
		j.err = w.flush(ctx) // also of a change that has ignored an error, after which nothing goes on
	}
	if j.err == nil {
		return nil
	}
	w.pending.forget()
	tx.reset(before)
	if !w.pending.saved {
		return nil
	}
	if _, err := w.conn.ExecContext(ctx, `ROLLBACK TO job`); err != nil {
		return errors.Join(err, j.err)
	}
	return nil
}

// commitPostgres sends what is left of the transaction, wakes other engines where
// something was logged, and ends it.
func (w *writer) commitPostgres(ctx context.Context, tx *Tx) error {
	w.before()
	if tx.logged || len(tx.log) > 0 || tx.bulk > 0 {
		w.pending.queue(`SELECT pg_notify('` + channel + `', '')`)
	}
	w.pending.queue(`COMMIT`)
	return w.flush(ctx)
}
