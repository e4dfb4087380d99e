package engine

import (
	"context"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// UpdateUser changes what u names and leaves the rest; all or nothing.
func (e *Engine) UpdateUser(ctx context.Context, id apiclient.UserID, u apiclient.UserUpdate) (apiclient.User, error) {
	hashed := ""
	if u.Password != nil {
		if u.Password.IsZero() {
			return apiclient.User{}, apiclient.FieldErrorf("user_password", "The new password is empty; give one, or leave it away.")
		}
		var err error
		if hashed, err = e.hash(*u.Password); err != nil {
			return apiclient.User{}, err
		}
	}
	var is apiclient.User
	err := e.changeUser(ctx, id, func(ctx context.Context, tx *store.Tx) (err error) {
		is, err = e.updateUser(ctx, tx, id, u, hashed)
		return err
	})
	if err != nil {
		return apiclient.User{}, err
	}
	return is, nil
}

// updateUser is UpdateUser with the hash of the new password; empty: it stays.
func (e *Engine) updateUser(ctx context.Context, tx *store.Tx, id apiclient.UserID, u apiclient.UserUpdate, hashed string) (apiclient.User, error) {
	was, err := tx.Account(ctx, id)
	if err != nil {
		return apiclient.User{}, err
	}
	o, err := e.options(ctx, tx)
	if err != nil {
		return apiclient.User{}, err
	}
	is, err := e.updated(ctx, tx, o, was, u)
	if err != nil {
		return apiclient.User{}, err
	}
	if hashed != "" {
		is.PasswordHash, is.MustSetPassword, is.SessionsFrom = hashed, false, tx.Now()
	}
	effect := apiclient.Effect{}
	if u.Status != nil {
		if effect, err = e.moved(ctx, tx, o, &is, *u.Status); err != nil {
			return apiclient.User{}, err
		}
	}
	if u.IsZero() {
		return is.User, nil
	}
	if err := tx.UpdateUser(ctx, was, is); err != nil {
		return apiclient.User{}, err
	}
	return is.User, e.tellUpdate(ctx, tx, was, is, u, effect)
}

// updated returns the account as u changes it, status and password apart.
func (e *Engine) updated(ctx context.Context, tx *store.Tx, o apiclient.Options, was store.Account, u apiclient.UserUpdate) (is store.Account, err error) {
	is = was
	if u.Email != nil {
		if is.Email, err = e.column("user_email", *u.Email, true); err != nil {
			return is, err
		}
	}
	if is.Fields, err = e.answers(ctx, tx, was.Fields, u.Fields); err != nil {
		return is, err
	}
	if err := e.rename(o, was, &is, u.DisplayName); err != nil {
		return is, err
	}
	if u.Nicename != nil {
		if is.Nicename, err = nicename(ctx, tx, was, *u.Nicename); err != nil {
			return is, err
		}
	}
	if u.URL != nil {
		if is.URL, err = e.column("user_url", *u.URL, false); err != nil {
			return is, err
		}
	}
	if is.Roles, err = e.rolesAfter(ctx, tx, was.User, u); err != nil {
		return is, err
	}
	return is, e.checkUnique(ctx, tx, was, is)
}

// rolesAfter returns the roles that the update gives to the user, in their order.
func (e *Engine) rolesAfter(ctx context.Context, tx *store.Tx, was apiclient.User, u apiclient.UserUpdate) (is []apiclient.RoleSlug, err error) {
	if u.Roles == nil && u.UMRole == nil {
		return was.Roles, nil
	}
	if u.Roles != nil && u.UMRole != nil {
		return nil, apiclient.FieldErrorf("um_role", "Both the roles and the UM role are given; choose one of them.")
	}
	roles, err := e.roleSet(ctx, tx)
	switch {
	case err != nil:
		return nil, err
	case u.UMRole != nil:
		is, err = roles.setUM(was.Roles, *u.UMRole)
	default:
		is, err = roles.order(u.Roles)
	}
	if err != nil {
		return nil, err
	}
	return is, keepAdministrator(ctx, tx, was, is)
}

// rename gives the account the display name that was asked for. Where none was, one that
// follows the setting goes on doing so, and one that somebody chose stays.
func (e *Engine) rename(o apiclient.Options, was store.Account, is *store.Account, name *string) (err error) {
	if name != nil {
		if is.DisplayName, err = e.column("display_name", *name, false); err != nil {
			return err
		}
	}
	if is.DisplayName == "" || name == nil && was.DisplayName == o.DisplayName(was.User, was.User) {
		is.DisplayName = o.DisplayName(was.User, is.User)
	}
	return nil
}

// tellUpdate raises what an update raises and records it.
func (e *Engine) tellUpdate(ctx context.Context, tx *store.Tx, was, is store.Account, u apiclient.UserUpdate, effect apiclient.Effect) error {
	if effect.Trigger != "" {
		if _, err := e.raise(ctx, tx, moment{trigger: effect.Trigger, user: is.User}); err != nil {
			return err
		}
	}
	if err := e.postStatus(ctx, tx, is, effect.Mail, "users.update", nil); err != nil {
		return err
	}
	rest := u
	rest.Status = nil
	if !rest.IsZero() {
		if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerEditProfile, user: is.User}); err != nil {
			return err
		}
	}
	before, after := diff(userParts(was), userParts(is))
	if u.Password != nil {
		before[partPassword], after[partPassword] = "", "changed"
	}
	if effect.Warning != "" {
		after[partWarning] = effect.Warning
	}
	noteIgnored(ctx, after)
	if len(after) == 0 {
		return nil
	}
	return e.audit(ctx, tx, "users.update", subjectUser(is.User), before, after)
}

// keepAdministrator refuses to take the role from the last administrator.
func keepAdministrator(ctx context.Context, tx *store.Tx, u apiclient.User, roles []apiclient.RoleSlug) error {
	if !slices.Contains(u.Roles, apiclient.RoleAdministrator) || slices.Contains(roles, apiclient.RoleAdministrator) {
		return nil
	}
	return lastAdministrator(ctx, tx, u)
}

// lastAdministrator is an error when nobody else is an administrator.
func lastAdministrator(ctx context.Context, tx *store.Tx, u apiclient.User) error {
	other, err := tx.HasOther(ctx, apiclient.RoleAdministrator, u.ID)
	if err != nil || other {
		return err
	}
	return apiclient.Errorf(apiclient.Conflict, "%s is the last administrator of the site; make another one first.", u.Login)
}

// nicename returns the nicename that an account is to have: the given one, which
// nobody else may have, or what the login gives.
func nicename(ctx context.Context, tx *store.Tx, a store.Account, given string) (string, error) {
	if given == "" {
		return tx.FreeNicename(ctx, apiclient.Nicename(a.Login), a.ID)
	}
	if err := apiclient.CheckNicename(given); err != nil {
		return "", err
	}
	used, err := tx.NicenameTaken(ctx, given, a.ID)
	if err != nil || !used {
		return given, err
	}
	return "", taken("user_nicename", "The nicename %s belongs to another user already; choose another.", given)
}
