package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"umdeck/apiclient"
)

// Config says where a database is. File is required.
type Config struct {
	File   string           // made when it does not exist, readable by its owner alone
	Now    func() time.Time // nil means time.Now
	Logger *slog.Logger     // nil means silence
}

// A DB is an open database. Its methods are safe for concurrent use.
type DB struct {
	cfg    Config
	read   *sql.DB
	write  *sql.DB
	writer *writer
	feed   *feed
	made   bool
}

// Open opens the database, makes or migrates its tables and starts the writer.
// An existing database is copied beside itself before a migration changes it.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.File == "" {
		return nil, errors.New("store: File is required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	db := &DB{cfg: cfg}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(wrap("open the database", err), db.closePools())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) (err error) {
	_, statErr := os.Stat(db.cfg.File)
	db.made = errors.Is(statErr, os.ErrNotExist)
	if err := touch(db.cfg.File); err != nil {
		message := fmt.Sprintf("The database file %s cannot be opened; check that it is a file, and its rights.", db.cfg.File)
		return &apiclient.Error{Kind: apiclient.Unavailable, Message: message, Err: err}
	}
	db.write, err = sql.Open("sqlite", dsn(db.cfg.File,
		"_txlock=immediate", "_pragma=auto_vacuum(2)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)", "_pragma=busy_timeout(5000)", "_pragma=cache_size(-65536)", "_pragma=wal_autocheckpoint(8000)", "_pragma=temp_store(2)"))
	if err != nil {
		return err
	}
	db.write.SetMaxOpenConns(1)
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	if err := db.migrate(ctx, files); err != nil {
		return err
	}
	db.read, err = sql.Open("sqlite", dsn(db.cfg.File,
		"mode=ro", "_pragma=query_only(1)", "_pragma=busy_timeout(5000)", "_pragma=cache_size(-16384)", "_pragma=temp_store(2)"))
	if err != nil {
		return err
	}
	pool := max(4, runtime.NumCPU())
	db.read.SetMaxOpenConns(pool)
	db.read.SetMaxIdleConns(pool)
	var last int64
	if err := db.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM log`).Scan(&last); err != nil {
		return err
	}
	db.feed = newFeed(last)
	db.writer, err = startWriter(ctx, db.write, db.feed, db.cfg)
	return err
}

// touch makes the file with the owner's rights alone; SQLite gives the same to
// its companions.
func touch(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(file string, options ...string) string {
	var s strings.Builder
	s.WriteString((&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}).String())
	for i, o := range options {
		sep := "&"
		if i == 0 {
			sep = "?"
		}
		s.WriteString(sep + o)
	}
	return s.String()
}

// Made reports whether Open made the database.
func (db *DB) Made() bool { return db.made }

// Change runs fn in a transaction and returns after its commit, or with the
// error of fn, whose changes are undone then. The context that fn gets does not
// end: a change that has begun is finished. One that has not begun when ctx ends
// is not made.
func (db *DB) Change(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return wrap("change the database", db.writer.do(ctx, fn))
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
	t, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return wrap("read the database", err)
	}
	defer func() {
		if rerr := t.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && err == nil {
			err = wrap("read the database", rerr)
		}
	}()
	return wrap("read the database", fn(ctx, &Tx{q: t, now: db.cfg.Now, few: fewRows}))
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
	db.feed.close()
	return db.closePools()
}

func (db *DB) closePools() error {
	var errs []error
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
