package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/backup"
	"umdeck/apiclient/engine/store"
)

// A RestoreConfig says what to restore. File and Dir are required.
type RestoreConfig struct {
	File    string
	Dir     string           // the data folder; made when it does not exist
	Replace bool             // the folder may have something in it, which is put aside
	Now     func() time.Time // nil means time.Now
}

// A Restored says what was restored.
type Restored struct {
	Manifest backup.Manifest
	Aside    string // where the folder is that was there before; empty: there was nothing in it
}

// Restore makes a data folder of a backup. Everything is read and compared with its
// sums beside the folder first; then the two change places, and the old folder stays
// beside the new one, under the name that it returns.
//
// It fails with Conflict when an engine has the folder, something is in it and
// Replace is not set, or the backup is of a newer umdeck; with Invalid when it is not
// whole. The folder is as it was then.
func Restore(ctx context.Context, c RestoreConfig) (r Restored, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Dir, err = filepath.Abs(c.Dir); err != nil {
		return r, fmt.Errorf("find the data folder: %w", err)
	}
	in, err := openBackup(c.File)
	if err != nil {
		return r, err
	}
	defer in.Close()
	held, full, err := holdFolder(c)
	if err != nil {
		return r, err
	}
	if held != nil {
		defer func() { err = errors.Join(err, held.Unlock()) }()
	}
	staging, err := os.MkdirTemp(filepath.Dir(c.Dir), ".umdeck-restore-*")
	if err != nil {
		return r, &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("Nothing can be written beside %s; check the rights of the folder above it.", c.Dir), Err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if r.Manifest, err = backup.Extract(ctx, in, staging); err != nil {
		return r, notWhole(c.File, err)
	}
	if err := checkRestored(ctx, c.File, staging, r.Manifest); err != nil {
		return r, err
	}
	if r.Aside, err = changePlaces(c, staging, full); err != nil {
		return r, fmt.Errorf("put the backup in its place: %w", err)
	}
	return r, nil
}

// holdFolder takes the lock of a data folder that exists, so that no engine begins
// meanwhile; full says that there is something in it.
func holdFolder(c RestoreConfig) (held *flock.Flock, full bool, err error) {
	entries, err := os.ReadDir(c.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(c.Dir), 0o700); err != nil {
			return nil, false, &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("The folder for %s cannot be made; check the rights of the one above it.", c.Dir), Err: err}
		}
		return nil, false, nil
	}
	if err != nil {
		return nil, false, &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("The data folder %s cannot be read; check its owner and its rights.", c.Dir), Err: err}
	}
	if held, err = lock(c.Dir, false); err != nil {
		return nil, false, err
	}
	full = slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() != lockFile })
	if full && !c.Replace {
		err := apiclient.Errorf(apiclient.Conflict, "The data folder %s is not empty; pass --yes to put what is in it aside, or restore into another folder.", c.Dir)
		return nil, true, errors.Join(err, held.Unlock())
	}
	return held, full, nil
}

// checkRestored looks whether this umdeck can open what was extracted.
func checkRestored(ctx context.Context, file, staging string, m backup.Manifest) error {
	newest, err := store.Schema()
	if err != nil {
		return err
	}
	if m.Schema > newest {
		return apiclient.Errorf(apiclient.Conflict, "%s was made by a newer umdeck (%s, schema %d; this one has %d); update umdeck, then restore it.", file, m.Umdeck, m.Schema, newest)
	}
	has, err := store.Inspect(ctx, filepath.Join(staging, databaseFile))
	if err != nil {
		return err
	}
	if has.Schema > newest {
		return apiclient.Errorf(apiclient.Conflict, "The database in %s is of a newer umdeck (schema %d; this one has %d); update umdeck, then restore it.", file, has.Schema, newest)
	}
	return nil
}

// changePlaces puts the new folder where the old one is. When that fails halfway the
// old one goes back.
func changePlaces(c RestoreConfig, staging string, full bool) (aside string, err error) {
	if err := os.Chmod(staging, 0o700); err != nil {
		return "", err
	}
	aside = fmt.Sprintf("%s.before-%s", c.Dir, c.Now().UTC().Format("20060102-150405"))
	err = os.Rename(c.Dir, aside)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.Rename(staging, c.Dir); err != nil {
		if there {
			err = errors.Join(err, os.Rename(aside, c.Dir))
		}
		return "", err
	}
	if there && !full {
		return "", os.RemoveAll(aside) // nothing but the lock
	}
	if !there {
		aside = ""
	}
	return aside, nil
}
