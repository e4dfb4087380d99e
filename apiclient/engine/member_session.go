package engine

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// How long sessions last. The ends are WordPress's, 2 and 14 days (wp_set_auth_cookie);
// one that is not used ends before, which WordPress has not.
const (
	shortSession = 48 * time.Hour
	longSession  = 14 * 24 * time.Hour
	shortIdle    = 12 * time.Hour
	longIdle     = 7 * 24 * time.Hour

	seenEvery  = time.Minute // how exactly the last use of a session is kept
	oldToken   = time.Minute // how long a token is good that was changed for another
	tokenBytes = 32
	maxAgent   = 255 // bytes that are kept of a User-Agent
)

// A visit is a request of a member who is logged in.
type visit struct {
	session store.Session
	account store.Account
}

func tokenSum(token apiclient.Secret) []byte {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return sum[:]
}

func (e *Engine) newToken() apiclient.Secret {
	return apiclient.NewSecret(base64.RawURLEncoding.EncodeToString(e.bytes(tokenBytes)))
}

// visiting returns the visit of a visitor; nil: nobody is logged in.
func (e *Engine) visiting(ctx context.Context, tx *store.Tx, v apiclient.Visitor) (*visit, error) {
	if v.Token.IsZero() {
		return nil, nil
	}
	s, err := tx.Session(ctx, tokenSum(v.Token))
	if err != nil {
		return nil, unlessAbsent(err)
	}
	a, err := tx.Account(ctx, s.User)
	if err != nil || over(s, a, tx.Now()) {
		return nil, err
	}
	return &visit{s, a}, nil
}

// unlessAbsent returns err, and nil where it says that there is none of that kind.
func unlessAbsent(err error) error {
	if absent(err) {
		return nil
	}
	return err
}

// absent reports whether err is a NotFound.
func absent(err error) bool { return err != nil && apiclient.KindOf(err) == apiclient.NotFound }

// over reports whether a session has ended: by its age, by not being used, with the
// others of the account, or because the account may not log in any more.
func over(s store.Session, a store.Account, now time.Time) bool {
	idle := shortIdle
	if s.Remember {
		idle = longIdle
	}
	return !now.Before(s.Expires) || now.Sub(s.Seen) >= idle || s.Created.Before(a.SessionsFrom) || barred(a.Status)
}

// member is visiting for what is for members: a guest is sent to log in and back.
func (e *Engine) member(ctx context.Context, tx *store.Tx, v apiclient.Visitor, back string) (visit, error) {
	found, err := e.visiting(ctx, tx, v)
	if err != nil {
		return visit{}, err
	}
	if found == nil {
		return visit{}, loginFirst(back)
	}
	return *found, nil
}

// Session returns who visits. It notes that the session is used, at most once a
// minute, and gives it another token when the roles of its member have changed.
func (e *Engine) Session(ctx context.Context, v apiclient.Visitor) (apiclient.Session, error) {
	type found struct {
		visit *visit
		told  apiclient.Session
	}
	f, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (f found, err error) {
		if f.visit, err = e.visiting(ctx, tx, v); err != nil || f.visit == nil {
			return f, err
		}
		f.told, err = e.sessionOf(ctx, tx, *f.visit, v.Token)
		return f, err
	})
	if err != nil {
		return apiclient.Session{}, err
	}
	if f.visit == nil {
		return apiclient.Session{}, nil
	}
	f.told.Token, err = e.keepFresh(ctx, *f.visit, v.Token)
	return f.told, err
}

// sessionOf is what a page is told of a session.
func (e *Engine) sessionOf(ctx context.Context, tx *store.Tx, v visit, token apiclient.Secret) (apiclient.Session, error) {
	u := v.account.User
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return apiclient.Session{}, err
	}
	path, err := e.home(ctx, tx, u)
	s := apiclient.Session{Token: token, User: u, Expires: v.session.Expires, Remember: v.session.Remember, Admin: roles.rights(u).Can("manage_options"), Path: path}
	s.User.Fields = nil
	return s, err
}

// keepFresh notes the use of a session and returns its token, which is another one
// after a change of roles.
func (e *Engine) keepFresh(ctx context.Context, v visit, token apiclient.Secret) (apiclient.Secret, error) {
	now, s := e.now(), v.session
	rotate := !s.Old && !slices.Equal(s.Roles, v.account.Roles)
	if !rotate && now.Sub(s.Seen) < seenEvery {
		return token, nil
	}
	next := e.newToken()
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.TouchSession(ctx, s.ID, now); err != nil || !rotate {
			return err
		}
		s.Roles = v.account.Roles
		return tx.RotateSession(ctx, s, tokenSum(next), now.Add(oldToken))
	})
	if err != nil || !rotate {
		return token, err
	}
	return next, nil
}

// begin opens a session for the account. Whatever session the visitor has ends.
func (e *Engine) begin(ctx context.Context, tx *store.Tx, v apiclient.Visitor, a store.Account, remember bool) (apiclient.Session, error) {
	if err := e.end(ctx, tx, v); err != nil {
		return apiclient.Session{}, err
	}
	now := tx.Now()
	if err := tx.ExpireSessions(ctx, now); err != nil {
		return apiclient.Session{}, err
	}
	s := store.Session{User: a.ID, Roles: a.Roles, Remember: remember, Created: now, Seen: now, Expires: now.Add(shortSession), Address: v.Address, Agent: clipped(v.Agent)}
	if remember {
		s.Expires = now.Add(longSession)
	}
	token := e.newToken()
	id, err := tx.InsertSession(ctx, s, tokenSum(token))
	if err != nil {
		return apiclient.Session{}, err
	}
	s.ID = id
	return e.sessionOf(ctx, tx, visit{s, a}, token)
}

// end ends the session of the visitor, if there is one.
func (e *Engine) end(ctx context.Context, tx *store.Tx, v apiclient.Visitor) error {
	if v.Token.IsZero() {
		return nil
	}
	s, err := tx.Session(ctx, tokenSum(v.Token))
	if err != nil {
		return unlessAbsent(err)
	}
	return tx.DeleteSession(ctx, s.ID)
}

// clipped returns what a visitor has sent as it is kept: cut, and without control characters.
func clipped(text string) string {
	if len(text) > maxAgent {
		text = text[:maxAgent]
	}
	text = strings.ToValidUTF8(text, "")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// Logout ends the visitor's session.
func (e *Engine) Logout(ctx context.Context, v apiclient.Visitor) (r apiclient.Reply, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		r = apiclient.Reply{Session: &apiclient.Session{}, Redirect: "/"}
		found, err := e.visiting(ctx, tx, v)
		if err != nil {
			return err
		}
		if err := e.end(ctx, tx, v); err != nil || found == nil {
			return err
		}
		r.User = found.account.ID
		if r.Redirect, err = e.afterLogout(ctx, tx, found.account.User); err != nil {
			return err
		}
		return e.audit(asMember(ctx, found.account.User), tx, "members.logout", subjectUser(found.account.User), nil, nil)
	})
	return r, err
}
