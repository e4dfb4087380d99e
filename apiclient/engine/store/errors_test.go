package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// TestFull fills a database that may not grow. What is reported is that, also
// where the transaction that it ended is reported beside it.
func TestFull(t *testing.T) {
	pool, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), "x.db"), "_pragma=max_page_count(2)"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, full := pool.ExecContext(t.Context(), `CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x)`)
	if full == nil {
		t.Fatal("three tables fit into two pages")
	}
	for _, err := range []error{full, errors.Join(full, sql.ErrTxDone), errors.Join(sql.ErrTxDone, full), errors.Join(context.Canceled, full)} {
		err = wrap("change the database", err)
		if apiclient.KindOf(err) != apiclient.Unavailable || !strings.Contains(apiclient.MessageOf(err), "The disk is full") {
			t.Errorf("%v: %s; want unavailable, and that the disk is full", err, apiclient.MessageOf(err))
		}
	}
	for text, err := range map[string]error{"is closed": sql.ErrTxDone, "call ended": context.Canceled} {
		if got := apiclient.MessageOf(wrap("x", err)); !strings.Contains(got, text) {
			t.Errorf("%v: %q; want %q in it", err, got, text)
		}
	}
}
