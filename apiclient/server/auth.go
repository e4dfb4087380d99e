package server

import (
	"context"
	"net/http"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// A caller is who makes a request.
type caller struct {
	actor apiclient.Actor
	role  apiclient.Role // its capabilities are those of all of the user's roles
	all   bool           // has every capability
}

func (c caller) can(capability string) bool {
	return capability == "" || c.all || c.role.Can(capability)
}

func (c caller) need(capability string) error {
	if c.can(capability) {
		return nil
	}
	return apiclient.Errorf(apiclient.Forbidden, "%s has no right to do this: it needs the WordPress capability %s; ask an administrator for a role that has it.", c.actor.Login, capability)
}

type callerKey struct{}

// callerOf returns who makes the request of ctx.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// login finds out who makes a request, and returns its context with that caller
// as the actor of the given origin.
func (s *Server) login(r *http.Request, origin apiclient.Origin) (context.Context, error) {
	c, err := s.caller(r)
	if err != nil {
		return nil, err
	}
	c.actor.Origin = origin
	if about, ok := r.Context().Value(requestKey{}).(*request); ok {
		about.user = c.actor.Login
	}
	ctx := context.WithValue(r.Context(), callerKey{}, c)
	return apiclient.WithActor(ctx, c.actor), nil
}

func (s *Server) caller(r *http.Request) (caller, error) {
	if s.cfg.Trust != nil {
		return caller{actor: *s.cfg.Trust, all: true}, nil
	}
	from := s.address(r)
	if wait := s.failures.wait(from); wait > 0 {
		return caller{}, &limitedError{wait}
	}
	user, password, ok := r.BasicAuth()
	if !ok || user == "" {
		return caller{}, apiclient.Errorf(apiclient.Unauthorized, "You are not logged in; send a user name and an application password with HTTP Basic authentication.")
	}
	actor, role, err := s.cfg.Authenticate(r.Context(), user, password)
	if err == nil {
		return caller{actor: actor, role: role}, nil
	}
	if apiclient.KindOf(err) == apiclient.Unauthorized {
		s.failures.add(from)
		s.log.WarnContext(r.Context(), "login refused", "id", requestOf(r.Context()), "address", from, "user", cut(user, 60), "path", r.URL.Path)
	}
	return caller{}, err
}

func cut(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return text
}

// mayGrant refuses capabilities that let a user gain others to who may not promote
// users: the caller could have the role that gets them.
func mayGrant(ctx context.Context, capabilities []string) error {
	if callerOf(ctx).can(wire.CapPromoteUsers) || !(apiclient.Role{Capabilities: capabilities}).Privileged() {
		return nil
	}
	return apiclient.Errorf(apiclient.Forbidden, "The role would have administrative rights; only a user with the WordPress capability %s may make such a role.", wire.CapPromoteUsers)
}

// mayGive refuses roles with administrative rights to who may not promote users.
func (s *Server) mayGive(ctx context.Context, roles []apiclient.RoleSlug) error {
	if c := callerOf(ctx); len(roles) == 0 || c.can(wire.CapPromoteUsers) {
		return nil
	}
	known, err := s.api.Roles(ctx)
	if err != nil {
		return err
	}
	for _, role := range known {
		if slices.Contains(roles, role.Slug) && role.Privileged() {
			return apiclient.Errorf(apiclient.Forbidden, "The role %s has administrative rights; only a user with the WordPress capability %s may give it.", role.Slug, wire.CapPromoteUsers)
		}
	}
	return nil
}

// mayTouch refuses users with administrative rights, other than the caller, to
// who may not promote users. A user who does not exist is not refused here.
func (s *Server) mayTouch(ctx context.Context, ids ...apiclient.UserID) error {
	c := callerOf(ctx)
	if c.can(wire.CapPromoteUsers) {
		return nil
	}
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id == c.actor.ID && id != 0 {
			continue
		}
		u, err := s.api.User(ctx, id)
		if apiclient.KindOf(err) == apiclient.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		for _, role := range roles {
			if slices.Contains(u.Roles, role.Slug) && role.Privileged() {
				return apiclient.Errorf(apiclient.Forbidden, "%s has the role %s with administrative rights; only a user with the WordPress capability %s may do this.", u.Login, role.Slug, wire.CapPromoteUsers)
			}
		}
	}
	return nil
}
