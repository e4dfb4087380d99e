package server

import (
	"context"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeUsers() {
	handle(s, wire.Users, func(ctx context.Context, in wire.UsersRequest) (wire.UserPage, error) {
		if in.WithHashes && !callerOf(ctx).all {
			return wire.UserPage{}, apiclient.Errorf(apiclient.Forbidden, noHashes)
		}
		return to(wire.UserPageOf)(s.api.Users(ctx, in.Domain()))
	})
	handle(s, wire.CountUsers, func(ctx context.Context, in wire.CountRequest) (wire.UserCounts, error) {
		return to(wire.UserCountsOf)(s.api.CountUsers(ctx, apiclient.Filter(in.Filter)))
	})
	handle(s, wire.FindUser, func(ctx context.Context, in wire.FindRequest) (wire.User, error) {
		return to(wire.UserOf)(s.api.FindUser(ctx, in.Ref))
	})
	handle(s, wire.GetUser, func(ctx context.Context, in wire.UserRef) (wire.User, error) {
		return to(wire.UserOf)(s.api.User(ctx, in.ID))
	})
	handle(s, wire.CreateUser, s.createUser)
	handle(s, wire.CreateUsers, s.createUsers)
	handle(s, wire.UpdateUser, s.updateUser)
	handle(s, wire.PlanUsers, func(ctx context.Context, in wire.UserAction) (wire.Plan, error) {
		return to(wire.PlanOf)(s.api.PlanUsers(ctx, in.Domain()))
	})
	handle(s, wire.DoUsers, s.doUsers)
	handle(s, wire.Roles, func(ctx context.Context, _ wire.Nothing) ([]wire.Role, error) {
		return to(all(wire.RoleOf))(s.api.Roles(ctx))
	})
	handle(s, wire.CreateRole, s.createRole)
	handle(s, wire.UpdateRole, s.updateRole)
	handle(s, wire.ResetRole, func(ctx context.Context, in wire.RoleRef) (wire.Role, error) {
		return to(wire.RoleOf)(s.api.ResetRole(ctx, in.Slug))
	})
	handle(s, wire.DeleteRole, func(ctx context.Context, in wire.RoleRef) (wire.RoleDeleted, error) {
		moved, err := s.api.DeleteRole(ctx, in.Slug)
		return wire.RoleDeleted{Moved: moved}, err
	})
	handle(s, wire.Statuses, func(ctx context.Context, _ wire.Nothing) ([]wire.AccountStatus, error) {
		return to(all(wire.AccountStatusOf))(s.api.Statuses(ctx))
	})
}

func (s *Server) createRole(ctx context.Context, in wire.NewRole) (wire.Role, error) {
	r := in.Domain()
	if err := mayGrant(ctx, r.Capabilities); err != nil {
		return wire.Role{}, err
	}
	return to(wire.RoleOf)(s.api.CreateRole(ctx, r))
}

func (s *Server) updateRole(ctx context.Context, in wire.RoleUpdate) (wire.Role, error) {
	if err := mayGrant(ctx, in.Capabilities); err != nil {
		return wire.Role{}, err
	}
	return to(wire.RoleOf)(s.api.UpdateRole(ctx, in.Slug, in.Domain()))
}

func (s *Server) createUser(ctx context.Context, in wire.NewUser) (wire.User, error) {
	n := in.Domain()
	if err := s.mayCreate(ctx, n); err != nil {
		return wire.User{}, err
	}
	return to(wire.UserOf)(s.api.CreateUser(ctx, n))
}

func (s *Server) createUsers(ctx context.Context, in wire.UserBatch) ([]wire.Outcome, error) {
	b := in.Domain()
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if err := s.mayCreate(ctx, b.Users...); err != nil {
		return nil, err
	}
	return to(all(wire.OutcomeOf))(s.api.CreateUsers(ctx, b))
}

// mayCreate refuses accounts with roles, hashes and logins that the caller may not give.
func (s *Server) mayCreate(ctx context.Context, users ...apiclient.NewUser) error {
	var roles []apiclient.RoleSlug
	for _, n := range users {
		if n.Moves() {
			if err := callerOf(ctx).need(wire.CapImport); err != nil {
				return err
			}
		}
		for _, r := range n.Roles {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return s.mayGive(ctx, roles)
}

const noHashes = "The hashes of passwords are given to the administrator of this machine alone; run umdeck there, on the data folder."

func (s *Server) updateUser(ctx context.Context, in wire.UserUpdate) (wire.User, error) {
	if in.Roles != nil || in.UMRole != nil {
		if err := callerOf(ctx).need(wire.CapPromoteUsers); err != nil {
			return wire.User{}, err
		}
	}
	if err := s.mayTouch(ctx, in.ID); err != nil {
		return wire.User{}, err
	}
	return to(wire.UserOf)(s.api.UpdateUser(ctx, in.ID, in.Domain()))
}

func (s *Server) doUsers(ctx context.Context, in wire.UserAction) ([]wire.Outcome, error) {
	a := in.Domain()
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := callerOf(ctx).need(wire.Needs(a.Action)); err != nil {
		return nil, err
	}
	if err := s.mayTouch(ctx, a.Users...); err != nil {
		return nil, err
	}
	return to(all(wire.OutcomeOf))(s.api.DoUsers(ctx, a))
}

func (s *Server) routePasswords() {
	handle(s, wire.Passwords, func(ctx context.Context, in wire.PasswordsRequest) ([]wire.Password, error) {
		return to(all(wire.PasswordOf))(s.api.Passwords(ctx, in.User))
	})
	handle(s, wire.CreatePassword, func(ctx context.Context, in wire.NewPassword) (wire.PasswordCreated, error) {
		if err := s.mayTouch(ctx, in.User); err != nil {
			return wire.PasswordCreated{}, err
		}
		p, text, err := s.api.CreatePassword(ctx, in.User, in.Name)
		if err != nil {
			return wire.PasswordCreated{}, err
		}
		return wire.PasswordCreated{Password: wire.PasswordOf(p), Text: text.Reveal()}, nil
	})
	handle(s, wire.RevokePassword, func(ctx context.Context, in wire.PasswordRef) (wire.Nothing, error) {
		if err := s.mayRevoke(ctx, in.UUID); err != nil {
			return wire.Nothing{}, err
		}
		return nothing(s.api.RevokePassword(ctx, in.UUID))
	})
}

// mayRevoke is mayTouch for the owner of a password; who may promote users needs
// no look-up.
func (s *Server) mayRevoke(ctx context.Context, uuid string) error {
	if callerOf(ctx).can(wire.CapPromoteUsers) {
		return nil
	}
	list, err := s.api.Passwords(ctx, 0)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.UUID == uuid {
			return s.mayTouch(ctx, p.User)
		}
	}
	return nil
}
