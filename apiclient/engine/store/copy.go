package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// Copy writes a whole copy of the database of a file as it is now to another, which
// must not exist. An engine may have it open, in whatever process, and change it
// meanwhile.
func Copy(ctx context.Context, from, to string) (err error) {
	own, err := sql.Open("sqlite", dsn(from, "mode=rw", "_pragma=busy_timeout(5000)")) // a read-only connection may not write the copy either
	if err != nil {
		return wrap("copy the database", err)
	}
	defer func() { err = errors.Join(err, own.Close()) }()
	if _, err := own.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return wrap("copy the database", err)
	}
	return os.Chmod(to, 0o600)
}

// An Inspection is what a database that nobody has open says of itself.
type Inspection struct {
	Schema int64            // number of its last migration
	Counts map[string]int64 // rows by table
}

// Schema returns the number of the last migration that this program knows.
func Schema() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("find the migrations: %w", err)
	}
	last := files[len(files)-1] // Glob sorts
	digits, _, _ := strings.Cut(last[strings.LastIndexByte(last, '/')+1:], "_")
	return strconv.ParseInt(digits, 10, 64)
}

// counted are the tables that an inspection counts, where a database has them.
var counted = []string{"users", "roles", "fields", "forms", "zaps", "subscriptions", "events", "deliveries", "mails", "audit"}

// Inspect reads a database without changing it. It is Invalid when it is none of
// umdeck's, or damaged.
func Inspect(ctx context.Context, file string) (i Inspection, err error) {
	db, err := sql.Open("sqlite", dsn(file, "mode=ro", "immutable=1"))
	if err != nil {
		return i, wrap("inspect the database", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var state string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&state); err != nil || state != "ok" {
		if ctx.Err() != nil {
			return i, ctx.Err()
		}
		return i, noDatabase(errors.Join(err, errors.New(state)))
	}
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1`).Scan(&i.Schema); err != nil {
		return i, noDatabase(err)
	}
	i.Counts = map[string]int64{}
	for _, table := range counted {
		var there bool
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)`, table).Scan(&there); err != nil {
			return i, noDatabase(err)
		}
		if !there {
			continue
		}
		var n int64
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil {
			return i, noDatabase(err)
		}
		i.Counts[table] = n
	}
	return i, nil
}

func noDatabase(err error) error {
	return &apiclient.Error{Kind: apiclient.Invalid, Message: "The database is damaged, or none of umdeck's.", Err: err}
}
