package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"umdeck/apiclient"
)

// A Tx is the database inside one transaction of [DB.Change] or [DB.View], to
// which it belongs: it is not used by two goroutines, nor afterwards.
type Tx struct {
	dialect
	q         querier
	now       func() time.Time
	log       []apiclient.LogEntry // of SQLite: to be published after the commit
	bulk      int64                // of SQLite: number of the last entry that was logged and is not in log; 0: none
	logged    bool                 // something was logged
	tally     tally
	version   string // see Version; empty: not read
	turned    bool
	turns     bool // the same of any change of the commit
	queued    bool
	unsettled bool
	alerts    []Alert
	known     map[apiclient.UserID]Account // see know
	audit     int64                        // number of the last entry of the audit; 0: none
	kept      []Upload                     // files that were recorded
	wasted    []Waste                      // files that were made waste of
	few       int                          // see choose
	batch     int                          // deliveries that settle may still move
	hand      *hand                        // of a writer
	handed    []Handed                     // to be handed over after the commit
	crowded   func() bool                  // of a writer: other changes share the transaction, or wait
}

// Alone reports whether no other change shares the transaction, and none waits for the next
// one, in another engine neither.
func (tx *Tx) Alone(ctx context.Context) (bool, error) {
	if tx.crowded != nil && tx.crowded() {
		return false, nil
	}
	if !tx.postgres {
		return true, nil
	}
	others, err := tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid::bigint << 32 | objid::bigint = ?)`, int64(writeLock))
	return !others, err
}

// Queued reports whether the transaction made a delivery due.
func (tx *Tx) Queued() bool { return tx.queued }

// Now returns the time by the store's clock, in UTC and whole milliseconds.
func (tx *Tx) Now() time.Time { return unstamp(stamp(tx.now())) }

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type scanner interface{ Scan(dest ...any) error }

func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tx.unknow(query)
	res, err := tx.q.ExecContext(ctx, tx.sql(query), args...)
	if err != nil {
		return 0, sqlError(query, err)
	}
	return res.RowsAffected()
}

// insert runs an INSERT and returns the new row's id.
func (tx *Tx) insert(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.postgres {
		return tx.count(ctx, query+" RETURNING id", args...)
	}
	res, err := tx.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, sqlError(query, err)
	}
	return res.LastInsertId()
}

// collect runs a query and reads its rows; it returns no rows as an empty slice.
func collect[T any](ctx context.Context, tx *Tx, scan func(scanner) (T, error), query string, args ...any) (list []T, err error) {
	tx.unknow(query)
	rows, err := tx.q.QueryContext(ctx, tx.sql(query), args...)
	if err != nil {
		return nil, sqlError(query, err)
	}
	defer func() {
		if cerr := rows.Close(); cerr != nil && err == nil {
			err = sqlError(query, cerr)
		}
	}()
	list = []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, sqlError(query, err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return nil, sqlError(query, err)
	}
	return list, nil
}

// one is collect for a query that gives one row; none is sql.ErrNoRows.
func one[T any](ctx context.Context, tx *Tx, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	list, err := collect(ctx, tx, scan, query, args...)
	if err != nil || len(list) == 0 {
		var zero T
		return zero, errors.Join(err, noRows(len(list), err))
	}
	return list[0], nil
}

func noRows(n int, err error) error {
	if n == 0 && err == nil {
		return sql.ErrNoRows
	}
	return nil
}

// count runs a query that gives one number.
func (tx *Tx) count(ctx context.Context, query string, args ...any) (int64, error) {
	return one(ctx, tx, scanInt, query, args...)
}

// post runs a statement whose answer nobody needs. PostgreSQL gets it with the next one
// that somebody does, and at the latest at the end of the change, which fails with it.
func (tx *Tx) post(ctx context.Context, query string, args ...any) error {
	if p, ok := tx.q.(pipeline); ok {
		tx.unknow(query)
		if err := p.Post(ctx, tx.sql(query), args...); err != nil {
			return sqlError(query, err)
		}
		return nil
	}
	_, err := tx.exec(ctx, query, args...)
	return err
}

// A pipeline is a connection that does not wait for each answer.
type pipeline interface {
	// Post sends a statement with the next one that is waited for.
	Post(ctx context.Context, query string, args ...any) error
	// Add keeps a row of a sheet, which is written before anything may look at it.
	Add(s *sheet, row []any) error
	// NewID returns the next id of a table, in the order of commits.
	NewID(ctx context.Context, table string) (int64, error)
}

// exists runs a query that gives one yes or no.
func (tx *Tx) exists(ctx context.Context, query string, args ...any) (bool, error) {
	return one(ctx, tx, func(s scanner) (b bool, err error) { return b, s.Scan(&b) }, query, args...)
}

func scanInt(s scanner) (n int64, err error) {
	err = s.Scan(&n)
	return n, err
}

func scanText(s scanner) (t string, err error) {
	err = s.Scan(&t)
	return t, err
}

// absent turns sql.ErrNoRows into a NotFound with the given sentence.
func absent(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return apiclient.Errorf(apiclient.NotFound, format, args...)
	}
	return err
}

// A statementError is what went wrong with a statement.
type statementError struct {
	words string // its first: the values are parameters and never in it
	err   error
}

func (e *statementError) Error() string { return e.words + ": " + e.err.Error() }
func (e *statementError) Unwrap() error { return e.err }

// sqlError adds the statement's first words, unless err says of which it is: what waited
// to be written is sent before the statement of whoever asks next.
func sqlError(query string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if _, named := errors.AsType[*statementError](err); named {
		return err
	}
	words := strings.Fields(query)
	return &statementError{strings.Join(words[:min(len(words), 6)], " "), err}
}

// stamp is the one way of a time into the database, and unstamp back.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func unstamp(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// fold returns the form of a text in which it is compared and indexed.
func fold(s string) string { return strings.ToLower(s) }

// jsonOf encodes what always encodes: strings, numbers and structs of them.
func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: encode: " + err.Error())
	}
	return string(b)
}

// jsonList encodes a slice; nil is the empty one.
func jsonList[T any](list []T) string {
	if list == nil {
		list = []T{}
	}
	return jsonOf(list)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
