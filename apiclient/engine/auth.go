package engine

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Authenticate finds who has the credentials: the login or e-mail address of a
// user, in any case, and one of their application passwords, with or without its
// spaces. It returns the actor, whose origin is left to the caller, and the role
// whose settings apply, with the capabilities of all the roles of the user.
//
// Anything else is Unauthorized, always with the same sentence: no such user, a
// wrong or revoked password, or an account that is neither approved nor without a
// status, which Ultimate Member refuses at login, too.
func (e *Engine) Authenticate(ctx context.Context, user, password string) (apiclient.Actor, apiclient.Role, error) {
	type found struct {
		account store.Account
		hashed  []store.Hashed
		rights  apiclient.Role
	}
	f, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (f found, err error) {
		if f.account, err = accountNamed(ctx, tx, user); err != nil {
			return f, err
		}
		if f.hashed, err = tx.Passwords(ctx, f.account.ID); err != nil {
			return f, err
		}
		roles, err := e.roleSet(ctx, tx)
		if err != nil {
			return f, err
		}
		f.rights = roles.rights(f.account.User)
		return f, nil
	})
	if err != nil && apiclient.KindOf(err) != apiclient.NotFound {
		return apiclient.Actor{}, apiclient.Role{}, err
	}
	used, ok := matching(f.hashed, password)
	status := f.account.Status
	if !ok || status != apiclient.StatusApproved && status != apiclient.StatusUndefined {
		return apiclient.Actor{}, apiclient.Role{}, apiclient.Errorf(apiclient.Unauthorized, "The user name or the application password is wrong, or the account may not log in.")
	}
	if err := e.touch(ctx, used.Password); err != nil {
		return apiclient.Actor{}, apiclient.Role{}, err
	}
	return apiclient.Actor{ID: f.account.ID, Login: f.account.Login, Password: used.UUID}, f.rights, nil
}

// accountNamed returns the account of a login or an e-mail address.
func accountNamed(ctx context.Context, tx *store.Tx, user string) (store.Account, error) {
	a, err := tx.AccountByLogin(ctx, user)
	if apiclient.KindOf(err) == apiclient.NotFound && err != nil && strings.Contains(user, "@") {
		return tx.AccountByEmail(ctx, user)
	}
	return a, err
}

// matching returns the password that has the text. It looks at each of them, and
// at one that nobody has, so that the time tells nothing.
func matching(list []store.Hashed, text string) (used store.Hashed, ok bool) {
	sum := sha256.Sum256([]byte(strings.Map(letterOrDigit, text)))
	for _, h := range append(list, store.Hashed{SHA256: make([]byte, sha256.Size)}) {
		if subtle.ConstantTimeCompare(h.SHA256, sum[:]) == 1 {
			used, ok = h, true
		}
	}
	return used, ok
}

// letterOrDigit drops everything else, as WordPress does with what it compares.
func letterOrDigit(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// touch notes the use of a password, at most once an hour.
func (e *Engine) touch(ctx context.Context, p apiclient.Password) error {
	now := e.now()
	if now.Sub(p.LastUsed) < time.Hour {
		return nil
	}
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.TouchPassword(ctx, p.UUID, now) })
}
