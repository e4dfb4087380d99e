// Package enginetest gives tests data folders for engines on SQLite.
package enginetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/store/sqlitetest"
)

// tables has the tables of a database in which nothing was written yet.
var tables = sqlitetest.New(func(file string) error {
	db, err := store.Open(context.Background(), store.Config{File: file})
	if err != nil {
		return err
	}
	return db.Close()
})

// Dir returns a new data folder, which is removed at the end of the test. Its database has
// tables and nothing else: an engine that is opened there sets all else up.
func Dir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := Fill(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Fill gives a data folder a database with tables and nothing else, if it has none. What
// is not there, or is no folder, is left to the engine.
func Fill(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil //nolint:nilerr // the engine makes it, or refuses it
	}
	return tables.Copy(filepath.Join(dir, "umdeck.db"))
}
