package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
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

// kind is the one place that knows the drivers' errors. An empty message is for
// the log alone.
func kind(err error) (apiclient.Kind, string) {
	if e, ok := errors.AsType[*sqlite.Error](err); ok { // first: a lost transaction is reported beside what lost it
		return kindSQLite(e)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return kindPostgres(e)
	}
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return apiclient.Unavailable, "The call ended before the database had answered; try again."
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return errClosed.Kind, errClosed.Message
	case errors.As(err, &network), errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), pgconn.SafeToRetry(err):
		return apiclient.Unavailable, "The database does not answer; try again when it does."
	}
	return apiclient.Internal, ""
}

// kindPostgres knows the codes of PostgreSQL, appendix A of its documentation.
func kindPostgres(e *pgconn.PgError) (apiclient.Kind, string) {
	switch e.Code {
	case "23505": // unique_violation
		return apiclient.Conflict, "Something of that name is there already."
	case "22021", "22P05": // character_not_in_repertoire, untranslatable_character
		return errNUL.Kind, errNUL.Message
	case "53100": // disk_full
		return apiclient.Unavailable, "The disk of the database is full; nothing was changed. Make room and try again."
	case "25006": // read_only_sql_transaction
		return apiclient.Unavailable, "The database takes no changes, as a standby does; nothing was changed."
	case "28000", "28P01": // invalid_authorization_specification, invalid_password
		return apiclient.Unavailable, "The database refuses the user or the password of its URL."
	case "3D000": // invalid_catalog_name
		return apiclient.Unavailable, "The database server has no database of that name; make it with createdb."
	case "42501": // insufficient_privilege
		return apiclient.Unavailable, "The database's user may not do that; make it the owner of the database."
	case "40001", "40P01", "55P03", "57014": // serialization_failure, deadlock_detected, lock_not_available, query_canceled
		return apiclient.Unavailable, "The database is busy; nothing was changed. Try again."
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58", "25": // connection, resources, operator intervention, system, transaction ended
		return apiclient.Unavailable, "The database does not take what is written to it; nothing was changed. The log has the cause."
	}
	return apiclient.Internal, ""
}

var errNUL = apiclient.Errorf(apiclient.Invalid, "A text holds a NUL character, which cannot be stored; take it out.")

func kindSQLite(e *sqlite.Error) (apiclient.Kind, string) {
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
