// Package store keeps a local instance in SQLite or in PostgreSQL. It is the only place
// with SQL, and it knows rows, not rules: what may be done to a user, which event a change
// raises and what a hook carries is decided by its caller, inside a transaction
// that the store runs.
//
// # Changes
//
// [DB.Change] runs a closure on the one writer goroutine. The writer takes the
// closures that wait (at most 512), runs each in one transaction,
// commits once and then answers all of them, so that many callers share the cost
// of one synced write. A closure that fails or panics undoes its own changes and
// nobody else's; where the database refuses what several have added together, each
// gets a transaction of its own.
//
//	Change ──┐
//	Change ──┼─► BEGIN · SAVEPOINT fn RELEASE · … · rows · COMMIT ─► log ring ─► answers
//	Change ──┘
//
// What changes add most, the rows of [sheets], is kept in memory until something is
// sent that may look at it, and then written with a statement for many rows. The
// accounts that changes begin with are read once for all of them, see [DB.ChangeUser]. So
// a change that only raises an event sends nothing by itself, and has no savepoint.
//
// SQLite's write-ahead log is moved into the file beside the commits, on another
// connection: a commit never waits for that.
//
// [DB.View] runs a closure on a snapshot, over a pool of read-only connections
// that the writer does not delay.
//
// # Counts
//
// How many users have a status or a role, how many deliveries of a subscription wait,
// are done or dead, and what became of them in each hour, is kept in the same commit
// and never counted from rows: users and mails by triggers, deliveries by the writer,
// once for all that a commit moves. Lists go by keyset, never by offset.
//
// # Pauses
//
// What waits for a subscription is due, held or gone as the subscription and its zap are
// on, off or ended, and is moved when these are turned. Where that is more than a batch, the
// first of it moves with the turn and the rest with [Tx.SettleOn], a batch a commit: so
// nobody waits for a million. The subscription is settling meanwhile: nothing of it is given
// out, and what is made for it is held and moves with the rest, so that its order stays.
//
// # Attempts
//
// With PostgreSQL attempts lie in a partition a day, and retention drops whole ones:
// deleting them one by one would cost as much as they did. A day is that in which an
// attempt was recorded, by the default of a column that moves on at the first pass of
// retention in a new day, and not by the attempt's clock: so there is a partition for each
// new attempt, and nothing comes into a day that is over. When a day is as old as retention
// asks, the attempts of deliveries that stay move out of it, and the rest is dropped.
//
// # Filters
//
// [apiclient.Filter] becomes SQL in one translator; values are always
// parameters. A condition that an index can answer is written in one of two ways,
// after a look at how many rows it holds for: a few are looked up first, many are
// tested while the list is walked in its order. Free text of three characters and
// more is looked up in a trigram index; shorter text by the trigrams that begin with it,
// or, with PostgreSQL, in an index of all texts of one and two characters.
//
// What Run of package filter finds in memory is found here, with one difference:
// login, e-mail address and display name are compared by order (<, ..) as text even
// where both sides are numbers.
//
// # Errors
//
// Errors of the driver become kinds in one function; those of closures pass
// through untouched.
package store
