package wordpress

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// maxOwners is how many users are asked for everyone's application passwords.
const maxOwners = 200

// Passwords returns the application passwords of a user. WordPress lists them one
// user at a time, so everyone's are to be had on a small site alone.
func (c *Client) Passwords(ctx context.Context, user apiclient.UserID) ([]apiclient.Password, error) {
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return nil, err
	}
	var owners []apiclient.User
	if user == 0 {
		r := &reader{c: c, s: search{params: url.Values{"orderby": {"id"}}, byID: true}, limit: maxOwners}
		if err := r.run(ctx); err != nil {
			return nil, err
		}
		if r.more {
			return nil, apiclient.Errorf(apiclient.Unsupported, "WordPress lists application passwords one user at a time, and the site has more than %d users; name the user.", maxOwners)
		}
		owners = r.users
	} else {
		u, err := c.account(ctx, user)
		if err != nil {
			return nil, err
		}
		owners = []apiclient.User{u}
	}
	lists := make([][]apiclient.Password, len(owners))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, u := range owners {
		g.Go(func() (err error) {
			lists[i], err = c.passwordsOf(ctx, u)
			if user == 0 && apiclient.KindOf(err) == apiclient.NotFound {
				return nil // removed meanwhile
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	list := slices.Concat(lists...)
	slices.SortStableFunc(list, func(a, b apiclient.Password) int { return a.Created.Compare(b.Created) })
	return list, nil
}

func (c *Client) passwordsOf(ctx context.Context, u apiclient.User) ([]apiclient.Password, error) {
	var rows []wire.WordPressPassword
	if err := c.core(ctx, request{path: passwordsPath(u.ID)}, &rows); err != nil {
		return nil, err
	}
	list := []apiclient.Password{}
	for _, row := range rows {
		list = append(list, row.ApplicationPassword(u.ID, u.Login))
		c.remember(row.UUID, u.ID)
	}
	return list, nil
}

// CreatePassword makes one and returns its text, which is shown only now.
func (c *Client) CreatePassword(ctx context.Context, user apiclient.UserID, name string) (apiclient.Password, apiclient.Secret, error) {
	fail := func(err error) (apiclient.Password, apiclient.Secret, error) {
		return apiclient.Password{}, apiclient.Secret{}, err
	}
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return fail(err)
	}
	if strings.TrimSpace(name) == "" {
		return fail(invalid("name", "The application password has no name; name the program that uses it."))
	}
	u, err := c.account(ctx, user)
	if err != nil {
		return fail(err)
	}
	var row wire.WordPressPassword
	if err := c.core(ctx, request{method: "POST", path: passwordsPath(user), form: url.Values{"name": {name}}}, &row); err != nil {
		return fail(err)
	}
	if row.UUID == "" || row.Password == "" {
		return fail(apiclient.Errorf(apiclient.Unavailable, "The site made an application password but did not tell it; revoke %q and try again.", name))
	}
	c.remember(row.UUID, user)
	return row.ApplicationPassword(user, u.Login), apiclient.NewSecret(row.Password), nil
}

// RevokePassword ends one of those that were listed or made here before, since
// WordPress wants their owner named too; else it is looked for among one's own.
func (c *Client) RevokePassword(ctx context.Context, uuid string) error {
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return err
	}
	c.mu.Lock()
	owner, known := c.passwords[uuid]
	c.mu.Unlock()
	if !known {
		owner = apiclient.UserID(c.me.ID)
	}
	if !isUUID(uuid) {
		return apiclient.Errorf(apiclient.NotFound, "There is no application password %q; its UUID is in the list of passwords.", uuid)
	}
	err := c.core(ctx, request{method: "DELETE", path: passwordsPath(owner) + "/" + uuid}, nil)
	if apiclient.KindOf(err) == apiclient.NotFound && err != nil {
		return apiclient.Errorf(apiclient.NotFound, "The user %d has no application password %s; list the passwords of its owner first.", owner, uuid)
	}
	return err
}

func passwordsPath(user apiclient.UserID) string {
	return "/wp/v2/users/" + idText(user) + "/application-passwords"
}

func isUUID(s string) bool {
	return len(s) == 36 && strings.Trim(strings.ToLower(s), "0123456789abcdef-") == ""
}

func (c *Client) remember(uuid string, owner apiclient.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passwords[uuid] = owner
}
