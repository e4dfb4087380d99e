package engine

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// place gives a new account its roles, and the status that comes with them.
func (e *Engine) place(ctx context.Context, tx *store.Tx, o apiclient.Options, n apiclient.NewUser, a *store.Account) (err error) {
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return err
	}
	if len(n.Roles) == 0 {
		n.Roles = []apiclient.RoleSlug{roles.usual(o)}
	}
	if a.Roles, err = roles.order(n.Roles); err != nil {
		return err
	}
	a.Status = firstStatus(ctx, o, roles.by[a.Role()])
	if n.Status != "" {
		if a.Status, err = acceptStatus(o, n.Status); err != nil {
			return err
		}
	}
	if a.Status == apiclient.StatusAwaitingEmail {
		e.renewHash(tx, o, a)
	}
	return nil
}

// usual is the role of who has no other one. What the setting names may have been
// deleted since.
func (s roleSet) usual(o apiclient.Options) apiclient.RoleSlug {
	if role := apiclient.RoleSlug(o.Text("default_role")); s.has(role) {
		return role
	}
	return apiclient.RoleSubscriber
}

func (s roleSet) has(role apiclient.RoleSlug) bool {
	_, ok := s.by[role]
	return ok
}

// firstStatus is the status of an account that is made with a role: what the role says,
// or approved where an administrator makes it and the setting admin_ignore_user_status
// is on.
func firstStatus(ctx context.Context, o apiclient.Options, role apiclient.Role) apiclient.Status {
	origin := apiclient.ActorOf(ctx).Origin
	if (origin == apiclient.OriginAdmin || origin == apiclient.OriginConsole) && o.On("admin_ignore_user_status") {
		return apiclient.StatusApproved
	}
	return role.RegistrationStatus()
}
