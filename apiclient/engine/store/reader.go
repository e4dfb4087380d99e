package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// A reader keeps the statements of the pool that reads SQLite: to prepare one costs more
// than to run it. PostgreSQL's driver keeps them by itself.
type reader struct {
	pool *sql.DB

	mu    sync.RWMutex // guards stmts
	stmts map[string]*sql.Stmt

	preparing sync.Mutex // held while a statement is prepared
}

// statement returns the kept statement for the text; nil means that it is not kept: there
// are too many already, or another one is being prepared. Nobody waits for that: it needs a
// connection of the pool, and all may be with those who would wait.
func (r *reader) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	s, full := r.kept(query) //nolint:sqlclosecheck // kept, and closed with the database
	if s != nil || full || !r.preparing.TryLock() {
		return s, nil
	}
	defer r.preparing.Unlock()
	if s, _ := r.kept(query); s != nil { //nolint:sqlclosecheck // the same
		return s, nil
	}
	s, err := r.pool.PrepareContext(ctx, query) //nolint:sqlclosecheck // kept, and closed with the database
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stmts[query] = s
	return s, nil
}

// kept returns the statement for the text where there is one, and whether there is no room
// for more.
func (r *reader) kept(query string) (s *sql.Stmt, full bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.stmts[query], len(r.stmts) >= maxStmts
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, s := range r.stmts {
		errs = append(errs, s.Close())
	}
	clear(r.stmts)
	return errors.Join(errs...)
}

// A reading is one transaction of a reader.
type reading struct {
	*sql.Tx
	reader *reader
}

// QueryContext runs a query with the statement that is kept for it.
func (r reading) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.reader.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return r.Tx.QueryContext(ctx, query, args...)
	}
	return r.StmtContext(ctx, s).QueryContext(ctx, args...) //nolint:sqlclosecheck // closed with the transaction
}
