package store

import (
	"context"
	"encoding/json"
	"time"

	"umdeck/apiclient"
)

// A Session is the visit of a member who is logged in.
type Session struct {
	ID       int64
	Old      bool // it was found by the token that it had before
	User     apiclient.UserID
	Roles    []apiclient.RoleSlug // of the user when its token was made
	Remember bool
	Created  time.Time
	Seen     time.Time // when it was last used
	Expires  time.Time
	Address  string
	Agent    string
}

// InsertSession stores a session under the SHA-256 of its token.
func (tx *Tx) InsertSession(ctx context.Context, s Session, token []byte) (int64, error) {
	return tx.insert(ctx, `INSERT INTO sessions (token, user_id, roles, remember, created, seen, expires, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		token, s.User, jsonList(s.Roles), bit(s.Remember), stamp(s.Created), stamp(s.Seen), stamp(s.Expires), s.Address, s.Agent)
}

// Session returns the session of a token's SHA-256, which may be the one that it
// had until a moment ago. It fails with NotFound.
func (tx *Tx) Session(ctx context.Context, token []byte) (Session, error) {
	s, err := one(ctx, tx, func(row scanner) (s Session, err error) {
		var roles string
		var created, seen, expires int64
		if err := row.Scan(&s.ID, &s.Old, &s.User, &roles, &s.Remember, &created, &seen, &expires, &s.Address, &s.Agent); err != nil {
			return s, err
		}
		s.Created, s.Seen, s.Expires = unstamp(created), unstamp(seen), unstamp(expires)
		return s, json.Unmarshal([]byte(roles), &s.Roles)
	}, `SELECT id, token <> ?, user_id, roles, remember, created, seen, expires, address, agent FROM sessions
		WHERE token = ? OR before = ? AND before_until > ?`, token, token, token, stamp(tx.now()))
	return s, absent(err, "The session is over; log in again.")
}

// TouchSession notes the use of a session.
func (tx *Tx) TouchSession(ctx context.Context, id int64, at time.Time) error {
	_, err := tx.exec(ctx, `UPDATE sessions SET seen = ? WHERE id = ?`, stamp(at), id)
	return err
}

// RotateSession gives a session another token; the one that it has is good for a
// little longer, for what is under way.
func (tx *Tx) RotateSession(ctx context.Context, s Session, token []byte, until time.Time) error {
	_, err := tx.exec(ctx, `UPDATE sessions SET before = token, before_until = ?, token = ?, roles = ? WHERE id = ?`, stamp(until), token, jsonList(s.Roles), s.ID)
	return err
}

// DeleteSession ends a session.
func (tx *Tx) DeleteSession(ctx context.Context, id int64) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE id = ?`, id)
	return err
}

// EndSessions ends the sessions of a user, but for the one with the id except.
func (tx *Tx) EndSessions(ctx context.Context, user apiclient.UserID, except int64) (int64, error) {
	return tx.exec(ctx, `DELETE FROM sessions WHERE user_id = ? AND id <> ?`, user, except)
}

// ExpireSessions removes at most 1000 sessions that have ended by themselves.
func (tx *Tx) ExpireSessions(ctx context.Context, at time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires <= ? LIMIT 1000)`, stamp(at))
	return err
}
