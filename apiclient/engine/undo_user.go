package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

func userInverses() map[string]inverse {
	back := inverse{"Sets %s back.", (*Engine).undoUser}
	all := map[string]inverse{
		"users.create": {"Deletes %s.", (*Engine).undoCreateUser},
		"users.update": back,
		"users.role":   back,
	}
	for _, a := range apiclient.StatusActions() {
		all["users."+string(a)] = inverse{"Gives %s the status back that it had, as if somebody wrote it: with the mail and the trigger of that.", (*Engine).undoUser}
	}
	return all
}

// changedAccount returns the account of a change, which must be as the change left it.
func changedAccount(ctx context.Context, tx *store.Tx, c change) (store.Account, error) {
	id, err := c.number()
	if err != nil {
		return store.Account{}, err
	}
	a, err := tx.Account(ctx, apiclient.UserID(id))
	if err != nil {
		return a, err
	}
	now := userParts(a)
	if raw, touched := c.after[partPassword]; touched {
		now[partPassword] = raw // nothing tells whether it is another one by now
	}
	return a, c.unchanged(now)
}

// partPassword says in the audit that a password was set, and nothing of it.
const partPassword = "user_password"

func (e *Engine) undoCreateUser(ctx context.Context, tx *store.Tx, c change) error {
	a, err := changedAccount(ctx, tx, c)
	if err != nil {
		return err
	}
	o, err := e.do(ctx, tx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{a.ID}}, a.ID)
	if err != nil {
		return err
	}
	if o.Err != nil {
		return o.Err
	}
	return nil
}

// undoUser writes back what a change of an account replaced. A password that was set
// with it stays: the former one is known to nobody.
func (e *Engine) undoUser(ctx context.Context, tx *store.Tx, c change) error {
	a, err := changedAccount(ctx, tx, c)
	if err != nil {
		return err
	}
	u := apiclient.UserUpdate{Fields: map[string]apiclient.Value{}}
	columns := map[string]**string{"user_email": &u.Email, "display_name": &u.DisplayName, "user_url": &u.URL, "user_nicename": &u.Nicename}
	for part := range c.before {
		column, isColumn := columns[part]
		switch {
		case isColumn:
			*column = new(string)
			err = c.part(part, *column)
		case part == "roles":
			err = c.part(part, &u.Roles)
			u.Roles = append([]apiclient.RoleSlug{}, u.Roles...) // nil would leave them
		case part == "account_status":
			u.Status = new(apiclient.Status)
			err = c.part(part, u.Status)
		case part == partPassword:
		default:
			u.Fields[part], err = c.value(part)
		}
		if err != nil {
			return err
		}
	}
	if u.IsZero() {
		return apiclient.Errorf(apiclient.Conflict, "The change set the password of %s alone, and the former one is known to nobody.", a.Login)
	}
	_, err = e.updateUser(ctx, tx, a.ID, u, "")
	return err
}

func roleInverses() map[string]inverse {
	back := inverse{"Sets %s back.", (*Engine).undoRole}
	return map[string]inverse{
		"roles.create": {"Deletes %s.", (*Engine).undoCreateRole},
		"roles.update": back,
		"roles.reset":  back,
		"roles.delete": {"Makes %s again; who had it does not get it back.", (*Engine).undoDeleteRole},
	}
}

// changedRole returns the role of a change, which must be as the change left it.
func changedRole(ctx context.Context, tx *store.Tx, c change) (apiclient.Role, error) {
	r, err := tx.Role(ctx, apiclient.RoleSlug(c.key()))
	if err != nil {
		return r, err
	}
	return r, c.unchanged(roleParts(r))
}

func (e *Engine) undoCreateRole(ctx context.Context, tx *store.Tx, c change) error {
	r, err := changedRole(ctx, tx, c)
	if err != nil {
		return err
	}
	_, err = e.deleteRole(ctx, tx, r.Slug)
	return err
}

func (e *Engine) undoRole(ctx context.Context, tx *store.Tx, c change) error {
	r, err := changedRole(ctx, tx, c)
	if err != nil {
		return err
	}
	u, err := c.roleUpdate()
	if err != nil {
		return err
	}
	_, err = e.putRole(ctx, tx, r.Slug, "roles.update", u.Apply)
	return err
}

// roleUpdate is the update that gives a role the parts it had before the change.
func (c change) roleUpdate() (u apiclient.RoleUpdate, err error) {
	u.Settings = map[string]apiclient.Value{}
	for part := range c.before {
		switch part {
		case "name":
			u.Name = new(string)
			err = c.part(part, u.Name)
		case "priority":
			u.Priority = new(int)
			err = c.part(part, u.Priority)
		case "registration":
			u.Registration = new(string)
			err = c.part(part, u.Registration)
		case "capabilities":
			err = c.part(part, &u.Capabilities)
			u.Capabilities = append([]string{}, u.Capabilities...)
		case "users":
		default:
			u.Settings[part], err = c.value(part)
		}
		if err != nil {
			return u, err
		}
	}
	return u, nil
}

// undoDeleteRole makes a role again under its slug.
func (e *Engine) undoDeleteRole(ctx context.Context, tx *store.Tx, c change) error {
	slug := apiclient.RoleSlug(c.key())
	if _, err := tx.Role(ctx, slug); apiclient.KindOf(err) != apiclient.NotFound || err == nil {
		if err == nil {
			err = apiclient.Errorf(apiclient.Conflict, "There is a role %s already.", slug)
		}
		return err
	}
	u, err := c.roleUpdate()
	if err != nil {
		return err
	}
	r, err := u.Apply(apiclient.Role{Slug: slug, Custom: true})
	if err != nil {
		return err
	}
	if r, err = r.Normal(); err != nil {
		return err
	}
	if err := e.checkRole(ctx, tx, apiclient.Role{}, r); err != nil {
		return err
	}
	if err := tx.InsertRole(ctx, r); err != nil {
		return err
	}
	return e.audit(ctx, tx, "roles.create", subjectRole(r), nil, roleParts(r))
}
