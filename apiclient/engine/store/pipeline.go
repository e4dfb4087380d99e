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
	ids   map[string][]int64 // that this transaction may give to new rows, by table
	left  int                // changes of the batch that have not begun
}

// Post sends a statement with the next one that is waited for.
func (w *writer) Post(query string, args ...any) {
	if w.pending.batch == nil {
		w.pending.batch = &pgx.Batch{}
	}
	w.pending.batch.Queue(query, args...)
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
// id is larger than all that were committed before it, and some are never used.
func (w *writer) NewID(ctx context.Context, table string) (int64, error) {
	if len(w.pending.ids[table]) == 0 {
		n := 1
		if w.pending.left > fewLeft {
			n += w.pending.left
		}
		rows, err := w.QueryContext(ctx, fmt.Sprintf(`SELECT nextval('%s_id_seq') FROM generate_series(1, %d)`, table, n))
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

// tryPostgres is try for PostgreSQL: the savepoint is there, and there is one when it
// returns.
func (w *writer) tryPostgres(ctx context.Context, tx *Tx, j *job) error {
	before := tx.mark()
	if j.err = protect(j.fn, tx); j.err == nil {
		w.Post(`RELEASE job`)
		w.Post(`SAVEPOINT job`)
		j.err = w.flush(ctx) // also of a change that has ignored an error, after which nothing goes on
	}
	if j.err == nil {
		return nil
	}
	w.pending.batch = nil
	tx.reset(before)
	if _, err := tx.exec(ctx, `ROLLBACK TO job`); err != nil {
		return errors.Join(err, j.err)
	}
	return nil
}
