package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"umdeck/apiclient"
)

// Config says where a database is: one of File and URL is required.
type Config struct {
	File   string            // of SQLite; made when it does not exist, readable by its owner alone
	URL    string            // of a PostgreSQL database of version 15 or later, as postgres://user@host/name; it may be that of several engines
	Lease  time.Duration     // of URL: see [Tx.Renew]; zero means a minute
	Others func(turned bool) // called when another engine has committed something, see Tx.Turned; nil means nobody cares
	Now    func() time.Time  // nil means time.Now
	Logger *slog.Logger      // nil means silence

	Committed func(changes int, took time.Duration) // called after each commit by who makes them; nil means nobody cares

	// Handed is called for the deliveries that a commit has claimed as it made them, in
	// the order of commits, before anything else changes; with an error when it is not
	// known whether they are there. It may be nil if no Take has Onward.
	Handed func(list []Handed, err error)
}

// A DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	dialect
	cfg      Config
	reader   *reader // of SQLite
	watchers watchers
	read     *sql.DB
	write    *sql.DB
	writer   *writer
	feed     *feed
	follower *follower // of PostgreSQL alone

	checkpointer *checkpointer // of SQLite alone
}

// Open opens the database, makes or migrates its tables and starts the writer.
// An existing database of SQLite is copied beside itself before a migration changes it.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if (cfg.File == "") == (cfg.URL == "") {
		return nil, errors.New("store: one of File and URL is required")
	}
	cfg.Lease = cmp.Or(cfg.Lease, time.Minute)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	db := &DB{cfg: cfg, dialect: dialect{postgres: cfg.URL != "", lease: cfg.Lease, spelled: &sync.Map{}}}
	open := db.openSQLite
	if db.postgres {
		open = db.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, errors.Join(wrap("open the database", err), db.closePools())
	}
	return db, nil
}

// begin starts the writer on pools that are open.
func (db *DB) begin(ctx context.Context) error {
	var last int64
	if err := db.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM log`).Scan(&last); err != nil {
		return err
	}
	db.feed = newFeed(last)
	w, err := startWriter(ctx, db)
	db.writer = w
	return err
}

// Change runs fn in a transaction and returns after its commit, or with the
// error of fn, whose changes are undone then. The context that fn gets does not
// end: a change that has begun is finished. One that has not begun when ctx ends
// is not made.
func (db *DB) Change(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.ChangeUser(ctx, 0, fn)
}

// ChangeEach runs each of fns as Change does, in their order and with few commits,
// and returns an error or nil for each.
func (db *DB) ChangeEach(ctx context.Context, fns []func(context.Context, *Tx) error) []error {
	errs := db.writer.doEach(ctx, fns)
	for i, err := range errs {
		errs[i] = wrap("change the database", err)
	}
	return errs
}

// View runs fn on a snapshot of the database; what fn changes fails.
func (db *DB) View(ctx context.Context, fn func(context.Context, *Tx) error) (err error) {
	options := &sql.TxOptions{ReadOnly: true}
	if db.postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	t, err := db.read.BeginTx(ctx, options)
	if err != nil {
		return wrap("read the database", err)
	}
	defer func() {
		if rerr := t.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && err == nil {
			err = wrap("read the database", rerr)
		}
	}()
	var q querier = t
	if !db.postgres {
		q = reading{t, db.reader}
	}
	return wrap("read the database", fn(ctx, &Tx{dialect: db.dialect, q: q, now: db.cfg.Now, few: fewRows}))
}

// view is View for one value.
func view[T any](ctx context.Context, db *DB, fn func(context.Context, *Tx) (T, error)) (v T, err error) {
	err = db.View(ctx, func(ctx context.Context, tx *Tx) error {
		v, err = fn(ctx, tx)
		return err
	})
	return v, err
}

// Close ends the writer after what waits for it and closes the database.
// Changes asked for after it are Unavailable.
func (db *DB) Close() error {
	if db.writer != nil {
		db.writer.close()
	}
	if db.follower != nil {
		db.follower.close()
	}
	db.feed.close()
	return db.closePools()
}

func (db *DB) closePools() error {
	var errs []error
	if db.reader != nil {
		errs = append(errs, db.reader.close())
	}
	if db.checkpointer != nil {
		errs = append(errs, db.checkpointer.close())
	}
	for _, p := range []*sql.DB{db.read, db.write} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

var errClosed = apiclient.Errorf(apiclient.Unavailable, "The local instance is closed; open it again.")
