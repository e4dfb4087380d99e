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

	mu    sync.Mutex // guards stmts
	stmts map[string]*sql.Stmt
}

// statement returns the kept statement for the text; nil means that there are too many
// already.
func (r *reader) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.stmts[query]; ok {
		return s, nil
	}
	if len(r.stmts) >= maxStmts {
		return nil, nil
	}
	s, err := r.pool.PrepareContext(ctx, query) //nolint:sqlclosecheck // kept, and closed with the database
	if err != nil {
		return nil, err
	}
	r.stmts[query] = s
	return s, nil
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
