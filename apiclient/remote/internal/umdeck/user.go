package umdeck

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// domain is an answer that can be turned into its noun.
type domain[T any] interface{ Domain() T }

// get calls an endpoint and returns the noun that it answers.
func get[T any, In any, Out domain[T]](ctx context.Context, c *Client, e wire.Endpoint[In, Out], in In) (T, error) {
	out, err := call(ctx, c, e, in)
	if err != nil {
		var none T
		return none, err
	}
	return out.Domain(), nil
}

// list calls an endpoint and returns the nouns that it answers.
func list[T any, In any, Out domain[T]](ctx context.Context, c *Client, e wire.Endpoint[In, []Out], in In) ([]T, error) {
	out, err := call(ctx, c, e, in)
	if err != nil {
		return nil, err
	}
	nouns := make([]T, len(out))
	for i, o := range out {
		nouns[i] = o.Domain()
	}
	return nouns, nil
}

// Site describes the site and what it can do.
func (c *Client) Site(ctx context.Context) (apiclient.Site, error) {
	s, err := get(ctx, c, wire.Site, wire.Nothing{})
	if err == nil {
		s.Warnings = append(s.Warnings, c.link.Warnings()...)
		if s.URL == "" {
			s.URL = c.home
		}
	}
	return s, err
}

// Health says how the site's engine does.
func (c *Client) Health(ctx context.Context) (apiclient.Health, error) {
	return get(ctx, c, wire.GetHealth, wire.Nothing{})
}

// Users returns one page of users.
func (c *Client) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	return get(ctx, c, wire.Users, wire.UsersRequestOf(q))
}

// CountUsers counts the users that f matches.
func (c *Client) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	return get(ctx, c, wire.CountUsers, wire.CountRequest{Filter: wire.Filter(f)})
}

// User returns one user.
func (c *Client) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	return get(ctx, c, wire.GetUser, wire.UserRef{ID: id})
}

// FindUser returns the user that ref names.
func (c *Client) FindUser(ctx context.Context, ref string) (apiclient.User, error) {
	if ref == "" {
		return apiclient.User{}, apiclient.Errorf(apiclient.NotFound, "No user is named; give an id such as #7, a login or an e-mail address.")
	}
	return get(ctx, c, wire.FindUser, wire.FindRequest{Ref: ref})
}

// CreateUser registers an account.
func (c *Client) CreateUser(ctx context.Context, n apiclient.NewUser) (apiclient.User, error) {
	return get(ctx, c, wire.CreateUser, wire.NewUserOf(n))
}

// CreateUsers registers several accounts, in as many calls as their size needs.
func (c *Client) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	parts, err := wire.UserBatchesOf(b)
	if err != nil {
		return nil, err
	}
	outcomes := make([]apiclient.Outcome, 0, len(b.Users))
	for _, part := range parts {
		answers, err := list(ctx, c, wire.CreateUsers, part)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, answers...)
	}
	return outcomes, nil
}

// UpdateUser changes what u names.
func (c *Client) UpdateUser(ctx context.Context, id apiclient.UserID, u apiclient.UserUpdate) (apiclient.User, error) {
	return get(ctx, c, wire.UpdateUser, wire.UserUpdateOf(id, u))
}

// PlanUsers says what DoUsers would do.
func (c *Client) PlanUsers(ctx context.Context, a apiclient.UserAction) (apiclient.Plan, error) {
	if err := a.Validate(); err != nil {
		return apiclient.Plan{}, err
	}
	return get(ctx, c, wire.PlanUsers, wire.UserActionOf(a))
}

// DoUsers acts on each user.
func (c *Client) DoUsers(ctx context.Context, a apiclient.UserAction) ([]apiclient.Outcome, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return list(ctx, c, wire.DoUsers, wire.UserActionOf(a))
}

// Roles returns the roles.
func (c *Client) Roles(ctx context.Context) ([]apiclient.Role, error) {
	return list(ctx, c, wire.Roles, wire.Nothing{})
}

// CreateRole stores a new role.
func (c *Client) CreateRole(ctx context.Context, r apiclient.Role) (apiclient.Role, error) {
	return get(ctx, c, wire.CreateRole, wire.NewRoleOf(r))
}

// UpdateRole changes what u names.
func (c *Client) UpdateRole(ctx context.Context, slug apiclient.RoleSlug, u apiclient.RoleUpdate) (apiclient.Role, error) {
	if err := named(slug); err != nil {
		return apiclient.Role{}, err
	}
	return get(ctx, c, wire.UpdateRole, wire.RoleUpdateOf(slug, u))
}

// ResetRole gives one of WordPress's own roles the settings that Ultimate Member installs.
func (c *Client) ResetRole(ctx context.Context, slug apiclient.RoleSlug) (apiclient.Role, error) {
	if err := named(slug); err != nil {
		return apiclient.Role{}, err
	}
	return get(ctx, c, wire.ResetRole, wire.RoleRef{Slug: slug})
}

// DeleteRole removes a custom role.
func (c *Client) DeleteRole(ctx context.Context, slug apiclient.RoleSlug) (int, error) {
	if err := named(slug); err != nil {
		return 0, err
	}
	out, err := call(ctx, c, wire.DeleteRole, wire.RoleRef{Slug: slug})
	return out.Moved, err
}

// named refuses an empty slug, with which the address would be another one.
func named(slug apiclient.RoleSlug) error {
	if slug == "" {
		return apiclient.FieldErrorf("slug", "No role is named; give its slug, such as um_member.")
	}
	return nil
}

// Statuses returns the account statuses.
func (c *Client) Statuses(ctx context.Context) ([]apiclient.AccountStatus, error) {
	return list(ctx, c, wire.Statuses, wire.Nothing{})
}
