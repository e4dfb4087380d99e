package engine

import (
	"cmp"
	"context"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A roleSet is the roles of the site. Nothing changes them while it is open, their
// counts of users apart, which are not in it.
type roleSet struct {
	by map[apiclient.RoleSlug]apiclient.Role
}

func loadRoles(ctx context.Context, tx *store.Tx) (roleSet, error) {
	list, err := tx.Roles(ctx)
	if err != nil {
		return roleSet{}, err
	}
	s := roleSet{by: make(map[apiclient.RoleSlug]apiclient.Role, len(list))}
	for _, r := range list {
		s.by[r.Slug] = r
	}
	return s, nil
}

// order returns the roles by priority, each once. It fails with Invalid for one
// that the site does not have.
func (s roleSet) order(slugs []apiclient.RoleSlug) ([]apiclient.RoleSlug, error) {
	var list []apiclient.RoleSlug
	for _, slug := range slugs {
		if _, ok := s.by[slug]; !ok {
			return nil, apiclient.FieldErrorf("role", "There is no role %q on this site; see the list of roles.", string(slug))
		}
		if !slices.Contains(list, slug) {
			list = append(list, slug)
		}
	}
	slices.SortStableFunc(list, func(a, b apiclient.RoleSlug) int {
		return cmp.Compare(s.by[b].Priority, s.by[a].Priority)
	})
	return list, nil
}

// Roles returns the roles of the site, by priority and then by name.
func (e *Engine) Roles(ctx context.Context) ([]apiclient.Role, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Role, error) { return tx.Roles(ctx) })
}

// Statuses returns Ultimate Member's five statuses, and whatever else accounts
// have, with how many do.
func (e *Engine) Statuses(ctx context.Context) ([]apiclient.AccountStatus, error) {
	counts, err := e.CountUsers(ctx, apiclient.Filter{})
	if err != nil {
		return nil, err
	}
	list := apiclient.DefaultStatuses()
	for i := range list {
		list[i].Users = counts.ByStatus[list[i].Slug]
		delete(counts.ByStatus, list[i].Slug)
	}
	var more []apiclient.AccountStatus
	for s, n := range counts.ByStatus {
		more = append(more, apiclient.AccountStatus{Slug: s, Label: s.Label(), Users: n})
	}
	slices.SortFunc(more, func(a, b apiclient.AccountStatus) int { return cmp.Compare(a.Slug, b.Slug) })
	return append(list, more...), nil
}

// CreateRole stores a custom role.
func (e *Engine) CreateRole(context.Context, apiclient.Role) (apiclient.Role, error) {
	return apiclient.Role{}, apiclient.Errorf(apiclient.Unsupported, noRoles)
}

// UpdateRole changes a role.
func (e *Engine) UpdateRole(context.Context, apiclient.RoleSlug, apiclient.RoleUpdate) (apiclient.Role, error) {
	return apiclient.Role{}, apiclient.Errorf(apiclient.Unsupported, noRoles)
}

// ResetRole resets a role.
func (e *Engine) ResetRole(context.Context, apiclient.RoleSlug) (apiclient.Role, error) {
	return apiclient.Role{}, apiclient.Errorf(apiclient.Unsupported, noRoles)
}

// DeleteRole removes a custom role.
func (e *Engine) DeleteRole(context.Context, apiclient.RoleSlug) (int, error) {
	return 0, apiclient.Errorf(apiclient.Unsupported, noRoles)
}
