package wordpress

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
)

// Roles returns the roles that the extension offers, each with its users. Their
// priorities, rights and registration settings are not told.
func (c *Client) Roles(ctx context.Context) ([]apiclient.Role, error) {
	list, err := c.choices(ctx, "um_account_roles")
	if err != nil {
		return nil, err
	}
	roles := make([]apiclient.Role, len(list))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, k := range list {
		roles[i] = apiclient.Role{Slug: apiclient.RoleSlug(k.Value), Name: k.Label, Custom: custom(apiclient.RoleSlug(k.Value)), Users: -1}
		if c.cfg.REST == "" || !c.can("list_users") {
			continue
		}
		g.Go(func() error {
			n, err := c.count(ctx, roles[i].Slug)
			roles[i].Users = n
			return err
		})
	}
	err = g.Wait()
	slices.SortStableFunc(roles, func(a, b apiclient.Role) int { return cmp.Compare(a.Name, b.Name) })
	return roles, err
}

// Statuses returns the account statuses that the extension offers; it does not
// count their users.
func (c *Client) Statuses(ctx context.Context) ([]apiclient.AccountStatus, error) {
	list, err := c.choices(ctx, "um_get_account_statuses")
	if err != nil {
		return nil, err
	}
	statuses := make([]apiclient.AccountStatus, len(list))
	for i, k := range list {
		statuses[i] = apiclient.AccountStatus{Slug: apiclient.Status(k.Value), Label: k.Label, Users: -1}
	}
	return statuses, nil
}
