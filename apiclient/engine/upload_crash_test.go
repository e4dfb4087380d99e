package engine

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// TestUploadCrash stops between the steps of an upload, and of a removal: the next
// start finishes what was committed and removes what was not.
func TestUploadCrash(t *testing.T) {
	dir := t.TempDir()
	start := func() *Engine {
		t.Helper()
		e, err := Open(t.Context(), Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	stop := func(e *Engine) {
		t.Helper()
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	take := func(e *Engine, content string) *pending {
		t.Helper()
		f := apiclient.Field{Key: "cv", Label: "CV", Type: apiclient.FieldFile}
		p, err := e.takeUpload(t.Context(), f, apiclient.SentFile{Name: "a.txt", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	// commit is change without what follows it.
	commit := func(e *Engine, fn func(context.Context, *store.Tx) error) {
		t.Helper()
		if err := e.db.Change(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	answer := func(e *Engine, p *pending) {
		t.Helper()
		commit(e, func(ctx context.Context, tx *store.Tx) error {
			was, err := tx.Account(ctx, 1)
			if err != nil {
				return err
			}
			is := was
			is.Fields = map[string]apiclient.Value{"cv": p.Value()}
			if err := tx.UpdateUser(ctx, was, is); err != nil {
				return err
			}
			return e.keepUpload(ctx, tx, 1, p)
		})
	}

	e := start()
	take(e, "never committed")
	answer(e, take(e, "one"))
	stop(e) // before the file moved
	e = start()
	if got := contentOf(t, e); got != "one" {
		t.Errorf("after a crash behind the commit: %q", got)
	}
	if left, err := e.files.Tokens(); err != nil || len(left) > 0 {
		t.Errorf("left in temp: %v, %v", left, err)
	}
	answer(e, take(e, "two"))
	stop(e) // before the second moved and the first went
	e = start()
	if got := contentOf(t, e); got != "two" {
		t.Errorf("after a crash behind a replacement: %q", got)
	}
	list, err := os.ReadDir(filepath.Join(dir, "uploads", "ultimatemember", "1"))
	if err != nil || len(list) != 1 {
		t.Errorf("files of the user: %v, %v", list, err)
	}
	commit(e, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteUser(ctx, 1) })
	stop(e) // before the folder went
	e = start()
	defer stop(e)
	if _, err := os.Stat(filepath.Join(dir, "uploads", "ultimatemember", "1")); !os.IsNotExist(err) {
		t.Errorf("the folder of a deleted user: %v", err)
	}
	waste, err := view(t.Context(), e, func(ctx context.Context, tx *store.Tx) ([]store.Waste, error) { return tx.AllWaste(ctx) })
	if err != nil || len(waste) > 0 {
		t.Errorf("still to be removed: %v, %v", waste, err)
	}
}

// contentOf is what the user's file holds, or why there is none.
func contentOf(t *testing.T, e *Engine) string {
	t.Helper()
	_, r, err := e.OpenFile(t.Context(), 1, "cv")
	if err != nil {
		return err.Error()
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
