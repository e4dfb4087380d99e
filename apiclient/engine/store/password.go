package store

import (
	"context"
	"time"

	"umdeck/apiclient"
)

// A Hashed is an application password with the SHA-256 of its text.
type Hashed struct {
	apiclient.Password
	SHA256 []byte
}

// Passwords returns the application passwords of a user, or of everyone for 0, oldest first.
func (tx *Tx) Passwords(ctx context.Context, user apiclient.UserID) ([]Hashed, error) {
	return collect(ctx, tx, func(s scanner) (p Hashed, err error) {
		var created, used int64
		err = s.Scan(&p.UUID, &p.User, &p.Login, &p.Name, &created, &used, &p.SHA256)
		p.Created, p.LastUsed = unstamp(created), unstamp(used)
		return p, err
	}, `SELECT p.uuid, p.user_id, u.login, p.name, p.created, p.last_used, p.sha256 FROM passwords p JOIN users u ON u.id = p.user_id
		WHERE CAST(? AS BIGINT) = 0 OR p.user_id = ? ORDER BY p.created, p.uuid`, user, user)
}

// PasswordNamed reports whether the user has an application password of that
// name, in any case.
func (tx *Tx) PasswordNamed(ctx context.Context, user apiclient.UserID, name string) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM passwords WHERE user_id = ? AND name_key = ?)`, user, fold(name))
}

// InsertPassword stores an application password and returns when it was made: by the time
// that it says, but after all others of the user, which lists show in this order.
func (tx *Tx) InsertPassword(ctx context.Context, p Hashed) (time.Time, error) {
	last, err := tx.count(ctx, `SELECT coalesce(max(created), 0) FROM passwords WHERE user_id = ?`, p.User)
	if err != nil {
		return time.Time{}, err
	}
	p.Created = unstamp(max(stamp(p.Created), last+1))
	_, err = tx.exec(ctx, `INSERT INTO passwords (uuid, user_id, name, name_key, sha256, created, last_used) VALUES (?, ?, ?, ?, ?, ?, 0)`,
		p.UUID, p.User, p.Name, fold(p.Name), p.SHA256, stamp(p.Created))
	return p.Created, err
}

// Password returns one application password.
func (tx *Tx) Password(ctx context.Context, uuid string) (apiclient.Password, error) {
	p, err := one(ctx, tx, func(s scanner) (p apiclient.Password, err error) {
		return p, s.Scan(&p.UUID, &p.User, &p.Login, &p.Name)
	}, `SELECT p.uuid, p.user_id, u.login, p.name FROM passwords p JOIN users u ON u.id = p.user_id WHERE p.uuid = ?`, uuid)
	return p, absent(err, "There is no application password %q on this site.", uuid)
}

// TouchPassword notes when an application password was used.
func (tx *Tx) TouchPassword(ctx context.Context, uuid string, at time.Time) error {
	_, err := tx.exec(ctx, `UPDATE passwords SET last_used = ? WHERE uuid = ?`, stamp(at), uuid)
	return err
}

// DeletePassword removes an application password.
func (tx *Tx) DeletePassword(ctx context.Context, uuid string) error {
	_, err := tx.exec(ctx, `DELETE FROM passwords WHERE uuid = ?`, uuid)
	return err
}
