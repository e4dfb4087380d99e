package engine

import (
	"context"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/password"
	"umdeck/apiclient/engine/store"
)

// CreateUser registers an account as an administrator does.
func (e *Engine) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	a, err := e.hashedAccount(n)
	if err != nil {
		return apiclient.User{}, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		if a, err = e.register(ctx, tx, a, n); err != nil {
			return err
		}
		return e.postStatus(ctx, tx, a, mailOfNew(a.Status), "users.create", n.Mail)
	})
	if err != nil {
		return apiclient.User{}, err
	}
	return a.User, nil
}

// register stores a new account with what comes with it, its mail apart.
func (e *Engine) register(ctx context.Context, tx *store.Tx, a store.Account, n apiclient.NewUser) (made store.Account, err error) {
	if made, err = e.complete(ctx, tx, a, n); err != nil {
		return a, err
	}
	if made.ID, err = tx.InsertUser(ctx, made); err != nil {
		return a, err
	}
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerRegistration, user: made.User}); err != nil {
		return a, err
	}
	after := userParts(made)
	noteIgnored(ctx, after)
	return made, e.audit(ctx, tx, "users.create", subjectUser(made.User), nil, after)
}

// complete adds to a new account what the database has a say in, and refuses it
// where that is against it.
func (e *Engine) complete(ctx context.Context, tx *store.Tx, a store.Account, n apiclient.NewUser) (made store.Account, err error) {
	made = a
	o, err := e.options(ctx, tx)
	if err != nil {
		return a, err
	}
	if err := e.place(ctx, tx, o, n, &made); err != nil {
		return a, err
	}
	if made.Fields, err = e.answers(ctx, tx, nil, n.Fields); err != nil {
		return a, err
	}
	if err := e.names(ctx, tx, o, &made); err != nil {
		return a, err
	}
	if made.DisplayName == "" {
		made.DisplayName = o.DisplayName(apiclient.User{}, made.User)
	}
	if err := e.checkUnique(ctx, tx, store.Account{}, made); err != nil {
		return a, err
	}
	made.Nicename, err = nicename(ctx, tx, made, n.Nicename)
	return made, err
}

// hashedAccount is newAccount with the hash of the password, which takes long on
// purpose.
func (e *Engine) hashedAccount(n apiclient.NewUser) (a store.Account, err error) {
	if a, err = e.newAccount(n); err != nil || n.Password.IsZero() {
		return a, err
	}
	a.PasswordHash, err = e.hash(n.Password)
	return a, err
}

// newAccount checks what can be checked without the database.
func (e *Engine) newAccount(n apiclient.NewUser) (a store.Account, err error) {
	if a.Email, err = e.column("user_email", n.Email, false); err != nil {
		return a, err
	}
	if a.Login = strings.TrimSpace(n.Login); a.Login != "" {
		if err := apiclient.CheckLogin(a.Login); err != nil {
			return a, err
		}
	}
	if a.DisplayName, err = e.column("display_name", n.DisplayName, false); err != nil {
		return a, err
	}
	if a.URL, err = e.column("user_url", n.URL, false); err != nil {
		return a, err
	}
	a.Registered = n.Registered.UTC().Truncate(time.Millisecond)
	if n.Registered.IsZero() {
		a.Registered = e.now()
	}
	if !n.LastLogin.IsZero() {
		a.LastLogin = n.LastLogin.UTC().Truncate(time.Millisecond)
	}
	a.MustSetPassword = n.Password.IsZero() && n.PasswordHash.IsZero()
	a.PasswordHash = n.PasswordHash.Reveal()
	return a, checkSecrets(n)
}

// checkSecrets refuses a password, or the hash of one, that nobody could log in with.
func checkSecrets(n apiclient.NewUser) error {
	if n.PasswordHash.IsZero() {
		return checkPassword(n.Password)
	}
	if !n.Password.IsZero() {
		return apiclient.FieldErrorf("user_pass", "The account has a password and the hash of one; give one of them.")
	}
	if err := password.Check(n.PasswordHash.Reveal()); err != nil {
		return apiclient.FieldErrorf("user_pass", "The password's hash cannot be taken: %v; leave it away, and the member sets a new password.", err)
	}
	return nil
}

// userParts is what the audit says of an account.
func userParts(a store.Account) parts {
	p := parts{
		"user_login": a.Login, "user_email": a.Email, "display_name": a.DisplayName,
		"user_nicename": a.Nicename, "user_url": a.URL, "roles": a.Roles, "account_status": a.Status,
	}
	for key, v := range a.Fields {
		p[key] = partOf(v)
	}
	return p
}
