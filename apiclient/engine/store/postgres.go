package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"umdeck/apiclient"
)

// oldestPostgres is the first version that has what is used, as server_version_num.
const oldestPostgres = 15_00_00

// writeLock is the number of the advisory lock that every transaction of a writer
// holds, of whichever engine. With it PostgreSQL keeps the promises that SQLite makes:
// a change sees all changes before it, and the log's numbers are in the order of commits.
const writeLock = 0x756d6465636b // "umdeck"

// session is what every connection asks of the server. A transaction that stands
// still belongs to an engine that was stopped in it: it must not keep the others from
// writing for longer than that.
var session = map[string]string{
	"application_name":                    "umdeck",
	"idle_in_transaction_session_timeout": "10s",
	"lock_timeout":                        "30s",
	"tcp_keepalives_idle":                 "10",
	"tcp_keepalives_interval":             "5",
	"tcp_keepalives_count":                "3",
	"timezone":                            "UTC",
	"random_page_cost":                    "1.1", // of disks that need not turn
	"jit":                                 "off", // statements are short, and to compile one takes longer than to run it
}

// openPostgres opens the database of the URL.
func (db *DB) openPostgres(ctx context.Context) error {
	cfg, err := parsePostgres(db.cfg.URL)
	if err != nil {
		return err
	}
	db.write = stdlib.OpenDB(*cfg)
	db.write.SetMaxOpenConns(2) // the writer's, and that of migrations
	if err := db.checkPostgres(ctx); err != nil {
		return err
	}
	if err := db.migratePostgres(ctx); err != nil {
		return err
	}
	db.read = stdlib.OpenDB(*cfg)
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	db.read.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.begin(ctx); err != nil {
		return err
	}
	db.follower = startFollower(ctx, db, cfg)
	return nil
}

// readers is how many connections are for reading; another three are for writing,
// for migrations and for being told of news.
const readers = 8

// parsePostgres reads a URL. What is wrong with it is said without repeating it: it
// may hold a password.
func parsePostgres(text string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, apiclient.FieldErrorf("database", "The database is no URL of PostgreSQL; write it as postgres://user@host/name.")
	}
	cfg, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, apiclient.FieldErrorf("database", "The database's URL cannot be read; write it as postgres://user@host/name?sslmode=verify-full.")
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	for key, value := range session {
		if _, set := cfg.RuntimeParams[key]; !set {
			cfg.RuntimeParams[key] = value
		}
	}
	return cfg, nil
}

// checkPostgres says in a sentence why the server cannot be used.
func (db *DB) checkPostgres(ctx context.Context) error {
	var version int
	var encoding string
	err := db.write.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding')`).Scan(&version, &encoding)
	switch {
	case err != nil:
		return err
	case version < oldestPostgres:
		return apiclient.Errorf(apiclient.Unavailable, "The database is of PostgreSQL %d; umdeck needs 15 or later.", version/10000)
	case encoding != "UTF8":
		return apiclient.Errorf(apiclient.Unavailable, "The database's encoding is %s; make one with ENCODING 'UTF8'.", encoding)
	}
	return nil
}

// beginPostgres starts a transaction of the writer.
func (w *writer) beginPostgres(ctx context.Context) error {
	_, err := w.conn.ExecContext(ctx, fmt.Sprintf(`BEGIN; SELECT pg_advisory_xact_lock(%d)`, int64(writeLock)), pgx.QueryExecModeSimpleProtocol)
	return err
}

// backend returns the server's number of a connection, by which its notifications
// are known.
func backend(conn *sql.Conn) (pid uint32, err error) {
	err = conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return errors.New("the connection is none of PostgreSQL")
		}
		pid = c.Conn().PgConn().PID()
		return nil
	})
	return pid, err
}
