package open

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/backup"
)

// Backup writes the local instance of a target to a file, which must not exist; see
// [engine.Backup].
func Backup(ctx context.Context, t Target, c Config, file string) (backup.Manifest, error) {
	dir, err := Folder(t, c)
	if err != nil {
		return backup.Manifest{}, err
	}
	return engine.Backup(ctx, engine.BackupConfig{Dir: dir, File: file, Version: c.Version, Now: c.Now})
}

// Restore makes the local instance of a target of a backup; see [engine.Restore].
func Restore(ctx context.Context, t Target, c Config, file string, replace bool) (engine.Restored, error) {
	if t.ReadOnly {
		return engine.Restored{}, errReadOnly
	}
	dir, err := Folder(t, c)
	if err != nil {
		return engine.Restored{}, err
	}
	return engine.Restore(ctx, engine.RestoreConfig{File: file, Dir: dir, Replace: replace, Now: c.Now})
}

var errReadOnly = apiclient.Errorf(apiclient.Forbidden, "This session is read-only; start without --read-only to restore a backup.")
