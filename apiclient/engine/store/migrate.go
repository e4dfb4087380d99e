package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date with the given files. Goose runs each in a
// transaction of its own.
func (db *DB) migrate(ctx context.Context, files fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db.write, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	pending, err := p.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	if err := db.backUp(ctx, p); err != nil {
		return fmt.Errorf("back up before a migration: %w", err)
	}
	_, err = p.Up(ctx)
	return err
}

// migratePostgres brings the tables up to date. Of several engines that start at once
// one does so, and the others wait for it.
func (db *DB) migratePostgres(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db.write, files, goose.WithLogger(goose.NopLogger()), goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// backUp copies a database that has tables already to its name with the version
// that it leaves, such as umdeck.db.before-2. A copy of that version that is
// there already stays: it is older and of the same tables.
func (db *DB) backUp(ctx context.Context, p *goose.Provider) error {
	version, err := p.GetDBVersion(ctx)
	if err != nil || version == 0 {
		return err
	}
	file := fmt.Sprintf("%s.before-%d", db.cfg.File, version+1)
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	part := file + ".part" // what was interrupted must not pass for a copy
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := db.write.ExecContext(ctx, `VACUUM INTO ?`, part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	if err := os.Rename(part, file); err != nil {
		return err
	}
	db.cfg.Logger.Info("backed up the database before a migration", "file", file)
	return nil
}
