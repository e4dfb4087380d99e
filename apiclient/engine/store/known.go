package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
)

// ChangeUser is Change for a change that begins with the account of a user; 0: of nobody. PostgreSQL is
// asked once for those of all changes that share a commit.
func (db *DB) ChangeUser(ctx context.Context, user apiclient.UserID, fn func(context.Context, *Tx) error) error {
	j := jobOf(ctx, fn)
	j.user = user
	return wrap("change the database", db.writer.do(ctx, j))
}

// know reads the accounts that changes begin with. They hold until something is written
// that they are made of: nobody else writes meanwhile.
func (tx *Tx) know(ctx context.Context, jobs []*job) error {
	var ids []apiclient.UserID
	for _, j := range jobs {
		if j.user != 0 {
			ids = append(ids, j.user)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	list, err := collect(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM users WHERE id IN `+listedIDs, jsonOf(slices.Compact(ids)))
	if err != nil {
		return err
	}
	users := make([]apiclient.User, len(list))
	for i, a := range list {
		users[i] = a.User
	}
	if err := tx.fill(ctx, users, true); err != nil {
		return err
	}
	tx.known = make(map[apiclient.UserID]Account, len(list))
	for i, a := range list {
		a.User = users[i]
		tx.known[a.ID] = a
	}
	return nil
}

// recall returns an account that is known, as the caller's own.
func (tx *Tx) recall(id apiclient.UserID) (Account, bool) {
	a, ok := tx.known[id]
	a.Roles, a.Fields = slices.Clone(a.Roles), maps.Clone(a.Fields)
	return a, ok
}

// unknow forgets the accounts when a statement may change one of them.
func (tx *Tx) unknow(query string) {
	if tx.known != nil && touchesAccounts(query) {
		tx.known = nil
	}
}

// writing is called by what writes to one account alone, and its result afterwards: the
// others are still known.
func (tx *Tx) writing(id apiclient.UserID) (written func()) {
	others := tx.known
	delete(others, id)
	return func() { tx.known = others }
}

// touchesAccounts reports whether a statement may change what accounts are made of.
func touchesAccounts(query string) bool {
	words := strings.Fields(query[:min(len(query), 64)])
	table := 1 // UPDATE table
	switch words[0] {
	case "SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT":
		return false
	case "INSERT", "DELETE": // INTO, FROM
		table = 2
	case "UPDATE":
	default:
		return true
	}
	switch words[table] {
	case "users", "user_roles", "user_fields", "roles":
		return true
	}
	return false
}
