package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"umdeck/apiclient"
)

// batchSize is how many changes share a commit at most.
const batchSize = 512

// A writer runs changes one after the other and commits them together.
type writer struct {
	dialect
	db    *DB
	conn  *sql.Conn            // nil: it was lost, and is to be made anew
	stmts map[string]*sql.Stmt // by text, of SQLite; only the goroutine of run uses it
	feed  *feed
	now   func() time.Time

	backend atomic.Uint32 // of PostgreSQL: the server's number of conn
	usual   []string      // of PostgreSQL: tables that the last transaction took ids of, if it took any
	pending pending
	hand    hand

	log   *slog.Logger
	jobs  chan *job
	ended chan struct{}

	mu     sync.RWMutex // guards closed, and jobs against a send after its close
	closed bool
}

// A job is a change on its way. It is answered once, by closing done.
type job struct {
	fn    func(*Tx) error
	user  apiclient.UserID // whose account fn begins with; 0: nobody's
	taken atomic.Bool      // by the writer, or by a caller that gave up
	err   error
	done  chan struct{}
}

func startWriter(ctx context.Context, db *DB) (*writer, error) {
	w := &writer{
		dialect: db.dialect, db: db, stmts: map[string]*sql.Stmt{}, feed: db.feed, now: db.cfg.Now, log: db.cfg.Logger,
		jobs: make(chan *job, batchSize), ended: make(chan struct{}),
	}
	if err := w.connect(ctx); err != nil {
		return nil, err
	}
	go w.run(context.WithoutCancel(ctx))
	return w, nil
}

// do hands a job to the writer and waits for its answer.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.send(ctx, j); err != nil {
		return err
	}
	return w.wait(ctx, j)
}

func jobOf(ctx context.Context, fn func(context.Context, *Tx) error) *job {
	return &job{done: make(chan struct{}), fn: func(tx *Tx) error { return fn(context.WithoutCancel(ctx), tx) }}
}

// doEach hands each of fns to the writer, in their order, and waits for the answers.
func (w *writer) doEach(ctx context.Context, fns []func(context.Context, *Tx) error) []error {
	errs, jobs := make([]error, len(fns)), make([]*job, 0, len(fns))
	for i, fn := range fns {
		j := jobOf(ctx, fn)
		if err := w.send(ctx, j); err != nil {
			for k := i; k < len(errs); k++ {
				errs[k] = err
			}
			break
		}
		jobs = append(jobs, j)
	}
	for i, j := range jobs {
		errs[i] = w.wait(ctx, j)
	}
	return errs
}

// wait returns the answer of a job that was sent.
func (w *writer) wait(ctx context.Context, j *job) error {
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done // it has begun, and the caller must know how it ended
		return j.err
	}
}

func (w *writer) send(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close lets the writer finish what it was given and waits for it.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.ended
}

func (w *writer) run(ctx context.Context) {
	defer close(w.ended)
	defer func() {
		for _, s := range w.stmts {
			if err := s.Close(); err != nil {
				w.log.Warn("close a statement", "error", err)
			}
		}
		if w.conn == nil {
			return
		}
		if err := w.conn.Close(); err != nil {
			w.log.Warn("close the writer's connection", "error", err)
		}
	}()
	batch := make([]*job, 0, batchSize)
	for first := range w.jobs {
		batch = w.fill(append(batch[:0], first))
		w.commit(ctx, batch)
		clear(batch)
	}
}

// fill adds what waits already.
func (w *writer) fill(batch []*job) []*job {
	for len(batch) < batchSize {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction and answers every job. The rows of a batch are
// written together: when the database refuses them, each job gets a transaction of its own,
// so that the one whose row it is fails alone.
func (w *writer) commit(ctx context.Context, batch []*job) {
	mine := batch[:0:0]
	for _, j := range batch {
		if j.taken.CompareAndSwap(false, true) {
			mine = append(mine, j)
		}
	}
	err := w.commitAll(ctx, mine)
	for _, j := range mine {
		if err == nil || j.err != nil {
			continue
		}
		j.err = err
		if k, _ := kind(err); k != apiclient.Unavailable && len(mine) > 1 {
			j.err = nil
			if err := w.commitAll(ctx, []*job{j}); j.err == nil {
				j.err = err
			}
		}
	}
	for _, j := range batch {
		close(j.done)
	}
}

// commitAll runs jobs in one transaction and publishes what was logged.
func (w *writer) commitAll(ctx context.Context, jobs []*job) error {
	if len(jobs) == 0 {
		return nil
	}
	begin := time.Now()
	tx := &Tx{dialect: w.dialect, q: w, now: w.now, few: fewRows, batch: settleBatch, hand: &w.hand}
	tx.crowded = func() bool { return len(jobs) > 1 || len(w.jobs) > 0 }
	if err := w.inTx(ctx, tx, jobs); err != nil {
		w.hand.clear()
		w.handOver(tx, err)
		return err
	}
	w.handOver(tx, nil)
	if w.db.cfg.Committed != nil {
		w.db.cfg.Committed(len(jobs), time.Since(begin))
	}
	w.publish(tx)
	return nil
}

// handOver gives away the deliveries that were claimed as they were made. It does so
// before anything else is changed: in the order of the commits.
func (w *writer) handOver(tx *Tx, err error) {
	if len(tx.handed) > 0 {
		w.db.cfg.Handed(tx.handed, err)
	}
}

// publish tells watchers what was committed.
func (w *writer) publish(tx *Tx) {
	if w.db.follower != nil {
		w.db.follower.poke() // it may have come after what another engine has logged
		return
	}
	w.feed.publish(tx.log, tx.bulk)
	w.db.checkpointer.poke()
}

func (w *writer) inTx(ctx context.Context, tx *Tx, jobs []*job) error {
	ctx, cancel := w.bound(ctx)
	defer cancel()
	w.pending = newPending(len(jobs))
	if err := w.begin(ctx, tx, jobs); err != nil {
		return err
	}
	for _, j := range jobs {
		if err := w.try(ctx, tx, j); err != nil {
			w.rollback(ctx)
			return err
		}
	}
	if err := tx.writeTally(ctx); err != nil {
		w.rollback(ctx)
		return err
	}
	if err := w.end(ctx, tx); err != nil {
		w.rollback(ctx)
		return err
	}
	return nil
}

// longestBatch bounds a transaction on PostgreSQL, whose server may not answer any more.
const longestBatch = 2 * time.Minute

func (w *writer) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if !w.postgres {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, longestBatch)
}

// begin starts a transaction that sees all others before it, and that none sees.
func (w *writer) begin(ctx context.Context, tx *Tx, jobs []*job) error {
	if !w.postgres {
		if _, err := w.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
			return err
		}
	} else if err := w.connect(ctx); err != nil {
		return err
	} else if err := w.beginPostgres(ctx); err != nil {
		w.rollback(ctx)
		return err
	}
	if err := tx.know(ctx, jobs); err != nil {
		w.rollback(ctx)
		return err
	}
	return nil
}

// connect takes a connection if there is none.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	conn, err := w.db.write.Conn(ctx)
	if err != nil {
		return err
	}
	if w.postgres {
		pid, err := backend(conn)
		if err != nil {
			return errors.Join(err, conn.Close())
		}
		w.backend.Store(pid)
	}
	w.conn = conn
	return nil
}

// rollback ends a transaction that the database may have ended by itself. A connection
// of PostgreSQL that does not even take that is given up.
func (w *writer) rollback(ctx context.Context) {
	w.pending = pending{}
	_, err := w.conn.ExecContext(ctx, `ROLLBACK`)
	if err == nil {
		return
	}
	w.log.Warn("roll back", "error", err)
	if !w.postgres {
		return
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // so the pool does not keep it
	_ = w.conn.Close()                                           // it is lost already
	w.conn = nil
}

// A mark is what a change may add to its transaction.
type mark struct {
	logged int
	bulk   int64
	tally  tally
	handed int
}

// mark begins a change.
func (tx *Tx) mark() mark {
	tx.queued, tx.turned, tx.unsettled, tx.kept, tx.wasted, tx.alerts = false, false, false, nil, nil, nil
	return mark{len(tx.log), tx.bulk, tx.tally.clone(), len(tx.handed)}
}

// reset takes back what a change has added.
func (tx *Tx) reset(m mark) {
	tx.log, tx.bulk, tx.tally, tx.version = tx.log[:m.logged], m.bulk, m.tally, ""
	tx.handed = tx.handed[:m.handed]
	tx.hand.clear()
}

// protect turns a panic of fn into an error: a defect in one change must not end
// the writer that all of them need.
func protect(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &apiclient.Error{Kind: apiclient.Internal, Err: fmt.Errorf("panic in a change: %v\n%s", p, debug.Stack())}
		}
	}()
	return fn(tx)
}

// maxStmts bounds the statements kept: those of filters differ without end, and
// what a change runs is a few dozen.
const maxStmts = 256

// ExecContext runs a statement on the writer's connection.
func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	w.pending.numbered(query)
	return w.exec(ctx, query, args...)
}

// QueryContext runs a query on the writer's connection.
func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := w.ready(ctx); err != nil {
		return nil, err
	}
	w.pending.numbered(query)
	return w.query(ctx, query, args...)
}

// ready has the database done all that comes before a statement.
func (w *writer) ready(ctx context.Context) error {
	if err := w.before(ctx); err != nil {
		return err
	}
	return w.flush(ctx)
}

// exec runs a statement.
func (w *writer) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := w.prepare(ctx, query) //nolint:sqlclosecheck // kept, and closed with the writer
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return w.conn.ExecContext(ctx, query, args...)
	}
	return s.ExecContext(ctx, args...)
}

// query runs a query.
func (w *writer) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := w.prepare(ctx, query) //nolint:sqlclosecheck // kept, and closed with the writer
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return w.conn.QueryContext(ctx, query, args...)
	}
	return s.QueryContext(ctx, args...)
}

// prepare returns the kept statement for the text; nil means that there are too
// many already, or that the driver keeps them by itself, as that of PostgreSQL.
func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if w.postgres {
		return nil, nil
	}
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	if len(w.stmts) >= maxStmts {
		return nil, nil
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.stmts[query] = s
	return s, nil
}
