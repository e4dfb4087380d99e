package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/backup"
	"umdeck/apiclient/engine/store"
)

// databaseFile is the database in a data folder.
const databaseFile = "umdeck.db"

// A BackupConfig says what to back up. Dir and File are required.
type BackupConfig struct {
	Dir     string           // the data folder
	File    string           // what is made; it must not exist
	Version string           // of umdeck
	Now     func() time.Time // nil means time.Now
}

// Backup writes the instance of a data folder as one file: a copy of its database as
// it is at one moment, and the files of its members. An engine may have the folder,
// in this process or another, and be at work. The file is whole when it has its name.
//
// It fails with NotFound when there is no instance, and Conflict when the file exists
// or would be in the folder itself.
func Backup(ctx context.Context, c BackupConfig) (m backup.Manifest, err error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := checkBackup(c); err != nil {
		return m, err
	}
	scratch, err := os.MkdirTemp(filepath.Dir(c.File), ".umdeck-backup-*")
	if err != nil {
		return m, &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: fmt.Sprintf("Nothing can be written to %s; check that the folder exists, and its rights.", filepath.Dir(c.File)), Err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	database := filepath.Join(scratch, databaseFile)
	if err := store.Copy(ctx, filepath.Join(c.Dir, databaseFile), database); err != nil {
		return m, err
	}
	has, err := store.Inspect(ctx, database)
	if err != nil {
		return m, err
	}
	sources, err := sourcesOf(c.Dir)
	if err != nil {
		return m, err
	}
	sources = append(sources, backup.Source{Name: databaseFile, Path: database})
	m = backup.Manifest{Made: c.Now().UTC().Truncate(time.Second), Umdeck: c.Version, Schema: has.Schema, Counts: has.Counts}
	part := filepath.Join(scratch, "backup")
	if m, err = writeBackup(ctx, part, m, sources); err != nil {
		return m, err
	}
	// A link fails where a rename would go over what somebody made meanwhile.
	if err := os.Link(part, c.File); errors.Is(err, fs.ErrExist) {
		return m, backupExists(c.File)
	} else if err != nil {
		err = os.Rename(part, c.File) // a file system without links
		return m, err
	}
	return m, nil
}

func checkBackup(c BackupConfig) error {
	if _, err := os.Stat(filepath.Join(c.Dir, databaseFile)); err != nil {
		return &apiclient.Error{Kind: apiclient.NotFound, Message: fmt.Sprintf("There is no local instance in %s; name its folder with --local=DIR.", c.Dir), Err: err}
	}
	if _, err := os.Lstat(c.File); err == nil {
		return backupExists(c.File)
	}
	inside, err := within(c.Dir, c.File)
	if err == nil && inside {
		err = apiclient.FieldErrorf("file", "%s is in the data folder, which a backup is there to survive; choose another place.", c.File)
	}
	return err
}

func backupExists(file string) error {
	return taken("file", "%s exists already; choose another name for the backup.", file)
}

// within reports whether a file is in a folder or below it.
func within(dir, file string) (bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false, fmt.Errorf("find the data folder: %w", err)
	}
	if file, err = filepath.Abs(file); err != nil {
		return false, fmt.Errorf("find the backup: %w", err)
	}
	return strings.HasPrefix(file, dir+string(filepath.Separator)), nil
}

// sourcesOf returns the files of a data folder beside the database: those of members.
// What is no regular file is left out.
func sourcesOf(dir string) ([]backup.Source, error) {
	var sources []backup.Source
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.Type().IsRegular() && !ownFile(name) {
			sources = append(sources, backup.Source{Name: filepath.ToSlash(name), Path: path})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the data folder: %w", err)
	}
	return sources, nil
}

// ownFile reports whether a file of the data folder is the engine's: the database
// with what stands beside it, the lock and the socket.
func ownFile(name string) bool {
	return strings.HasPrefix(name, databaseFile) || name == lockFile || strings.HasSuffix(name, ".part") || name == backup.ManifestName ||
		strings.HasPrefix(name, "temp"+string(filepath.Separator)) // what visitors send before it is theirs
}

func writeBackup(ctx context.Context, part string, m backup.Manifest, sources []backup.Source) (_ backup.Manifest, err error) {
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if m, err = backup.Write(ctx, out, m, sources); err != nil {
		return m, err
	}
	return m, out.Sync()
}

// VerifyBackup reads a backup, compares every file in it with its sum, and returns
// what it has. It is Invalid when it is not whole.
func VerifyBackup(ctx context.Context, file string) (m backup.Manifest, err error) {
	in, err := openBackup(file)
	if err != nil {
		return m, err
	}
	defer in.Close()
	m, err = backup.Verify(ctx, in)
	return m, notWhole(file, err)
}

func openBackup(file string) (*os.File, error) {
	in, err := os.Open(file)
	if err != nil {
		kind := apiclient.Invalid
		if errors.Is(err, fs.ErrNotExist) {
			kind = apiclient.NotFound
		}
		return nil, &apiclient.Error{Kind: kind, Field: "file", Message: fmt.Sprintf("The backup %s cannot be read; check its name and rights.", file), Err: err}
	}
	return in, nil
}

// notWhole says of a file that it is no whole backup.
func notWhole(file string, err error) error {
	if why, ok := errors.AsType[*backup.Error](err); ok {
		return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: fmt.Sprintf("%s is no whole backup of umdeck: %s.", file, why.Why), Err: err}
	}
	return err
}
