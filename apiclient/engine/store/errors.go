package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"umdeck/apiclient"
)

// wrap gives err a kind, if it has none yet, and says what was being done.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*apiclient.Error](err); ok {
		return err
	}
	kind, message := kind(err)
	return &apiclient.Error{Kind: kind, Message: message, Err: fmt.Errorf("%s: %w", doing, err)}
}

// kind is the one place that knows the driver's errors. An empty message is for
// the log alone.
func kind(err error) (apiclient.Kind, string) {
	e, ok := errors.AsType[*sqlite.Error](err) // first: a lost transaction is reported beside what lost it
	switch {
	case ok:
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return apiclient.Unavailable, "The call ended before the database had answered; try again."
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return errClosed.Kind, errClosed.Message
	default:
		return apiclient.Internal, ""
	}
	switch code := e.Code(); code & 0xff {
	case sqlite3.SQLITE_CONSTRAINT:
		if code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
			return apiclient.Conflict, "Something of that name is there already."
		}
		return apiclient.Internal, ""
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return apiclient.Unavailable, "The database is in use by another program; try again."
	case sqlite3.SQLITE_FULL:
		return apiclient.Unavailable, "The disk is full; nothing was changed. Make room and try again."
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return apiclient.Unavailable, "The disk does not take what is written to the database; nothing was changed. The log has the cause."
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return apiclient.Internal, "The database file is damaged; restore a backup."
	case sqlite3.SQLITE_INTERRUPT:
		return apiclient.Unavailable, "The call ended before the database had answered; try again."
	}
	return apiclient.Internal, ""
}
