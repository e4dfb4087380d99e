package engine

import (
	"cmp"
	"context"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// CreateUser registers an account as an administrator does.
func (e *Engine) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	a, err := e.newAccount(n)
	if err != nil {
		return apiclient.User{}, err
	}
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		made := a
		if err := e.place(ctx, tx, n, &made); err != nil {
			return err
		}
		if made.Fields, err = e.answers(ctx, tx, nil, n.Fields); err != nil {
			return err
		}
		made.DisplayName = cmp.Or(made.DisplayName, displayName(made))
		if err := e.checkUnique(ctx, tx, store.Account{}, made); err != nil {
			return err
		}
		if made.ID, err = tx.InsertUser(ctx, made); err != nil {
			return err
		}
		if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerRegistration, user: made.User}); err != nil {
			return err
		}
		a = made
		return e.audit(ctx, tx, "users.create", subjectUser(made.User), nil, userParts(made))
	})
	if err != nil {
		return apiclient.User{}, err
	}
	return a.User, nil
}

// newAccount checks what can be checked without the database, and hashes the
// password, which takes long on purpose.
func (e *Engine) newAccount(n apiclient.NewUser) (a store.Account, err error) {
	if a.Email, err = e.column("user_email", n.Email, true); err != nil {
		return a, err
	}
	a.Login = cmp.Or(strings.TrimSpace(n.Login), a.Email)
	if err := apiclient.CheckLogin(a.Login); err != nil {
		return a, err
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
	a.MustSetPassword = n.Password.IsZero()
	a.PasswordHash, err = hash(n.Password)
	return a, err
}

// place gives a new account its roles and its status.
func (e *Engine) place(ctx context.Context, tx *store.Tx, n apiclient.NewUser, a *store.Account) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	if len(n.Roles) == 0 {
		n.Roles = []apiclient.RoleSlug{apiclient.RoleSlug(o.Text("default_role"))}
	}
	if a.Roles, err = e.roles.order(n.Roles); err != nil {
		return err
	}
	if a.Status = n.Status; a.Status == "" {
		a.Status = e.roles.by[a.Role()].RegistrationStatus()
	}
	if err := checkStatus(a.Status); err != nil {
		return err
	}
	if a.Status == apiclient.StatusAwaitingEmail {
		a.ActivationHash = e.letters(hashLength)
	}
	return nil
}

// userParts is what the audit says of an account.
func userParts(a store.Account) parts {
	p := parts{
		"user_login": a.Login, "user_email": a.Email, "display_name": a.DisplayName, "user_url": a.URL, "roles": a.Roles, "account_status": a.Status,
	}
	for key, v := range a.Fields {
		p[key] = v.String()
	}
	return p
}
