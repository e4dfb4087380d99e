package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A pending is what a writer has in hand of its transaction.
type pending struct {
	batch *pgx.Batch         // of PostgreSQL: statements that are not sent yet; nil: none
	rows  [][][]any          // by the sheet's place: what was added and is not written yet
	mine  []int              // by the sheet's place: how many of these are of changes before this one
	begun bool               // a change has begun and has not ended
	saved bool               // it has a savepoint
	lost  error              // rows of a change before this one could not be written: all of the transaction goes
	ids   map[string][]int64 // that this transaction may give to new rows, by table
	took  []string           // tables that ids were taken of
	next  map[string]int64   // of SQLite: the id after the last one of a table
	left  int                // changes of the batch that have not begun
}

func newPending(changes int) pending {
	return pending{rows: make([][][]any, len(sheets)), mine: make([]int, len(sheets)), ids: map[string][]int64{}, next: map[string]int64{}, left: changes}
}

// begin begins a change.
func (p *pending) begin() {
	p.left--
	p.begun, p.saved = true, false
	for i, rows := range p.rows {
		p.mine[i] = len(rows)
	}
}

// forget drops what a change has added and is not written yet.
func (p *pending) forget() {
	p.batch = nil
	clear(p.next)
	for i := range p.rows {
		p.rows[i] = p.rows[i][:p.mine[i]]
	}
}

// numbered forgets the next id of the table that a statement may add to by itself.
func (p *pending) numbered(query string) {
	if words := strings.Fields(query[:min(len(query), 64)]); words[0] == "INSERT" {
		delete(p.next, words[2])
	}
}

// queue sends a statement whose answer nobody waits for: to PostgreSQL with the next one
// that somebody does.
func (w *writer) queue(ctx context.Context, query string, args ...any) error {
	if !w.postgres {
		_, err := w.exec(ctx, query, args...)
		return err
	}
	if w.pending.batch == nil {
		w.pending.batch = &pgx.Batch{}
	}
	w.pending.batch.Queue(query, args...)
	return nil
}

// drain writes the rows of the changes before this one and, with all, its own.
func (w *writer) drain(ctx context.Context, all bool) error {
	p := &w.pending
	for i, s := range sheets {
		n := p.mine[i]
		if all {
			n = len(p.rows[i])
		}
		rows := p.rows[i][:n]
		p.rows[i], p.mine[i] = p.rows[i][n:], max(p.mine[i]-n, 0)
		for len(rows) > 0 {
			query, args, taken := s.spell(w.dialect, rows)
			if err := w.queue(ctx, query, args...); err != nil {
				return sqlError(query, err)
			}
			if s == logSheet {
				w.hand.logged(taken)
			}
			rows = rows[taken:]
		}
	}
	return nil
}

// before sends what a statement of the change must find done: a savepoint, so that only
// its own work is lost when the statement fails, and the rows that were added.
func (w *writer) before(ctx context.Context) error {
	p := &w.pending
	if p.begun && !p.saved {
		if err := w.drain(ctx, false); err != nil {
			p.lost = err
			return err
		}
		if err := w.queue(ctx, `SAVEPOINT job`); err != nil {
			return err
		}
		p.saved = true
	}
	return w.drain(ctx, true)
}

// Add keeps a row until something is sent that may look at it, or until the end: the rows
// of all changes are written with a few statements.
func (w *writer) Add(s *sheet, row []any) error {
	if err := sound(row); err != nil {
		return err
	}
	w.pending.rows[s.place] = append(w.pending.rows[s.place], row)
	return nil
}

// Post sends a statement whose answer nobody waits for.
func (w *writer) Post(ctx context.Context, query string, args ...any) error {
	if err := w.before(ctx); err != nil {
		return err
	}
	w.pending.numbered(query)
	return w.queue(ctx, query, args...)
}

// flush sends what is queued and waits for the answers.
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
		answers := c.Conn().SendBatch(ctx, batch)
		for _, q := range batch.QueuedQueries {
			if _, err := answers.Exec(); err != nil {
				_ = answers.Close() // it says the same
				return sqlError(q.SQL, err)
			}
		}
		return answers.Close()
	})
}

// NewID returns the next id of a table: it is larger than all that were committed before
// it, by whichever engine.
func (w *writer) NewID(ctx context.Context, table string) (int64, error) {
	if w.postgres {
		return w.newPostgresID(ctx, table)
	}
	next, ok := w.pending.next[table]
	if !ok {
		if err := w.before(ctx); err != nil {
			return 0, err
		}
		rows, err := w.query(ctx, `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)`, table)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&next); err != nil {
				return 0, err
			}
		}
		if err := rows.Err(); err != nil {
			return 0, err
		}
		next++
	}
	w.pending.next[table] = next + 1
	return next, nil
}

// newPostgresID is NewID for PostgreSQL. It takes as many ids at once as there are changes
// left in the batch, and those of the tables that the transaction before took some of too,
// under the lock of all writers and for this transaction alone: some are never used. What
// was queued may stay: no statement is about ids alone.
func (w *writer) newPostgresID(ctx context.Context, table string) (int64, error) {
	p := &w.pending
	if !slices.Contains(p.took, table) {
		p.took = append(p.took, table)
	}
	if len(p.ids[table]) == 0 {
		tables := []string{table}
		for _, t := range w.usual {
			if _, given := p.ids[t]; t != table && !given {
				tables = append(tables, t)
			}
		}
		if err := w.takeIDs(ctx, 1+p.left, tables); err != nil {
			return 0, err
		}
	}
	list := p.ids[table]
	p.ids[table] = list[1:]
	return list[0], nil
}

// takeIDs takes n ids of each of the tables.
func (w *writer) takeIDs(ctx context.Context, n int, tables []string) error {
	query, ids, places := `SELECT `, make([]int64, len(tables)), make([]any, len(tables))
	for i, t := range tables {
		if i > 0 {
			query += ", "
		}
		query, places[i] = query+`nextval('`+t+`_id_seq')`, &ids[i]
	}
	rows, err := w.conn.QueryContext(ctx, query+` FROM generate_series(1, CAST($1 AS INTEGER))`, n)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, t := range tables {
			w.pending.ids[t] = append(w.pending.ids[t], ids[i])
		}
	}
	return rows.Err()
}

// try runs one job in a savepoint, if it sends anything by itself. It returns an error
// only when the whole transaction is lost.
func (w *writer) try(ctx context.Context, tx *Tx, j *job) error {
	before := tx.mark()
	w.pending.begin()
	defer func() { w.pending.begun = false }()
	if j.err = protect(j.fn, tx); j.err == nil && w.pending.saved {
		if j.err = w.queue(ctx, `RELEASE job`); j.err == nil {
			j.err = w.flush(ctx) // also of a change that has ignored an error, after which nothing goes on
		}
	}
	switch {
	case w.pending.lost != nil:
		j.err = nil
		return w.pending.lost
	case j.err == nil:
		return nil
	}
	w.pending.forget()
	tx.reset(before)
	if !w.pending.saved {
		return nil
	}
	if err := w.undo(ctx); err != nil { // perhaps because rows of a change before this one were refused
		err = errors.Join(err, j.err)
		j.err = nil
		return err
	}
	return nil
}

// undo takes back what a change has sent.
func (w *writer) undo(ctx context.Context) error {
	if _, err := w.exec(ctx, `ROLLBACK TO job`); err != nil { // alone: PostgreSQL takes nothing else after an error
		return err
	}
	return w.queue(ctx, `RELEASE job`)
}

// end sends what is left of the transaction, wakes other engines where something was
// logged, and commits.
func (w *writer) end(ctx context.Context, tx *Tx) error {
	if err := w.before(ctx); err != nil {
		return err
	}
	if w.postgres && tx.logged {
		if err := w.queue(ctx, `SELECT pg_notify('`+channel+`', '')`); err != nil {
			return err
		}
	}
	if w.postgres && tx.turns {
		if err := w.queue(ctx, `SELECT pg_notify('`+turns+`', '')`); err != nil {
			return err
		}
	}
	if err := w.queue(ctx, `COMMIT`); err != nil {
		return err
	}
	if len(w.pending.took) > 0 {
		w.usual = w.pending.took
	}
	return w.flush(ctx)
}
