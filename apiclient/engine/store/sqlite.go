package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"umdeck/apiclient"
)

// openSQLite opens the file.
func (db *DB) openSQLite(ctx context.Context) (err error) {
	if err := touch(db.cfg.File); err != nil {
		message := fmt.Sprintf("The database file %s cannot be opened; check that it is a file, and its rights.", db.cfg.File)
		return &apiclient.Error{Kind: apiclient.Unavailable, Message: message, Err: err}
	}
	db.write, err = sql.Open("sqlite", dsn(db.cfg.File,
		"_txlock=immediate", "_pragma=auto_vacuum(2)", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)", "_pragma=busy_timeout(5000)", "_pragma=cache_size(-40960)", "_pragma=wal_autocheckpoint(64000)", "_pragma=temp_store(2)"))
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
		"mode=ro", "_pragma=query_only(1)", "_pragma=busy_timeout(5000)", "_pragma=cache_size(-4096)", "_pragma=temp_store(2)"))
	if err != nil {
		return err
	}
	pool := max(4, runtime.NumCPU())
	db.read.SetMaxOpenConns(pool)
	db.read.SetMaxIdleConns(pool)
	db.reader = &reader{pool: db.read, stmts: map[string]*sql.Stmt{}}
	if db.checkpointer, err = startCheckpointer(ctx, db); err != nil {
		return err
	}
	return db.begin(ctx)
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
