package engine

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A roleSet is the roles of the site as a transaction has them, their counts of users
// apart. It is not changed after it was read.
type roleSet struct {
	version string
	all     []apiclient.Role // by priority and then by name
	by      map[apiclient.RoleSlug]apiclient.Role
	custom  []apiclient.RoleSlug // in the order in which they were made: Ultimate Member's um_roles
}

// roleSet returns the roles of the transaction. They are read again when they have
// changed since.
func (e *Engine) roleSet(ctx context.Context, tx *store.Tx) (*roleSet, error) {
	version, err := tx.RolesVersion(ctx)
	if err != nil {
		return nil, err
	}
	if s := e.roles.Load(); s != nil && s.version == version {
		return s, nil
	}
	s := &roleSet{version: version, by: map[apiclient.RoleSlug]apiclient.Role{}}
	if s.all, err = tx.Roles(ctx); err != nil {
		return nil, err
	}
	for _, r := range s.all {
		s.by[r.Slug] = r
	}
	if s.custom, err = tx.CustomRoles(ctx); err != nil {
		return nil, err
	}
	e.roles.Store(s)
	return s, nil
}

// order returns the roles by priority, each once; equals stay as they are. It fails
// with Invalid for one that the site does not have.
func (s *roleSet) order(slugs []apiclient.RoleSlug) ([]apiclient.RoleSlug, error) {
	var list []apiclient.RoleSlug
	for _, slug := range slugs {
		if err := s.known(slug); err != nil {
			return nil, err
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

// known fails with Invalid for a role that the site does not have.
func (s *roleSet) known(slug apiclient.RoleSlug) error {
	if _, ok := s.by[slug]; !ok {
		return apiclient.FieldErrorf("role", "There is no role %q on this site; see the list of roles.", string(slug))
	}
	return nil
}

// um returns the UM role of a user with the roles: the first custom one in the order
// in which they were made; empty: there is none.
func (s *roleSet) um(has []apiclient.RoleSlug) apiclient.RoleSlug {
	for _, slug := range s.custom {
		if slices.Contains(has, slug) {
			return slug
		}
	}
	return ""
}

// setUM returns the roles after the UM role of a user was set, as Ultimate Member's
// set_role does it (2.13, includes/core/class-roles-capabilities.php): the former UM
// role goes, WordPress's own stay. One of WordPress's own that the user has already
// changes nothing. An empty slug takes the UM role away.
func (s *roleSet) setUM(has []apiclient.RoleSlug, slug apiclient.RoleSlug) ([]apiclient.RoleSlug, error) {
	old := s.um(has)
	if slug == old || slug != "" && !s.by[slug].Custom && slices.Contains(has, slug) {
		return has, nil
	}
	rest := slices.DeleteFunc(slices.Clone(has), func(r apiclient.RoleSlug) bool { return r == old })
	if slug == "" {
		return rest, nil
	}
	return s.order(append(rest, slug))
}

// rights returns the effective role of the user, with the capabilities of all of
// their roles.
func (s *roleSet) rights(u apiclient.User) apiclient.Role {
	role, set := s.by[u.Role()], map[string]bool{}
	for _, r := range u.Roles {
		for _, c := range s.by[r].Capabilities {
			set[c] = true
		}
	}
	role.Capabilities = slices.Sorted(maps.Keys(set))
	return role
}
